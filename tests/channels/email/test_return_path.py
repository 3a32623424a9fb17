"""Each mail comes back to an address of its own, where there is a domain for it."""

from email import message_from_bytes

import pytest
from house import draft, subscribe, walk
from smtp_server import SmtpServer

from alerts.channels.email.return_path import return_path
from alerts.errors import BadInput
from alerts.services import Services, connect
from alerts.settings import Settings
from alerts.walk import steps


def sent(services: Services, **configured: object) -> list[tuple[str, str, str]]:
    """Of each mail that goes out: the sender of its envelope, its Message-ID, and how to leave."""
    with SmtpServer(()) as server:
        url = f"smtp://127.0.0.1:{server.port}"
        ready = connect(Settings(home=services.settings.home, smtp_url=url, **configured))  # type: ignore[arg-type]
        for name in ("kyiv", "lviv"):
            subscribe(ready, f"{name}@example.org", "UA")
        steps.publish(ready, draft())
        walk(ready)
        ready.close()
    mails = [(arrived.sender, message_from_bytes(arrived.data)) for arrived in server.arrived]
    return [(who, str(mail["Message-ID"]), str(mail["List-Unsubscribe"])) for who, mail in mails]


def test_a_mail_is_known_again_by_the_address_it_comes_back_to_and_by_its_message_id(
    services: Services,
) -> None:
    found = sent(services, return_path="returns.example.org")
    assert len(found) == 2
    for who, message_id, unsubscribe in found:
        token = message_id[1:].partition("@")[0]
        assert who == f"bounces+{token}@returns.example.org"
        delivery = services.links.returned_delivery(token)
        assert delivery is not None
        assert services.subscribers.load([delivery.sid])
        assert f"<mailto:leave+{token}@returns.example.org?subject=unsubscribe>" in unsubscribe
        assert unsubscribe.startswith("<http")


def test_without_a_domain_for_it_all_come_back_to_their_sender_and_are_signed_still(
    services: Services,
) -> None:
    for who, message_id, unsubscribe in sent(services):
        assert who == "alerts@localhost"
        assert services.links.returned_delivery(message_id[1:].partition("@")[0])
        assert "mailto:" not in unsubscribe


@pytest.mark.parametrize(
    "domain", ["", "localhost", "a b.example", "a@b.example", "é.example", "a..b", "x." * 100]
)
def test_what_is_no_domain_is_refused_before_anything_is_sent(domain: str) -> None:
    with pytest.raises(BadInput, match="ALERTS_RETURN_PATH"):
        return_path(Settings(return_path=domain))
