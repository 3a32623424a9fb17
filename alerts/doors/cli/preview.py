"""`alerts preview`: who would get it, when and why, and who just misses it."""

import sys
from dataclasses import asdict
from typing import Any

import click

from alerts import operations as do
from alerts.channels import CHANNELS
from alerts.doors.cli import frame
from alerts.doors.cli.choices import ALLOW, FILES, choices
from alerts.doors.cli.local_times import with_local_times
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.preview_page import show_page
from alerts.doors.cli.regions import about
from alerts.doors.cli.shell import shell_user
from alerts.errors import BadInput, ExitCode
from alerts.operations import Choices, Preview
from alerts.regions import Tree

#: What a message can be printed as, and whose: the channel's name, and how.
VIEWS = {view: (name, show) for name, kind in CHANNELS.items() for view, show in kind.views().items()}

COLUMNS = ("update", "channel", "address", "verdict", "slot", "reasons")


@click.command()
@FILES
@choices
@ALLOW
@click.option("--recipients", is_flag=True, help="List everybody who would get it.")
@click.option("--render", type=click.Choice(sorted(VIEWS)), help="Print it as one of them would see it.")
@click.option("--for", "address", metavar="ADDRESS", help="With --render: as this subscriber would see it.")
@click.option("--open", "open_", is_flag=True, help="Draw it as its readers see it, in the browser.")
@output
def preview(
    out: Output,
    files: tuple[str, ...],
    *,
    recipients: bool,
    render: str | None,
    address: str | None,
    open_: bool,
    **chosen: Any,
) -> int:
    """Show who would get an update, when and why, and who just misses it. Writes nothing."""
    found: list[Preview] = []
    with frame.services() as services:
        readings = do.read_files(files, sys.stdin.buffer, chosen["allow"])
        do.require_sound(services, shell_user(), readings, Choices(**chosen))
        for named in readings:
            with out.progress("asking") as seen:
                several = len(files) > 1
                found.append(
                    do.preview(
                        services, shell_user(), named, Choices(**chosen), among_several=several, seen=seen
                    )
                )
            if found[-1].published:
                out.note(f"This is {found[-1].revision.ref}, published already: again it is sent to nobody.")
        if render is not None:
            if len(found) != 1:
                raise BadInput("One update can be rendered at a time.", "Give one file.")
            channel, show = VIEWS[render]
            click.echo(show(do.sample(services, shell_user(), found[0], channel, address)), nl=False)
            return ExitCode.DONE
        if open_:
            items = [item for one in found for item in do.draw(services, shell_user(), one)]
            show_page(out, services.settings, items)
    if recipients:
        rows = (g.to_dict(p.revision.update) for p in found for g in p.getting)
        shown = with_local_times(out, rows, services.settings.zone, "slot")
        out.rows(shown, COLUMNS, "address", "Nobody would get it.")
    elif out.human:
        for one in found:
            _show(out, one, services.tree)
    else:
        out.several([one.to_dict(services.tree) for one in found], ("update", "now", "slot", "plan"), "plan")
    return ExitCode.DONE if any(p.getting for p in found) else ExitCode.NOTHING_MATCHED


def _show(out: Output, found: Preview, tree: Tree) -> None:
    out.line(f"{found.revision.ref}: {found.revision.draft.headline}")
    out.line(about(found.revision.draft))
    missing = sum(found.missing.values())
    waits = ", ".join(f"{n:,} after {what}" for what, n in found.waiting.items())
    later = f"{found.later:,} later ({waits})" if waits else f"{found.later:,} later"
    out.line(
        f"Of {found.people:,}, {found.now:,} would get it now and {later}; {missing:,} just miss it, "
        f"{found.others:,} ask for something else"
    )
    if found.unknown:
        out.line(f"! {do.loudly(found.unknown)}")
    if found.getting:
        shares = [asdict(share) for share in found.shares(tree)]
        out.table(shares, ("channel", "verdict", "region", "place", "subscribers"))
    if found.misses:
        out.line("Just missing it, by one clause:")
        misses = [miss.to_dict() for miss in found.misses]
        out.table(misses, ("channel", "address", "name", "clause", "because"))
        if missing > len(found.misses):
            by = ", ".join(f"{n:,} by {clause}" for clause, n in found.missing.items())
            out.line(f"These are {len(found.misses)} of {missing:,}: {by}")
    out.line(f"Publish exactly this with --plan {found.plan}")
