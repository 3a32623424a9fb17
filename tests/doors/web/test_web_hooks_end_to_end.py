"""From a publish by a real relay to what a provider posts about that very mail, to a door of its own."""

import json
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import Message
from http.client import HTTPException
from pathlib import Path

import pytest
from doors import Door, opened
from house import draft, subscribe, tell, told
from provider_posts import SETTINGS, Posting, from_sendgrid, from_ses, post, sample, sns_at
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
def found_here(tmp_path: Path, amazon: WebhookReceiver) -> dict[str, str]:
    """What lets a door find Amazon SNS on this machine."""
    trusted = tmp_path / "certificate.pem"
    trusted.write_bytes(certificate()[1])
    return {
        "PYTHONPATH": f"{HERE}:{HERE.parents[1]}",
        "TEST_SNS": amazon.url("sns", ""),
        "TEST_SNS_CERTIFICATE": str(trusted),
    }


@pytest.fixture
def door(tmp_path: Path, configured: dict[str, str], found_here: dict[str, str]) -> Iterator[Door]:
    with opened(tmp_path, "hooks_door:create", **configured, **found_here) as ready:
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


def test_a_door_that_is_killed_in_the_middle_of_a_batch_is_posted_to_again_and_all_is_taken_in(
    tmp_path: Path, services: Services, configured: dict[str, str], found_here: dict[str, str]
) -> None:
    """Nothing is acknowledged before it is taken in, and what was taken in already changes nothing again."""
    for n in range(300):
        subscribe(services, f"p{n}@example.org", "UA")
    tell(services, draft())
    deliveries = [
        (digest, batch, sid)
        for digest, progress in services.digests.progress(services.updates.digests("ua-talks")).items()
        for batch in range(1, progress.batches + 1)
        for sid in services.ledger.records(digest, [batch])
    ]
    names = ["delivered", "hard-invalid", "delayed"]
    events = [
        event
        for n, delivery in enumerate(deliveries)
        for event in json.loads(sample("sendgrid", names[n % 3], services.links.delivery(*delivery)))
    ]
    posting = from_sendgrid(json.dumps(events).encode())
    with opened(tmp_path, "hooks_door:create", **configured, **found_here) as door:
        poster = threading.Thread(target=_post, args=(door, posting))
        poster.start()
        while poster.is_alive() and not services.receipts.latest(1):
            """It has not begun."""
        os.kill(door.pid, signal.SIGKILL)
        poster.join()
    with opened(tmp_path, "hooks_door:create", **configured, **found_here) as door:
        assert _post(door, posting) == 200
    assert Counter(state for [state] in told(services, "ua-talks").values()) == {
        State.DELIVERED: 100,
        State.BOUNCED: 100,
        State.SENT: 100,
    }
    assert services.suppressions.count(Channel("email")) == 100
    assert len(services.receipts.latest(1_000)) == 200


def _post(door: Door, posting: Posting) -> int:
    """The status of the answer; 0 where there is none."""
    try:
        return door.ask(posting.path, posting.body, posting.headers["Content-Type"], posting.headers).status
    except (OSError, HTTPException):
        return 0
