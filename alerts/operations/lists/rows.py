"""Subscriptions as rows of CSV or JSON lines: what a row holds, and how rows are written.

What is written reads back (`tables.read`) as the same row, whatever is on the one line of its cells.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import chain
from typing import NamedTuple

from alerts.errors import BadInput
from alerts.operations.subscribing.requested import Requested
from alerts.texts import guarded


class Form(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"


class Row(NamedTuple):
    """One subscription with whom it belongs to. Lists are separated by `;`; what is absent is empty."""

    channel: str = ""
    address: str = ""
    name: str = ""
    timezone: str = ""
    regions: str = ""
    tags: str = ""
    all_tags: str = ""
    none_tags: str = ""
    min_severity: str = ""
    cadence: str = ""
    quiet_hours: str = ""
    bypass: str = ""
    daily_cap: str = ""
    all_quiet: str = ""
    language: str = ""
    owner: str = ""

    @property
    def wanted(self) -> tuple[str, ...]:
        """The cells that say what is wanted: all but whose and where."""
        return self[4:14]


COLUMNS = Row._fields
#: What each column holds, and what fits into it.
MEANINGS: dict[str, tuple[str, str]] = {
    "channel": ("How they are reached", "email or slack; guessed from the address if it is empty"),
    "address": ("Where", "an email address, or TEAM/CHANNEL of Slack; needed"),
    "name": ("A person's name, or a channel's", "one line, at most 200 characters"),
    "timezone": ("In which their hours are", "an IANA name such as Europe/Kyiv; UTC for who is new"),
    "regions": ("Of where they are told", "names or codes, at most 300; needed. 001 is the world"),
    "tags": ("About what: any of these is enough", "at most 50; all if it is empty"),
    "all_tags": ("About what: all of these", "at most 50"),
    "none_tags": ("About what not", "at most 50"),
    "min_severity": ("From which severity on", "extreme, severe, moderate, minor or unknown; minor if empty"),
    "cadence": ("When", "immediate, hourly, daily 08:00 or weekly mon,thu 08:00; immediate if empty"),
    "quiet_hours": ("When not: it comes afterwards", "22:00-07:00"),
    "bypass": ("From which severity on quiet hours and digests do not hold back what is real", "a severity"),
    "daily_cap": ("How many a day are told in full; the others in a line each", "1 to 1000"),
    "all_quiet": ("Whether a digest comes when nothing happened", "yes or no; for daily and weekly ones"),
    "language": ("In which they read", "a tag of BCP 47 such as uk or pt-BR; ALERTS_LANGUAGE if empty"),
    "owner": ("Who is told when nothing reaches it any more", "an address as above; the operators if empty"),
}
#: The columns whose cells hold several words.
LISTS = frozenset({"regions", "tags", "all_tags", "none_tags"})


def split(cell: str) -> tuple[str, ...]:
    """The items of a list in a cell. `|` separates too: there `;` may be what separates the cells."""
    return tuple(item for item in re.split("[;|]", cell) if item.strip()) if cell else ()


def as_table(rows: Iterable[Row], form: Form) -> Iterator[str]:
    """Rows as the lines of a table, as they come: CSV with its header first, and with CRLF (RFC 4180)."""
    if form is Form.JSONL:
        for row in rows:
            cells = {name: _listed(name, cell) for name, cell in zip(COLUMNS, row, strict=True)}
            yield json.dumps(cells, ensure_ascii=False) + "\n"
        return
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    for guarded_cells in chain([COLUMNS], (map(guarded, row) for row in rows)):
        writer.writerow(guarded_cells)
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def rows_of(addresses: Iterable[str], wanted: Requested, zone: str = "") -> Iterator[Row]:
    """A row for each address, all of which are to get the same; a name for it has no place in a row."""
    if wanted.name:
        raise BadInput("A subscription is named once its holder has it.", "Leave the name out.")
    regions, tags, all_tags, none_tags = (
        ";".join(words) for words in (wanted.regions, wanted.tags, wanted.all_tags, wanted.none_tags)
    )
    same = Row(
        timezone=zone,
        regions=regions,
        tags=tags,
        all_tags=all_tags,
        none_tags=none_tags,
        min_severity=wanted.min_severity,
        cadence=wanted.cadence,
        quiet_hours=wanted.quiet_hours,
        bypass=wanted.bypass,
        daily_cap=wanted.daily_cap,
        all_quiet=wanted.all_quiet,
    )
    return (same._replace(address=address) for address in addresses)


def _listed(name: str, cell: str) -> str | list[str]:
    return cell.split(";") if name in LISTS and cell else [] if name in LISTS else cell
