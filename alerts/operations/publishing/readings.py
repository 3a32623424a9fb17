"""Files become readings, each with the name of its file. Needs no permission: shows nothing that is kept."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from typing import BinaryIO

from alerts import ingest
from alerts.errors import BadInput, Faults
from alerts.ingest import Allowance, Reading
from alerts.model import Draft
from alerts.operations.places import Place, places, suggestions
from alerts.regions import Suggestion, Tree


@dataclass(frozen=True, slots=True)
class NamedReading:
    """One update as a file says it, and the name of the file."""

    file: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class ReadingDetails:
    """What a reading says, what its regions are taken for, and what it speaks of if it names none."""

    reading: Reading
    places: tuple[Place, ...]
    suggestions: tuple[Suggestion, ...]

    def to_dict(self) -> dict[str, object]:
        return {
            "format": self.reading.format,
            "update": self.reading.draft.to_dict(),
            "taken_from": [words._asdict() for words in self.reading.words],
            "notes": list(self.reading.notes),
            "message": self.reading.provenance and self.reading.provenance.to_dict(),
            "regions": [asdict(place) for place in self.places],
            "suggestions": [{"code": s.code, "name": s.name, "count": s.count} for s in self.suggestions],
        }


def read_files(
    files: Sequence[str], stdin: BinaryIO, allowed: Collection[Allowance] = ()
) -> list[NamedReading]:
    """Read every update in the files, `stdin` for `-`. Raises BadInput naming each file that cannot be read.

    Where some can be, and have a fault of their own, that is named too: as far as the file alone tells it.
    `allowed`: messages of CAP that are taken although they are not meant for everybody.
    """
    found: list[NamedReading] = []
    faults = Faults()
    for file in files:
        found += faults.of(partial(_read, file, stdin, allowed, len(files) > 1), [])
    if faults.found:
        for named in found:
            faults.of(partial(said, named, len(files) > 1), None)
    faults.complain()
    return found


def said(named: NamedReading, among_several: bool) -> Draft:
    """What a reading says. Raises BadInput, with the file it is in where there are several."""
    with naming(named.file, among_several):
        return named.reading.draft


def _read(
    file: str, stdin: BinaryIO, allowed: Collection[Allowance], among_several: bool
) -> list[NamedReading]:
    with naming(file, among_several):
        return [NamedReading(file, reading) for reading in ingest.attempt_file(file, stdin, allowed)]


def details(reading: Reading, tree: Tree) -> ReadingDetails:
    """Look up what a reading says, to be shown before anything is made of it. Raises BadInput."""
    taken = places(reading.draft.regions, tree)
    return ReadingDetails(reading, tuple(taken), tuple(suggestions(reading, tree)))


def several(readings: Sequence[NamedReading]) -> bool:
    """Whether they come from more than one file, so that a fault must say from which."""
    return len({named.file for named in readings}) > 1


@contextmanager
def naming(file: str, among_several: bool) -> Iterator[None]:
    """Say which file a fault is in, where there are several."""
    try:
        yield
    except BadInput as fault:
        if among_several:
            fault.locate(file)
        raise
