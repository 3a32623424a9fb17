"""Every answer, whatever came of a request: none may be stored, framed, or tell another site where it was."""

import math

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse
from starlette.exceptions import HTTPException

from alerts.doors.web.speaking import pages_in
from alerts.errors import AlertsError, Conflict, Forbidden, NotFound
from alerts.logs import log
from alerts.operations import TakenDown, TooManySubscriptions, TooSoon
from alerts.rendering import Page, Pages

_HEADERS = {
    "Cache-Control": "no-store",
    #: Other sites learn nothing. `no-referrer` would hide from us, too, that a form is ours: browsers then
    #: say `Origin: null` (Fetch standard).
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
#: What a page may load: nothing, unless it says so itself.
POLICY = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
#: Seconds after which somebody may try again who met a server that does not answer.
_AGAIN_S = 60


def page(drawn: Page, status: int = 200) -> Response:
    """Answer with a page, which each reader may get in another language."""
    return HTMLResponse(drawn.html, status, headed(policy(drawn)) | spoken(drawn))


def spoken(drawn: Page) -> dict[str, str]:
    """The headers that say which language a page is in, and what that depends on."""
    return {"Content-Language": drawn.language, "Vary": "Accept-Language, Cookie"}


def see_other(where: str) -> Response:
    """Send a browser on to another page of ours, as it goes there by itself."""
    return Response(status_code=303, headers={**headed(POLICY), "Location": where})


def plain(text: str, status: int = 200) -> Response:
    """Answer a program with one line."""
    return PlainTextResponse(f"{text}\n", status, headed(POLICY))


def data(content: object, status: int = 200) -> Response:
    """Answer a program with JSON."""
    return JSONResponse(content, status, headed(POLICY))


def for_faults(app: FastAPI) -> None:
    """Have the application answer so too where something is wrong."""
    app.add_exception_handler(AlertsError, _prevented)
    app.add_exception_handler(Exception, _unforeseen)


def refused(request: Request, fault: Exception) -> Response:
    """One page for whatever is not there: another path, another method, a link that is not ours."""
    status = fault.status_code if isinstance(fault, HTTPException) else 404
    if status in (404, 405):
        return page(_pages(request).not_found(), 404)
    return plain(_pages(request).locale.gettext("The request cannot be used."), status)


def _prevented(request: Request, fault: Exception) -> Response:
    if isinstance(fault, NotFound):
        return refused(request, fault)
    if isinstance(fault, Forbidden):
        return page(_pages(request).people.outside(), 403)
    if isinstance(fault, (Conflict, TooManySubscriptions)):  # about what they have, and not about us
        return page(_pages(request).people.prevented(fault), 409)
    if isinstance(fault, TakenDown):
        return page(_pages(request).taken_down(), 410)
    if isinstance(fault, TooSoon):
        said = _pages(request).locale.gettext(
            "Too many requests are coming from this network at once. Try again in a moment."
        )
        late = plain(said, 429)
        late.headers["Retry-After"] = str(math.ceil(fault.wait_s))
        return late
    log.warning("page not answered", why=str(fault))
    drawn = page(_pages(request).unavailable(), 503)
    drawn.headers["Retry-After"] = str(_AGAIN_S)
    return drawn


def _unforeseen(request: Request, _fault: Exception) -> Response:
    """Say little: uvicorn logs the traceback."""
    return plain(_pages(request).locale.gettext("Something went wrong here."), 500)


def _pages(request: Request) -> Pages:
    return pages_in(request)


def policy(drawn: Page) -> str:
    """What a page may load: its style sheet, the logo that is in it, our scripts where it has any."""
    pictures = "; img-src data:" if drawn.pictures else ""
    scripts = "; script-src 'self'; connect-src 'self'" if drawn.scripts else ""
    return f"{POLICY}; style-src {drawn.style}{pictures}{scripts}"


def headed(what: str) -> dict[str, str]:
    """The headers that every answer of this door has; `what` it may load."""
    return _HEADERS | {"Content-Security-Policy": what}
