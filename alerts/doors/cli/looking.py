"""`alerts status`, `explain`, `trace` and `outbox`: what became of things, and why."""

from dataclasses import asdict
from datetime import UTC, tzinfo

import click
from rich.text import Text

from alerts import operations as do
from alerts import private
from alerts.channels import read_outbox, shown
from alerts.doors.cli import frame
from alerts.doors.cli.output import Output, output, printable
from alerts.doors.cli.shell import shell_user
from alerts.doors.cli.waiting import funnel_lines
from alerts.errors import NothingMatched
from alerts.operations import Explanation, Totals, UpdateStatus
from alerts.rendering import gallery
from alerts.settings import Settings, load

#: The messages that are shown on the page; a page of thousands is no longer looked at.
SHOWN_MOST = 500
#: The entries of what an update still owes that are shown to people; programs get all of them.
OWED_SHOWN = 20


@click.command()
@click.argument("update", required=False)
@output
def status(out: Output, update: str | None) -> None:
    """Say how things stand altogether, or what became of one update."""
    with frame.services() as services:
        if update is None:
            totals = do.totals(services, shell_user())
            if out.human:
                _show_totals(out, totals, services.settings.zone)
            else:
                out.record(totals.to_dict(), "owed")
            return
        found = do.status(services, shell_user(), update)
    if out.human:
        _show(out, found, services.settings.zone)
    else:
        out.record(found.to_dict(), "update")


def _show_totals(out: Output, totals: Totals, zone: tzinfo) -> None:
    people = ", ".join(f"{n} by {channel}" for channel, n in totals.subscribers.items())
    out.line(f"subscribers  {people}")
    out.line(f"updates      {totals.updates}")
    out.line(f"owed         {totals.owed} entries, {totals.overdue} of them due now (`alerts work`)")
    out.line(f"workers      {', '.join(totals.workers) or 'none: start one with `alerts up`'}")
    for ref in totals.in_review[:OWED_SHOWN]:
        out.line(f"in review    {ref}: `alerts release {ref.rpartition('.r')[0]}`, or publish it again")
    if len(totals.in_review) > OWED_SHOWN:
        out.line(
            f"in review    {len(totals.in_review) - OWED_SHOWN} more (`alerts updates list --state held`)"
        )
    for route, why in totals.breakers.items():
        out.line(f"down         {route}: {why}")
    if broker := totals.broker:
        out.line(f"down         broker, since {broker.down_since}: {broker.why}")
    for notice in totals.notices:
        details = ", ".join(f"{name} {value}" for name, value in notice.details.items())
        out.line(f"notice       {do.local_text(notice.at_ms, zone)} {notice.what}: {details}")


def _show(out: Output, found: UpdateStatus, zone: tzinfo) -> None:
    out.line(f"{found.update}: {found.headline}")
    times = ("accepted_at", "held_until") if any(r.held_until for r in found.revisions) else ("accepted_at",)
    revisions = [asdict(revision) for revision in found.revisions]
    out.table(revisions, ("revision", "kind", *times, "withdrawn", "headline"))
    for held in (r for r in found.revisions if r.in_review):
        out.line(f"  r{held.revision} is held for review: let it go out with `alerts release {found.update}`")
    for line in (
        funnel_lines(found.update, found.funnel) if found.funnel.people else ["  nobody was told yet"]
    ):
        out.line(line)
    if found.first_ms is not None:
        first, last = (do.local_text(at, zone) for at in (found.first_ms, found.last_ms))
        out.line(f"  first {first}, last {last}")
    for entry in found.owed[:OWED_SHOWN]:
        out.line(f"  still owed: {entry}")
    if len(found.owed) > OWED_SHOWN:
        out.line(f"  and {len(found.owed) - OWED_SHOWN} more (`alerts status {found.update} -o json`)")


@click.command()
@click.argument("address")
@click.argument("update")
@output
def explain(out: Output, address: str, update: str) -> None:
    """Say why a subscriber got an update, gets it later, or does not."""
    with frame.services() as services:
        found = do.explain(services, shell_user(), address, update)
    if out.human:
        for line in explanation_lines(found, services.settings.zone):
            out.line(line)
    else:
        out.record(found.to_dict(), "verdict")


def explanation_lines(found: Explanation, zone: tzinfo = UTC) -> list[Text]:
    """The verdict in a sentence, then every clause with whether it holds."""
    who, what = printable(found.subscriber.address), found.revision.ref
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


@click.command()
@click.argument("address")
@output
def trace(out: Output, address: str) -> None:
    """List what a subscriber is owed, was sent or was spared of the latest 1,000 updates, newest first."""
    columns = ("at", "state", "how", "change", "update", "revision", "headline", "note")
    with frame.services() as services:
        rows = (traced.to_dict() for traced in do.trace(services, shell_user(), address))
        out.rows(rows, columns, "digest", f"Nothing for {address} yet.")


@click.command()
@output
def outbox(out: Output) -> int:
    """Draw the outbox as one page to look at, and say where it is."""
    settings = load()
    count = draw_outbox(settings)
    page = settings.outbox / "index.html"
    if not count:
        out.note("The outbox is empty: nothing was sent, or it went out as configured.")
        return NothingMatched.exit_code
    if out.human:
        out.line(str(page))
    else:
        out.record({"page": str(page), "messages": count}, "page")
    return 0


def draw_outbox(settings: Settings) -> int:
    """Write the page; how many messages it shows, the latest ones."""
    items = [shown(item) for item, _ in zip(read_outbox(settings.outbox), range(SHOWN_MOST), strict=False)]
    if items:
        page = gallery(items, settings.templates_dir)
        private.write_text(settings.outbox / "index.html", page)
    return len(items)
