"""Instants as the interface writes them, and as people give them."""

from datetime import UTC, datetime

from alerts.errors import BadInput
from alerts.model import Instant


def utc_text(instant: Instant | None) -> str | None:
    """`2022-03-28T17:00:00Z`; None stays None."""
    if instant is None:
        return None
    return datetime.fromtimestamp(instant // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def future(text: str, now_ms: Instant) -> Instant:
    """Read a time to come, with its zone. Raises BadInput: two people read a bare 17:00 differently."""
    try:
        when = datetime.fromisoformat(text.strip())
        at_ms = int(when.timestamp() * 1000)
    except (ValueError, OverflowError):
        raise BadInput(f"“{text[:40]}” is not a time.", "Write it like 2022-03-28T17:00:00Z.") from None
    if when.tzinfo is None:
        raise BadInput(
            f"“{text[:40]}” does not say in which zone.", "Add Z for UTC, or an offset such as +03:00."
        )
    if at_ms <= now_ms:
        raise BadInput(f"“{text[:40]}” is over.", "Give a time to come, or leave it out.")
    return at_ms
