"""A number for every person, in memory that does not grow with how many there are."""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from tempfile import SpooledTemporaryFile
from typing import NamedTuple
from weakref import finalize

#: Numbers that are in memory at once, of four octets each.
PAGE = 4_096
#: Up to this they all are (octets); beyond it they are in a file without a name, which ends with its process.
IN_MEMORY = 1 << 18


class CodePage(NamedTuple):
    """Some numbers that lie together: `codes`, from that of person `first` on; `sids`, whom one asked for."""

    first: int
    codes: "array[int]"
    sids: list[int]


class PersonCodes:
    """Numbers of 32 bits by the number of a person; 0 until one is written."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - it is open as long as this lives
        finalize(self, self._file.close)
        self._places = 0

    def pages(self, sids: Iterable[int]) -> Iterator[CodePage]:
        """The pages on which these people are. What is changed on one is kept once the next is asked for."""
        for place, together in groupby(sorted(sids), lambda sid: sid // PAGE):
            codes = self._read(place)
            yield CodePage(place * PAGE, codes, list(together))
            self._file.seek(4 * PAGE * place)
            self._file.write(codes.tobytes())
            self._places = max(self._places, place + 1)

    def __getitem__(self, sid: int) -> int:
        return self._read(sid // PAGE)[sid % PAGE]

    def counts(self) -> Counter[int]:
        """How many people have each number; those who have 0 are not counted in full."""
        found = Counter[int]()
        for place in range(self._places):
            found.update(self._read(place))
        return found

    def _read(self, place: int) -> "array[int]":
        self._file.seek(4 * PAGE * place)
        return array("I", self._file.read(4 * PAGE) or bytes(4 * PAGE))
