"""The scripts of our pages, from here alone. Pages work without them; each says itself that it has any."""

from hashlib import sha256
from importlib.resources import files

from fastapi import APIRouter, HTTPException, Request, Response

from alerts.doors.web import answers

router = APIRouter()

#: By the name that pages have them under. What is in `browser_scripts` and not here is nobody's to load.
SCRIPTS = {
    name: (files("alerts.doors.web") / "browser_scripts" / name).read_bytes()
    for name in ("htmx.js", "own_zone.js")
}
_TAGS = {name: f'"{sha256(body).hexdigest()[:32]}"' for name, body in SCRIPTS.items()}
#: How long a browser may go without asking whether there is another one (s).
_KEPT_S = 3600


@router.api_route("/scripts/{name}", methods=["GET", "HEAD"])
def script(request: Request, name: str) -> Response:
    """One of them; a browser that has it is told so."""
    if name not in SCRIPTS:
        raise HTTPException(404)
    kept = {"ETag": _TAGS[name], "Cache-Control": f"public, max-age={_KEPT_S}"}
    headers = answers.headed(answers.POLICY) | kept
    if request.headers.get("If-None-Match") == _TAGS[name]:
        return Response(status_code=304, headers=headers)
    return Response(SCRIPTS[name], media_type="text/javascript", headers=headers)
