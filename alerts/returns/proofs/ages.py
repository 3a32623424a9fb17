"""How old what a provider has signed may be.

As long as a provider repeats what was not taken in, and it is not said anywhere that it signs anew for that:
what is older is somebody else's copy. What is younger may be one, too, and changes nothing the second time.
"""

import re

from alerts.model import Instant
from alerts.returns.proofs.not_proved import NotProved

HOUR_MS = 3_600_000
#: How far their clock may be ahead of ours.
AHEAD_MS = 5 * 60_000

_SECONDS = re.compile(r"[0-9]{1,11}", re.ASCII)


def require_age(timestamp: str, now_ms: Instant, most_ms: int) -> None:
    """Raise NotProved unless a timestamp (seconds since the epoch) is at most so old, and not to come."""
    age_ms = now_ms - int(timestamp) * 1000 if _SECONDS.fullmatch(timestamp) else -most_ms
    if not -AHEAD_MS <= age_ms <= most_ms:
        raise NotProved(
            "It was signed too long ago, or at a time to come.",
            f"It is taken in for {most_ms // HOUR_MS} hours; is the clock of this server right?",
        )
