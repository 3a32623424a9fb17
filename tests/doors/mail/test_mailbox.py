"""The mailbox of what comes back: each mail is taken in, then moved, wherever it is cut short."""

import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from clocked import clocked, move_to
from dying import Died, Mortal
from house import OPERATOR, draft, subscribe, tell, told
from imap_server import AFTER, ALL, BEFORE, PASSWORD, USER, ImapServer
from structlog.testing import capture_logs
from webhook_receiver import certificate

from alerts.doors.mail.mailbox import MENDED_S, READER, SLICE_S, MailboxReader
from alerts.errors import Unreachable
from alerts.mailbox import Mailbox, MailboxAddress, MailboxFault
from alerts.model import Channel, State
from alerts.operations import collect, totals
from alerts.operations.returned.collecting import check_mailbox
from alerts.returns import OCTETS_MAX, READ_MAX
from alerts.services import Services, connect
from alerts.settings import Settings

EMAIL, KYIV = Channel("email"), "kyiv@example.org"
SAMPLES = Path(__file__).parents[2] / "data" / "returns"
TOKEN = b"r0123456789abcdef0123.3.17.abcdef0123456789"
PROCESSED, NOT_UNDERSTOOD = "Processed", "Not understood"
ORDINARY = b"Subject: hello\r\n\r\nThank you.\r\n"
#: What a server offers, from the best that there is to the least that there may be.
OFFERS = [ALL, ("UIDPLUS", "IDLE"), ("MOVE",), ()]


@pytest.fixture
def report(services: Services) -> Callable[[str], bytes]:
    """Somebody was sent an update: mails about it by the name of their sample."""
    person = subscribe(services, KYIV, "UA")
    tell(services, draft())
    [digest] = services.updates.digests("ua-talks")
    token = services.links.delivery(digest, 1, person.sid).encode()

    def made(name: str) -> bytes:
        octets = (SAMPLES / f"{name}.eml").read_bytes().replace(b"\n", b"\r\n")
        return octets.replace(TOKEN, token).replace(TOKEN.upper(), token.upper())

    return made


def state(services: Services) -> State:
    [[found]] = told(services, "ua-talks").values()
    return found


def address(server: ImapServer, **changes: str) -> MailboxAddress:
    return MailboxAddress.parse(server.url(**changes))


def empty(services: Services, server: ImapServer) -> list[int]:
    """Read the mailbox to its end, once: how many mails each batch had."""
    with Mailbox.open(address(server)) as box:
        return list(collect(services, READER, box))


@pytest.mark.parametrize("offers", OFFERS, ids="+".join)
def test_what_waits_is_taken_in_and_moved(
    services: Services, report: Callable[[str], bytes], offers: tuple[str, ...]
) -> None:
    with ImapServer(offers) as server:
        server.put(report("hard-postfix"))
        server.put(ORDINARY)
        server.put((SAMPLES / "auto-reply.eml").read_bytes())
        assert empty(services, server) == [3]
        assert (state(services), services.suppressions.count(EMAIL)) == (State.BOUNCED, 1)
        assert server.waiting() == []
        assert len(server.moved(PROCESSED)) == 2, "the report, and what a machine answered"
        assert server.moved(NOT_UNDERSTOOD) == [ORDINARY]
        assert empty(services, server) == []
        assert not any("SEEN" in command.upper() or "BODY[" in command for command in server.said)


def test_a_mail_to_leave_ends_what_they_get_as_over_any_other_way_in(
    services: Services, report: Callable[[str], bytes]
) -> None:
    with ImapServer() as server:
        server.put(report("leaving-by-address"))
        empty(services, server)
        assert len(server.moved(PROCESSED)) == 1
    [entry] = services.audit.entries()
    assert (entry.who, entry.action) == (KYIV, "subscriber.leave")


@pytest.mark.parametrize(("prefix", "sign"), [("INBOX.", "."), ("", "/")])
def test_folders_are_spelt_as_the_server_spells_them(services: Services, prefix: str, sign: str) -> None:
    with ImapServer(prefix=prefix, sign=sign) as server:
        server.put(ORDINARY)
        empty(services, server)
        assert sorted(server.folders) == sorted(
            ["INBOX", f"{prefix}Alerts{sign}{NOT_UNDERSTOOD}", f"{prefix}Alerts{sign}{PROCESSED}"]
        )


def test_of_very_many_some_are_fetched_at_a_time(services: Services) -> None:
    with ImapServer() as server:
        for _ in range(200):
            server.put(ORDINARY)
        assert empty(services, server) == [64, 64, 64, 8]
        assert len(server.moved(NOT_UNDERSTOOD)) == 200


def test_what_others_marked_as_deleted_is_theirs(services: Services) -> None:
    """A plain EXPUNGE would have carried out whatever anybody had marked."""
    for offers in OFFERS:
        with ImapServer(offers) as server:
            for n in range(150):
                uid = server.put(ORDINARY)
                if n % 3 == 0:
                    server.folders["INBOX"][uid].flags.add("\\Deleted")
            assert sum(empty(services, server)) == 100
            assert server.waiting() == []
            kept = [mail for mail in server.folders["INBOX"].values() if "\\Deleted" in mail.flags]
            assert len(kept) == (50 if "MOVE" in offers or "UIDPLUS" in offers else 150)
            assert len(server.moved(NOT_UNDERSTOOD)) == 100


def test_of_a_long_mail_only_what_is_read_is_fetched_and_of_a_huge_one_nothing_counts(
    services: Services, report: Callable[[str], bytes]
) -> None:
    huge = report("hard-postfix") + b"a" * (2 * READ_MAX)
    with ImapServer() as server:
        server.put(huge, size=30_000_000)
        with Mailbox.open(address(server)) as box:
            [[fetched]] = box.batches(READ_MAX)
            assert len(fetched.octets) == READ_MAX
            assert fetched.size > OCTETS_MAX
        empty(services, server)
        assert len(server.moved(NOT_UNDERSTOOD)) == 1
    [counts] = services.receipts.counted(1).values()
    assert counts == {"unreadable": 1}
    assert state(services) is State.SENT


# -- cut short ------------------------------------------------------------------------------------


def three(server: ImapServer, report: Callable[[str], bytes]) -> None:
    server.put(report("soft-full"))
    server.put(report("hard-postfix"))
    server.put(ORDINARY)


def all_is_as_it_should_be(services: Services, server: ImapServer, *, copies: bool) -> None:
    assert server.waiting() == []
    kept = server.moved(PROCESSED) + server.moved(NOT_UNDERSTOOD)
    assert len(set(kept)) == 3
    assert copies or len(kept) == 3
    assert (state(services), services.suppressions.count(EMAIL)) == (State.BOUNCED, 1)
    assert len(services.receipts.latest(10)) == 2
    assert [n["what"] for n in services.notices.latest()].count("suppressed") == 1


@pytest.mark.parametrize("offers", OFFERS, ids="+".join)
@pytest.mark.parametrize("when", [BEFORE, AFTER])
def test_whichever_command_is_the_servers_last_nothing_is_lost_and_nothing_counts_twice(
    services: Services, report: Callable[[str], bytes], offers: tuple[str, ...], when: str
) -> None:
    client = services.server.client
    before = {key: client.dump(key) for key in client.scan_iter()}
    number, cut = 0, True
    while cut:
        client.flushdb()
        for key, value in before.items():
            client.restore(key, 0, value)
        left = [number]

        def script(_: str, left: list[int] = left) -> str | None:
            left[0] -= 1
            return when if left[0] == -1 else None

        with ImapServer(offers, script) as server:
            three(server, report)
            with suppress(MailboxFault):
                empty(services, server)
            cut = left[0] < 0 and server.said[-1] != "LOGOUT"
            empty(services, server)
            all_is_as_it_should_be(services, server, copies="MOVE" not in offers)
        number += 1
    assert number > 8


def test_whichever_command_to_our_server_is_the_last_nothing_is_lost(
    settings: Settings, services: Services, report: Callable[[str], bytes]
) -> None:
    client = services.server.client
    before = {key: client.dump(key) for key in client.scan_iter()}
    number, ended = 0, False
    dying = connect(settings)
    mortal = Mortal(dying)
    while not ended:
        client.flushdb()
        for key, value in before.items():
            client.restore(key, 0, value)
        with ImapServer() as server:
            three(server, report)
            mortal.left = number
            try:
                empty(dying, server)
                ended = True
            except Died:
                dying.server.client.connection_pool.disconnect()
            mortal.left = float("inf")
            empty(services, server)
            assert server.waiting() == []
            assert len(server.moved(PROCESSED) + server.moved(NOT_UNDERSTOOD)) == 3, f"killed after {number}"
            assert (state(services), services.suppressions.count(EMAIL)) == (State.BOUNCED, 1)
            assert len(services.receipts.latest(10)) == 2
        number += 1
    dying.close()
    assert number > 5


def test_a_folder_that_is_numbered_anew_gives_up_no_mail_unread(services: Services) -> None:
    """UIDVALIDITY changed between two looks: the same number is another mail, and that one is read, too."""
    with ImapServer() as server:
        for _ in range(100):
            server.put(ORDINARY)
        with Mailbox.open(address(server)) as box:
            collecting = collect(services, READER, box)
            assert next(collecting) == 64
            kept = list(server.folders["INBOX"].values())
            server.validity += 1
            server.folders["INBOX"] = dict(enumerate(kept, 1))
            server._next = 1_000
            assert list(collecting) == [36]
        assert len(server.moved(NOT_UNDERSTOOD)) == 100


# -- a mailbox that cannot be read ----------------------------------------------------------------


class Stopped(BaseException):
    """The test has seen enough."""


def reading(
    services: Services, server: ImapServer, sleep: Callable[[float], None] = lambda _: None
) -> MailboxReader:
    return MailboxReader(services, address(server), chance=lambda: 0.5, sleep=sleep)


FAULTS = {
    "a wrong password": ("LOGIN", "NO [AUTHENTICATIONFAILED] no", "refuses the login", True),
    "a folder that is not there": ("SELECT", "NO [NONEXISTENT] no", "has no folder “INBOX”", True),
    "a folder that only reads": ("SELECT", "OK [READ-ONLY] done", "has no folder “INBOX”", True),
    "no room": ("UID MOVE", "NO [OVERQUOTA] no", "takes nothing into its folder", True),
    "no folder to be made": ("CREATE", "NO [NOPERM] no", "takes nothing into its folder", True),
    "a login that is not taken now": ("LOGIN", "NO [UNAVAILABLE] later", "cannot be reached", False),
    "a server that hangs up": ("SELECT", BEFORE, "cannot be reached", False),
    "a server that knows no FETCH": ("FETCH", "BAD what", "did not do what it was asked to", False),
}


@pytest.mark.parametrize(("command", "said", "sentence", "at_once"), FAULTS.values(), ids=FAULTS)
def test_what_is_wrong_is_said_once_and_again_when_it_works(
    settings: Settings,
    command: str,
    said: str,
    sentence: str,
    at_once: bool,
    caplog: pytest.LogCaptureFixture,
) -> None:
    services = clocked(settings, "2026-06-10T12:00Z")
    trouble = [True]

    def script(typed: str) -> str | None:
        return said if trouble[0] and typed.startswith(command) else None

    with capture_logs() as logged, ImapServer(script=script, offers=("MOVE",)) as server:
        server.put(ORDINARY)
        reader = reading(services, server)
        first = reader.read()
        assert first == (MENDED_S[0] if at_once else 2.0)
        assert reader.read() == 2 * first, "longer each time"
        shown = services.mailbox.state()
        assert sentence in shown.why
        assert shown.since_ms is not None
        assert [n["what"] for n in services.notices.latest()] == ["trouble with the mailbox"] * at_once
        move_to(services, services.server.now_ms() + 180_000)
        reader.read()
        assert [n["what"] for n in services.notices.latest()] == ["trouble with the mailbox"]
        found = check_mailbox(Settings(home=settings.home, bounces_url=server.url()))  # type: ignore[arg-type]
        if command in ("LOGIN", "SELECT", "CREATE"):
            assert [(one.id, one.level) for one in found] == [("mailbox", "error")]
            assert sentence in found[0].message
            assert found[0].hint
        trouble[0] = False

        def enough(_: float) -> None:
            raise Stopped

        reader.stop()
        with pytest.raises(Stopped):
            reading(services, server, enough).read()
        assert len(server.moved(NOT_UNDERSTOOD)) == 1
    what = [n["what"] for n in services.notices.latest()]
    assert what == ["the mailbox is read again", "trouble with the mailbox"]
    assert services.mailbox.state().since_ms is None
    seen = str(logged) + str(services.notices.latest()) + "".join(f"{one.message}{one.hint}" for one in found)
    assert not any(secret in seen for secret in (PASSWORD, "pa%3Ass", USER))
    unread = [line for line in logged if line["event"] == "the mailbox is not read"]
    assert [sentence in line["why"] for line in unread] == [True], "said once, with its reason"
    services.close()


def test_a_server_that_is_down_for_a_moment_is_nothing_to_be_notified_of(settings: Settings) -> None:
    services = clocked(settings, "2026-06-10T12:00Z")
    with ImapServer() as server:
        gone = address(server)
    reader = MailboxReader(services, gone, chance=lambda: 0.5)
    reader.read()
    assert services.notices.latest() == []
    assert "cannot be reached: Connection refused" in services.mailbox.state().why
    services.mailbox.restored()
    assert services.notices.latest() == []
    services.close()


def test_a_certificate_that_does_not_hold_is_no_server_of_ours(services: Services, tmp_path: Path) -> None:
    """Whoever answered in its name could have had everybody suppressed."""
    key, cert = (tmp_path / name for name in ("key.pem", "cert.pem"))
    for path, pem in zip((key, cert), certificate(), strict=True):
        path.write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    with ImapServer(context=context) as server:
        server.put(ORDINARY)
        with pytest.raises(MailboxFault, match="certificate of the mailbox's server") as refused:
            empty(services, server)
        assert refused.value.cause == "certificate"
        assert server.said == [], "no password was sent"
        trusted = MailboxAddress.parse(f"{server.url()}?cafile={cert}".replace("127.0.0.1", "localhost"))
        with Mailbox.open(trusted) as box:
            assert list(collect(services, READER, box)) == [1]


def test_a_password_is_never_sent_in_the_open(services: Services) -> None:
    with ImapServer() as server:
        far = MailboxAddress.parse(server.url().replace("127.0.0.1", "mail.example.org"))
        near = address(server)
        asked = MailboxAddress(
            near.host, near.port, far.folder, far.user, far.password, starttls=True, context=far.context
        )
        with pytest.raises(MailboxFault, match="would go in the open"), Mailbox.open(asked):
            pass
        assert "LOGIN" not in server.said


# -- who reads, and when --------------------------------------------------------------------------


def test_one_reads_and_another_only_when_it_is_gone(services: Services) -> None:
    with ImapServer(("MOVE",)) as server:
        seen: list[float] = []

        def enough(seconds: float) -> None:
            seen.append(seconds)
            raise Stopped

        first, second = reading(services, server, enough), reading(services, server, enough)
        with pytest.raises(Stopped):
            first.read()
        logins = server.said.count("LOGIN")
        assert second.read() == SLICE_S
        assert server.said.count("LOGIN") == logins, "the second did not even log in"
        first.stop()
        server.put(ORDINARY)
        with pytest.raises(Stopped):
            second.read()
        assert server.waiting() == []
        assert first.read() == SLICE_S


def test_who_lost_the_lease_meanwhile_stops_reading(services: Services) -> None:
    """A process that was frozen for a minute: another reads since."""
    with ImapServer() as server:
        for _ in range(100):
            server.put(ORDINARY)
        key = services.server.keys("mailbox", "reader")
        reader = reading(services, server)

        def script(command: str) -> str | None:
            if command.startswith("UID MOVE"):
                services.server.client.set(key, "another")
            return None

        server.script = script
        assert reader.read() == SLICE_S
        assert len(server.waiting()) == 36
        reader.stop()
        assert services.server.client.get(key) == b"another", "and it does not take the other's lease away"


def test_a_mail_that_comes_while_it_idles_is_read_at_once(
    services: Services, report: Callable[[str], bytes]
) -> None:
    with ImapServer() as server:
        reader, ended = reading(services, server), threading.Event()

        def read() -> None:
            reader.read()
            ended.set()

        thread = threading.Thread(target=read)
        thread.start()
        with server.changed:
            assert server.changed.wait_for(lambda: "IDLE" in server.said, 120)
        server.put(report("hard-postfix"))
        with server.changed:
            assert server.changed.wait_for(lambda: len(server.moved(PROCESSED)) == 1, 120)
        services.server.client.set(services.server.keys("mailbox", "reader"), "another")
        server.put(ORDINARY)
        assert ended.wait(120)
        thread.join()
    assert state(services) is State.BOUNCED


def test_with_our_own_server_away_nothing_is_moved(settings: Settings, services: Services) -> None:
    away = connect(Settings(home=settings.home, redis_url="redis://127.0.0.1:1/1"))  # type: ignore[arg-type]
    with ImapServer() as server:
        server.put(ORDINARY)
        assert reading(away, server).read() == 2.0
        with pytest.raises(Unreachable):
            empty(away, server)
        assert len(server.waiting()) == 1
    away.close()


def test_status_says_how_the_mailbox_is_read(services: Services) -> None:
    with ImapServer(("MOVE",)) as server:
        services.settings = Settings(home=services.settings.home, bounces_url=server.url())  # type: ignore[arg-type]
        nobody = totals(services, OPERATOR).mailbox
        assert nobody is not None
        assert (nobody.read, nobody.looked_at) == (False, None)

        def enough(_: float) -> None:
            raise Stopped

        with pytest.raises(Stopped):
            reading(services, server, enough).read()
        found = totals(services, OPERATOR).mailbox
        assert found is not None
        assert found.read
        assert found.looked_at is not None
