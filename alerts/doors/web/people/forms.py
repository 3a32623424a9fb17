"""Forms of people: longer than a click, and only from our own pages."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from fastapi import Depends, Request

from alerts.doors.web import bodies, pacing
from alerts.errors import Forbidden
from alerts.operations import TooSoon
from alerts.operations.people.subscription_form import PLACES_MOST
from alerts.services import Services

#: Octets of the longest form: some hundred regions by name.
BODY_MAX = 16 * 1024
FIELDS_MAX = 30
#: Forms that anybody may send: a second, and at once, from one network.
_PER_SECOND, _AT_ONCE = 0.2, 20
#: Places that anybody may look up, and previews that may be made: likewise. An office shares a network.
_LOOKED_UP, _LOOKED_UP_AT_ONCE = 5.0, 150
_PREVIEWED, _PREVIEWED_AT_ONCE = 0.2, 20


async def _whole_form(request: Request) -> str:
    """A form as it was sent; empty for what is none."""
    raw = await bodies.whole(request, BODY_MAX)
    return raw.decode("ascii") if raw.isascii() else ""


WholeForm = Annotated[str, Depends(_whole_form)]


def _form(raw: WholeForm) -> dict[str, str]:
    """The fields of a form as text; of one that is there twice, the last."""
    try:
        found = parse_qs(raw, errors="strict", max_num_fields=FIELDS_MAX)
    except ValueError:  # not UTF-8, or more fields than any form of ours
        return {}
    return {name: values[-1].strip() for name, values in found.items()}


Form = Annotated[dict[str, str], Depends(_form)]


def required_own_origin(request: Request) -> None:
    """Raise Forbidden where a browser says that a form came from another site.

    Every browser says so, one way or the other (Fetch Metadata, Fetch standard); a program that says nothing
    has no cookie of anybody's. A browser that is to hold back where it was says `null` for its origin.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        ours = site in ("same-origin", "none")  # `none`: typed or reloaded, by nobody else
    else:
        ours = origin is None or origin.partition("://")[2] in _hosts(request)
    if not ours:
        raise Forbidden("This form was sent from another site.", "Open the page here and send it again.")


def _hosts(request: Request) -> set[str]:
    """What we are called by, with the port where it is not the usual one."""
    services: Services = request.app.state.services
    return {request.headers.get("Host", ""), urlsplit(services.settings.public_url).netloc} - {""}


def take_permit(request: Request, what: str) -> None:
    """Raise TooSoon where too many forms come from one network."""
    wait_s = pacing.wait_s(request.app.state.services, request, what, _PER_SECOND, _AT_ONCE)
    if wait_s:
        raise TooSoon(wait_s)


def form_token(secret: str) -> str:
    """What every form of a session carries: made from what the cookie holds, which no other site can read."""
    return hashlib.sha256(f"form:{secret}".encode()).hexdigest()[:32]


def is_ours(fields: Mapping[str, str], secret: str) -> bool:
    """Whether a form came from a page of this session."""
    given = fields.get("token", "").encode("utf-8", "surrogatepass")
    return hmac.compare_digest(given, form_token(secret).encode())


def take_look_permit(request: Request, places: int) -> None:
    """Raise TooSoon where one network has too many places looked up, each some milliseconds of ours.

    No more are paid for than are ever looked up: a permit for hundreds would keep an office waiting.
    """
    services: Services = request.app.state.services
    number = min(max(1, places), PLACES_MOST)
    if wait_s := pacing.wait_s(services, request, "look", _LOOKED_UP, _LOOKED_UP_AT_ONCE, number=number):
        raise TooSoon(wait_s)


def may_preview(request: Request) -> bool:
    """Whether one network may have one more preview made, which takes as long as some hundred pages."""
    return not pacing.wait_s(request.app.state.services, request, "preview", _PREVIEWED, _PREVIEWED_AT_ONCE)
