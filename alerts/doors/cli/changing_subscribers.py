"""`alerts subscribers add`, `set`, `pause`, `resume`, `rotate-secret`, `remove`: one of those who receive."""

from typing import Any

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.confirming import confirm, yes_option
from alerts.doors.cli.finding_subscribers import CHANNEL, heading
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.ringing import ring
from alerts.doors.cli.shell import shell_user
from alerts.doors.cli.subscription_options import subscription_options
from alerts.errors import BadInput
from alerts.model import Channel, Subscriber
from alerts.operations import Requested, SigningSecret, future, work_left
from alerts.operations.subscribing import subscriber_details
from alerts.operations.subscribing import subscribers as people
from alerts.operations.subscribing.subscriptions import read_requested
from alerts.services import Services
from alerts.texts import number_of

channel_option = click.option("--channel", type=CHANNEL, help="Guessed from the address.")


@click.command()
@click.argument("address")
@channel_option
@click.option("--name", default="", help="A person's name, or a channel's.")
@click.option("--zone", default="", help="IANA time zone such as Europe/Kyiv; UTC unless given.")
@click.option("--language", default="", help="BCP 47 tag such as uk; ALERTS_LANGUAGE unless given.")
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


@click.command("set")
@click.argument("address")
@click.option("--name", help="Another name; empty for none.")
@click.option("--zone", help="Another IANA time zone.")
@click.option("--language", help="Another BCP 47 tag; empty for ALERTS_LANGUAGE.")
@click.option("--owner", help="Another address that is told when nothing reaches this one; empty for none.")
@output
def set_(out: Output, address: str, **given: str | None) -> None:
    """Give a subscriber another name, time zone, language or owner."""
    if all(value is None for value in given.values()):
        raise BadInput("Nothing is to be set.", "Give --name, --zone, --language or --owner.")
    with frame.services() as services:
        say_changed(out, services, people.change(services, shell_user(), address, **given))


@click.command()
@click.argument("address")
@click.option("--until", help="Resume by itself then, e.g. 2022-04-01T08:00:00Z.")
@output
def pause(out: Output, address: str, until: str | None) -> None:
    """Send a subscriber nothing until they are resumed."""
    with frame.services() as services:
        until_ms = future(until, services.server.now_ms(), services.settings.zone) if until else None
        say_changed(out, services, people.pause(services, shell_user(), address, until_ms))


@click.command()
@click.argument("address")
@output
def resume(out: Output, address: str) -> None:
    """Send to a subscriber again, and at once what the pause left out."""
    with frame.services() as services:
        say_changed(out, services, people.resume(services, shell_user(), address))


@click.command("rotate-secret")
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


@click.command()
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
    heading(out, subscriber, services.server.now_ms())
    for subscription in subscriber_details.subscriptions_to_dicts(subscriber, services.tree):
        out.line(f"  {subscription['name']}: {subscription['words']}")
    if changed.suppression:
        out.line(f"  {subscriber_details.not_sent(changed.suppression)}")
    if made:
        _show_secret(out, made)


def _show_secret(out: Output, made: SigningSecret) -> None:
    out.line(f"✓ {made.secret}")
    out.note("This is shown once. Whoever receives there verifies with it: see docs/webhooks.md.")
