"""`alerts preview`: who would get it, when and why, and who just misses it."""

import json
from email import message_from_bytes, policy
from typing import Any

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.lookups import about, taken
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.publishing import choices, naming, read_files
from alerts.errors import BadInput, NothingMatched
from alerts.model import Channel
from alerts.operations import Choices, Preview

COLUMNS = ("update", "channel", "address", "verdict", "slot", "reasons")


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@choices
@click.option("--recipients", is_flag=True, help="List everybody who would get it.")
@click.option(
    "--render", type=click.Choice(["email", "slack", "text"]), help="Print it as one of them would see it."
)
@click.option("--for", "address", metavar="ADDRESS", help="With --render: as this subscriber would see it.")
@output
def preview(
    out: Output,
    files: tuple[str, ...],
    recipients: bool,
    render: str | None,
    address: str | None,
    **chosen: Any,
) -> int:
    """Show who would get an update, when and why, and who just misses it. Writes nothing."""
    found: list[Preview] = []
    with frame.services() as services:
        everyone = sum(services.subscribers.count().values())
        for path, reading in read_files(files):
            with naming(path, files):
                draft = do.prepare(services, reading, Choices(**chosen))
            with out.progress("asking", everyone) as seen:
                found.append(do.preview(services, draft, seen))
            if found[-1].published:
                out.note(f"This is {found[-1].revision.ref}, published already: again it is sent to nobody.")
        if render is not None:
            if len(found) != 1:
                raise BadInput("One update can be rendered at a time.", "Give one file.")
            click.echo(_rendered(do.sample(services, found[0], _channel(render), address), render), nl=False)
            return 0
    if recipients:
        rows = (g.to_dict(p.revision.update) for p in found for g in p.getting)
        out.rows(rows, COLUMNS, "address", "Nobody would get it.")
    elif out.human:
        for one in found:
            _show(out, one)
    else:
        out.several([_summary(one) for one in found], ("update", "now", "slot", "plan"), "plan")
    return 0 if any(p.getting for p in found) else NothingMatched.exit_code


def _summary(found: Preview) -> dict[str, Any]:
    now = sum(g.slot_ms is None for g in found.getting)
    return {
        "update": found.revision.update,
        "revision": found.revision.number,
        "regions": taken(found.revision.draft.regions),
        "now": now,
        "slot": len(found.getting) - now,
        "counts": found.counts(),
        "by_unknown_severity": found.unknown,
        "missing": found.missing,
        "misses": [miss.to_dict() for miss in found.misses],
        "plan": found.plan,
    }


def _show(out: Output, found: Preview) -> None:
    summary = _summary(found)
    out.line(f"{found.revision.ref}: {found.revision.draft.headline}")
    out.line(about(found.revision.draft))
    out.line(f"{summary['now']} would get it now, {summary['slot']} at their next digest")
    if found.unknown:
        out.line(f"! {do.loudly(found.unknown)}")
    if found.getting:
        out.table(summary["counts"], ("channel", "verdict", "region", "subscribers"))
    if found.misses:
        out.line("Just missing it, by one clause:")
        out.table(summary["misses"], ("channel", "address", "clause", "because"))
        more = sum(found.missing.values()) - len(found.misses)
        if more:
            out.line(f"… and {more} more: {', '.join(f'{n} by {c}' for c, n in found.missing.items())}")
    out.line(f"Publish exactly this with --plan {found.plan}")


def _channel(render: str) -> Channel:
    return Channel.SLACK if render == "slack" else Channel.EMAIL


def _rendered(message: bytes, render: str) -> str:
    """An email as it goes out, its plain text, or what Slack is given."""
    if render == "slack":
        return json.dumps(json.loads(message), ensure_ascii=False, indent=2) + "\n"
    if render == "email":
        return message.decode("ascii").replace("\r\n", "\n")
    mail = message_from_bytes(message, policy=policy.default)
    text = mail.get_body(("plain",))
    return f"Subject: {mail['Subject']}\n\n{text.get_content() if text else ''}"
