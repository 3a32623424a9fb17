"""A year of a desk's work for a thousand people, told by the rules alone: everybody, everything, once."""

from collections import Counter

import pytest
from thorough import usually
from year import PEOPLE, lives

from alerts.model import Change

pytestmark = pytest.mark.long

PARTS = 4
#: Usually every other audience lives through it.
EVERY = PARTS * usually(2, 1)


@pytest.mark.parametrize("part", range(PARTS))
def test_a_year_tells_everybody_everything_once(part: int) -> None:
    """A thousand people over the same year, with their audiences in four parts."""
    seen: Counter[str] = Counter()
    for life in lives(PEOPLE)[part::EVERY]:
        life.live()
        life.check(seen)
    assert min(seen[w] for w in ("owed", "late", "in time", *Change)) > 100, seen
