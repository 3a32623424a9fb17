"""Postmark signs nothing: what it posts carries a secret that it was given, as password or in the path.

https://postmarkapp.com/developer/webhooks/webhooks-overview
"""

import binascii
import hmac
from base64 import b64decode

from alerts.returns.proofs.not_proved import NotProved


def require(secret: str, *given: str) -> None:
    """Raise NotProved unless one of those given is the secret; it takes as long either way."""
    same = [
        hmac.compare_digest(one.encode("utf-8", "surrogatepass"), secret.encode("utf-8")) for one in given
    ]
    if not any(same):
        raise NotProved(
            "It does not carry the secret that Postmark was given.",
            "Give Postmark the URL with ALERTS_POSTMARK_SECRET as its password.",
        )


def password(authorization: str) -> str:
    """The password of a header `Authorization: Basic …` (RFC 7617), whatever the user; empty without one."""
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(credentials, validate=True).decode("utf-8").partition(":")[2]
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
