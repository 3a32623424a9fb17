"""A receiver of webhooks that lives in this process: real HTTP over real TLS, and what a test has it do."""

import datetime as dt
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from alerts.outbound import Guard, GuardedClient, Resolve

#: What its certificate is for: this name and any below it, and this machine.
DOMAIN = "receivers.test"
LOOPBACK = (ip_network("127.0.0.0/8"),)


@cache
def certificate() -> tuple[bytes, bytes]:
    """The key of a certificate, and the certificate, as PEM; made once for a run."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, DOMAIN)])
    now, day = dt.datetime.now(dt.UTC), dt.timedelta(days=1)
    made = x509.CertificateBuilder(subject, subject, key.public_key(), 1, now - day, now + day)
    names = [x509.DNSName(name) for name in (DOMAIN, f"*.{DOMAIN}", "localhost")]
    made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=False)
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    signed = made.sign(key, hashes.SHA256())
    return key.private_bytes(*form), signed.public_bytes(serialization.Encoding.PEM)


def trusting() -> ssl.SSLContext:
    """The trust of a client that knows the certificate."""
    return ssl.create_default_context(cadata=certificate()[1].decode())


def here(_host: str, _port: int) -> list[str]:
    """Every name leads to this machine."""
    return ["127.0.0.1"]


@dataclass(frozen=True)
class Got:
    """A request that arrived whole, over which connection, and under which name TLS was asked for."""

    path: str
    headers: dict[str, str]
    body: bytes
    peer: tuple[str, int]
    asked_for: str

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


class Asked(BaseHTTPRequestHandler):
    """One request, as what a test has done about it sees it."""

    protocol_version = "HTTP/1.1"
    receiver: "WebhookReceiver"

    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked_for = self.receiver.names.get(self.client_address, "")
        self.receiver.got.append(Got(self.path, headers, body, self.client_address, asked_for))
        # A receiver that is given up hears of it by an error.
        with suppress(OSError):
            self.receiver.does.get(self.headers["Host"].partition(":")[0] + self.path, self.receiver.usual)(
                self
            )

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Not in the output of tests."""


class WebhookReceiver:
    """Answers 204 unless told otherwise, by host and path: `receiver.does["a.receivers.test/x"] = hang`."""

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.does: dict[str, Callable[[Asked], object]] = {}
        self.usual: Callable[[Asked], object] = lambda asked: asked.answer(204)
        self.names: dict[tuple[str, int], str] = {}
        self._clients: list[GuardedClient] = []
        self.released = threading.Event()  #: ends what hangs
        handler = type("Handler", (Asked,), {"receiver": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler, bind_and_activate=True)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that leaves
        self._secure()
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> "WebhookReceiver":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        for ours in self._clients:
            ours.close()
        self.shut()
        self._thread.join()

    def shut(self) -> None:
        """From now on nobody is let in."""
        self._server.shutdown()
        self._server.server_close()

    def client(self, seconds: float = 20, resolve: Resolve = here) -> GuardedClient:
        """A client that may call this machine, and finds every name here; closed with the receiver."""
        self._clients.append(GuardedClient(Guard(LOOPBACK), seconds, resolve, trusting()))
        return self._clients[-1]

    def url(self, host: str = "a", path: str = "/hook") -> str:
        return f"https://{host}.{DOMAIN}:{self.port}{path}"

    def _secure(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with TemporaryDirectory() as folder:
            file = Path(folder, "both.pem")
            file.write_bytes(b"".join(certificate()))
            context.load_cert_chain(file)

        def note(connection: ssl.SSLObject | ssl.SSLSocket, name: str | None, _: ssl.SSLContext) -> None:
            assert isinstance(connection, ssl.SSLSocket)
            self.names[connection.getpeername()] = name or ""

        context.sni_callback = note
        self._server.socket = context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )


def hang(asked: Asked) -> None:
    """Say nothing until the test is over."""
    asked.receiver.released.wait(60)
