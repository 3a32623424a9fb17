"""Instants in tables for people: local time stands beside UTC."""

from collections.abc import Iterable, Iterator
from datetime import tzinfo

from alerts.doors.cli.output import Output, Row
from alerts.operations import with_local


def with_local_times(out: Output, rows: Iterable[Row], zone: tzinfo, *names: str) -> Iterator[Row]:
    """Rows with these fields for people; for programs as they are: they read UTC."""
    for row in rows:
        yield {**row, **{n: with_local(row[n], zone) for n in names if row[n]}} if out.human else row
