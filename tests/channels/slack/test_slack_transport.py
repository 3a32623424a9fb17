"""What carries the calls: it ends in time, takes in only so much, and shows the token to nobody else."""

import datetime as dt
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from slack_server import SlackServer

from alerts.channels.slack import SlackSender
from alerts.channels.slack.transport import ANSWER_MAX
from alerts.model import Message, Recipient, RouteDown, Sent, Unsure

Make = Callable[..., SlackSender]
Say = Callable[..., Message]
To = Callable[..., Recipient]


class Elsewhere:
    """Some web server, and the Authorization of every request it got; answers 200 or redirects."""

    def __init__(self, status: int = 200, target: str = "", body: bytes = b"") -> None:
        self.shown: list[str | None] = []
        elsewhere = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                elsewhere.shown.append(self.headers.get("Authorization"))
                self.send_response(status)
                if target:
                    self.send_header("Location", target)
                if status == 200 and body:  # until the connection ends, with no word of how long it is
                    self.end_headers()
                    self._pour()
                    return
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST

            def _pour(self) -> None:
                try:
                    for _ in range(64):
                        self.wfile.write(body)
                except OSError:
                    return

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.http.server_address[1]
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"


@pytest.fixture
def serve() -> Iterator[Callable[..., Elsewhere]]:
    made: list[Elsewhere] = []

    def serve(*how: Any, **more: Any) -> Elsewhere:
        made.append(Elsewhere(*how, **more))
        return made[-1]

    yield serve
    for one in made:
        one.http.shutdown()
        one.http.server_close()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_takes_the_token_nowhere(
    serve: Callable[..., Elsewhere], make_sender: Make, say: Say, to: To, status: int
) -> None:
    """urllib followed it to another host, with the token: whoever runs that one could post as the bot."""
    other = serve()
    first = serve(status, f"http://localhost:{other.port}/login")
    outcome = dict(make_sender(first.url).send(say(), [to(7)], lambda: False))[7]
    why = f"Slack cannot be reached: what answers sends us elsewhere (HTTP {status})"
    assert outcome == RouteDown(why, 60)
    assert other.shown == []
    assert first.shown == ["Bearer xoxb-of-the-test"]


def test_an_answer_that_trickles_is_given_up_at_the_deadline(
    slack: SlackServer, send: Any, say: Say, to: To
) -> None:
    """An octet a second held a worker thread for hours: each wait was short, and nobody counted them."""
    slack.trouble(ending="drip", done=True)
    assert send(say("a few words " * 30), to(7)) == {7: Unsure("Slack's answer was lost: TimeoutError")}
    assert isinstance(send(say(), to(7, unsure=True))[7], Sent)
    assert len(slack.posts) == 1


def test_an_answer_without_an_end_is_not_taken_in(
    serve: Callable[..., Elsewhere], make_sender: Make, say: Say, to: To
) -> None:
    endless = serve(body=b" " * (1024 * 1024))
    outcome = dict(make_sender(endless.url).send(say(), [to(7)], lambda: False))[7]
    assert outcome == Unsure("Slack's answer was lost: TooLong")
    assert ANSWER_MAX < 64 * 1024 * 1024


def test_an_answer_that_says_it_is_too_long_is_not_read(
    slack: SlackServer, send: Any, say: Say, to: To
) -> None:
    slack.trouble(body=b" " * (ANSWER_MAX + 1))
    assert send(say(), to(7)) == {7: Unsure("Slack's answer was lost: TooLong")}


def test_a_refusal_without_an_end_is_not_taken_in_either(
    serve: Callable[..., Elsewhere], make_sender: Make, say: Say, to: To
) -> None:
    proxy = serve(403, body=b" " * (ANSWER_MAX + 1))
    assert isinstance(dict(make_sender(proxy.url).send(say(), [to(7)], lambda: False))[7], Unsure)


@pytest.fixture
def secure(slack: SlackServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of Slack behind TLS, with a certificate that this machine trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now, hour = dt.datetime.now(dt.UTC), dt.timedelta(hours=1)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now - hour, now + hour)
    for more in (
        x509.SubjectAlternativeName([x509.DNSName("localhost")]),
        x509.BasicConstraints(ca=True, path_length=None),
    ):
        made = made.add_extension(more, critical=False)
    file = tmp_path / "slack.pem"
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    signed = made.sign(key, hashes.SHA256())
    file.write_bytes(key.private_bytes(*form) + signed.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    slack._http.socket = context.wrap_socket(slack._http.socket, server_side=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return slack.url.replace("http://127.0.0.1", "https://localhost")


def test_behind_tls_the_deadline_holds_as_well(
    slack: SlackServer, secure: str, make_sender: Make, say: Say, to: To
) -> None:
    """Slack itself is behind TLS, where waits are another socket's."""
    slack.trouble(ending="drip", done=True)
    sender = make_sender(secure, timeout=2)
    first = dict(sender.send(say("a few words " * 60), [to(7)], lambda: False))[7]
    assert first == Unsure("Slack's answer was lost: TimeoutError")
    assert isinstance(dict(sender.send(say(), [to(7, unsure=True)], lambda: False))[7], Sent)
    assert len(slack.posts) == 1


def test_a_certificate_nobody_trusts_closes_the_route(
    secure: str, make_sender: Make, say: Say, to: To, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    outcome = dict(make_sender(secure).send(say(), [to(7)], lambda: False))[7]
    assert isinstance(outcome, RouteDown)
    assert "certificate" in outcome.why
