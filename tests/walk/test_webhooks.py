"""Webhooks the whole way: configured by settings alone, sent, verified, refused, and never shown whole."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from house import OPERATOR, draft, told, walk
from webhook_receiver import WebhookReceiver, certificate

from alerts import operations as do
from alerts.channels import masked
from alerts.channels.webhook.signing import BOTH_MS, signature
from alerts.errors import BadInput, Conflict, NotFound
from alerts.model import Filter, State, Subscription
from alerts.operations.subscribing import subscribers as people
from alerts.operations.subscribing.altering import Stale
from alerts.operations.subscribing.subscriber_details import find
from alerts.services import Services, connect
from alerts.settings import Settings
from alerts.walk import steps

TOKEN = "tok3n-of-the-receiver"


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as made:
        yield made


@pytest.fixture
def services(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """Services as somebody configures them who has a receiver on this machine."""
    trusted = tmp_path / "trusted.pem"
    trusted.write_bytes(certificate()[1])
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    ready = connect(settings.model_copy(update={"webhooks": True, "outbound_allow": "127.0.0.0/8"}))
    ready.server.client.flushall()
    yield ready
    ready.close()


def subscribe(services: Services, receiver: WebhookReceiver, name: str) -> str:
    address = f"https://localhost:{receiver.port}/{name}?key={TOKEN}"
    people.add(services, OPERATOR, address, [Subscription(Filter(("UA",)))])
    return address


def test_a_digest_is_posted_signed_and_recorded(services: Services, receiver: WebhookReceiver) -> None:
    kyiv = subscribe(services, receiver, "kyiv")
    mine = do.show_secret(services, OPERATOR, find(services, kyiv)).secret
    steps.publish(services, draft())
    walk(services)
    assert told(services, "ua-talks") == {kyiv: [State.SENT]}
    [got] = receiver.got
    data = json.loads(got.body)["data"]
    assert data["entries"][0]["headline"] == draft().headline
    assert got.id == f"{data['digest']}.1"
    at = int(got.headers["webhook-timestamp"])
    assert got.headers["webhook-signature"] == signature([mine], got.id, at, got.body)
    assert got.headers["host"] == f"localhost:{receiver.port}"


def test_one_that_is_gone_is_suppressed_and_operators_are_told_which(
    services: Services, receiver: WebhookReceiver
) -> None:
    kyiv, gone = subscribe(services, receiver, "kyiv"), subscribe(services, receiver, "gone")
    receiver.does[f"localhost/gone?key={TOKEN}"] = lambda asked: asked.answer(410)
    steps.publish(services, draft())
    walk(services)
    assert told(services, "ua-talks") == {kyiv: [State.SENT], gone: [State.FAILED]}
    [suppressed] = do.list_suppressions(services, OPERATOR)
    assert suppressed.address == gone
    [notice] = do.list_notices(services, OPERATOR, 5)
    assert notice.details["address"] == masked(gone)


def test_an_address_that_is_not_allowed_is_not_called(services: Services, receiver: WebhookReceiver) -> None:
    closed = Services(services.settings.model_copy(update={"outbound_allow": None}), services.server)
    kyiv = subscribe(closed, receiver, "kyiv")
    steps.publish(closed, draft())
    walk(closed)
    assert told(closed, "ua-talks") == {kyiv: [State.DEFERRED]}
    [row] = do.trace(closed, OPERATOR, kyiv)
    assert row.note == "localhost cannot be called: it leads to an address that is not public"
    assert receiver.got == []
    for sender in closed.senders.values():
        sender.close()


def test_a_secret_changes_while_both_sign(services: Services, receiver: WebhookReceiver) -> None:
    kyiv = subscribe(services, receiver, "kyiv")
    first = do.show_secret(services, OPERATOR, find(services, kyiv))
    second = do.change_secret(services, OPERATOR, kyiv)
    assert (first.generation, second.generation) == (1, 2)
    assert first.secret != second.secret
    steps.publish(services, draft())
    walk(services)
    changed_ms = services.server.now_ms() - BOTH_MS - 1
    services.server.client.hset("alerts:secrets:webhook", kyiv, f"2 {changed_ms}")
    steps.publish(services, draft("ua-other"))
    walk(services)
    both, later = receiver.got
    for got, secrets in ((both, [second.secret, first.secret]), (later, [second.secret])):
        at = int(got.headers["webhook-timestamp"])
        assert got.headers["webhook-signature"] == signature(secrets, got.id, at, got.body)


def test_a_secret_that_was_changed_does_not_come_back_with_who_is_added_again(
    services: Services, receiver: WebhookReceiver
) -> None:
    kyiv = subscribe(services, receiver, "kyiv")
    second = do.change_secret(services, OPERATOR, kyiv)
    people.remove(services, OPERATOR, kyiv)
    subscribe(services, receiver, "kyiv")
    assert do.show_secret(services, OPERATOR, find(services, kyiv)) == second


def test_what_is_not_signed_has_no_secret(services: Services) -> None:
    people.add(services, OPERATOR, "anna@example.org", [Subscription(Filter(("UA",)))])
    with pytest.raises(BadInput, match="by email is not signed"):
        do.change_secret(services, OPERATOR, "anna@example.org")
    with pytest.raises(BadInput, match="by Slack is not signed"):
        do.require_signed("T1/C1")


def test_nobody_is_shown_what_it_takes_to_post_there(services: Services, receiver: WebhookReceiver) -> None:
    """A URL is a credential, and stood in the audit, in refusals, in explanations and in what is owed."""
    kyiv = subscribe(services, receiver, "kyiv")
    receiver.usual = lambda asked: asked.answer(500)
    secrets = [do.show_secret(services, OPERATOR, find(services, kyiv)).secret]
    secrets.append(do.change_secret(services, OPERATOR, kyiv).secret)
    people.change(services, OPERATOR, kyiv, name="Kyiv")
    do.suppress(services, OPERATOR, kyiv, "by hand")
    do.unsuppress(services, OPERATOR, kyiv)
    steps.publish(services, draft())
    walk(services)
    said = [repr(list(do.audit(services, OPERATOR)))]
    said += [repr([row.to_dict() for row in do.explain_everybody(services, OPERATOR, "ua-talks")])]
    said += [repr(do.list_notices(services, OPERATOR, 50)), repr(do.pending(services, OPERATOR))]
    refusals = (
        (Conflict, lambda: subscribe(services, receiver, "kyiv")),
        (Stale, lambda: people.change(services, OPERATOR, kyiv, name="K", expected="another")),
        (Conflict, lambda: do.resend(services, OPERATOR, kyiv, "ua-talks")),
        (NotFound, lambda: find(services, kyiv.replace("kyiv", "nobody"))),
        (NotFound, lambda: do.unsuppress(services, OPERATOR, kyiv)),
    )
    for kind, act in refusals:
        with pytest.raises(kind) as refused:
            act()
        said.append(f"{refused.value.sentence} {refused.value.hint}")
    assert masked(kyiv) in said[0]
    for words in said:
        assert TOKEN not in words
        assert not [secret for secret in secrets if secret in words]
