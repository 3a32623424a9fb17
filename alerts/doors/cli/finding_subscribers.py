"""`alerts subscribers list` and `show`: who receives what."""

from collections.abc import Iterator
from typing import Any

import click

from alerts.channels import CHANNELS, masked
from alerts.doors.cli import frame
from alerts.doors.cli.output import Output, OutputFormat, output
from alerts.doors.cli.shell import shell_user
from alerts.model import Channel, Instant, Standing, Subscriber
from alerts.operations import SubscriberDetails, SubscriberSearch, SubscriberState, SubscriberSummary
from alerts.operations.subscribing import muting, searching, subscriber_details
from alerts.regions import Tree
from alerts.rules.cadence import describe
from alerts.rules.decisions import Later

#: A longer table is read by nobody; programs get all there are.
LISTED = 100
_COLUMNS = ("address", "channel", "name", "timezone", "standing", "suppressed", "wants")

CHANNEL = click.Choice(list(CHANNELS))


@click.command("list")
@click.argument("search", default="")
@click.option("--channel", type=CHANNEL, help="Only those of this channel.")
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


@click.command()
@click.argument("address")
@output
def show(out: Output, address: str) -> None:
    """Show a subscriber: each subscription, its next slot, and what stands in the way."""
    with frame.services() as services:
        found = subscriber_details.show(services, shell_user(), address)
        row = found.to_dict(services.tree)
        subscriptions = subscriber_details.subscriptions_to_dicts(found.subscriber, services.tree)
        muted = muting.muted_by(services, found.subscriber)
    if not out.human:
        out.record(row, "address")
        return
    heading(out, found.subscriber, found.now_ms)
    for subscription, slot in zip(subscriptions, found.slots, strict=True):
        out.line(f"  {subscription['name']}: {subscription['words']} → {_when(found, slot)}")
    for ended in found.subscriber.declined:
        out.line(f"  {ended.name}: ended by its reader")
    for one in muted:
        out.line(f"  {one.latest.update}: muted, until it is over or worse than {one.mute.severity}")
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


def heading(out: Output, subscriber: Subscriber, now_ms: Instant) -> None:
    """Say who it is, and how they stand."""
    name = f" ({subscriber.name})" if subscriber.name else ""
    until = subscriber.paused_until_ms
    end = f" until {describe(until, subscriber.zone, now_ms)}" if until is not None else ""
    language = f", {subscriber.language}" if subscriber.language else ""
    owner = f", owned by {masked(subscriber.owner)}" if subscriber.owner else ""
    out.line(f"{subscriber.address}{name}, {subscriber.standing}{end}, {subscriber.zone}{language}{owner}")
