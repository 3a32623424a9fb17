"""`alerts subscriptions preview`."""

import click

from alerts.doors.cli import frame
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.shell import shell_user
from alerts.doors.cli.subscription_options import subscription_options
from alerts.model import Instant
from alerts.operations import Requested
from alerts.operations.subscribing.subscription_preview import (
    DAYS,
    DAYS_MOST,
    PreviewedAlert,
    PreviewedMessage,
    SubscriptionPreview,
    SubscriptionShare,
    preview_subscriptions,
)
from alerts.rules.cadence import describe
from alerts.texts import number_of

#: Alerts that a table shows: the latest ones.
SHOWN = 40


@click.command("preview")
@click.argument("address", default="")
@subscription_options("--name", required=False)
@click.option("--zone", default="", help="IANA time zone; theirs, or UTC, unless given.")
@click.option(
    "--days", type=click.IntRange(1, DAYS_MOST), default=DAYS, help="How far to look back.", metavar="N"
)
@output
def preview_(
    out: Output, address: str, asked: Requested | None, zone: str, days: int, *, new_tags: bool
) -> None:
    """Show what subscriptions would have brought in the last 30 days, and when the next digest comes.

    With ADDRESS, those that a subscriber has; with --region, also one that they do not have yet. Nothing is
    written, and nobody is sent anything. No pause and no mute is in it.
    """
    requested = [asked] if asked else []
    with frame.services() as services:
        found = preview_subscriptions(
            services, shell_user(), address, requested, zone=zone, days=days, new_tags=new_tags
        )
        now_ms = services.server.now_ms()
        if not out.human:
            out.record(found.to_dict(), "alerts")
            return
        _show(out, found, now_ms)


def _show(out: Output, found: SubscriptionPreview, now_ms: Instant) -> None:
    sent = f"{number_of(found.alerts, 'alert')} in {number_of(len(found.messages), 'message')}"
    out.line(f"The last {number_of(found.days, 'day')} would have brought {sent}.")
    if found.next_ms is None:
        out.line("All of it goes at once: there is no digest.")
    else:
        out.line(f"The next digest is due {describe(found.next_ms, found.zone, now_ms)}.")
    for share in found.shares:
        out.line(f"  {share.name}: {_said(share, alone=len(found.shares) == 1)}")
    rows = [
        _row(message, alert, found.zone) for message in reversed(found.messages) for alert in message.alerts
    ]
    if rows:
        out.line()
        out.table(rows[:SHOWN], ("at", "how", "change", "update", "headline", "for"))
    if len(rows) > SHOWN:
        out.note(f"The latest {SHOWN} of {len(rows):,}. See all with -o json.")


def _said(share: SubscriptionShare, *, alone: bool) -> str:
    """How much a subscription brings, and how much of that another one brings as well."""
    many = number_of(share.alerts, "alert")
    twice = share.alerts - share.alone
    if alone or not twice:
        return many
    if share.covered:
        return f"{many}, all of which another subscription brings as well"
    return f"{many}, {twice:,} of which another subscription brings as well"


def _row(message: PreviewedMessage, alert: PreviewedAlert, zone: str) -> dict[str, object]:
    about = {name: value for name, value in alert.to_dict().items() if name != "subscriptions"}
    return {
        **message.to_dict(),
        **about,
        "at": describe(message.at_ms, zone),
        "for": ", ".join(alert.subscriptions),
    }
