"""`alerts subscribers` and `alerts subscriptions`: who receives, and what they asked for."""

import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any

import click

from alerts.channels import CHANNELS
from alerts.doors.cli import frame
from alerts.doors.cli.moving import export, import_
from alerts.doors.cli.output import Output, OutputFormat, output
from alerts.doors.cli.ringing import ring
from alerts.doors.cli.wishing import wish
from alerts.errors import BadInput
from alerts.model import Channel, Instant, Standing, Subscriber, Subscription
from alerts.operations import future
from alerts.operations import subscribers as people
from alerts.operations.wishes import Requested
from alerts.rules.cadence import describe
from alerts.rules.decisions import Later
from alerts.services import Services

#: A longer table is read by nobody; programs get all there are.
LISTED = 100
_COLUMNS = ("address", "channel", "name", "timezone", "standing", "suppressed", "wants")
#: So many are looked up at once.
_PORTION = 500

_CHANNELS = click.Choice(list(CHANNELS))
channel_option = click.option("--channel", type=_CHANNELS, help="Guessed from the address.")


@click.group()
def subscribers() -> None:
    """Manage those who receive: people's addresses and Slack channels."""


@click.group()
def subscriptions() -> None:
    """Manage what one subscriber asked for."""


@subscribers.command()
@click.argument("address")
@channel_option
@click.option("--name", default="", help="A person's name, or a channel's.")
@click.option("--zone", default="", help="IANA time zone such as Europe/Kyiv; UTC unless given.")
@click.option("--catch-up", is_flag=True, help="Send at once where things stand in these regions.")
@wish("--subscription")
@output
def add(
    out: Output, address: str, channel: str | None, wish: Requested, new_tags: bool, **others: Any
) -> None:
    """Add a subscriber with one subscription."""
    with frame.services() as services:
        wanted = _read(services, wish, new_tags)
        route = Channel(channel) if channel else None
        _tell(out, services, people.add(services, address, [wanted], channel=route, **others))


@subscribers.command("list")
@click.option("--channel", type=_CHANNELS, help="Only those of this channel.")
@click.option("--region", default="", help="Only those who are told of this region.")
@click.option("--paused", is_flag=True, help="Only those who are paused.")
@click.option("--limit", type=click.IntRange(1), help=f"Not more than so many; {LISTED} in a table.")
@output
def list_(out: Output, channel: str | None, region: str, paused: bool, limit: int | None) -> None:
    """List subscribers, in no particular order."""
    most = limit or (LISTED if out.human else None)
    with frame.services() as services:
        found = people.everyone(services, Channel(channel) if channel else None, region, paused)
        rows = _rows(services, islice(found, most), out.form in (OutputFormat.JSON, OutputFormat.JSONL))
        out.rows(rows, _COLUMNS, "address", "Nobody subscribes.")
        if limit is None and next(found, None) is not None:
            out.note("There are more: see all with `alerts subscribers list -o jsonl`.")


def _rows(services: Services, found: Iterator[Subscriber], whole: bool) -> Iterator[dict[str, Any]]:
    """A row for each; `whole` where a program reads it that takes objects within objects."""
    while portion := list(islice(found, _PORTION)):
        standing = people.suppressions(services, portion)
        for subscriber in portion:
            row = people.to_dict(subscriber, services.tree)
            why = standing.get(subscriber.sid)
            in_words = people.because(why) if why else ""
            yield row | {
                "suppressed": people.suppression_to_dict(why) if whole else in_words,
                "wants": [s["words"] for s in row["subscriptions"]],
            }


@subscribers.command()
@click.argument("address")
@output
def show(out: Output, address: str) -> None:
    """Show a subscriber: each subscription, its next slot, and what stands in the way."""
    with frame.services() as services:
        found = people.show(services, address)
        row = found.to_dict(services.tree)
    if not out.human:
        out.record(row, "address")
        return
    _head(out, found.subscriber, found.now_ms)
    for subscription, slot in zip(row["subscriptions"], found.slots, strict=True):
        out.line(f"  {subscription['name']}: {subscription['words']} → {_when(found, slot)}")
    if found.suppression:
        out.line(f"  {people.not_sent(found.suppression)}")


def _when(found: people.SubscriberDetails, slot: Later | None) -> str:
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
@output
def set_(out: Output, address: str, name: str | None, zone: str | None) -> None:
    """Give a subscriber another name or time zone."""
    if name is None and zone is None:
        raise BadInput("Nothing is to be set.", "Give --name or --zone.")
    with frame.services() as services:
        _tell(out, services, people.change(services, address, name, zone))


@subscribers.command()
@click.argument("address")
@click.option("--until", help="Resume by itself then, e.g. 2022-04-01T08:00:00Z.")
@output
def pause(out: Output, address: str, until: str | None) -> None:
    """Send a subscriber nothing until they are resumed."""
    with frame.services() as services:
        until_ms = future(until, services.server.now_ms(), services.settings.zone) if until else None
        _tell(out, services, people.pause(services, address, until_ms))


@subscribers.command()
@click.argument("address")
@output
def resume(out: Output, address: str) -> None:
    """Send to a subscriber again, and at once what the pause left out."""
    with frame.services() as services:
        _tell(out, services, people.resume(services, address))


@subscribers.command()
@click.argument("address")
@click.option("--yes", is_flag=True, help="Do not ask.")
@output
def remove(out: Output, address: str, yes: bool) -> None:
    """Forget a subscriber and what they asked for."""
    with frame.services() as services:
        found = people.find(services, address)
        if not yes and sys.stdin.isatty():
            question = f"Forget {found.address} and {len(found.subscriptions)} subscriptions?"
            click.confirm(question, abort=True, err=True)
        gone = people.remove(services, address)
        row = people.to_dict(gone, services.tree)
    if out.human:
        out.line(f"✓ {gone.address} is removed")
    else:
        out.record(row, "address")


subscribers.add_command(import_)
subscribers.add_command(export)


@subscriptions.command("add")
@click.argument("address")
@wish("--name")
@output
def add_subscription(out: Output, address: str, wish: Requested, new_tags: bool) -> None:
    """Add a subscription; what it covers since they were last told comes at once."""
    with frame.services() as services:
        wanted = _read(services, wish, new_tags)
        _tell(out, services, people.subscribe(services, address, wanted))


@subscriptions.command("list")
@click.argument("address")
@output
def list_subscriptions(out: Output, address: str) -> None:
    """List what a subscriber asked for."""
    with frame.services() as services:
        rows = people.to_dict(people.find(services, address), services.tree)["subscriptions"]
    out.rows(rows, ("name", "words"), "name")


@subscriptions.command("remove")
@click.argument("address")
@click.argument("name")
@output
def remove_subscription(out: Output, address: str, name: str) -> None:
    """Take a subscription away by its name."""
    with frame.services() as services:
        _tell(out, services, people.unsubscribe(services, address, name))


def _read(services: Services, wish: Requested, new_tags: bool) -> Subscription:
    reader = people.reader(services, new_tags)
    wanted = reader.read(wish)
    services.tags.add(sorted(reader.added))
    return wanted


def _tell(out: Output, services: Services, subscriber: Subscriber) -> None:
    """Say how a subscriber stands after a change, and ring for what it has left to do."""
    ring(out, people.work_left(services, subscriber))
    row = people.to_dict(subscriber, services.tree)
    standing = people.suppressions(services, [subscriber]).get(subscriber.sid)
    if not out.human:
        out.record(row | {"suppressed": people.suppression_to_dict(standing)}, "address")
        return
    _head(out, subscriber, services.server.now_ms())
    for subscription in row["subscriptions"]:
        out.line(f"  {subscription['name']}: {subscription['words']}")
    if standing:
        out.line(f"  {people.not_sent(standing)}")


def _head(out: Output, subscriber: Subscriber, now_ms: Instant) -> None:
    name = f" ({subscriber.name})" if subscriber.name else ""
    until = subscriber.paused_until_ms
    end = f" until {describe(until, subscriber.zone, now_ms)}" if until is not None else ""
    out.line(f"{subscriber.address}{name}, {subscriber.standing}{end}, {subscriber.zone}")
