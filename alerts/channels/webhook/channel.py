"""Webhooks as a value."""

from __future__ import annotations  # the types of what is loaded later

from functools import partial

from alerts import outbound, rendering
from alerts.channels import webhook
from alerts.channels.contract import ChannelType, Layout, Noun, Pace, Personal
from alerts.channels.webhook import signing
from alerts.channels.webhook.address import FORM, NAME
from alerts.settings import DEFAULT_PUBLIC_URL, Problem, Settings, signing_key

#: Seconds for a call, from looking the name up to the status of the answer: Standard Webhooks advise 15 to
#: 30. A receiver that needs longer can answer 202 first.
CALL_S = 15.0


def _problems(settings: Settings) -> list[Problem]:
    """What receivers would get once webhooks are real: links that lead nowhere, secrets nobody else has."""
    if not settings.webhooks:
        return []
    problems = []
    if settings.public_url == DEFAULT_PUBLIC_URL:
        problems.append(
            Problem(
                "settings.webhook-public-url",
                "warning",
                "ALERTS_PUBLIC_URL still has its default, and webhooks are real.",
                "Set it to where `alerts web` is reached: what is sent links to what it shortens.",
            )
        )
    if settings.secret_key is None:
        problems.append(
            Problem(
                "settings.webhook-secret-key",
                "error",
                "ALERTS_SECRET_KEY is not set, and webhooks are real.",
                "Set it (or ALERTS_SECRET_KEY_FILE), the same everywhere: what signs them is made from it.",
            )
        )
    return problems


def _sender(settings: Settings, _pace: Pace) -> webhook.WebhookSender | None:
    if not settings.webhooks:
        return None
    client = outbound.GuardedClient(outbound.Guard(settings.outbound_networks), CALL_S)
    return webhook.WebhookSender(client, partial(signing_key, settings))


def _login(_settings: Settings) -> None:
    """There is none: each receiver is called only when there is something for it."""


def _rate(_settings: Settings, _route: str) -> None:
    """As fast as it can: each receiver says when it is too fast."""


def _secret(settings: Settings, address: str, generation: int) -> str:
    return signing.secret(signing_key(settings), address, generation)


def _layout(
    settings: Settings,
    templates: rendering.Templates,
    place: rendering.Place,
    public_page: rendering.PublicPage,
) -> Layout:
    return webhook.Payloads(templates, settings.public_url, place, public_page)


def _blanks(settings: Settings, who: Personal) -> dict[str, str]:
    return webhook.blanks.blanks(settings, who)


WEBHOOK = ChannelType(
    name=NAME,
    title="webhook",
    message=Noun("webhook", "webhooks"),
    reader=Noun("receiver", "receivers"),
    mending="See that something answers at this URL. Of a receiver that has moved, add the new URL.",
    address=FORM,
    problems=_problems,
    sender=_sender,
    login=_login,
    rate=_rate,
    layout=_layout,
    blanks=_blanks,
    secret=_secret,
    revises=False,
    asks_after_doubt=False,
    keeps_receipts=False,
    unsubscribes_by_link=False,
    one_time=None,
    answer=None,
    outbox=lambda: webhook.shown.OUTBOX,
    views=lambda: webhook.shown.VIEWS,
    sample=lambda: webhook.shown.SAMPLE,
)
