"""Instants, slugs and content-addressed names: what every other noun is made of."""

import hashlib
import json
import re

#: Milliseconds since the epoch, UTC. Only texts that people or other programs read carry dates.
Instant = int

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


def name_of(data: object) -> str:
    """A 20-digit name for content: equal content, equal name (80 bits: a collision in 10⁹ is 4 in 10⁷)."""
    canonical = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.blake2b(canonical.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()
