"""From a publish by a real relay to what a provider posts about that very mail, to a door of its own."""

import json
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
from doors import Door, opened
from house import draft, subscribe, tell, told
from provider_posts import SETTINGS, from_ses, post, sns_at
from smtp_server import Arrived, SmtpServer
from webhook_receiver import WebhookReceiver, certificate

from alerts.model import Channel, State
from alerts.services import Services, connect
from alerts.settings import Settings

KYIV, LVIV, ODESA = (f"{name}@example.org" for name in ("kyiv", "lviv", "odesa"))
HERE = Path(__file__).parent


@pytest.fixture
def amazon() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as receiver:
        sns_at(receiver)
        yield receiver


@pytest.fixture
def configured(settings: Settings) -> dict[str, str]:
    """What a desk sets that sends by a provider, as variables."""
    return {f"ALERTS_{name.upper()}": value for name, value in SETTINGS.items()} | {
        "ALERTS_HOME": str(settings.home),
        "ALERTS_RETURN_PATH": "returns.example.org",
        "ALERTS_MAIL_FROM": "Risk Desk <alerts@example.org>",
    }


@pytest.fixture
def door(tmp_path: Path, amazon: WebhookReceiver, configured: dict[str, str]) -> Iterator[Door]:
    trusted = tmp_path / "certificate.pem"
    trusted.write_bytes(certificate()[1])
    found = {
        "PYTHONPATH": f"{HERE}:{HERE.parents[1]}",
        "TEST_SNS": amazon.url("sns", ""),
        "TEST_SNS_CERTIFICATE": str(trusted),
    }
    with opened(tmp_path, "hooks_door:create", **configured, **found) as ready:
        yield ready


def by_return_path(arrived: Arrived, _: Message) -> str:
    """SES replaces the Message-ID, and posts the sender of the envelope as `mail.source`."""
    return arrived.sender.removeprefix("bounces+").partition("@")[0]


def by_unique_argument(_: Arrived, mail: Message) -> str:
    """SendGrid posts every unique argument with every event."""
    return json.loads(mail["X-SMTPAPI"])["unique_args"]["alerts_delivery"]


def by_variable(_: Arrived, mail: Message) -> str:
    return json.loads(mail["X-Mailgun-Variables"])["alerts_delivery"]


def by_metadata(_: Arrived, mail: Message) -> str:
    return str(mail["X-PM-Metadata-alerts-delivery"])


#: Of each provider, what it knows a mail by, and what it says of who is gone, and of a complaint.
SAID: dict[str, tuple[Callable[[Arrived, Message], str], str, str]] = {
    "ses": (by_return_path, "hard-general", "complained-abuse"),
    "sendgrid": (by_unique_argument, "hard-invalid", "complained"),
    "mailgun": (by_variable, "hard-no-such-user", "complained"),
    "postmark": (by_metadata, "hard-bounce", "complained"),
}


@pytest.mark.parametrize("provider", SAID)
def test_what_is_posted_about_mails_that_were_sent_becomes_their_state_and_what_follows(
    provider: str, door: Door, amazon: WebhookReceiver, settings: Settings
) -> None:
    known_by, hard, complained = SAID[provider]
    with SmtpServer() as relay:
        given = Settings(**SETTINGS, smtp_url=relay.url, return_path="returns.example.org")  # type: ignore[arg-type]
        update = {name: getattr(given, name) for name in (*SETTINGS, "smtp_url", "return_path")}
        services: Services = connect(
            settings.model_copy(update=update | {"mail_from": "D <alerts@example.org>"})
        )
        services.server.client.flushall()
        for address in (KYIV, LVIV, ODESA):
            subscribe(services, address, "UA")
        tell(services, draft())
        arrived = {one.recipients[0]: one for one in relay.arrived}
    tokens = {who: known_by(one, message_from_bytes(one.data)) for who, one in arrived.items()}
    assert len(set(tokens.values())) == 3
    if provider == "ses":
        confirming = from_ses("You have chosen to subscribe", "SubscriptionConfirmation")
        assert door.ask(confirming.path, confirming.body, "text/plain", confirming.headers).status == 200
        assert "Action=ConfirmSubscription" in amazon.got[-1].path
    for number, (who, name) in enumerate(((KYIV, hard), (LVIV, complained), (ODESA, "delivered"))):
        for _ in range(2):
            posting = post(provider, name, tokens[who], number)
            kind = posting.headers["Content-Type"]
            answer = door.ask(posting.path, posting.body, kind, posting.headers)
            assert (answer.status, answer.text) == (200, "Taken in.\n")
    assert told(services, "ua-talks") == {
        KYIV: [State.BOUNCED],
        LVIV: [State.COMPLAINED],
        ODESA: [State.DELIVERED],
    }
    standing = services.suppressions.find(Channel("email"), [KYIV, LVIV, ODESA])
    assert {who: one.by for who, one in standing.items()} == {KYIV: "email", LVIV: "complaint"}
    assert "5.1.1" in standing[KYIV].reason
    services.close()
    assert "Traceback" not in door.log.read_text()
