"""Where only those may join who were invited: the page says the same to all, and mails them alone."""

import io
from pathlib import Path
from urllib.parse import urlencode

import pytest
from house import OPERATOR, subscribe
from inside import Inside
from mailroom import Mailroom

from alerts.model import Channel
from alerts.operations import Import, Inviting, Requested, leave
from alerts.operations.lists.rows import Form, as_table, rows_of
from alerts.operations.subscribing.subscriber_details import find
from alerts.operations.subscribing.unsubscribing import LinkHolder
from alerts.services import Services

ANNA = "anna@example.org"


@pytest.fixture
def mailroom(services: Services, tmp_path: Path) -> Mailroom:
    services.settings = services.settings.model_copy(update={"join": "invited"})
    return Mailroom(services, tmp_path)


@pytest.fixture
def inside(services: Services, mailroom: Mailroom) -> Inside:
    return Inside(services)


def silent(*_: object) -> None:
    """Progress that nobody looks at."""


def invite(services: Services, *addresses: str) -> None:
    table = "".join(as_table(rows_of(addresses, Requested(("UA",))), Form.JSONL)).encode()
    coming = Import(services, OPERATOR)
    coming.read(io.BytesIO(table), silent, silent)
    Inviting(services, OPERATOR, coming).write(silent)


def typed(inside: Inside, address: str) -> str:
    sent = urlencode({"address": address, "regions": "Poland"}).encode()
    answer = inside.ask("/join", sent)
    assert answer.status == 200
    return answer.text.replace(address, "")


def test_the_answer_is_the_same_and_only_who_was_invited_is_mailed(
    inside: Inside, services: Services, mailroom: Mailroom
) -> None:
    assert "for people we have invited" in inside.ask("/join").text
    subscribe(services, "known@example.org", "UA")
    leave(services, LinkHolder("left@example.org"))
    invite(services, ANNA, "left@example.org")
    addresses = [ANNA, "known@example.org", "left@example.org", "stranger@example.org"]
    assert len({typed(inside, one) for one in addresses}) == 1
    assert {one: len(mailroom.mails(one)) for one in addresses} == {ANNA: 2} | dict.fromkeys(addresses[1:], 0)


def test_an_invitation_shows_what_is_offered_and_a_scanner_accepts_none(
    inside: Inside, services: Services, mailroom: Mailroom
) -> None:
    invite(services, ANNA)
    link = mailroom.link(ANNA, "join")
    for method in ("GET", "HEAD") * 10:
        assert inside.ask(link, method=method).status == 200
    assert "Ukraine" in inside.ask(link).text
    assert services.subscribers.find(Channel("email"), ANNA) is None
    joined = inside.ask(link, b"")
    assert "You are subscribed" in joined.text
    again = inside.ask(link, b"")  # who taps twice sees the answer to the second
    assert (again.status, "__Host-alerts=" in again.headers["Set-Cookie"]) == (200, True)
    assert [one.filter.regions for one in find(services, ANNA).subscriptions] == [("UA",)]


def test_who_lost_their_invitation_asks_for_another_link_and_gets_what_they_typed(
    inside: Inside, services: Services, mailroom: Mailroom
) -> None:
    invite(services, ANNA)
    typed(inside, ANNA)
    newest = mailroom.mails(ANNA)[0]
    assert "Poland" in newest
    assert "You are subscribed" in inside.ask(mailroom.link(ANNA, "join"), b"").text
    assert [one.filter.regions for one in find(services, ANNA).subscriptions] == [("PL",)]
