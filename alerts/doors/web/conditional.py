"""Whoever has something already need not be sent it again (RFC 9110, 13): tags of versions, and times.

A time of HTTP is a second, in which more may change. So a change is dated the second after it, and that is
said only once it has begun: whoever has seen that date has seen all that came before.
"""

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import blake2b

from fastapi import Request

from alerts.model import Instant


def tags(header: str) -> list[str]:
    """The entity tags in a header, weak ones like strong ones."""
    return [tag.strip().removeprefix("W/") for tag in header.split(",") if tag.strip()]


def validators(version: str, changed_ms: Instant, at_ms: Instant) -> dict[str, str]:
    """The headers by which whoever keeps this answer asks again; looked at `at_ms`."""
    headers, dated_s = {"ETag": f"W/{_tag(version)}"}, _dated_s(changed_ms)
    if dated_s <= at_ms // 1000:
        headers["Last-Modified"] = _http_date(dated_s)
    return headers


def has_it(request: Request, version: str, changed_ms: Instant) -> bool:
    """Whether the asker has this version: by its tag, or where none is shown by when it changed last."""
    shown = request.headers.get("If-None-Match")
    if shown is not None:
        return shown.strip() == "*" or _tag(version) in tags(shown)
    since = _instant_s(request.headers.get("If-Modified-Since", ""))
    return since is not None and _dated_s(changed_ms) <= since


def _tag(version: str) -> str:
    """The entity tag of a version. It is to be compared, not read."""
    return f'"{blake2b(version.encode(), digest_size=8).hexdigest()}"'


def _dated_s(changed_ms: Instant) -> int:
    return changed_ms // 1000 + 1


def _http_date(at_s: int) -> str:
    return format_datetime(datetime.fromtimestamp(at_s, UTC), usegmt=True)


def _instant_s(header: str) -> int | None:
    """Seconds since the epoch; None for what is no date of HTTP, which is to be passed over."""
    try:
        at = parsedate_to_datetime(header)
        return int(at.replace(tzinfo=at.tzinfo or UTC).timestamp())
    except (ValueError, OverflowError):
        return None
