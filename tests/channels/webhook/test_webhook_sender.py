"""What is posted, what each answer means, and that nobody waits for a receiver that is not theirs."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from webhook_receiver import Got, WebhookReceiver, hang

from alerts.channels.webhook import WebhookSender
from alerts.channels.webhook.hosts import Hosts
from alerts.channels.webhook.posting import Posting
from alerts.channels.webhook.signing import secret
from alerts.channels.webhook.turns import Turns
from alerts.model import (
    Blank,
    Channel,
    Deferred,
    Failed,
    Fill,
    Message,
    Outcome,
    Recipient,
    RouteDown,
    Sent,
    Unsure,
)
from alerts.outbound import AnswerLost, HttpAnswer, HttpReply

KEY = b"the key of the tests"
SOON_S = 0.3
MESSAGE = Message(
    "rd1",
    Channel("webhook"),
    (b'{"why":"', Blank("reason", Fill.JSON), b'"}\n{"card":1}\n{"embed":1}\n{"text":"hi"}'),
)
Make = Callable[..., WebhookSender]


@pytest.fixture
def sender(receiver: WebhookReceiver) -> Iterator[Make]:
    made: list[WebhookSender] = []

    def make(seconds: float = 20, key: bytes = KEY, **how: object) -> WebhookSender:
        made.append(WebhookSender(receiver.client(seconds), lambda: key, **how))  # type: ignore[arg-type]
        return made[-1]

    yield make
    receiver.released.set()
    for one in made:
        one.close()


def to(address: str, sid: int = 7, generations: str = "1", **how: object) -> Recipient:
    blanks = {"reason": 'It is about "Ukraine".', "page": "TOKEN", "generations": generations}
    return Recipient(sid, address, blanks, **how)  # type: ignore[arg-type]


def send(made: WebhookSender, *recipients: Recipient) -> dict[int, Outcome]:
    return dict(made.send(MESSAGE, recipients, lambda: False))


def test_a_digest_is_posted_as_json_under_the_name_of_its_delivery(
    receiver: WebhookReceiver, sender: Make
) -> None:
    assert send(sender(), to(receiver.url())) == {7: Sent("HTTP 204")}
    [got] = receiver.got
    assert got.body == b'{"why":"It is about \\"Ukraine\\"."}'
    assert got.id == "rd1.7"
    assert got.headers["content-type"] == "application/json"
    assert abs(int(got.headers["webhook-timestamp"]) - time.time()) < 300


@pytest.mark.parametrize(
    ("name", "body"),
    [("teams", b'{"card":1}'), ("discord", b'{"embed":1}'), ("mattermost", b'{"text":"hi"}')],
)
def test_each_receiver_gets_its_own_format(
    receiver: WebhookReceiver, sender: Make, name: str, body: bytes
) -> None:
    send(sender(), to(f"{name}+{receiver.url()}"))
    assert [got.body for got in receiver.got] == [body]


@pytest.mark.parametrize(
    ("status", "headers", "outcome"),
    [
        (200, {}, Sent("HTTP 200")),
        (202, {}, Sent("HTTP 202")),
        (307, {"Location": "https://127.0.0.1/"}, Deferred),
        (400, {}, Failed("the receiver answered HTTP 400: it does not take this content")),
        (401, {}, Deferred("the receiver answered HTTP 401")),
        (404, {}, Deferred("the receiver answered HTTP 404")),
        (410, {}, Failed),
        (413, {}, Failed),
        (429, {"Retry-After": "7"}, Deferred("the receiver asks to slow down", 7.0, blameless=True)),
        (429, {"Retry-After": "0.5"}, Deferred("the receiver asks to slow down", 1.0, blameless=True)),
        (429, {"Retry-After": "999999"}, Deferred("the receiver asks to slow down", 3600.0, blameless=True)),
        (429, {"Retry-After": "soon"}, Deferred("the receiver asks to slow down", 30.0, blameless=True)),
        (429, {}, Deferred("the receiver asks to slow down", 30.0, blameless=True)),
        (500, {}, Deferred("the receiver answered HTTP 500")),
        (
            503,
            {"Retry-After": "Sun, 06 Nov 1994 08:50:37 GMT"},
            Deferred("the receiver answered HTTP 503", 60.0),
        ),
    ],
    ids=str,
)
def test_what_a_status_means(
    receiver: WebhookReceiver, sender: Make, status: int, headers: dict[str, str], outcome: object
) -> None:
    receiver.usual = lambda asked: asked.answer(
        status, **{k.replace("-", "_"): v for k, v in headers.items()}
    )
    found = send(sender(clock=lambda: 784_111_777.0), to(receiver.url()))[7]
    assert isinstance(found, outcome) if isinstance(outcome, type) else found == outcome
    assert len(receiver.got) == 1


def test_only_410_keeps_anything_from_being_sent_there_again(receiver: WebhookReceiver, sender: Make) -> None:
    suppressing = []
    for status in (301, 400, 401, 403, 404, 410, 413, 422, 429, 451, 500, 503):
        receiver.usual = lambda asked, status=status: asked.answer(status)
        found = send(sender(), to(receiver.url()))[7]
        suppressing += [status] if isinstance(found, Failed) and found.suppress else []
    assert suppressing == [410]


def test_an_answer_that_is_lost_is_a_doubt_and_the_next_try_has_the_same_name(
    receiver: WebhookReceiver, sender: Make
) -> None:
    receiver.usual = lambda asked: asked.connection.shutdown(socket.SHUT_RDWR)
    made = sender()
    assert isinstance(send(made, to(receiver.url()))[7], Unsure)
    receiver.usual = lambda asked: asked.answer(200)
    assert isinstance(send(made, to(receiver.url(), attempt=2, unsure=True))[7], Sent)
    assert [got.id for got in receiver.got] == ["rd1.7", "rd1.7"]
    assert receiver.got[0].body == receiver.got[1].body


class Line:
    """In place of the client: answers for hosts of which one never does, without any waiting."""

    def __init__(self, silent: Callable[[str], bool], until: int = 0) -> None:
        self._silent = silent
        self._until = until  #: silence lasts until so many others were answered
        self.asked: list[str] = []
        self.answered: list[str] = []
        self._enough = threading.Event()

    def post(self, url: str, _headers: object, _body: bytes) -> HttpReply:
        self.asked.append(url)
        if self._silent(url):
            assert not self._until or self._enough.wait(60), "it holds up the others"
            return AnswerLost("no answer in time")
        self.answered.append(url)
        if len(self.answered) == self._until:
            self._enough.set()
        return HttpAnswer(204, {})

    def close(self) -> None:
        """Nothing is held open."""


def over(line: Line) -> WebhookSender:
    return WebhookSender(line, lambda: KEY)  # type: ignore[arg-type]


def test_a_receiver_that_hangs_holds_up_no_other() -> None:
    """Thirty receivers of a host that hangs came first in the batch, and everybody else after them."""
    line = Line(lambda url: "slow" in url, until=20)
    slow = [to(f"https://slow.test/{n}", n) for n in range(30)]
    others = [to(f"https://h{n}.test/", 100 + n) for n in range(20)]
    made = over(line)
    outcomes = list(made.send(MESSAGE, [*slow, *others], lambda: False))
    made.close()
    found = dict(outcomes)
    assert len(outcomes) == len(found) == 50
    assert all(isinstance(found[100 + n], Sent) for n in range(20))
    hung = [outcome for sid, outcome in outcomes if sid < 100]
    asked = sum(isinstance(outcome, Unsure) for outcome in hung)
    assert asked == sum("slow" in url for url in line.asked) <= 6
    left_alone = [outcome for outcome in hung if isinstance(outcome, Deferred)]
    assert len(left_alone) == 30 - asked
    assert all(outcome.blameless and outcome.after_s for outcome in left_alone)


def test_a_receiver_that_hangs_does_not_stop_its_neighbours_for_good() -> None:
    """Thousands stand behind one service: whoever answers speaks for the host."""
    made = over(Line(lambda url: "hangs" in url))
    for _ in range(9):
        found = send(made, to("https://one.test/hangs", 1), to("https://one.test/good", 2))
        assert isinstance(found[2], Sent)
        assert isinstance(found[1], Unsure)
    made.close()


def test_a_host_in_doubt_is_called_once_at_a_time_and_after_the_others() -> None:
    hosts = Hosts()
    hosts.unanswered("slow")
    postings = [
        Posting(n, f"rd1.{n}", "", "", host, b"", (1,)) for n, host in enumerate(["slow"] * 2 + ["h"] * 5)
    ]
    turns = Turns(postings, hosts)
    taken = [turns.take() for _ in range(6)]
    assert [posting.host if posting else None for posting in taken] == ["h"] * 4 + ["slow", None]
    turns.give_back(postings[0])
    assert [p.host for _ in range(2) if (p := turns.take())] == ["slow"]
    turns.clear()
    assert not turns


def test_one_host_that_cannot_be_reached_is_that_hosts_fault(receiver: WebhookReceiver, sender: Make) -> None:
    receiver.shut()
    found = send(sender(), to(receiver.url("a"), 1), to(receiver.url("b"), 2))
    assert {type(outcome) for outcome in found.values()} == {Deferred}
    assert not any(outcome.blameless for outcome in found.values() if isinstance(outcome, Deferred))


def test_many_that_cannot_be_reached_are_our_own_fault_and_nobodys_try(
    receiver: WebhookReceiver, sender: Make
) -> None:
    """A worker whose network was away wrote a try to the account of every receiver there is."""
    receiver.shut()
    made = sender()
    outcomes = list(made.send(MESSAGE, [to(receiver.url(f"h{n}"), n) for n in range(9)], lambda: False))
    *others, (_, last) = outcomes
    assert isinstance(last, RouteDown)
    assert last.inferred
    assert all(isinstance(outcome, Deferred) and outcome.blameless for _, outcome in others)
    assert len(outcomes) == 9


def test_nothing_that_is_said_repeats_what_it_takes_to_post_there(
    receiver: WebhookReceiver, sender: Make
) -> None:
    """A URL is a credential: notes of the ledger and notices held it for everybody with the right to read."""
    made = sender(SOON_S)
    said: list[str] = []
    for usual in (hang, lambda asked: asked.answer(500), lambda asked: asked.answer(410), "gone"):
        if callable(usual):
            receiver.usual = usual
        else:
            receiver.shut()
            made.close()
        said.append(repr(send(made, to(receiver.url(path="/hook/tok3n?key=tok3n")))))
    assert not [words for words in said if "tok3n" in words or "whsec" in words]


def test_what_comes_after_a_stop_is_not_posted(receiver: WebhookReceiver, sender: Make) -> None:
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 2

    outcomes = list(sender().send(MESSAGE, [to(receiver.url(f"h{n}"), n) for n in range(9)], stop))
    assert len(outcomes) == len(receiver.got) == 2


def test_hosts_rest_longer_each_time_and_are_forgiven_at_once() -> None:
    now = [0.0]
    hosts = Hosts(lambda: now[0])
    pauses = []
    for _ in range(9):
        hosts.unanswered("a")
        pauses.append(hosts.pause_s("a"))
    assert pauses == [0, 0, 15, 30, 60, 120, 240, 300, 300]
    assert hosts.in_doubt("a")
    now[0] = 301.0
    assert hosts.pause_s("a") == 0
    hosts.answered("a")
    assert not hosts.in_doubt("a")
    hosts.unanswered("a")
    assert hosts.pause_s("a") == 0


def test_what_is_not_called_any_more_is_forgotten() -> None:
    now = [0.0]
    hosts = Hosts(lambda: now[0])
    hosts.unanswered("gone")
    now[0] = 3_601.0
    hosts.unanswered("b")
    assert not hosts.in_doubt("gone")


def verifier() -> Callable[[str, dict[str, str], bytes], bool]:
    """The one that receivers are told to write."""
    from_page: dict[str, object] = {}
    exec(snippet(), from_page)
    return from_page["verified"]  # type: ignore[return-value]


def snippet() -> str:
    page = (Path(__file__).parents[3] / "docs/webhooks.md").read_text(encoding="utf-8")
    return page.partition("```python\n")[2].partition("```")[0]


def posted(receiver: WebhookReceiver, made: WebhookSender, **how: str) -> Got:
    send(made, to(receiver.url(), **how))  # type: ignore[arg-type]
    return receiver.got[-1]


def test_a_receiver_verifies_what_is_ours_and_nothing_else(receiver: WebhookReceiver, sender: Make) -> None:
    """As docs/webhooks.md says: a body that was changed, another's secret, another name, another time."""
    verified, got = verifier(), posted(receiver, sender())
    ours = secret(KEY, receiver.url(), 1)
    assert verified(ours, got.headers, got.body)
    assert not verified(ours, got.headers, got.body.replace(b"Ukraine", b"Utopia"))
    assert not verified(secret(KEY, receiver.url("b"), 1), got.headers, got.body)
    assert not verified(secret(b"another key", receiver.url(), 1), got.headers, got.body)
    assert not verified(ours, got.headers | {"webhook-id": "rd1.8"}, got.body)
    later = str(int(got.headers["webhook-timestamp"]) + 1)
    assert not verified(ours, got.headers | {"webhook-timestamp": later}, got.body)
    forged = got.headers | {"webhook-signature": "v1,Zm9yZ2Vk"}
    assert not verified(ours, forged, got.body)


def test_a_request_that_is_played_back_later_is_refused(receiver: WebhookReceiver, sender: Make) -> None:
    got = posted(receiver, sender(clock=lambda: time.time() - 301))
    assert not verifier()(secret(KEY, receiver.url(), 1), got.headers, got.body)


def test_while_a_secret_changes_both_verify_and_no_older_one(receiver: WebhookReceiver, sender: Make) -> None:
    verified, made = verifier(), sender()
    both, later = posted(receiver, made, generations="3 2"), posted(receiver, made, generations="3")
    asked = [(n, secret(KEY, receiver.url(), n)) for n in (1, 2, 3)]
    assert [n for n, one in asked if verified(one, both.headers, both.body)] == [2, 3]
    assert [n for n, one in asked if verified(one, later.headers, later.body)] == [3]
