"""One request, one answer: to the address that was checked, in the time and the size there is for it."""

import socket
import threading
from collections.abc import Iterator

import pytest
from webhook_receiver import DOMAIN, LOOPBACK, Asked, WebhookReceiver, hang, here, trusting

from alerts.outbound import AnswerLost, Guard, GuardedClient, HttpAnswer, HttpReply, NotReached

#: Seconds of a call whose answer never comes. What is tested is that it ends.
SOON_S = 0.2
JSON = (("Content-Type", "application/json"),)


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as made:
        yield made


def soon(receiver: WebhookReceiver, kind: type[HttpReply]) -> HttpReply:
    """What comes of a short call; of a longer one where this machine was too busy to get so far."""
    seconds = SOON_S
    while True:
        reply = receiver.client(seconds).post(receiver.url(), JSON, b"{}")
        if isinstance(reply, kind) or seconds > 60:
            return reply
        seconds *= 2


def test_what_is_sent_arrives_under_its_own_name(receiver: WebhookReceiver) -> None:
    """The connection is made to an address; TLS and the Host header still name whom it is for."""
    answer = receiver.client().post(receiver.url("a", "/hook?token=t"), JSON, b'{"a": 1}')
    assert isinstance(answer, HttpAnswer)
    assert answer.status == 204
    [got] = receiver.got
    assert (got.path, got.body) == ("/hook?token=t", b'{"a": 1}')
    assert got.headers["host"] == f"a.{DOMAIN}:{receiver.port}"
    assert got.headers["content-type"] == "application/json"
    assert got.asked_for == f"a.{DOMAIN}"


def test_a_connection_is_kept_for_the_next_request_to_the_same_host(receiver: WebhookReceiver) -> None:
    ours = receiver.client()
    for host in ("a", "a", "b"):
        ours.post(receiver.url(host), JSON, b"{}")
    first, second, other = receiver.got
    assert first.peer == second.peer != other.peer


def test_a_name_is_looked_up_once_a_connection_and_connected_to_what_was_found(
    receiver: WebhookReceiver,
) -> None:
    """A name that leads elsewhere at each look: what was checked is what is called."""
    looks: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        looks.append(host)
        return ["127.0.0.1"] if len(looks) == 1 else ["10.0.0.1"]

    ours = receiver.client(resolve=resolve)
    assert isinstance(ours.post(receiver.url(), JSON, b"{}"), HttpAnswer)
    assert len(looks) == 1


def test_a_name_that_leads_to_a_private_address_at_the_second_look_is_not_called(
    receiver: WebhookReceiver,
) -> None:
    found = iter((["127.0.0.1"], ["10.0.0.1"], ["192.168.0.1", "::1"]))
    ours = receiver.client(resolve=lambda host, port: next(found))
    assert isinstance(ours.post(receiver.url(), JSON, b"{}"), HttpAnswer)
    for _ in range(2):
        ours.close()
        refused = ours.post(receiver.url(), JSON, b"{}")
        assert refused == NotReached("it leads to an address that is not public", inadmissible=True)
    assert len(receiver.got) == 1


def test_of_several_addresses_those_that_are_refused_are_left_out(receiver: WebhookReceiver) -> None:
    ours = receiver.client(resolve=lambda host, port: ["10.0.0.1", "127.0.0.1"])
    assert isinstance(ours.post(receiver.url(), JSON, b"{}"), HttpAnswer)


@pytest.mark.parametrize("name", ["2130706433", "0x7f.1", "localhost", "127.0.0.1", "[::ffff:127.0.0.1]"])
def test_this_machine_is_not_called_however_it_is_written(receiver: WebhookReceiver, name: str) -> None:
    ours = GuardedClient(Guard(), 5, secure=trusting())
    refused = ours.post(f"https://{name}:{receiver.port}/", JSON, b"{}")
    assert isinstance(refused, NotReached)
    assert receiver.got == []


def test_a_redirect_to_this_machine_is_an_answer_and_nobody_goes_there(receiver: WebhookReceiver) -> None:
    away = f"https://127.0.0.1:{receiver.port}/admin"
    receiver.usual = lambda asked: asked.answer(307, Location=away)
    answer = receiver.client().post(receiver.url(), JSON, b"{}")
    assert isinstance(answer, HttpAnswer)
    assert (answer.status, answer.headers["location"]) == (307, away)
    assert [got.path for got in receiver.got] == ["/hook"]


def test_an_answer_of_a_gigabyte_is_not_read(receiver: WebhookReceiver) -> None:
    """Its status is the word that counts; the connection is closed on the rest."""
    poured: list[int] = []
    ended = threading.Event()

    def pour(asked: Asked) -> None:
        asked.send_response_only(200)
        asked.send_header("Content-Length", str(1 << 30))
        asked.end_headers()
        try:
            for _ in range(1 << 10):
                asked.wfile.write(bytes(1 << 20))
                poured.append(1 << 20)
        finally:
            ended.set()

    receiver.usual = pour
    answer = receiver.client().post(receiver.url(), JSON, b"{}")
    assert isinstance(answer, HttpAnswer)
    assert answer.status == 200
    assert ended.wait(60)
    assert sum(poured) < 1 << 26


def test_an_answer_that_drips_is_left_once_its_status_is_known(receiver: WebhookReceiver) -> None:
    def drip(asked: Asked) -> None:
        asked.send_response_only(202)
        asked.send_header("Content-Length", "1000")
        asked.end_headers()
        while not asked.receiver.released.wait(0.05):
            asked.wfile.write(b".")

    receiver.usual = drip
    answer = soon(receiver, HttpAnswer)
    assert isinstance(answer, HttpAnswer)
    assert answer.status == 202


def test_a_receiver_that_hangs_is_given_up(receiver: WebhookReceiver) -> None:
    receiver.usual = hang
    assert soon(receiver, AnswerLost) == AnswerLost("no answer in time")


def test_headers_that_drip_outlast_no_call(receiver: WebhookReceiver) -> None:
    """Each octet came in time; together they would have taken hours."""

    def drip(asked: Asked) -> None:
        asked.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        while not asked.receiver.released.wait(0.05):
            asked.wfile.write(b".")

    receiver.usual = drip
    assert soon(receiver, AnswerLost) == AnswerLost("no answer in time")


def test_headers_without_end_are_no_answer(receiver: WebhookReceiver) -> None:
    receiver.usual = lambda asked: asked.wfile.write(b"HTTP/1.1 200 OK\r\nX: " + b"." * (1 << 20))
    assert isinstance(receiver.client().post(receiver.url(), JSON, b"{}"), AnswerLost)


def test_what_is_not_http_is_no_answer(receiver: WebhookReceiver) -> None:
    receiver.usual = lambda asked: asked.wfile.write(b"220 mail.example.org ESMTP\r\n\r\n")
    assert receiver.client().post(receiver.url(), JSON, b"{}") == AnswerLost("what came back is not HTTP")


def test_a_receiver_that_does_not_read_is_given_up(receiver: WebhookReceiver) -> None:
    """A listener that accepts and never says a word: the handshake has an end as well."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://a.{DOMAIN}:{silent.getsockname()[1]}/"
        assert receiver.client(SOON_S).post(url, JSON, b"{}") == NotReached("no TLS in time")


def test_where_nobody_listens_nothing_was_sent(receiver: WebhookReceiver) -> None:
    receiver.shut()
    reply = receiver.client().post(receiver.url(), JSON, b"{}")
    assert isinstance(reply, NotReached)
    assert not reply.inadmissible


def test_a_name_that_leads_nowhere_says_so(receiver: WebhookReceiver) -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    assert receiver.client(resolve=resolve).post("https://gone.test/", JSON, b"{}") == NotReached(
        "its name leads nowhere"
    )


def test_a_certificate_nobody_trusts_ends_the_call_before_anything_is_sent(receiver: WebhookReceiver) -> None:
    reply = GuardedClient(Guard(LOOPBACK), 5, here).post(receiver.url(), JSON, b"{}")
    assert isinstance(reply, NotReached)
    assert "certificate" in reply.why
    assert receiver.got == []


def test_the_proxies_of_the_environment_are_not_asked(
    receiver: WebhookReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy looks the name up again, and nobody has checked what it finds."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert isinstance(receiver.client().post(receiver.url(), JSON, b"{}"), HttpAnswer)


def test_without_tls_nothing_is_sent(receiver: WebhookReceiver) -> None:
    refused = receiver.client().post("http://a.receivers.test/", JSON, b"{}")
    assert refused == NotReached("it is not https", inadmissible=True)
