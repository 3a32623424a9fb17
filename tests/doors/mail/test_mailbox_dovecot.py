"""The mailbox of what comes back, on a real server: Dovecot."""

import os
import signal
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from dovecot import PASSWORD, PROGRAM, USER, Dovecot, dovecot
from house import draft, subscribe, tell, told

from alerts.doors.mail.mailbox import READER
from alerts.mailbox import Mailbox, MailboxAddress, MailboxFault
from alerts.model import Channel, State
from alerts.operations import collect
from alerts.operations.returned.collecting import check_mailbox
from alerts.runtime import mailbox_command
from alerts.services import Services
from alerts.settings import Settings

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="Dovecot is not on this machine")

EMAIL, KYIV = Channel("email"), "kyiv@example.org"
ORDINARY = b"Subject: hello\r\n\r\nThank you.\r\n"


@pytest.fixture(scope="module")
def running() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@pytest.fixture
def server(running: Dovecot) -> Dovecot:
    with running.client() as client:
        for flags, _, name in client.list_folders():
            if name != "INBOX" and b"\\Noselect" not in flags:
                client.delete_folder(name)
        client.select_folder("INBOX")
        client.delete_messages(client.search())
        client.expunge()
    return running


@pytest.fixture
def report(services: Services) -> bytes:
    """What comes back of a mail that somebody was sent: they are gone."""
    person = subscribe(services, KYIV, "UA")
    tell(services, draft())
    [digest] = services.updates.digests("ua-talks")
    token = services.links.delivery(digest, 1, person.sid)
    return (
        f"To: bounces+{token}@returns.example.org\r\nSubject: gone\r\n"
        "Content-Type: message/delivery-status\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    ).encode()


def state(services: Services) -> State:
    [[found]] = told(services, "ua-talks").values()
    return found


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 240
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_what_waits_is_taken_in_and_moved_and_nobody_sees_it_as_read(
    services: Services, server: Dovecot, report: bytes
) -> None:
    server.put(report, *[ORDINARY] * 130)
    with Mailbox.open(MailboxAddress.parse(server.url)) as box:
        assert list(collect(services, READER, box)) == [64, 64, 3]
        taken_in, not_understood = box.taken_in, box.not_understood
    assert state(services) is State.BOUNCED
    assert [server.count(name) for name in ("INBOX", taken_in, not_understood)] == [0, 1, 130]
    with server.client() as client:
        client.select_folder(not_understood, readonly=True)
        assert client.search("SEEN") == []


def test_a_server_that_only_copies_is_served_as_well(
    services: Services, server: Dovecot, report: bytes
) -> None:
    server.put(report, ORDINARY)
    with server.client() as client:
        client.select_folder("INBOX")
        theirs = client.append("INBOX", ORDINARY)
        assert theirs
        [_, _, marked] = client.search()
        client.add_flags([marked], [b"\\Deleted"])
    with Mailbox.open(MailboxAddress.parse(server.url)) as box:
        box._moves = False
        assert list(collect(services, READER, box)) == [2]
        assert [server.count(name) for name in (box.taken_in, box.not_understood)] == [1, 1]
    assert server.count("INBOX") == 1, "what somebody else marked is theirs"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("pa%40ss", "wrong"), "refuses the login"),
        (("/INBOX", "/Nowhere"), "has no folder “Nowhere”"),
        (("localhost", "127.0.0.1"), "certificate of the mailbox's server"),
        (("?cafile=", "?"), "option that is not known"),
    ],
)
def test_check_says_what_keeps_it_from_being_read(
    services: Services, server: Dovecot, change: tuple[str, str], sentence: str
) -> None:
    assert check_mailbox(Settings(home=services.settings.home, bounces_url=server.url)) == []  # type: ignore[arg-type]
    wrong = Settings(home=services.settings.home, bounces_url=server.url.replace(*change))  # type: ignore[arg-type]
    [problem] = check_mailbox(wrong)
    assert sentence in problem.message
    assert problem.hint
    assert USER not in problem.message + problem.hint


def test_starttls_is_insisted_on_and_its_certificate_is_looked_at(
    services: Services, server: Dovecot
) -> None:
    def asked(context: ssl.SSLContext) -> MailboxAddress:
        return MailboxAddress(
            "localhost", server.plain, "INBOX", USER, PASSWORD, starttls=True, context=context
        )

    server.put(ORDINARY)
    with Mailbox.open(asked(ssl.create_default_context(cafile=server.home / "cert.pem"))) as box:
        assert list(collect(services, READER, box)) == [1]
    refusing = pytest.raises(MailboxFault, match="certificate of the mailbox's server")
    with refusing, Mailbox.open(asked(ssl.create_default_context())):
        pass


@pytest.mark.faults
def test_the_process_reads_what_is_there_and_what_comes_and_ends_when_it_is_told_to(
    services: Services, server: Dovecot, report: bytes, tmp_path: Path
) -> None:
    server.put(ORDINARY)
    configured = {"ALERTS_HOME": str(services.settings.home), "ALERTS_BOUNCES_URL": server.url}
    with open(tmp_path / "said", "wb") as said:
        process = subprocess.Popen(mailbox_command(), env=os.environ | configured, stderr=said)
    try:
        until(lambda: services.mailbox.state().looked_ms is not None)
        assert server.count("INBOX") == 0
        server.put(report)
        until(lambda: state(services) is State.BOUNCED)
        until(lambda: server.count("INBOX") == 0)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0
    assert not services.mailbox.state().read, "another may read at once"
    assert (tmp_path / "said").read_text("utf-8") == ""
    assert services.suppressions.count(EMAIL) == 1
