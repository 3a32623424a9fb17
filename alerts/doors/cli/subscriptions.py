"""`alerts subscriptions`: what one subscriber asked for."""

import click

from alerts.doors.cli import frame
from alerts.doors.cli.changing_subscribers import say_changed
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.preview_subscriptions import preview_
from alerts.doors.cli.shell import shell_user
from alerts.doors.cli.subscription_options import change_options, subscription_options
from alerts.errors import BadInput
from alerts.operations import Requested, SubscriptionChange
from alerts.operations.subscribing import subscriber_details
from alerts.operations.subscribing import subscriptions as use


@click.group()
def subscriptions() -> None:
    """Manage what one subscriber asked for."""


@subscriptions.command()
@click.argument("address")
@subscription_options("--name")
@output
def add(out: Output, address: str, asked: Requested, new_tags: bool) -> None:
    """Add a subscription; what it covers since they were last told comes at once."""
    with frame.services() as services:
        wanted = use.read_requested(services, shell_user(), asked, new_tags)
        say_changed(out, services, use.subscribe(services, shell_user(), address, wanted))


@subscriptions.command("list")
@click.argument("address")
@output
def list_(out: Output, address: str) -> None:
    """List what a subscriber asked for."""
    with frame.services() as services:
        found = subscriber_details.show(services, shell_user(), address).subscriber
        rows = subscriber_details.subscriptions_to_dicts(found, services.tree)
    out.rows(rows, ("name", "words"), "name")


@subscriptions.command("set")
@click.argument("address")
@click.argument("name")
@change_options
@output
def set_(out: Output, address: str, name: str, changes: SubscriptionChange, new_tags: bool) -> None:
    """Change a subscription by its name; what is not given stays, an empty word ("") takes away.

    What it covers now and did not before comes at once, as with a new one.
    """
    if not changes.given:
        raise BadInput("Nothing is to be set.", "Give --region, --tag, --cadence or another option.")
    with frame.services() as services:
        changed = use.change_subscription(services, shell_user(), address, name, changes, new_tags=new_tags)
        say_changed(out, services, changed)


@subscriptions.command()
@click.argument("address")
@click.argument("name")
@output
def remove(out: Output, address: str, name: str) -> None:
    """Take a subscription away by its name."""
    with frame.services() as services:
        say_changed(out, services, use.unsubscribe(services, shell_user(), address, name))


subscriptions.add_command(preview_)
