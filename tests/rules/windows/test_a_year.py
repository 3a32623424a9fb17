"""A year of a desk's work for a thousand people, told by the rules alone: everybody, everything, once."""

from collections import Counter

import pytest
from year import PEOPLE, lives

from alerts.model import Change

pytestmark = pytest.mark.long

PARTS = 4


@pytest.mark.parametrize("part", range(PARTS))
def test_a_year_tells_everybody_everything_once(part: int) -> None:
    """A thousand people, a quarter of their audiences in each part, over the same year."""
    seen: Counter[str] = Counter()
    for life in lives(PEOPLE)[part::PARTS]:
        life.live()
        life.check(seen)
    assert min(seen[w] for w in ("owed", "late", "in time", *Change)) > 100, seen
