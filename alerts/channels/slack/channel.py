"""Slack as a value."""

from __future__ import annotations  # the types of what is loaded later

from alerts import rendering
from alerts.channels import slack
from alerts.channels.contract import ChannelType, Layout, Noun, Pace, Personal, Rate, Refused
from alerts.channels.slack.address import FORM, NAME
from alerts.settings import DEFAULT_PUBLIC_URL, Problem, Settings

#: "1 message per second to a specific channel … several hundred messages per minute" in a workspace
#: (https://docs.slack.dev/apis/web-api/rate-limits). A little below the first: jitter on the way must not
#: bring two posts closer.
IN_A_CHANNEL, IN_A_WORKSPACE = Rate(0.95, 1), Rate(200 / 60, 200)


def _problems(settings: Settings) -> list[Problem]:
    """Links in posts that lead nowhere; all else its sender finds itself."""
    if settings.slack_bot_token is None or settings.public_url != DEFAULT_PUBLIC_URL:
        return []
    sentence = "ALERTS_PUBLIC_URL still has its default, and Slack is real."
    hint = "Set it to where `alerts web` is reached: posts link to what they shorten."
    return [Problem("settings.slack-public-url", "warning", sentence, hint)]


def _sender(settings: Settings, pace: Pace) -> slack.SlackSender | None:
    if settings.slack_bot_token is None:
        return None
    return slack.SlackSender(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, pace)


def _login(settings: Settings) -> Refused | None:
    sender = _sender(settings, lambda _route, _n: 0.0)
    return sender.refusal() if sender else None


def _rate(_settings: Settings, route: str) -> Rate:
    """Of a channel (`TEAM/CHANNEL`), or of its workspace (`TEAM`)."""
    return IN_A_CHANNEL if "/" in route else IN_A_WORKSPACE


def _layout(
    settings: Settings,
    templates: rendering.Templates,
    place: rendering.Place,
    public_page: rendering.PublicPage,
) -> Layout:
    return slack.Posts(templates, settings.public_url, place, public_page)


def _blanks(settings: Settings, who: Personal) -> dict[str, str]:
    return slack.blanks.blanks(settings, who)


SLACK = ChannelType(
    name=NAME,
    title="Slack",
    message=Noun("Slack post", "Slack posts"),
    reader=Noun("Slack channel", "Slack channels"),
    mending="Unarchive the channel, or invite the bot to it again (/invite). A channel with another id, such "
    "as one that was made anew, is added as a subscriber of its own.",
    address=FORM,
    problems=_problems,
    sender=_sender,
    login=_login,
    rate=_rate,
    layout=_layout,
    blanks=_blanks,
    secret=None,
    revises=True,
    asks_after_doubt=True,
    keeps_receipts=True,
    unsubscribes_by_link=False,
    one_time=None,
    answer=None,
    outbox=lambda: slack.shown.OUTBOX,
    views=lambda: slack.shown.VIEWS,
    sample=lambda: slack.shown.SAMPLE,
)
