"""The ways out: SMTP, Slack, and the outbox for whichever is not configured. The only users of sockets."""

from alerts.channels.closed import ClosedSender
from alerts.channels.contract import Pace, Sender, Stop
from alerts.channels.email import SmtpSender
from alerts.channels.outbox import OutboxItem, OutboxSender, read_outbox
from alerts.channels.slack import SlackSender
from alerts.errors import BadInput
from alerts.model import Channel, Deferred, Failed, RouteDown, Unsure
from alerts.settings import Settings

#: "1 message per second to a specific channel … several hundred messages per minute" in a workspace
#: (https://docs.slack.dev/apis/web-api/rate-limits).
SLACK_CHANNEL_RATE = 0.95  # a little below: jitter on the way must not bring two posts closer
SLACK_TEAM_RATE = 200 / 60
SLACK_TEAM_BURST = 200


def senders(settings: Settings, pace: Pace) -> dict[Channel, Sender]:
    """One sender per channel. Nothing leaves the building unless its way out is configured.

    A way out whose settings cannot be used is closed, and says why; the others go on.
    """
    made: dict[Channel, Sender] = {}
    for channel in Channel:
        try:
            made[channel] = _sender(settings, channel, pace)
        except BadInput as fault:
            made[channel] = ClosedSender(fault)
    return made


def faults(settings: Settings) -> dict[Channel, BadInput]:
    """The ways out whose settings cannot be used. Connects to nothing."""
    found = senders(settings, lambda _route, _n: 0.0)
    return {channel: sender.fault for channel, sender in found.items() if isinstance(sender, ClosedSender)}


def refusals(settings: Settings) -> dict[Channel, Deferred | Failed | Unsure | RouteDown]:
    """What providers say against us, where there is a login to try. Sends nothing to anybody."""
    found = {
        channel: sender.refusal()
        for channel, sender in senders(settings, lambda _route, _n: 0.0).items()
        if isinstance(sender, SlackSender)
    }
    return {channel: said for channel, said in found.items() if said is not None}


def _sender(settings: Settings, channel: Channel, pace: Pace) -> Sender:
    if channel is Channel.EMAIL and settings.smtp_url is not None:
        return SmtpSender(settings.smtp_url.get_secret_value(), settings.mail_from, pace)
    if channel is Channel.SLACK and settings.slack_bot_token is not None:
        return SlackSender(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, pace)
    return OutboxSender(settings.outbox, channel)


__all__ = [
    "ClosedSender",
    "OutboxItem",
    "Sender",
    "SlackSender",
    "Stop",
    "faults",
    "read_outbox",
    "refusals",
    "senders",
]
