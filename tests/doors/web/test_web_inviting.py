"""Where only those may join who were invited: the page says the same to all, and mails them alone."""

from pathlib import Path
from urllib.parse import urlencode

import pytest
from house import subscribe
from inside import Inside
from invited import invite
from mailroom import Mailroom

from alerts.model import Channel
from alerts.operations import leave
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


def typed(inside: Inside, address: str) -> str:
    sent = urlencode({"address": address, "q": "Poland"}).encode()
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


@pytest.mark.parametrize(("typed_zone", "theirs"), [("Asia/Tokyo", "Asia/Tokyo"), ("", "Europe/Kyiv")])
def test_who_was_invited_without_a_zone_says_which_is_theirs(
    inside: Inside, services: Services, mailroom: Mailroom, typed_zone: str, theirs: str
) -> None:
    """Their digests came at eight in the morning of whoever had set the server up."""
    services.settings = services.settings.model_copy(update={"timezone": "Europe/Kyiv"})
    invite(services, ANNA)
    confirm = mailroom.link(ANNA, "join")
    page = inside.ask(confirm).text
    assert 'value="Europe/Kyiv" data-unchosen>' in page
    assert "Kyiv" in mailroom.mails(ANNA)[0]
    wrong = inside.ask(confirm, urlencode({"zone": "Nowhere"}).encode())
    assert (wrong.status, 'id="wrong-zone"' in wrong.text, 'value="Nowhere"' in wrong.text) == (
        422,
        True,
        True,
    )
    assert services.subscribers.find(Channel("email"), ANNA) is None
    inside.ask(confirm, urlencode({"zone": typed_zone}).encode())
    assert find(services, ANNA).zone == theirs


def test_a_zone_that_was_chosen_is_asked_for_no_more(
    inside: Inside, services: Services, mailroom: Mailroom
) -> None:
    services.settings = services.settings.model_copy(update={"join": "open"})
    sent = urlencode({"address": ANNA, "q": "Poland", "zone": "Asia/Tokyo"}).encode()
    assert inside.ask("/join", sent).status == 200
    confirm = mailroom.link(ANNA, "join")
    assert 'name="zone"' not in inside.ask(confirm).text
    inside.ask(confirm, urlencode({"zone": "America/New_York"}).encode())
    assert find(services, ANNA).zone == "Asia/Tokyo"
