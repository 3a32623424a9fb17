"""What a receiver's status means for a delivery. Pure: it decides no retry and sends nothing."""

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from alerts.model import Deferred, Failed, Sent

#: Seconds to wait at a 429 that does not say how long; and the most a receiver is believed.
RETRY_AFTER, RETRY_AFTER_MAX = 30.0, 3600.0
#: It was read and is not wanted as it is: the same again would be answered the same.
CONTENT = frozenset({400, 413, 415, 422})


def outcome(status: int, headers: Mapping[str, str], now_s: float) -> Sent | Deferred | Failed:
    """Read a status, and its Retry-After. `now_s`: by our clock, where that is a date."""
    if 200 <= status < 300:
        return Sent(f"HTTP {status}")
    why = f"the receiver answered HTTP {status}"
    asked = seconds(headers.get("retry-after", ""), now_s)
    if status == 410:
        return Failed(f"{why}: it is gone for good", suppress="the receiver says that it is gone (HTTP 410)")
    if status == 429:
        return Deferred("the receiver asks to slow down", asked or RETRY_AFTER, blameless=True)
    if 300 <= status < 400:
        return Deferred(f"{why}: it sends us elsewhere, and nobody goes there")
    if status in CONTENT:
        return Failed(f"{why}: it does not take this content")
    return Deferred(why, asked)


def seconds(retry_after: str, now_s: float) -> float | None:
    """Retry-After in seconds, of a number or a date: from 1 to an hour; None where it is neither."""
    text = retry_after.strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text, re.ASCII):
        asked = float(text)
    else:
        try:
            asked = parsedate_to_datetime(text).timestamp() - now_s
        except (ValueError, OverflowError, OSError):
            return None
    return min(max(asked, 1.0), RETRY_AFTER_MAX)
