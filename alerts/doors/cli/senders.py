"""`alerts senders`: who may send updates by mail, how it is with each, and steering it."""

from typing import Any

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.confirming import confirm, yes_option
from alerts.doors.cli.local_times import with_local_times
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.shell import shell_user
from alerts.operations import senders as mailing
from alerts.operations.senders import SenderAdded, SenderAsked, SenderSummary
from alerts.services import Services
from alerts.texts import number_of

_COLUMNS = ("sender", "address", "state", "publish", "drafts", "published", "refused", "came_at", "why")
_TIMES = ("came_at", "secret_since", "added_at")


@click.group()
def senders() -> None:
    """Let people send updates by mail: they wait as drafts, or are published."""


@senders.command()
@click.argument("address", metavar="ADDRESS|@DOMAIN")
@click.option("--name", default="", metavar="NAME", help="What to call them; else it is made of the address.")
@click.option(
    "--region", "regions", multiple=True, metavar="REGION", help="Of updates that name none; again."
)
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Of every update, beside its own; again.")
@click.option("--severity", default="", metavar="SEVERITY", help="Of updates that do not say how bad it is.")
@click.option(
    "--publish/--review",
    default=False,
    help="Publish what they send; else it waits as a draft: see `alerts drafts`.",
)
@output
def add(out: Output, address: str, **asked: Any) -> None:
    """Let somebody send updates by mail, and show where to, this once: the address holds a secret.

    `alerts senders add olga@example.org --region Ukraine`
    """
    with frame.services() as services:
        added = mailing.add_sender(services, shell_user(), SenderAsked(address, **asked))
        _say_address(out, services, added, f"✓ {added.summary.sender.address} may send, as")


@senders.command("list")
@output
def list_(out: Output) -> None:
    """List who may send: what became of their mails, and why the last was refused that was."""
    with frame.services() as services:
        found = mailing.list_senders(services, shell_user())
    rows = with_local_times(out, (one.to_dict() for one in found), services.settings.zone, *_TIMES)
    out.rows(rows, _COLUMNS, "sender", "Nobody may send updates by mail: `alerts senders add ADDRESS`.")


@senders.command()
@click.argument("sender")
@output
def show(out: Output, sender: str) -> None:
    """Show a sender, by name or address: what holds for them, and what became of their mails."""
    with frame.services() as services:
        found = mailing.show_sender(services, shell_user(), sender)
        if out.human:
            _show(out, services, found)
        else:
            out.record(found.to_dict(), "sender")


@senders.command()
@click.argument("sender")
@output
def pause(out: Output, sender: str) -> None:
    """Refuse what they send until they are resumed; they are told so."""
    with frame.services() as services:
        found = mailing.pause_sender(services, shell_user(), sender)
    _say(out, found, f"✓ {found.sender.name} is paused; `alerts senders resume {found.sender.name}` goes on")


@senders.command()
@click.argument("sender")
@output
def resume(out: Output, sender: str) -> None:
    """Take what they send again, from now on. What was refused meanwhile they send again."""
    with frame.services() as services:
        found = mailing.resume_sender(services, shell_user(), sender)
    _say(out, found, f"✓ what {found.sender.name} sends is taken again")


@senders.command("rotate-secret")
@click.argument("sender")
@output
def rotate_secret(out: Output, sender: str) -> None:
    """Give them another secret, and show where to send, this once; the address before ends at once."""
    with frame.services() as services:
        changed = mailing.change_sender_secret(services, shell_user(), sender)
        _say_address(out, services, changed, "✓ from now on this alone holds for")


@senders.command()
@click.argument("sender")
@yes_option
@output
def remove(out: Output, sender: str, yes: bool) -> None:
    """Take nothing from them any more. What came of their mails stays."""
    with frame.services() as services:
        name = mailing.show_sender(services, shell_user(), sender).sender.name
        confirm(f"Take no updates from {name} any more?", yes)
        gone = mailing.remove_sender(services, shell_user(), sender)
    _say(out, gone, f"✓ {name} may send no more")


def _say(out: Output, found: SenderSummary, line: str) -> None:
    if out.human:
        out.line(line)
    else:
        out.record(found.to_dict(), "sender")


def _say_address(out: Output, services: Services, added: SenderAdded, line: str) -> None:
    if not out.human:
        out.record(added.to_dict(), "sender")
        return
    out.line(f"{line} {added.summary.sender.name}:")
    out.line(f"  {added.send_to}")
    out.note("This is shown once. Pass it on as you pass on a password.")
    if services.settings.return_path is None:
        out.note("At the domain whose mail Alerts reads: ALERTS_RETURN_PATH does not name it.")
    if services.settings.authserv_id is None:
        out.note("Until ALERTS_AUTHSERV_ID names your relay, every mail is refused: nobody says whose it is.")


def _show(out: Output, services: Services, found: SenderSummary) -> None:
    sender, now, zone = found.sender, found.progress, services.settings.zone
    out.line(f"{sender.name}: {sender.address}")
    facts = {
        "state": now.state.value,
        "what comes": "is published" if sender.publish else "waits as a draft",
        "where": ", ".join(map(services.tree.label, sender.regions)) or "as the text says",
        "tags": ", ".join(sender.tags),
        "severity": sender.severity or "as the update says",
        "mails": f"{number_of(now.drafts, 'draft')}, {now.published} published, {now.refused} refused, "
        f"{now.repeated} repeated",
        "last came": do.local_text(now.came_ms or None, zone),
        "last refused": now.why,
        "secret since": do.local_text(now.secret_ms or None, zone),
        "added": f"{do.local_text(sender.added_ms, zone)} by {sender.added_by}",
    }
    for name, fact in facts.items():
        if fact:
            out.line(f"  {name}: {fact}")
