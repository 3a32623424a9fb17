"""The mail door: what is handed over is taken in before it is acknowledged, or kept by who hands it over."""

import asyncio
import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from house import draft, subscribe, tell, told

from alerts.doors.mail.listener import listen
from alerts.model import Channel, State
from alerts.returns import OCTETS_MAX
from alerts.services import Services, connect
from alerts.settings import Settings

KYIV = "kyiv@example.org"
REPORT = b"Subject: gone\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n"


@contextmanager
def listening(services: Services) -> Iterator[int]:
    """The port of a mail door that is open meanwhile."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(listen(services, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        loop.run_until_complete(server.wait_closed())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


@pytest.fixture
def address(services: Services) -> str:
    """Where the mail comes back to that somebody was sent."""
    person = subscribe(services, KYIV, "UA")
    tell(services, draft())
    [digest] = services.updates.digests("ua-talks")
    return f"bounces+{services.links.delivery(digest, 1, person.sid)}@returns.example.org"


@pytest.mark.parametrize("protocol", [smtplib.LMTP, smtplib.SMTP])
def test_a_report_is_taken_in_before_it_is_acknowledged(
    services: Services, address: str, protocol: type[smtplib.SMTP]
) -> None:
    with listening(services) as port, protocol("127.0.0.1", port) as out:
        assert out.sendmail("", address, REPORT) == {}
        [[state]] = told(services, "ua-talks").values()
        assert state is State.BOUNCED
    assert services.suppressions.count(Channel("email")) == 1


def test_a_second_recipient_is_told_to_come_by_itself(services: Services, address: str) -> None:
    """After LMTP's data there is a reply for each recipient, and one mail is about one delivery."""
    with listening(services) as port, smtplib.LMTP("127.0.0.1", port) as out:
        refused = out.sendmail("", [address, "other@returns.example.org"], REPORT)
    assert {who: code for who, (code, _) in refused.items()} == {"other@returns.example.org": 452}


def test_what_cannot_be_taken_in_is_kept_by_its_sender(settings: Settings, address: str) -> None:
    away = connect(Settings(home=settings.home, redis_url="redis://127.0.0.1:1/1"))
    refusing = pytest.raises(smtplib.SMTPDataError)
    with listening(away) as port, smtplib.LMTP("127.0.0.1", port) as out, refusing as refused:
        out.sendmail("", address, REPORT)
    away.close()
    assert refused.value.smtp_code == 451


def test_a_mail_longer_than_any_report_is_refused_before_it_is_sent(services: Services) -> None:
    with listening(services) as port, smtplib.LMTP("127.0.0.1", port) as out:
        out.ehlo_or_helo_if_needed()
        assert out.mail("", [f"SIZE={OCTETS_MAX + 1}"])[0] == 552


def test_nothing_is_asked_of_whom_it_is_for(services: Services) -> None:
    """An ordinary mail is taken, counted and dropped: to refuse it would tell strangers what is known."""
    with listening(services) as port, smtplib.SMTP("127.0.0.1", port) as out:
        assert out.sendmail("a@b.example", "anybody@returns.example.org", "Subject: hello\n\n") == {}
    [counts] = services.receipts.counted(2).values()
    assert counts == {"ordinary": 1}
