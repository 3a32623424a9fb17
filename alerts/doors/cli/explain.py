"""`alerts explain`: why somebody gets an update, or everybody, or each on a list."""

from datetime import UTC, tzinfo
from typing import BinaryIO

import click
from rich.text import Text

from alerts import operations as do
from alerts.channels import masked
from alerts.doors.cli import frame
from alerts.doors.cli.local_times import with_local_times
from alerts.doors.cli.output import Output, output, printable
from alerts.doors.cli.shell import shell_user
from alerts.errors import ExitCode
from alerts.operations import Explanation, ExplanationLine

_COLUMNS = ("address", "name", "verdict", "state", "slot", "because")


@click.command(epilog="Example: alerts explain ua-ru-talks --all -o csv")
@click.argument("words", nargs=-1, required=True, metavar="[ADDRESS] UPDATE")
@click.option("--all", "everybody", is_flag=True, help="Every subscriber, a line each.")
@click.option(
    "--file",
    "addresses",
    type=click.File("rb"),
    metavar="ADDRESSES",
    help="Each address of a file, a line each; - reads standard input.",
)
@output
def explain(out: Output, words: tuple[str, ...], everybody: bool, addresses: BinaryIO | None) -> int:
    """Say why a subscriber got an update, gets it later, or does not.

    Give an address and an update; or an update and --all or --file, for a line a person. Those are written as
    they are read: with -o jsonl or -o csv a million people take no memory. Exit 1: a line of the file is no
    subscriber's address.
    """
    several = everybody or addresses is not None
    if (everybody and addresses is not None) or len(words) != (1 if several else 2):
        raise click.UsageError("Give an address and an update, or an update and either --all or --file.")
    with frame.services() as services:
        if not several:
            _show(out, do.explain(services, shell_user(), *words), services.settings.zone)
            return ExitCode.DONE
        if addresses is None:
            lines = do.explain_everybody(services, shell_user(), words[0])
        else:
            lines = do.explain_listed(services, shell_user(), words[0], addresses)
        found = _Found()
        rows = with_local_times(out, map(found.row, lines), services.settings.zone, "slot")
        out.rows(rows, _COLUMNS, "address", "Nobody subscribes.")
    return ExitCode.FAILED if found.nobody else ExitCode.DONE


class _Found:
    """Makes rows of lines, and counts those that are no subscriber's."""

    def __init__(self) -> None:
        self.nobody = 0

    def row(self, line: ExplanationLine) -> dict[str, object]:
        self.nobody += line.explanation is None
        return line.to_dict()


def _show(out: Output, found: Explanation, zone: tzinfo) -> None:
    if out.human:
        for line in explanation_lines(found, zone):
            out.line(line)
    else:
        out.record(found.to_dict(), "verdict")


def explanation_lines(found: Explanation, zone: tzinfo = UTC) -> list[Text]:
    """The verdict in a sentence, then every clause with whether it holds."""
    who, what = printable(masked(found.subscriber.address)), found.revision.ref
    verdicts = {
        "now": ("green", "gets it at once"),
        "slot": ("yellow", f"gets it with the digest of {do.local_text(found.slot_ms, zone)}"),
        "no": ("red", "does not get it"),
    }
    colour, verdict = verdicts[found.verdict]
    state = f" ({found.state.name.lower()})" if found.state else ""
    lines = [Text.assemble(f"{what}: {who} ", (f"{verdict}{state}", colour))]
    if found.note:
        lines.append(Text(f"  {printable(found.note)}", "dim"))
    for number, asked in enumerate(found.subscriptions, 1):
        mark = ("wants it", "green") if asked.wants else ("does not want it", "red")
        lines.append(Text.assemble(f"  subscription {printable(asked.name) or number} ", mark))
        for clause in asked.clauses:
            sign = ("✓", "green") if clause.holds else ("✗", "red")
            lines.append(Text.assemble("    ", sign, f" {clause.clause}: {printable(clause.because)}"))
    return lines
