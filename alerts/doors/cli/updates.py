"""`alerts updates`: what was published, found, shown whole, and revision by revision."""

from typing import Any

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.local_times import with_local_times
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.shell import shell_user
from alerts.model import Severity
from alerts.operations import UpdateDetails, UpdateRevision, UpdateSearch, UpdateState
from alerts.services import Services

#: A longer table is read by nobody; programs get all there are.
LISTED = 50
_COLUMNS = ("update", "revision", "state", "severity", "regions", "accepted_at", "headline")
_REVISIONS = ("revision", "kind", "state", "accepted_at", "who", "door", "sent", "headline", "changed")


@click.group()
def updates() -> None:
    """See what was published: find updates, read one, follow its revisions."""


@updates.command("list")
@click.argument("search", default="")
@click.option(
    "--since", metavar="TIME", help="Only what was accepted since, or is held: a time, or 24h or 7d for ago."
)
@click.option(
    "--state", type=click.Choice([state.value for state in UpdateState]), help="Only those in this state."
)
@click.option("--region", default="", help="Only those about this region, by name or code.")
@click.option("--tag", default="", help="Only those with this tag.")
@click.option(
    "--severity", type=click.Choice([severity.value for severity in Severity]), help="Only those as severe."
)
@click.option("--limit", type=click.IntRange(1), help=f"Not more than N; {LISTED} in a table.", metavar="N")
@click.option("--after", default="", metavar="UPDATE", help="Go on after this one, the last of a page.")
@output
def list_(out: Output, search: str, since: str | None, limit: int | None, after: str, **by: Any) -> None:
    """List updates, the newest first; with SEARCH, a part of an id or a headline."""
    sought = UpdateSearch(
        search,
        since,
        UpdateState(by["state"]) if by["state"] else None,
        by["region"],
        by["tag"],
        Severity(by["severity"]) if by["severity"] else None,
    )
    most = limit or (LISTED if out.human else None)
    with frame.services() as services:
        page = do.list_updates(services, shell_user(), sought, most, after)
    nothing = "Nothing was published yet." if sought == do.ANY_UPDATE else "No update is found."
    rows = (one.to_dict() for one in page.updates)
    shown = with_local_times(out, rows, services.settings.zone, "accepted_at")
    out.rows(shown, _COLUMNS, "update", nothing)
    if page.next:
        out.note(f"{len(page.updates)} of {page.total:,}. There are more: give --after {page.next}.")
    elif page.total:
        out.note(f"{page.total:,} found.")


@updates.command()
@click.argument("update")
@output
def show(out: Output, update: str) -> None:
    """Show an update as it stands: what it says, whom it is for, and how many have it."""
    with frame.services() as services:
        found = do.show_update(services, shell_user(), update)
        if out.human:
            _show(out, services, found)
        else:
            out.record(found.to_dict(), "update")


@updates.command()
@click.argument("update")
@output
def revisions(out: Output, update: str) -> None:
    """List the revisions of an update: what changed in each, who published it, how many were sent it."""
    with frame.services() as services:
        found = do.show_update(services, shell_user(), update)
        if out.human:
            for revision in found.revisions:
                _show_revision(out, services, revision)
        else:
            out.rows([one.to_dict() for one in found.revisions], _REVISIONS, "revision")


def _show(out: Output, services: Services, found: UpdateDetails) -> None:
    draft, summary, zone = found.summary.latest.draft, found.summary, services.settings.zone
    out.line(f"{summary.latest.ref}: {draft.headline}")
    facts = {
        "state": summary.state.value,
        "severity": draft.severity.value,
        "where": ", ".join(services.tree.label(c) if c in services.tree else c for c in draft.regions),
        "tags": ", ".join(draft.tags),
        "first published": do.local_text(summary.history.first_ms, zone),
        "last accepted": do.local_text(summary.at_ms, zone),
        "translated": ", ".join(words.language for words in draft.translations),
        "note": draft.note,
        "source": ", ".join(part for part in (draft.source, draft.url) if part),
        "public page": found.public_page,
        "sent": "; ".join(f"r{r.revision.number} to {do.counted(r.sent)}" for r in found.revisions if r.sent),
    }
    for name, fact in facts.items():
        if fact:
            out.line(f"  {name}: {fact}")
    for point in draft.key_points:
        out.line(f"  • {point}")
    for line in draft.body.splitlines():
        out.line(f"  {line}" if line else "")
    out.line(f"Follow it with `alerts updates revisions {summary.history.update}`.")


def _show_revision(out: Output, services: Services, one: UpdateRevision) -> None:
    zone, revision = services.settings.zone, one.revision
    if one.state == "held":
        until = do.local_text(one.held_until_ms, zone)
        state = f"held until {until}" if until else f"held for review: `alerts release {revision.update}`"
    elif one.why:
        state = f"taken back: {one.why}"
    else:
        state = f"accepted {do.local_text(revision.accepted_ms, zone)}"
    who = f", by {one.who} ({one.door})" if one.who else ""
    sent = f", sent to {do.counted(one.sent)}" if revision.accepted_ms else ""
    out.line(f"r{revision.number} {revision.kind}: {revision.draft.headline}")
    out.line(f"  {state}{who}{sent}")
    if revision.draft.note:
        out.line(f"  note: {revision.draft.note}")
    for change in one.changed:
        out.line(f"  {change}")
