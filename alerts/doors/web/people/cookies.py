"""The one cookie there is: what shows that somebody has come in. Only this site gets it, only over HTTPS."""

from fastapi import Request, Response

from alerts.operations.people.coming_in import STAYS_S

#: A browser takes such a name only from HTTPS, for this host alone, and lets no subdomain overwrite it.
NAME = "__Host-alerts"


def held(request: Request) -> str:
    """What the browser shows; empty for nothing."""
    return request.cookies.get(NAME, "")[:128]


def let_in(response: Response, secret: str) -> Response:
    """Have the browser hold the secret of a session."""
    response.set_cookie(NAME, secret, max_age=STAYS_S, secure=True, httponly=True, samesite="strict")
    return response


def let_out(response: Response) -> Response:
    """Have the browser forget it."""
    response.delete_cookie(NAME, secure=True, httponly=True, samesite="strict")
    return response
