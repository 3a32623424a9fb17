"""Instants as the interface writes them, and as people give them."""

from datetime import UTC, datetime, tzinfo

from alerts.errors import BadInput
from alerts.ingest import placed, read_time
from alerts.model import Instant


def utc_text(instant: Instant | None) -> str | None:
    """`2022-03-28T17:00:00Z`; None stays None."""
    if instant is None:
        return None
    return datetime.fromtimestamp(instant // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def future(text: str, now_ms: Instant, zone: tzinfo) -> Instant:
    """Read a time to come; one without an offset is in the zone. Raises BadInput, also for a day alone."""
    when = read_time(text.strip())
    if when is None:
        raise BadInput(f"“{text[:40]}” is not a time.", "Write it like 2022-03-28T17:00:00Z.")
    if not isinstance(when, datetime):
        raise BadInput(f"“{text[:40]}” does not say at what hour.", "Write it like 2022-03-28T17:00:00Z.")
    at_ms = int(placed(when, zone).timestamp() * 1000)
    if at_ms <= now_ms:
        raise BadInput(f"“{text[:40]}” is over.", "Give a time to come, or leave it out.")
    return at_ms
