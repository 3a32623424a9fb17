"""Updates by mail, to the end of each way: the listener, the mailbox, and a real postfix with a milter."""

import os
import re
import smtplib
import sys
import time
from email.message import EmailMessage
from pathlib import Path

import pytest
from house import OPERATOR
from imap_server import ImapServer
from milter import Fields, Milter
from postfix import USABLE, postfix
from test_listener import listening

from alerts.doors.mail.mailbox import READER
from alerts.mailbox import Mailbox, MailboxAddress
from alerts.operations import collect, count_returned
from alerts.operations.drafts import list_drafts, show_draft
from alerts.operations.senders import SenderAsked, add_sender
from alerts.returns import READ_MAX
from alerts.runtime import attach
from alerts.services import Services, connect
from alerts.settings import Settings

DOCUMENTED = (Path(__file__).parents[3] / "docs" / "ingest.md").read_text("utf-8")
DOMAIN, RELAY = "returns.example.org", "relay.example.org"
PASS = f"Authentication-Results: {RELAY}; dmarc=pass header.from=example.org\n"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"authserv_id": RELAY, "return_path": DOMAIN})


@pytest.fixture
def to(services: Services) -> str:
    return add_sender(services, OPERATOR, SenderAsked("olga@example.org")).send_to


def mail(to: str, text: str = "Stay where you are.", **fields: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "Olga <olga@example.org>", to, "Roads are closed"
    made["Message-ID"] = "<1@example.org>"
    for name, value in fields.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def headlines(services: Services) -> list[str]:
    return [one.draft.headline for one in list_drafts(services, OPERATOR)]


@pytest.mark.parametrize("protocol", [smtplib.LMTP, smtplib.SMTP])
def test_the_listener_takes_an_update(services: Services, to: str, protocol: type[smtplib.SMTP]) -> None:
    octets = PASS.encode() + mail(to).as_bytes()
    with listening(services) as port, protocol("127.0.0.1", port) as out:
        for _ in range(2):
            assert out.sendmail("olga@example.org", to, octets) == {}
    assert headlines(services) == ["Roads are closed"]
    [counts] = count_returned(services, OPERATOR).values()
    assert counts == {"draft": 1, "repeated": 1}


def test_out_of_a_mailbox_an_update_is_taken_whole(services: Services, to: str) -> None:
    """Of a mail that comes back its first 128 KiB are fetched, which is not half of an attachment."""
    made = mail(to, "Please find it attached.")
    made.add_attachment(b"# Bridge closed\n\nNobody gets over.\n", "text", "markdown", filename="bridge.md")
    made.add_attachment(b"\x89PNG" * READ_MAX, "image", "png", filename="map.png")
    made.add_attachment(b"# Roads closed\n\nTo the very end.\n", "text", "markdown", filename="roads.md")
    octets = PASS.encode() + made.as_bytes()
    with ImapServer() as server:
        server.put(octets)
        server.put(octets.replace(b"dmarc=pass", b"dmarc=fail"))
        with Mailbox.open(MailboxAddress.parse(server.url())) as box:
            assert list(collect(services, READER, box)) == [2]
        assert server.moved("Processed") == [octets]
        assert len(server.moved("Not understood")) == 1
    assert headlines(services) == ["Bridge closed"]
    [waits] = list_drafts(services, OPERATOR)
    found = show_draft(services, OPERATOR, waits.draft.id)
    assert [one.reading.draft.body for one in found.readings] == ["Nobody gets over.", "To the very end."]
    assert len(found.draft.document) < READ_MAX


def says(fields: Fields) -> str:
    """As a relay would judge: what is signed passes. When its milter is away, it says nothing."""
    if ("X-Away", "yes") in fields:
        return ""
    return f"{RELAY}; dmarc={'pass' if ('X-Signed', 'yes') in fields else 'fail'} header.from=example.org"


@pytest.mark.skipif(not USABLE, reason="postfix is not on this machine, or we are not root")
@pytest.mark.faults
@pytest.mark.parametrize("position", [0, 1])
def test_a_real_relay_says_who_a_mail_is_from(tmp_path: Path, position: int) -> None:
    """postfix takes it, a milter judges it and writes so above or below postfix's own `Received`.

    The line of docs/ingest.md takes a forger's field away, also when no milter writes one; and no other.
    """
    home = tmp_path / "home"
    ours = {"ALERTS_HOME": str(home), "ALERTS_RETURN_PATH": DOMAIN, "ALERTS_AUTHSERV_ID": RELAY}
    command = [sys.executable, "-m", "alerts", "receive"]
    with attach(Settings(home=home)), Milter(says, position) as milter:
        services = connect(Settings(home=home, return_path=DOMAIN, authserv_id=RELAY))
        to = add_sender(services, OPERATOR, SenderAsked("olga@example.org")).send_to
        [line] = re.findall(r"^(/\^Auth\S+(?: \S+)* IGNORE)\b", DOCUMENTED, re.MULTILINE)
        (tmp_path / "checks").write_text(line.replace(r"mx\.example\.org", RELAY.replace(".", r"\.")) + "\n")
        judged = (
            f"smtpd_milters = inet:127.0.0.1:{milter.port}\nmilter_default_action = tempfail\n"
            f"header_checks = regexp:{tmp_path}/checks\n"
        )
        with postfix(1, DOMAIN, command, [os.environ | ours], judged) as relay:
            forged = PASS.encode() + mail(to, "Forged.").as_bytes()
            with smtplib.SMTP("127.0.0.1", relay.port) as out:
                out.sendmail("x@evil.example", to, forged)
                out.sendmail("x@evil.example", to, b"X-Away: yes\n" + forged.replace(b"<1@", b"<2@"))
                out.sendmail("olga@example.org", to, mail(to, X_Signed="yes").as_bytes())
            deadline = time.monotonic() + 300
            while len(relay.codes) < 3:
                assert time.monotonic() < deadline, relay.log()
                time.sleep(0.1)
            assert relay.codes == [0, 0, 0]
        assert headlines(services) == ["Roads are closed"]
        [waits] = list_drafts(services, OPERATOR)
        assert b"Stay where you are." in waits.draft.document
        [counts] = count_returned(services, OPERATOR).values()
        assert counts == {"draft": 1, "refused": 2}
        services.close()
