"""The roll: everybody by number with their audience and state, so that a search need not read them all."""

import sys
from array import array
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from itertools import compress, islice
from typing import NamedTuple

from alerts.model import Audience
from alerts.store.server import Server, translated


class RollLine(NamedTuple):
    """What a search by channel, region and tag asks of an audience."""

    channel: str
    regions: list[str]
    tags: list[str]  #: that a subscription asks for; not what it is kept from


class RollCall:
    """Those of the roll of whom something holds, as they were when it was read."""

    def __init__(self, roll: "array[int]", wanted: bytearray) -> None:
        self._roll = roll
        self._wanted = wanted

    def __contains__(self, sid: int) -> bool:
        return sid < len(self._roll) and bool(self._wanted[self._roll[sid]])

    def count(self, after: int = 0) -> int:
        """How many there are with a greater number."""
        return self._flags.count(1, after + 1)

    def numbers(self, after: int = 0) -> Iterator[int]:
        """Their numbers that are greater, in order."""
        sid = self._flags.find(1, after + 1)
        while sid > 0:
            yield sid
            sid = self._flags.find(1, sid + 1)

    def if_few(self, most: int) -> list[int] | None:
        """All their numbers, in order; None if there are more than `most`, which is soon known."""
        held = map(self._wanted.__getitem__, self._roll)
        found = list(islice(compress(range(len(self._roll)), held), most + 1))
        return found if len(found) <= most else None

    @cached_property
    def _flags(self) -> bytes:
        """Of each number whether it is one of those: looked through in C as often as it takes."""
        return bytes(map(self._wanted.__getitem__, self._roll))


class Roll:
    """Everybody in four octets, which are read at once: 4 MB of a million people.

    Keys: `roll`, by number: four times the number of their audience, 2 more for who is suppressed and 1 for
    who is paused; 0 for nobody. `roll:audiences`, audience → its number, from 1; `roll:filters`, a line for
    each, in that order. They are written with the subscriber, or the suppression, at one instant.

    It is complete where the first subscriber was written into it, or once `Index` has put it right.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._keys = server.keys

    def is_complete(self) -> bool:
        """Whether everybody is in it; else who was written by an older version is missing."""
        with translated():
            return bool(self._server.client.hexists(self._keys("installation"), "rolled"))

    def call(
        self,
        fits: Callable[[RollLine], bool],
        *,
        paused: bool | None = None,
        suppressed: bool | None = None,
    ) -> RollCall:
        """Those whose audience fits and who are paused and suppressed, or not; None for either."""
        with translated():
            # First the people: whoever is in it has an audience that is in it.
            held = self._server.client.get(self._keys("roll")) or b""
            lines = self._server.client.get(self._keys("roll", "filters")) or b""
        roll = array("I")
        roll.frombytes(held)
        if sys.byteorder == "big":
            roll.byteswap()
        states = [
            paused in (None, bool(bits & 1)) and suppressed in (None, bool(bits & 2)) for bits in range(4)
        ]
        wanted = bytearray(4)
        for line in lines.decode().splitlines():
            wanted.extend(states if fits(_read(line)) else (False,) * 4)
        return RollCall(roll, wanted)


def roll_line(audience: Audience) -> RollLine:
    """What a search asks of an audience."""
    filters = [subscription.filter for subscription in audience.subscriptions]
    regions = {region for f in filters for region in f.regions}
    tags = {tag for f in filters for tag in (*f.any_tags, *f.all_tags)}
    return RollLine(audience.channel, sorted(regions), sorted(tags))


@lru_cache(maxsize=10_000)
def roll_text(audience: Audience) -> str:
    """The line of an audience, as it is kept."""
    line = roll_line(audience)
    return f"{line.channel}\t{','.join(line.regions)}\t{','.join(line.tags)}\n"


def _read(line: str) -> RollLine:
    channel, regions, tags = line.split("\t")
    return RollLine(channel, regions.split(","), tags.split(","))
