"""`alerts drafts`: what came by itself and waits for somebody to publish or discard it."""

from typing import Any

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.choices import choices
from alerts.doors.cli.local_times import with_local_times
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.ringing import ring
from alerts.doors.cli.shell import shell_user
from alerts.doors.cli.waiting import say_if_no_worker
from alerts.errors import BadInput
from alerts.operations import Choices, Conditions
from alerts.operations import drafts as waiting
from alerts.operations.drafts import DraftDetails
from alerts.services import Services

_COLUMNS = ("draft", "source", "came_at", "ends_at", "headline")


@click.group()
def drafts() -> None:
    """See what waits for somebody to publish it: what came by a feed or a mail."""


@drafts.command("list")
@output
def list_(out: Output) -> None:
    """List the drafts, the one that has waited longest first."""
    with frame.services() as services:
        found = waiting.list_drafts(services, shell_user())
    rows = [one.to_dict() for one in found]
    out.rows(
        with_local_times(out, rows, services.settings.zone, "came_at", "ends_at"),
        _COLUMNS,
        "draft",
        "No draft waits.",
    )


@drafts.command()
@click.argument("draft")
@output
def show(out: Output, draft: str) -> None:
    """Show a draft whole: what it says, and what its source adds."""
    with frame.services() as services:
        found = waiting.show_draft(services, shell_user(), draft)
        if out.human:
            _show(out, services, found)
        else:
            out.record(found.to_dict(), "draft")


@drafts.command()
@click.argument("draft")
@choices
@click.option(
    "--at",
    metavar="TIME",
    help="Publish then: 2022-03-28T17:00:00Z; without a zone, in the desk's (ALERTS_TIMEZONE).",
)
@click.option(
    "--confirm",
    multiple=True,
    metavar="WORD",
    help="Let an exercise or a test reach real people: exercise or test.",
)
@output
def publish(out: Output, draft: str, at: str | None, confirm: tuple[str, ...], **chosen: Any) -> None:
    """Publish a draft; what is given here stands in place of what its source adds."""
    conditions = Conditions(at=at, confirm=confirm, new=True)
    with frame.services() as services:
        done = waiting.publish_draft(services, shell_user(), draft, Choices(**chosen), conditions)
        for one in done.publications:
            ring(out, one.work)
        if out.human:
            for one in done.publications:
                people = "nobody is subscribed to it" if not one.reach.people else ""
                known = "" if one.created else " (it was published before)"
                out.line(f"✓ {one.revision.ref}{known}{f': {people}' if people else ''}")
            say_if_no_worker(out, services)
        else:
            out.record(done.to_dict(), "draft")


@drafts.command()
@click.argument("drafts", nargs=-1, required=True, metavar="DRAFT...")
@output
def discard(out: Output, drafts: tuple[str, ...]) -> None:
    """Discard drafts: nobody sees them, and what they came of does not come again as it is."""
    with frame.services() as services:
        for draft in drafts:
            gone = waiting.discard_draft(services, shell_user(), draft)
            if out.human:
                out.line(f"✓ discarded {gone.id}: {gone.headline}")
            else:
                out.record({"draft": gone.id, "headline": gone.headline}, "draft")


def _show(out: Output, services: Services, found: DraftDetails) -> None:
    draft, zone = found.draft, services.settings.zone
    out.line(f"{draft.id}: {draft.headline}")
    facts = {
        "source": draft.source,
        "came": do.local_text(draft.came_ms, zone),
        "ends": do.local_text(draft.until_ms, zone),
        "where": ", ".join(map(services.tree.label, draft.regions)),
        "tags": ", ".join(draft.tags),
        "severity": draft.severity,
    }
    for name, fact in facts.items():
        if fact:
            out.line(f"  {name}: {fact}")
    for one in found.readings:
        said = one.reading.draft
        regions = [place.label for place in one.places]
        if regions:
            out.line(f"  it names: {', '.join(regions)}")
        elif one.suggestions and not draft.regions:
            out.line(f"  it speaks of: {do.listed(one.suggestions[:5])}")
        for line in said.body.splitlines():
            out.line(f"  {line}" if line else "")
        if said.url:
            out.line(f"  {said.url}")
        for note in one.reading.notes:
            out.line(f"  ! it {note}")
    if found.fault:
        raise BadInput(f"It cannot be read any more: {found.fault}", f"`alerts drafts discard {draft.id}`")
    out.note(f"Publish it with `alerts drafts publish {draft.id}`, or discard it.")
