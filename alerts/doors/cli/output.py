"""How answers are printed: as a table for people, as JSON, JSON lines or CSV for programs, or only the ids.

Data goes to standard output, everything else to standard error.
"""

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from functools import wraps
from textwrap import indent
from typing import Any, Concatenate, TypeVar

import click
from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from alerts.errors import AlertsError
from alerts.texts import guarded

Row = Mapping[str, Any]
R = TypeVar("R")

#: Words that carry their own colour wherever they fill a cell.
_STYLES = {
    **dict.fromkeys(("sent", "delivered", "now", "active", "yes"), "green"),
    **dict.fromkeys(("queued", "sending", "deferred", "slot", "warning", "paused"), "yellow"),
    **dict.fromkeys(("unknown", "unconfirmed"), "yellow"),
    **dict.fromkeys(("failed", "bounced", "complained", "error", "no"), "red"),
    **dict.fromkeys(("suppressed", "expired", "withdrawn"), "dim"),
}


class OutputFormat(StrEnum):
    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


class Output:
    """Where one command prints its answer, in the format that was asked for."""

    def __init__(self, form: OutputFormat, quiet: bool) -> None:
        self.form = form
        self.quiet = quiet
        self._console = Console(file=sys.stdout, highlight=False, emoji=False)
        self._errors = Console(file=sys.stderr, highlight=False, emoji=False)

    @property
    def human(self) -> bool:
        """Whether a person reads this: then a command may tell its answer in its own lines."""
        return self.form is OutputFormat.TABLE and not self.quiet

    def rows(self, rows: Iterable[Row], columns: Sequence[str], key: str, empty: str = "") -> None:
        """Print many of a kind. `key` is the field that `--quiet` prints; JSON has every field there is.

        JSON, JSON lines and CSV are written as the rows come.
        """
        if self.quiet:
            for row in rows:
                _write(f"{_plain(row[key])}\n")
        elif self.form is OutputFormat.TABLE:
            listed = list(rows)
            if listed:
                self.table(listed, columns)
            else:
                self.note(empty)
        elif self.form is OutputFormat.JSON:
            before = "["
            for row in rows:
                _write(f"{before}\n{indent(_json(row, indent=2), '  ')}")
                before = ","
            _write("[]\n" if before == "[" else "\n]\n")
        elif self.form is OutputFormat.JSONL:
            for row in rows:
                _write(f"{_json(row)}\n")
        else:
            self._csv(rows, columns)

    def record(self, data: Row, key: str) -> None:
        """Print one thing: a JSON object, a CSV row, or a line per field."""
        if self.human:
            for name, value in data.items():
                self.line(Text.assemble((f"{_heading(name)}: ", "dim"), printable(_plain(value, ", "))))
        elif self.form is OutputFormat.JSON and not self.quiet:
            _write(f"{_json(data, indent=2)}\n")
        else:
            self.rows([data], list(data), key)

    def several(self, rows: Sequence[Row], columns: Sequence[str], key: str) -> None:
        """Print one thing if one was asked for, else many of a kind."""
        if len(rows) == 1 and self.form is OutputFormat.JSON:
            self.record(rows[0], key)
        else:
            self.rows(rows, columns, key)

    def line(self, text: str | Text = "") -> None:
        """Print one line for people. What a `str` holds is shown as it is; `Text` may carry colours."""
        self._console.print(printable(text) if isinstance(text, str) else text, soft_wrap=True)

    def table(self, rows: Sequence[Row], columns: Sequence[str]) -> None:
        """Print rows for people: with lines and colours on a terminal, in plain columns elsewhere."""
        cells = [[printable(_plain(row.get(name), ", ")) for name in columns] for row in rows]
        headings = [_heading(name) for name in columns]
        if not self._console.is_terminal:
            self._columns([headings, *cells])
            return
        drawn = Table(*headings, box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
        for row in cells:
            drawn.add_row(*(Text(cell, _STYLES.get(cell, "")) for cell in row))
        self._console.print(drawn)

    def note(self, text: str) -> None:
        """Say something beside the answer, on standard error."""
        if text and not self.quiet:
            self._errors.print(printable(text), soft_wrap=True, markup=False)

    @contextmanager
    def progress(self, what: str, total: int | None = None) -> Iterator[Callable[..., None]]:
        """Show a bar on a terminal. The function given sets how much is done, and the total if it changes."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        hidden = self.quiet or not self._errors.is_terminal
        with Progress(*columns, console=self._errors, transient=True, disable=hidden) as bar:
            task = bar.add_task(what, total=total)

            def show(done: int, of: int | None = None) -> None:
                bar.update(task, completed=done, total=total if of is None else of)

            yield show

    def _columns(self, cells: Sequence[Sequence[str]]) -> None:
        widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
        for row in cells:
            padded = (cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True))
            _write("  ".join(padded).rstrip() + "\n")

    def _csv(self, rows: Iterable[Row], columns: Sequence[str]) -> None:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow([guarded(_plain(row.get(name))) for name in columns])


def output(command: Callable[Concatenate[Output, ...], R]) -> Callable[..., R]:
    """Give a command `-o` and `--quiet`, and an `Output` as its first argument."""

    @click.option(
        "-o",
        "--output",
        "form",
        type=click.Choice([form.value for form in OutputFormat]),
        default=OutputFormat.TABLE.value,
        help="How to print the answer: table (for people), json, jsonl or csv.",
    )
    @click.option("-q", "--quiet", is_flag=True, help="Print only ids.")
    @wraps(command)
    def with_output(*args: Any, form: str, quiet: bool, **options: Any) -> R:
        return command(Output(OutputFormat(form), quiet), *args, **options)

    return with_output


def tell(text: str) -> None:
    """Say what a long-running command does, on standard error. Called from several threads."""
    Console(file=sys.stderr, highlight=False, emoji=False).print(
        printable(text), soft_wrap=True, markup=False
    )


def tell_fault(fault: AlertsError, as_json: bool) -> None:
    """Say on standard error what went wrong and what to do about it."""
    if as_json:
        said = {"error": fault.code, "message": fault.sentence, "hint": fault.hint}
        print(_json(said), file=sys.stderr)
        return
    console = Console(file=sys.stderr, highlight=False, emoji=False)
    console.print(Text.assemble(("error: ", "bold red"), printable(fault.sentence)), soft_wrap=True)
    if fault.hint:
        console.print(Text.assemble(("hint: ", "bold"), printable(fault.hint)), soft_wrap=True)


def printable(text: str) -> str:
    """The text on one line, without anything that could steer a terminal or reorder what is read."""
    return "".join(c if c.isprintable() else " " for c in text)


def _heading(name: str) -> str:
    return name.replace("_", " ")


def _plain(value: Any, between: str = ";") -> str:
    """One value as text; lists are joined as the CSV of subscribers joins them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return _json(value)
    if isinstance(value, list | tuple):
        return between.join(_plain(part) for part in value)
    return str(value)


def _json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _write(text: str) -> None:
    sys.stdout.write(text)
