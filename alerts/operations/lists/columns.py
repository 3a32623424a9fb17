"""The columns of a table as others name them: what each is here, which are left out, which are refused."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache

from alerts.channels import CHANNELS
from alerts.errors import BadInput, did_you_mean
from alerts.operations.lists.rows import COLUMNS

DELIMITERS = ",;\t|"
#: The column in which rejected lines say why. It is passed over, so that they can be fed again as they are.
REASON = "reason"
#: As many columns are named in a fault.
_NAMED = 8
#: What other systems call a column.
_ELSEWHERE = {column: "address" for kind in CHANNELS.values() for column in kind.address.columns} | {
    "country": "regions",
    "countries": "regions",
    "region": "regions",
    "tag": "tags",
    "tz": "timezone",
    "lang": "language",
    "severity": "min_severity",
    "frequency": "cadence",
}


@dataclass(frozen=True, slots=True)
class ColumnChoices:
    """What is said of the columns of a table: what some are here, and whether the rest is passed over.

    `mapped`: our name by theirs, as `_plain` has it.
    """

    mapped: Mapping[str, str] = field(default_factory=dict)
    ignore_unknown: bool = False

    @classmethod
    def parse(cls, mapped: Iterable[str], ignore_unknown: bool = False) -> "ColumnChoices":
        """Read `work_email=address`, one for each column. Raises BadInput naming every one that is none."""
        found: dict[str, str] = {}
        faults = []
        for text in mapped:
            theirs, _, ours = text.rpartition("=")
            ours = ours.strip().lower()
            if not _plain(theirs):
                faults.append(
                    BadInput(f"“{text[:80]}” maps no column.", "Write THEIRS=OURS: work_email=address.")
                )
            elif ours not in COLUMNS:
                faults.append(BadInput(f"We have no column “{ours[:40]}”.", _near_column(ours)))
            elif found.setdefault(_plain(theirs), ours) != ours:
                faults.append(BadInput(f"“{theirs[:40]}” is mapped twice.", "One column is one thing here."))
        if faults:
            raise BadInput.together(faults)
        return cls(found, ignore_unknown)

    def name(self, written: str) -> str:
        """What a column is called here, or as it is written where we have none of that name."""
        plain = _plain(written)
        return self.mapped.get(plain) or _OURS.get(plain) or (REASON if plain == REASON else written.strip())

    def faults(self, names: Sequence[str]) -> list[BadInput]:
        """What is wrong with the columns of a table, or with the fields of an object."""
        found = []
        known = [self.name(name) for name in names]
        strangers = [] if self.ignore_unknown else [n for n in known if n and n not in (*COLUMNS, REASON)]
        if strangers:
            found.append(_unknown(strangers))
        for name in (name for name, n in Counter(known).items() if n > 1 and name in COLUMNS):
            columns = " and ".join(f"“{n[:40]}”" for n in names if self.name(n) == name)
            found.append(
                BadInput(
                    f"The column “{name}” stands there twice, as {columns}.", "Remove or rename one of them."
                )
            )
        return found

    def ignored(self, names: Sequence[str]) -> list[str]:
        """The columns that are passed over, as they are written."""
        return [name.strip() for name in names if name.strip() and self.name(name) not in (*COLUMNS, REASON)]

    def unmet(self, names: Sequence[str]) -> list[str]:
        """What is mapped and stands in no column."""
        there = set(map(_plain, names))
        return [theirs for theirs in self.mapped if theirs not in there]


AS_WE_NAME_THEM = ColumnChoices()


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a table: its columns as they are written, and where each belongs in a `Row`.

    `positions`: None for what has no place there; then `passed_over` says whether it may hold something.
    """

    line: int
    written: tuple[str, ...]
    delimiter: str
    positions: tuple[int | None, ...]
    passed_over: tuple[bool, ...]
    ignored: tuple[str, ...]  #: the columns that are passed over on request

    @classmethod
    def read(cls, number: int, line: str, delimiter: str, choices: ColumnChoices) -> "Header":
        """Read the line that names the columns. `delimiter`: empty where the table does not name it.

        Raises BadInput with all that is wrong with it.
        """
        marks = delimiter or DELIMITERS
        written, used = max(
            ((_cells(line, mark), mark) for mark in marks),
            key=lambda found: (len({choices.name(n) for n in found[0]}.intersection(COLUMNS)), len(found[0])),
        )
        faults = choices.faults(written)
        names = [choices.name(name) for name in written]
        if unmet := choices.unmet(written):
            listed = ", ".join(f"“{name[:40]}”" for name in unmet[:_NAMED])
            there = ", ".join(name.strip()[:40] for name in written[:_NAMED])
            faults.append(BadInput(f"No column is called {listed}.", f"This file has {there}."))
        likely = (
            set()
            if choices.ignore_unknown
            else {near for n in names if n not in COLUMNS for near in _nearest(n)}
        )
        for needed in ("address", "regions"):
            if needed not in names and needed not in likely:
                faults.append(BadInput(f"The column “{needed}” is missing.", _missing(needed, written)))
        if faults:
            raise BadInput.together(faults)
        return cls(
            number,
            tuple(written),
            used,
            tuple(COLUMNS.index(name) if name in COLUMNS else None for name in names),
            tuple(name == REASON or choices.ignore_unknown for name in names),
            tuple(choices.ignored(written)),
        )


def _missing(needed: str, written: Sequence[str]) -> str:
    """What to do about a column that no other stands for."""
    likely = [f"--map {_quoted(name)}={needed}" for name in written if needed in _nearest(name)]
    return f"Give {' or '.join(likely)}." if likely else f"The columns are {', '.join(COLUMNS)}."


def _unknown(strangers: Sequence[str]) -> BadInput:
    """Name each, the column it may be, and the two ways to go on with the file as it is."""
    listed = ", ".join(f"“{name[:40]}”" for name in strangers[:_NAMED])
    if (more := len(strangers) - _NAMED) > 0:
        listed += f" and {more} more"
    near = {name: _nearest(name) for name in strangers[:_NAMED]}
    maps = " ".join(f"--map {_quoted(name)}={found[0]}" for name, found in near.items() if found)
    return BadInput(
        f"There is no column {listed}.",
        f"Give {maps or '--map THEIRS=OURS'} for what we call otherwise, and --ignore-unknown to pass over "
        f"the rest. The first line names the columns: {', '.join(COLUMNS)}.",
    )


def _nearest(name: str) -> list[str]:
    plain = _plain(name)
    if plain in _ELSEWHERE:
        return [_ELSEWHERE[plain]]
    whole = get_close_matches(plain[:40], _OURS, n=2)
    parts = [_ELSEWHERE[part] for part in map(_plain, re.split(r"[\W_]+", name)) if part in _ELSEWHERE]
    return [_OURS[match] for match in whole] or parts


def _near_column(name: str) -> str:
    near = _nearest(name)
    return str(did_you_mean(near, "")) if near else f"The columns are {', '.join(COLUMNS)}."


def _quoted(name: str) -> str:
    """A name as a shell takes it."""
    return name[:40] if re.fullmatch(r"[\w-]+", name) else f"'{name[:40]}'"


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return []


@lru_cache(maxsize=1_000)
def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())


_OURS = {_plain(name): name for name in COLUMNS}
