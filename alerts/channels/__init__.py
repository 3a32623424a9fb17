"""The ways out: SMTP, Slack, and the outbox for whichever is not configured. The only users of sockets."""

from alerts.channels.contract import Pace, Sender, Stop
from alerts.channels.outbox import OutboxItem, OutboxSender, read_outbox
from alerts.channels.slack import SlackSender
from alerts.channels.smtp import SmtpSender
from alerts.model import Channel
from alerts.settings import Settings

#: "1 message per second to a specific channel … several hundred messages per minute" in a workspace
#: (https://docs.slack.dev/apis/web-api/rate-limits).
SLACK_CHANNEL_RATE = 0.95  # a little below: jitter on the way must not bring two posts closer
SLACK_TEAM_RATE = 200 / 60
SLACK_TEAM_BURST = 200


def senders(settings: Settings, pace: Pace) -> dict[Channel, Sender]:
    """One sender per channel. Nothing leaves the building unless its way out is configured."""
    mail: Sender = OutboxSender(settings.outbox, Channel.EMAIL)
    slack: Sender = OutboxSender(settings.outbox, Channel.SLACK)
    if settings.smtp_url is not None:
        mail = SmtpSender(settings.smtp_url.get_secret_value(), settings.mail_from, pace)
    if settings.slack_bot_token is not None:
        slack = SlackSender(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, pace)
    return {Channel.EMAIL: mail, Channel.SLACK: slack}


__all__ = [
    "OutboxItem",
    "OutboxSender",
    "Pace",
    "Sender",
    "SlackSender",
    "SmtpSender",
    "Stop",
    "read_outbox",
    "senders",
]
