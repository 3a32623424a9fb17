"""Mailgun signs a time and a random token, not what it posts (HMAC-SHA256).

https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks
"""

import hmac
import json
import re
from dataclasses import dataclass
from hashlib import sha256

from alerts.model import Instant
from alerts.returns.hooks.payloads import fields, opened, text
from alerts.returns.proofs.ages import HOUR_MS, require_age
from alerts.returns.proofs.not_proved import NotProved

#: It repeats what was not taken in after 10, 10, 15, 30 and 60 minutes, two and four hours.
AGE_MAX_MS = 9 * HOUR_MS

_TOKEN = re.compile(r"[0-9a-f]{16,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class MailgunProof:
    """The token of a payload, and what tells the event that it was posted with from every other."""

    token: str
    event: str


def require(key: str, octets: bytes, now_ms: Instant) -> MailgunProof:
    """Raise NotProved unless Mailgun has signed the token within, and not too long ago. Raises BadInput.

    The event is not signed: whoever has seen a token could post another event with it. So whoever calls this
    must see to it that a token is good for one event alone.
    """
    payload = fields(opened(octets))
    signed = fields(payload.get("signature"))
    timestamp, token = text(signed.get("timestamp")), text(signed.get("token"))
    right = hmac.digest(key.encode("utf-8"), f"{timestamp}{token}".encode(), "sha256").hex()
    given = text(signed.get("signature")).encode("utf-8")
    if not hmac.compare_digest(given, right.encode("ascii")) or not _TOKEN.fullmatch(token):
        raise NotProved(
            "The signature is not Mailgun's.", "Is ALERTS_MAILGUN_SIGNING_KEY that of this account?"
        )
    require_age(timestamp, now_ms, AGE_MAX_MS)
    event = json.dumps(payload.get("event-data"), sort_keys=True)
    return MailgunProof(token, sha256(event.encode("ascii")).hexdigest())
