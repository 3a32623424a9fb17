"""`alerts subscribers`: who receives."""

from collections.abc import Iterator
from typing import Any

import click

from alerts import operations as do
from alerts.channels import CHANNELS, masked
from alerts.doors.cli import frame
from alerts.doors.cli.confirming import confirm, yes_option
from alerts.doors.cli.export_subscribers import export
from alerts.doors.cli.import_subscribers import import_
from alerts.doors.cli.merge_subscribers import merge_
from alerts.doors.cli.output import Output, OutputFormat, output
from alerts.doors.cli.ringing import ring
from alerts.doors.cli.shell import shell_user
from alerts.doors.cli.subscription_options import subscription_options
from alerts.doors.cli.undo_sync import undo_sync
from alerts.errors import BadInput
from alerts.model import Channel, Instant, Standing, Subscriber
from alerts.operations import (
    Requested,
    SigningSecret,
    SubscriberDetails,
    SubscriberSearch,
    SubscriberState,
    SubscriberSummary,
    future,
    searching,
    subscriber_details,
    work_left,
)
from alerts.operations import subscribers as people
from alerts.operations.subscriptions import read_requested
from alerts.regions import Tree
from alerts.rules.cadence import describe
from alerts.rules.decisions import Later
from alerts.services import Services
from alerts.texts import number_of

#: A longer table is read by nobody; programs get all there are.
LISTED = 100
_COLUMNS = ("address", "channel", "name", "timezone", "standing", "suppressed", "wants")

_CHANNELS = click.Choice(list(CHANNELS))
channel_option = click.option("--channel", type=_CHANNELS, help="Guessed from the address.")


@click.group()
def subscribers() -> None:
    """Manage those who receive: people, Slack channels, webhooks."""


@subscribers.command()
@click.argument("address")
@channel_option
@click.option("--name", default="", help="A person's name, or a channel's.")
@click.option("--zone", default="", help="IANA time zone such as Europe/Kyiv; UTC unless given.")
@click.option("--owner", default="", help="The address that is told when nothing reaches this one any more.")
@click.option("--catch-up", is_flag=True, help="Send at once where things stand in these regions.")
@click.option("--secret", is_flag=True, help="Webhooks: show the secret that signs what is sent, this once.")
@subscription_options("--subscription")
@output
def add(
    out: Output,
    address: str,
    channel: str | None,
    asked: Requested,
    new_tags: bool,
    *,
    secret: bool,
    **others: Any,
) -> None:
    """Add a subscriber with one subscription."""
    with frame.services() as services:
        if secret:
            do.require_signed(address, Channel(channel) if channel else None)
        wanted = read_requested(services, shell_user(), asked, new_tags)
        kind = Channel(channel) if channel else None
        added = people.add(services, shell_user(), address, [wanted], channel=kind, **others)
        say_changed(out, services, added, do.show_secret(services, shell_user(), added) if secret else None)


@subscribers.command("list")
@click.argument("search", default="")
@click.option("--channel", type=_CHANNELS, help="Only those of this channel.")
@click.option("--region", default="", help="Only those who are told of this region.")
@click.option("--tag", default="", help="Only those who ask for this tag.")
@click.option(
    "--state",
    type=click.Choice([state.value for state in SubscriberState]),
    help="Only those who are in this state; active: neither of the others.",
)
@click.option("--limit", type=click.IntRange(1), help=f"Not more than N; {LISTED} in a table.", metavar="N")
@click.option("--after", default="", metavar="ADDRESS", help="Go on after this one, the last of a page.")
@output
def list_(out: Output, search: str, channel: str | None, limit: int | None, after: str, **by: Any) -> None:
    """List subscribers, those who came first first; with SEARCH, a part of an address or a name."""
    sought = SubscriberSearch(
        search,
        Channel(channel) if channel else None,
        by["region"],
        by["tag"],
        SubscriberState(by["state"]) if by["state"] else None,
    )
    most = limit or (LISTED if out.human else None)
    whole = out.form in (OutputFormat.JSON, OutputFormat.JSONL)
    with frame.services() as services:
        if most is None:
            found = searching.search(services, shell_user(), sought, after)
            out.rows(_rows(found, services.tree, whole), _COLUMNS, "address")
            return
        page = searching.search_page(services, shell_user(), sought, most, after)
        nobody = "Nobody subscribes." if sought == SubscriberSearch() and not after else "Nobody is found."
        out.rows(_rows(iter(page.subscribers), services.tree, whole), _COLUMNS, "address", nobody)
    if page.next:
        total = f"{page.total:,}" if page.exact else f"at least {page.total:,}"
        out.note(f"{len(page.subscribers)} of {total}. Go on with --after {page.next},")
        out.note("or see all with `alerts subscribers list -o jsonl`.")
    elif page.total and sought != SubscriberSearch():
        out.note(f"{page.total:,} found.")


def _rows(found: Iterator[SubscriberSummary], tree: Tree, whole: bool) -> Iterator[dict[str, object]]:
    """A row for each; `whole` where a program reads it that takes objects within objects."""
    for one in found:
        row = one.to_dict(tree)
        if not whole:
            row["suppressed"] = subscriber_details.because(one.suppression) if one.suppression else ""
        subscriptions = subscriber_details.subscriptions_to_dicts(one.subscriber, tree)
        yield row | {"wants": [s["words"] for s in subscriptions]}


@subscribers.command()
@click.argument("address")
@output
def show(out: Output, address: str) -> None:
    """Show a subscriber: each subscription, its next slot, and what stands in the way."""
    with frame.services() as services:
        found = subscriber_details.show(services, shell_user(), address)
        row = found.to_dict(services.tree)
        subscriptions = subscriber_details.subscriptions_to_dicts(found.subscriber, services.tree)
    if not out.human:
        out.record(row, "address")
        return
    _head(out, found.subscriber, found.now_ms)
    for subscription, slot in zip(subscriptions, found.slots, strict=True):
        out.line(f"  {subscription['name']}: {subscription['words']} → {_when(found, slot)}")
    for ended in found.subscriber.declined:
        out.line(f"  {ended.name}: ended by its reader")
    if found.suppression:
        out.line(f"  {subscriber_details.not_sent(found.suppression)}")


def _when(found: SubscriberDetails, slot: Later | None) -> str:
    """When a subscription is served next, as far as anybody can know."""
    person = found.subscriber
    if slot is not None:
        cap = ", in one line each: the daily cap is reached" if slot.folded else ""
        return f"next {describe(slot.slot_ms, person.zone, found.now_ms)}{cap}"
    if person.standing is Standing.PAUSED:
        return "nothing while paused" if person.paused_until_ms is None else "at once after the pause"
    return "at once"


@subscribers.command("set")
@click.argument("address")
@click.option("--name", help="Another name; empty for none.")
@click.option("--zone", help="Another IANA time zone.")
@click.option("--owner", help="Another address that is told when nothing reaches this one; empty for none.")
@output
def set_(out: Output, address: str, name: str | None, zone: str | None, owner: str | None) -> None:
    """Give a subscriber another name, time zone or owner."""
    if name is None and zone is None and owner is None:
        raise BadInput("Nothing is to be set.", "Give --name, --zone or --owner.")
    with frame.services() as services:
        say_changed(out, services, people.change(services, shell_user(), address, name, zone, owner=owner))


@subscribers.command()
@click.argument("address")
@click.option("--until", help="Resume by itself then, e.g. 2022-04-01T08:00:00Z.")
@output
def pause(out: Output, address: str, until: str | None) -> None:
    """Send a subscriber nothing until they are resumed."""
    with frame.services() as services:
        until_ms = future(until, services.server.now_ms(), services.settings.zone) if until else None
        say_changed(out, services, people.pause(services, shell_user(), address, until_ms))


@subscribers.command()
@click.argument("address")
@output
def resume(out: Output, address: str) -> None:
    """Send to a subscriber again, and at once what the pause left out."""
    with frame.services() as services:
        say_changed(out, services, people.resume(services, shell_user(), address))


@subscribers.command("rotate-secret")
@click.argument("address")
@output
def rotate_secret(out: Output, address: str) -> None:
    """Make a new secret for a webhook, and show it this once. The one before signs for seven days more."""
    with frame.services() as services:
        made = do.change_secret(services, shell_user(), address)
    if out.human:
        _show_secret(out, made)
    else:
        out.record(made.to_dict(), "secret")


@subscribers.command()
@click.argument("address")
@yes_option
@output
def remove(out: Output, address: str, yes: bool) -> None:
    """Forget a subscriber and what they asked for."""
    with frame.services() as services:
        found = subscriber_details.show(services, shell_user(), address).subscriber
        many = number_of(len(found.subscriptions), "subscription")
        confirm(f"Forget {found.address} and {many}?", yes)
        gone = people.remove(services, shell_user(), address)
        row = subscriber_details.to_dict(gone, services.tree)
    if out.human:
        out.line(f"✓ {gone.address} is removed")
    else:
        out.record(row, "address")


subscribers.add_command(import_)
subscribers.add_command(undo_sync)
subscribers.add_command(export)
subscribers.add_command(merge_)


def say_changed(
    out: Output, services: Services, subscriber: Subscriber, made: SigningSecret | None = None
) -> None:
    """Say how a subscriber stands after a change, and ring for what it has left to do."""
    ring(out, work_left(services, subscriber))
    changed = subscriber_details.summary(services, shell_user(), subscriber)
    if not out.human:
        secret = {"secret": made.secret} if made else {}
        out.record(changed.to_dict(services.tree) | secret, "address")
        return
    _head(out, subscriber, services.server.now_ms())
    for subscription in subscriber_details.subscriptions_to_dicts(subscriber, services.tree):
        out.line(f"  {subscription['name']}: {subscription['words']}")
    if changed.suppression:
        out.line(f"  {subscriber_details.not_sent(changed.suppression)}")
    if made:
        _show_secret(out, made)


def _show_secret(out: Output, made: SigningSecret) -> None:
    out.line(f"✓ {made.secret}")
    out.note("This is shown once. Whoever receives there verifies with it: see docs/webhooks.md.")


def _head(out: Output, subscriber: Subscriber, now_ms: Instant) -> None:
    name = f" ({subscriber.name})" if subscriber.name else ""
    until = subscriber.paused_until_ms
    end = f" until {describe(until, subscriber.zone, now_ms)}" if until is not None else ""
    owner = f", owned by {masked(subscriber.owner)}" if subscriber.owner else ""
    out.line(f"{subscriber.address}{name}, {subscriber.standing}{end}, {subscriber.zone}{owner}")
