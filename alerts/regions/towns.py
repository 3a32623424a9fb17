"""How many people a name may mean: the towns of 20,000 inhabitants and more, and the regions they lie in."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from alerts.regions.tables import text


class Town(NamedTuple):
    """A town by the smallest region that is known to hold it; a country where no subdivision is."""

    region: str
    thousands: int  #: of inhabitants
    capital: bool  #: of a state


class Towns:
    """Towns by their compared names, and how many thousands live in the towns of each region.

    The table is searched as the text it is, in a fifth of a millisecond at most: an index of its names takes
    forty to build, and a process asks for few.
    """

    def __init__(self) -> None:
        self._table = text("populations")
        #: Of the towns that are known to lie in exactly this region, not in one within it.
        self.people: dict[str, int] = {}
        for line in self._table.splitlines()[1:]:
            region, people, _ = line.split("\t", 2)
            self.people[region] = int(people)

    def called(self, key: str) -> Iterator[Town]:
        """Yield the towns that bear a compared name."""
        table, sought = self._table, f"|{key} "
        at = table.find(sought)
        while key and at >= 0:
            line = table.rfind("\n", 0, at) + 1
            end = at + len(sought)
            number, _, _ = table[end : end + 8].partition("\n")[0].partition("|")
            yield Town(table[line : table.index("\t", line)], int(number.rstrip("*")), number.endswith("*"))
            at = table.find(sought, end)


@cache
def towns() -> Towns:
    """Read the towns, once per process and only when a name is no code."""
    return Towns()
