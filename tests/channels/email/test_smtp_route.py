"""URLs, certificates and logins: what is refused before a single message is spoken of."""

import datetime as dt
import ssl
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from smtp_parts import MESSAGE, MODES, going, people, sender
from smtp_server import SmtpServer

from alerts.channels.email.return_path import of_everybody
from alerts.channels.email.route import TLS, Route
from alerts.errors import BadInput
from alerts.model import RouteDown, Sent


@dataclass(frozen=True)
class Certificate:
    server: ssl.SSLContext
    file: Path


def certificate(folder: Path, name: str) -> Certificate:
    """A certificate that signs itself, for `name`."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return Certificate(context, file)


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("ours"), "localhost")


@pytest.fixture(scope="module")
def theirs(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("theirs"), "relay.example")


def outcomes_of(url, count=20):
    out = sender(url)
    outcomes = list(out.send(MESSAGE, people(count), going))
    out.close()
    return outcomes


@pytest.mark.parametrize(
    ("url", "port", "tls"),
    [
        ("smtp://relay.example", 25, TLS.TRY),
        ("smtp://relay.example:587?tls=required", 587, TLS.REQUIRED),
        ("smtp://relay.example/?tls=none", 25, TLS.NONE),
        ("smtps://relay.example", 465, TLS.IMPLICIT),
        ("smtps://relay.example?tls=required", 465, TLS.IMPLICIT),
        ("smtp://localhost", 25, TLS.NONE),
        ("smtp://127.0.0.1:2525?tls=try", 2525, TLS.TRY),
        ("smtp://[::1]:2525", 2525, TLS.NONE),
    ],
)
def test_a_url_says_where_to_and_how(url, port, tls):
    route = Route.parse(url)
    assert (route.port, route.tls) == (port, tls)
    assert (route.context is None) == (tls is TLS.NONE)


def test_names_and_passwords_may_be_percent_encoded_and_are_never_shown():
    route = Route.parse("smtp://us%40er:s%2Fcret@relay.example?tls=none")
    assert (route.user, route.password) == ("us@er", "s/cret")
    assert "s/cret" not in repr(route)


@pytest.mark.parametrize("sign", "#/?")
@pytest.mark.parametrize("password", ["s3{}cret", "{}s3cret", "25{}cret", "s3cret{}", "s3{}c@ret"])
def test_a_password_with_a_sign_that_ends_it_is_told_how_to_be_written(sign, password):
    """smtp://user:25#cret@host was read as the server “user”, port 25."""
    with pytest.raises(BadInput) as refused:
        Route.parse(f"smtp://user:{password.format(sign)}@relay.example:587")
    assert f"{sign} as %{ord(sign):02X}" in refused.value.hint
    assert "cret" not in refused.value.sentence + refused.value.hint


def test_what_is_no_part_of_an_smtp_url_is_refused():
    with pytest.raises(BadInput):
        Route.parse("smtp://relay.example:587#part")


@pytest.mark.parametrize(
    "url",
    [
        "http://user:s3cret@host",
        "smtp://",
        "smtp://user:s3cret@",
        "smtp://user:s3cret@host:port",
        "smtp://user:s3cret@host:99999",
        "smtp://user:s3cret@host?tls=maybe",
        "smtp://user:s3cret@host?tls",
        "smtp://user:s3cret@host?starttls=1",
        "smtp://user:s3cret@host/path",
        "smtps://user:s3cret@host?tls=none",
        "smtps://user:s3cret@host?cafile=/nowhere.pem",
        "smtp://user:s3crét@host",
        f"smtp://user:s3cret@{'a' * 64}.example",
        "smtp://user:s3cret@[::1",
    ],
)
def test_a_url_that_cannot_be_used_is_refused_without_repeating_it(url):
    with pytest.raises(BadInput) as refused:
        Route.parse(url)
    assert "s3cr" not in refused.value.sentence + refused.value.hint
    assert refused.value.hint


@pytest.mark.parametrize("mail_from", ["", "Alerts", "Alerts <>", "a@b\r\nDATA", "jürgen@example.org"])
def test_a_sender_address_that_not_every_server_can_read_is_refused(mail_from):
    with pytest.raises(BadInput, match="sender of the mails"):
        of_everybody(mail_from)


@pytest.mark.parametrize("extensions", MODES.values(), ids=MODES)
@pytest.mark.parametrize("implicit", [False, True], ids=["starttls", "smtps"])
def test_mail_goes_out_encrypted_where_the_certificate_is_right(ours, extensions, implicit):
    with SmtpServer(extensions, tls=ours.server, implicit=implicit, passwords={"me": "pa ss"}) as server:
        where = f"localhost:{server.port}?cafile={ours.file}"
        outcomes = outcomes_of(
            f"{'smtps' if implicit else 'smtp'}://me:pa%20ss@{where}{'' if implicit else '&tls=required'}"
        )
    assert [type(o) for _, o in outcomes] == [Sent] * 20
    assert [a.data for a in server.arrived] == [MESSAGE.fill(p.blanks) for p in people(20)]
    assert server.count("auth") == 1


@pytest.mark.parametrize("tls", ["required", "try"])
@pytest.mark.parametrize("who", ["nobody we trust", "another host"])
def test_a_wrong_certificate_closes_the_route_and_is_no_reason_to_go_on_in_the_clear(ours, theirs, tls, who):
    shown, trusted = (ours, theirs) if who == "nobody we trust" else (theirs, theirs)
    with SmtpServer(tls=shown.server) as server:
        [(_, down)] = outcomes_of(f"smtp://localhost:{server.port}?tls={tls}&cafile={trusted.file}")
    assert isinstance(down, RouteDown)
    assert "certificate" in down.why.lower() or "mismatch" in down.why.lower()
    assert server.count("mail") == 0


@pytest.mark.parametrize("tls", ["required", "try"])
def test_starttls_offered_and_then_refused_closes_the_route(ours, tls):
    def script(moment):
        return "454 4.7.0 no TLS now" if moment.verb == "starttls" else None

    with SmtpServer(tls=ours.server, script=script) as server:
        [(_, down)] = outcomes_of(f"smtp://localhost:{server.port}?tls={tls}&cafile={ours.file}")
    assert down == RouteDown("454 4.7.0 no TLS now")
    assert server.count("mail") == 0


def test_tls_that_is_not_offered_closes_the_route_where_it_is_required_only():
    with SmtpServer() as server:
        [(_, down)] = outcomes_of(f"{server.url}?tls=required")
        assert "no STARTTLS" in down.why
        assert [type(o) for _, o in outcomes_of(f"{server.url}?tls=try", 2)] == [Sent] * 2


def test_a_wrong_password_closes_the_route_in_the_servers_words():
    with SmtpServer(passwords={"me": "right"}) as server:
        outcomes = outcomes_of(f"smtp://me:guess@127.0.0.1:{server.port}")
    assert outcomes == [(0, RouteDown("535 5.7.8 wrong password", 60))]


def test_a_server_without_logins_closes_the_route_of_someone_who_wants_to_log_in():
    with SmtpServer() as server:
        [(_, down)] = outcomes_of(f"smtp://me:right@127.0.0.1:{server.port}")
    assert isinstance(down, RouteDown)
    assert "AUTH" in down.why


@pytest.mark.parametrize(("options", "logs_in"), [("?tls=try", False), ("?tls=none", True), ("", False)])
def test_a_password_goes_in_the_clear_to_another_host_only_when_told_so(options, logs_in):
    """`127.1` is not how the rule writes this machine, and leads there all the same."""
    with SmtpServer(passwords={"me": "right"}) as server:
        outcomes = outcomes_of(f"smtp://me:right@127.1:{server.port}{options}", 1)
    assert server.count("auth") == int(logs_in)
    assert isinstance(outcomes[0][1], Sent if logs_in else RouteDown)
