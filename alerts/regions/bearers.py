"""Which of those that bear a name is meant, by how many people each has; nobody's is taken on a guess."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from alerts.regions.towns import Town

#: A region is taken only if nothing else of its name, be it a town, has a tenth of its people.
DOMINANCE = 10


@dataclass(frozen=True, slots=True)
class Bearer:
    """A region by which a name may be meant: because it is called so (`named`), or because a town in it is.

    `thousands` of people live in its towns, or in the town.
    """

    code: str
    thousands: int = 0
    named: bool = False
    capital: bool = False  #: of a state: meant by many who do not live there

    def with_town(self, town: Town) -> "Bearer":
        """The same, with a town of the name in it."""
        people = max(self.thousands, town.thousands)
        return replace(self, thousands=people, capital=self.capital or town.capital)

    @property
    def likelihood(self) -> int:
        return self.thousands * DOMINANCE if self.capital else self.thousands


def dominant(bearers: Sequence[Bearer]) -> str | None:
    """The one region that is called so, if all else are towns, small beside it and no capitals.

    Of two regions neither is taken, however small one is: no table says which of them a reader lives in.
    """
    named = [bearer for bearer in bearers if bearer.named]
    if len(named) != 1:
        return None
    (one,) = named
    others = [bearer for bearer in bearers if bearer is not one]
    small = all(o.thousands * DOMINANCE <= one.thousands and not o.capital for o in others)
    return one.code if small else None
