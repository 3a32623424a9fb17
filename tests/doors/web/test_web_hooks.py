"""What providers post is taken in if they prove that it is theirs, and changes nothing the second time."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations
from urllib.parse import parse_qs, urlsplit

import pytest
from doors import Answer
from house import OPERATOR, draft, subscribe, tell, told
from hypothesis import HealthCheck, given
from hypothesis import settings as settled
from hypothesis import strategies as st
from inside import Inside
from provider_keys import CERTIFICATE_PATH, POSTMARK_SECRET, SNS, TOPIC, sns_fields, sns_signed, strangers_key
from provider_posts import (
    JSON,
    PROVIDERS,
    SETTINGS,
    Posting,
    SnsHere,
    from_mailgun,
    from_postmark,
    from_sendgrid,
    from_ses,
    post,
    sample,
    sns_at,
)
from webhook_receiver import WebhookReceiver, trusting

from alerts import operations as do
from alerts.model import Channel, State
from alerts.operations import SnsClient
from alerts.operations.subscribing.unsubscribing import LinkHolder, come_back
from alerts.services import Services, connect
from alerts.settings import Settings
from alerts.store import Suppression

EMAIL, KYIV = Channel("email"), "kyiv@example.org"


@pytest.fixture
def services(settings: Settings) -> Iterator[Services]:
    ready = connect(settings.model_copy(update=_settings()))
    ready.server.client.flushall()
    yield ready
    ready.close()


def _settings() -> dict[str, object]:
    given = Settings(**SETTINGS)  # type: ignore[arg-type]
    return {name: getattr(given, name) for name in SETTINGS}


@pytest.fixture
def amazon() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as receiver:
        sns_at(receiver)
        yield receiver


class Desk:
    """A desk that has sent somebody a mail, and what providers post to it."""

    def __init__(self, services: Services, amazon: WebhookReceiver) -> None:
        self.services = services
        self.sns = SnsClient(SnsHere(amazon.url("sns", ""), trusting()))
        self.door = Inside(services, self.sns)
        self.person = subscribe(services, KYIV, "UA")
        tell(services, draft())
        [digest] = services.updates.digests("ua-talks")
        self.token = services.links.delivery(digest, 1, self.person.sid)

    def get(self, posting: Posting) -> Answer:
        return self.door.ask(posting.path, posting.body, posting.headers)

    def post(self, provider: str, name: str, number: int = 0) -> Answer:
        return self.get(post(provider, name, self.token, number))

    @property
    def state(self) -> State:
        [[found]] = told(self.services, "ua-talks").values()
        return found

    @property
    def standing(self) -> Suppression | None:
        return self.services.suppressions.find(EMAIL, [KYIV]).get(KYIV)

    def everything(self) -> dict[bytes, bytes]:
        """All that is kept, but for what only says that somebody asked."""
        client = self.services.server.client
        asked = (b"rate:", b"hook:", b"returned:", b"strays", b"notices", b"events")
        return {
            key: client.dump(key)
            for key in client.scan_iter()
            if not any(key.startswith(b"alerts:" + name) for name in asked)
        }


@pytest.fixture
def desk(services: Services, amazon: WebhookReceiver) -> Desk:
    return Desk(services, amazon)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_arrived_is_delivered_and_is_said_in_the_providers_words(desk: Desk, provider: str) -> None:
    answer = desk.post(provider, "delivered")
    assert (answer.status, answer.text) == (200, "Taken in.\n")
    assert (desk.state, desk.standing) == (State.DELIVERED, None)
    [listed] = desk.services.receipts.latest(10)
    assert listed.words.startswith(("250", "OK"))
    assert listed.way.endswith(" webhook")


HARD = {
    "ses": "hard-general",
    "sendgrid": "hard-invalid",
    "mailgun": "hard-no-such-user",
    "postmark": "hard-bounce",
}
SOFT = {"ses": "soft-full", "sendgrid": "soft-full", "mailgun": "soft-full", "postmark": "soft-bounce"}
COMPLAINED = {"ses": "complained-abuse"} | dict.fromkeys(("sendgrid", "mailgun", "postmark"), "complained")


@pytest.mark.parametrize("provider", PROVIDERS)
def test_who_is_gone_is_suppressed_and_who_may_be_back_is_left_alone_for_a_while(
    desk: Desk, provider: str
) -> None:
    desk.post(provider, SOFT[provider])
    assert desk.state is State.BOUNCED
    assert desk.standing
    assert desk.standing.until_ms
    desk.post(provider, HARD[provider], 1)
    assert desk.standing
    assert (desk.standing.until_ms, desk.standing.by) == (None, "email")
    assert "5.1.1" in desk.standing.reason


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_complaint_counts_as_the_persons_own_word(desk: Desk, provider: str) -> None:
    desk.post(provider, COMPLAINED[provider])
    assert desk.state is State.COMPLAINED
    assert desk.standing
    assert desk.standing.by == "complaint"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_whoever_leaves_at_the_provider_leaves_here_once_and_may_come_back(desk: Desk, provider: str) -> None:
    """The provider repeats what it is unsure of, and would have unsubscribed them again a day later."""
    desk.post(provider, "leaving")
    assert desk.standing
    assert desk.standing.by == "subscriber"
    assert come_back(desk.services, LinkHolder(KYIV))
    for _ in range(2):
        assert desk.post(provider, "leaving").status == 200
        assert desk.standing is None


@pytest.mark.parametrize("provider", PROVIDERS)
def test_who_leaves_is_not_taken_for_somebody_who_left_before(desk: Desk, provider: str) -> None:
    """Where a provider gave its events no id, all of them were one, and only the first person could leave."""
    subscribe(desk.services, "lviv@example.org", "UA")
    tell(desk.services, draft("ua-weather"))
    ids = {"sg_event_id", "timestamp", "id", "MessageID", "messageId", "ChangedAt"}
    for digest in desk.services.updates.digests("ua-weather"):
        for sid in desk.services.ledger.records(digest, [1]):
            event = json.loads(sample(provider, "leaving", desk.services.links.delivery(digest, 1, sid)))
            bare = json.dumps(_without(event, ids))
            match provider:
                case "ses":
                    posting = from_ses(bare)
                case "sendgrid":
                    posting = from_sendgrid(bare.encode())
                case "mailgun":
                    posting = from_mailgun(json.loads(bare)["event-data"], sid)
                case _:
                    posting = from_postmark(bare.encode())
            assert desk.get(posting).status == 200
    assert set(desk.services.suppressions.find(EMAIL, [KYIV, "lviv@example.org"])) == {
        KYIV,
        "lviv@example.org",
    }


def _without(value: object, names: set[str]) -> object:
    """The same without these names, wherever they are."""
    if isinstance(value, dict):
        return {name: _without(part, names) for name, part in value.items() if name not in names}
    return [_without(part, names) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize("provider", PROVIDERS)
def test_all_orders_of_all_that_is_said_of_a_delivery_end_alike(desk: Desk, provider: str) -> None:
    names = ["delivered", SOFT[provider], HARD[provider], COMPLAINED[provider]]
    before, client = desk.everything(), desk.services.server.client
    found = set()
    for order in permutations(names):
        for number, name in enumerate((*order, *order)):
            assert desk.post(provider, name, number).status == 200
        assert desk.standing
        [delivery] = desk.services.receipts.latest(1)
        found.add((desk.state, desk.standing.by, desk.standing.reason, delivery.verdict))
        client.flushdb()
        for key, value in before.items():
            client.restore(key, 0, value)
    assert len(found) == 1


def test_a_thousand_events_are_taken_in_whole(desk: Desk) -> None:
    [event] = json.loads(sample("sendgrid", "delayed", desk.token))
    [last] = json.loads(sample("sendgrid", "hard-invalid", desk.token))
    posting = from_sendgrid(json.dumps([event] * 999 + [last]).encode())
    for _ in range(2):
        assert desk.get(posting).status == 200
    assert desk.state is State.BOUNCED
    [counts] = desk.services.receipts.counted(2).values()
    assert counts == {"delayed": 1998, "hard": 2}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_while_the_server_takes_nothing_in_the_provider_is_asked_to_post_again(
    desk: Desk, provider: str
) -> None:
    """An answer of 4xx, and SNS had never posted it again."""
    client = desk.services.server.client
    if provider == "ses":
        desk.post(provider, "ordinary-open")  # its certificate is known: it is not what fails here
    client.config_set("maxmemory", 1)
    client.config_set("min-replicas-to-write", 1)
    try:
        answer = desk.post(provider, HARD[provider])
    finally:
        client.config_set("maxmemory", 0)
        client.config_set("min-replicas-to-write", 0)
    assert answer.status == 503
    assert answer.headers["Retry-After"]
    assert desk.post(provider, HARD[provider]).status == 200
    assert desk.state is State.BOUNCED


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_report_without_a_token_of_ours_is_shown_and_changes_nothing(desk: Desk, provider: str) -> None:
    """The provider has proved who it is, and not of which mail it speaks: another system sends by it, too."""
    forged = desk.token[:-1] + ("0" if desk.token[-1] != "0" else "1")
    before = desk.everything()
    for number, token in enumerate(("", forged)):
        assert desk.get(post(provider, HARD[provider], token, number)).status == 200
    assert desk.everything() == before
    assert len(desk.services.receipts.strays(10)) == 2


@pytest.mark.parametrize("provider", PROVIDERS)
def test_without_its_setting_there_is_nothing_to_post_to(
    desk: Desk, provider: str, settings: Settings
) -> None:
    before = desk.everything()
    away = connect(settings)
    posting = post(provider, HARD[provider], desk.token)
    answer = Inside(away).ask(posting.path, posting.body, posting.headers)
    unknown = Inside(away).ask("/hooks/another", posting.body, posting.headers)
    away.close()
    assert (answer.status, answer.text) == (unknown.status, unknown.text)
    assert answer.status == 404
    assert desk.everything() == before


@pytest.mark.parametrize("provider", PROVIDERS)
def test_looking_is_no_posting(desk: Desk, provider: str) -> None:
    assert desk.door.ask(f"/hooks/{provider}").status == 404


FORGERIES = {
    "another body": lambda p: replace(p, body=p.body.replace(b"5.1.1", b"5.1.2")),
    "no headers but the kind": lambda p: replace(p, headers={"Content-Type": p.headers["Content-Type"]}),
    "another time": lambda p: replace(
        p, headers={n: "1781092803" if n.endswith("Timestamp") else v for n, v in p.headers.items()}
    ),
    "another secret": lambda p: replace(
        p, headers={n: "Basic YTpi" if n == "Authorization" else v for n, v in p.headers.items()}
    ),
}
#: What each of them signs or carries, so what cannot be changed.
GUARDED = [
    ("ses", "another body"),
    ("sendgrid", "another body"),
    ("sendgrid", "no headers but the kind"),
    ("sendgrid", "another time"),
    ("postmark", "no headers but the kind"),
    ("postmark", "another secret"),
]


@pytest.mark.parametrize(("provider", "forgery"), GUARDED)
def test_what_was_forged_changes_nothing(desk: Desk, provider: str, forgery: str) -> None:
    before = desk.everything()
    answer = desk.get(FORGERIES[forgery](post(provider, HARD[provider], desk.token)))
    assert answer.status == (401 if provider == "postmark" else 403)
    assert answer.text == "It does not prove where it is from.\n"
    assert desk.everything() == before
    [counts] = desk.services.receipts.counted(2).values()
    assert counts == {"not-proved": 1}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_operators_hear_once_an_hour_of_posts_that_prove_nothing(desk: Desk, provider: str) -> None:
    """A key that was copied wrongly looked like a provider that has nothing to say."""
    posting = post(provider, HARD[provider], desk.token)
    headers = {"Content-Type": posting.headers["Content-Type"]}
    body = posting.body.replace(b'"signature": "', b'"signature": "0').replace(b"5.1.1", b"5.1.2")
    for _ in range(3):
        assert desk.get(replace(posting, body=body, headers=headers)).status in (401, 403)
    [notice] = desk.services.notices.latest()
    assert notice["what"] == "a post proves nothing"
    [counts] = desk.services.receipts.counted(2).values()
    assert counts == {"not-proved": 3}


def test_a_token_of_mailgun_is_good_for_one_event(desk: Desk) -> None:
    """Whoever has seen one post could have said of everybody that they complained: Mailgun signs no event."""
    first = post("mailgun", "delivered", desk.token)
    assert desk.get(first).status == 200
    before = desk.everything()
    posted = json.loads(first.body)
    posted["event-data"] = json.loads(sample("mailgun", "complained", desk.token))["event-data"]
    assert desk.get(replace(first, body=json.dumps(posted).encode())).status == 403
    assert desk.everything() == before
    assert desk.get(first).status == 200


def test_what_mailgun_signed_long_ago_is_not_taken_in(desk: Desk) -> None:
    posted = json.loads(post("mailgun", "complained", desk.token).body)
    old = {"timestamp": "1400000000"}
    answer = desk.get(
        Posting("/hooks/mailgun", json.dumps(posted | {"signature": posted["signature"] | old}).encode())
    )
    assert (answer.status, desk.state) == (403, State.SENT)


def test_postmark_may_carry_its_secret_in_the_path(desk: Desk) -> None:
    posting = post("postmark", "delivered", desk.token)
    bare = {"Content-Type": JSON}
    assert desk.door.ask(f"/hooks/postmark/{POSTMARK_SECRET[:-1]}", posting.body, bare).status == 401
    assert desk.state is State.SENT
    assert desk.door.ask(f"/hooks/postmark/{POSTMARK_SECRET}", posting.body, bare).status == 200
    assert desk.state is State.DELIVERED


def test_who_does_not_know_the_secret_of_postmark_is_asked_for_it(desk: Desk) -> None:
    """A 403 and Postmark never posts again, not even when the secret is put right."""
    answer = desk.get(from_postmark(b"{}", "wrong"))
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, 'Basic realm="hooks"')


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("kind", ["", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_what_is_not_called_json_is_not_read(desk: Desk, provider: str, kind: str) -> None:
    posting = post(provider, HARD[provider], desk.token)
    assert desk.get(replace(posting, headers=posting.headers | {"Content-Type": kind})).status == 415
    assert desk.state is State.SENT


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_body_longer_than_any_of_theirs_is_not_read_to_its_end(desk: Desk, provider: str) -> None:
    posting = post(provider, HARD[provider], desk.token)
    assert desk.get(replace(posting, body=posting.body + b" " * 2_100_000)).status == 413


DEEP = b"[" * 100_000
TWICE = b'{"a": 1, "a": 2}'


@pytest.mark.parametrize(
    "body",
    [b"", DEEP, TWICE, b"null", b"\xff", b"{"],
    ids=["empty", "deep", "twice", "null", "no UTF-8", "cut"],
)
def test_a_body_that_says_nothing_is_refused_although_it_is_signed(desk: Desk, body: bytes) -> None:
    for posting in (
        from_sendgrid(body),
        from_postmark(body),
        Posting("/hooks/mailgun", body),
        Posting("/hooks/ses", body),
    ):
        assert desk.get(posting).status in (400, 403)
    assert desk.state is State.SENT


@settled(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.sampled_from(PROVIDERS), st.floats(0, 1, exclude_max=True))
def test_a_post_that_is_cut_short_anywhere_changes_nothing(desk: Desk, provider: str, part: float) -> None:
    posting = post(provider, HARD[provider], desk.token)
    before = desk.everything()
    cut = replace(posting, body=posting.body[: int(len(posting.body.rstrip()) * part)])
    assert desk.get(cut).status in (400, 403)
    assert desk.everything() == before


# Amazon SNS


def test_a_certificate_is_asked_for_once(desk: Desk, amazon: WebhookReceiver) -> None:
    for name in ("delivered", "ordinary-open", HARD["ses"]):
        desk.post("ses", name)
    assert [got.path for got in amazon.got] == [CERTIFICATE_PATH]


def test_a_subscription_to_an_expected_topic_is_confirmed_and_written_down(
    desk: Desk, amazon: WebhookReceiver
) -> None:
    elsewhere = amazon.url("b", "/elsewhere")
    posting = from_ses("You have chosen to subscribe", "SubscriptionConfirmation", SubscribeURL=elsewhere)
    assert desk.get(posting).status == 200
    asked = parse_qs(urlsplit(amazon.got[-1].path).query)
    assert asked["Action"] == ["ConfirmSubscription"]
    assert asked["TopicArn"] == [TOPIC]
    assert asked["Token"] == ["2336412f37fb687f5d51e6e2425e"]
    assert "/elsewhere" not in [got.path for got in amazon.got]
    [line] = do.audit(desk.services, OPERATOR)
    assert line.sentence == f"Amazon SES (Amazon SES webhook) confirmed that {TOPIC} is posted here"


@pytest.mark.parametrize(
    "fields",
    [
        {"SigningCertURL": f"https://sns.evil.amazonaws.com.attacker.org{CERTIFICATE_PATH}"},
        {"SigningCertURL": f"{SNS}@attacker.org{CERTIFICATE_PATH}"},
        {"TopicArn": "arn:aws:sns:eu-west-1:999999999999:theirs"},
        {"SignatureVersion": "3"},
    ],
)
@pytest.mark.parametrize("kind", ["Notification", "SubscriptionConfirmation"])
def test_nobody_else_is_called_and_nothing_confirmed(
    desk: Desk, amazon: WebhookReceiver, kind: str, fields: dict[str, str]
) -> None:
    message = sample("ses", HARD["ses"], desk.token)
    topic = fields.get("TopicArn", "")
    posted = sns_fields(message, kind, **{n: v for n, v in fields.items() if n != "TopicArn"})
    posted |= {"TopicArn": topic} if topic else {}
    headers = {"Content-Type": "text/plain; charset=UTF-8"}
    answer = desk.get(Posting("/hooks/ses", sns_signed(posted, strangers_key()), headers))
    assert answer.status == 403
    assert [got.path for got in amazon.got if "Confirm" in got.path] == []
    assert desk.state is State.SENT


def test_a_redirect_leads_nowhere_and_sns_is_asked_to_post_again(desk: Desk, amazon: WebhookReceiver) -> None:
    amazon.usual = lambda asked: asked.answer(302, Location=amazon.url("b", "/elsewhere"))
    assert desk.post("ses", HARD["ses"]).status == 503
    assert len(amazon.got) == 1
    assert desk.state is State.SENT


def test_while_sns_is_away_it_is_asked_to_post_again_and_when_it_is_back_all_is_taken_in(
    desk: Desk, amazon: WebhookReceiver
) -> None:
    amazon.usual = lambda asked: asked.answer(500)
    assert desk.post("ses", HARD["ses"]).status == 503
    sns_at(amazon)
    assert desk.post("ses", HARD["ses"]).status == 200
    assert desk.state is State.BOUNCED


@pytest.mark.parametrize("status", [200, 403, 404, 429, 503])
def test_what_sns_says_by_mistake_is_neither_kept_nor_the_end_of_it(
    desk: Desk, amazon: WebhookReceiver, status: int
) -> None:
    """A page in the place of the certificate was kept, and every post refused until the door was restarted.

    And a 4xx of theirs, such as a limit, was a 403 of ours: what is answered so SNS never posts again.
    """
    amazon.usual = lambda asked: asked.answer(status, b"<html>Slow down</html>")
    assert desk.post("ses", HARD["ses"]).status == 503
    sns_at(amazon)
    assert desk.post("ses", HARD["ses"]).status == 200
    assert desk.state is State.BOUNCED


@pytest.mark.parametrize(("status", "answered"), [(400, 403), (404, 403), (429, 503), (500, 503)])
def test_a_subscription_that_sns_does_not_confirm_is_not_written_down(
    desk: Desk, amazon: WebhookReceiver, status: int, answered: int
) -> None:
    desk.post("ses", "ordinary-open")
    amazon.usual = lambda asked: asked.answer(status)
    assert desk.get(from_ses("You have chosen", "SubscriptionConfirmation")).status == answered
    assert list(do.audit(desk.services, OPERATOR)) == []


def test_a_flood_of_unknown_certificates_is_no_flood_for_amazon(desk: Desk, amazon: WebhookReceiver) -> None:
    """Whoever knows our topic could have had us ask for as many as they like."""
    amazon.usual = lambda asked: asked.answer(404)
    message = sample("ses", HARD["ses"], desk.token)
    statuses = set()
    for n in range(60):
        url = f"{SNS}/SimpleNotificationService-{n:032x}.pem"
        statuses.add(desk.get(from_ses(message, SigningCertURL=url)).status)
    assert statuses == {503}
    assert len(amazon.got) < 60


def test_operators_are_told_that_a_topic_posts_no_more(desk: Desk) -> None:
    assert desk.get(from_ses("You have chosen to deactivate", "UnsubscribeConfirmation")).status == 200
    [notice] = desk.services.notices.latest()
    assert notice["what"] == "a provider posts no more"


def test_a_topic_that_is_none_is_our_fault_and_worth_posting_again(desk: Desk, settings: Settings) -> None:
    wrong = connect(settings.model_copy(update={"ses_topics": "alerts", "sendgrid_verification_key": "AAAA"}))
    door = Inside(wrong, desk.sns)
    for provider in ("ses", "sendgrid"):
        posting = post(provider, HARD[provider], desk.token)
        assert door.ask(posting.path, posting.body, posting.headers).status == 503
    wrong.close()


def test_neither_secrets_nor_addresses_are_logged(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    for provider in PROVIDERS:
        desk.post(provider, HARD[provider])
        desk.get(replace(post(provider, HARD[provider], desk.token), body=b'{"email": "kyiv@example.org"}'))
    desk.get(from_postmark(b"{}", "a-secret-that-is-wrong"))
    desk.get(from_mailgun({"event": "failed", "recipient": KYIV}))
    said = "".join(capsys.readouterr())
    assert "proves nothing" in said
    for secret in (*SETTINGS.values(), KYIV, "a-secret-that-is-wrong", desk.token):
        assert secret not in said
