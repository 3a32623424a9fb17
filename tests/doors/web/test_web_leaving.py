"""The link to leave one list: looking changes nothing, each form ends its own, and it can be undone."""

import re
from dataclasses import replace
from urllib.parse import urljoin

import pytest
from doors import Door
from house import OPERATOR

from alerts.links import list_key
from alerts.model import Channel, Filter, Subscription
from alerts.operations.subscribing import subscribers
from alerts.operations.subscribing.subscriber_details import find
from alerts.services import Services

ANNA = "anna@example.org"
STAFF, REGION = Subscription(Filter(("UA",)), name="<Staff>"), Subscription(Filter(("150",)), name="Region")


@pytest.fixture
def link(services: Services) -> str:
    subscribers.add(services, OPERATOR, ANNA, [STAFF, REGION])
    return services.links.leaving(ANNA, [list_key("<Staff>")])


def names(services: Services) -> set[str]:
    return {s.name for s in find(services, ANNA).subscriptions}


def form(page: str, link: str) -> tuple[str, bytes]:
    """Where the one form of a page goes, and what it says."""
    [action] = re.findall(r'<form method="post"(?: action="([^"]*)")?>', page)
    [key] = re.findall(r'name="list" value="(\w+)"', page)
    return urljoin(link, action), f"list={key}".encode()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_changes_nothing(door: Door, services: Services, link: str, method: str) -> None:
    assert {door.ask(link, method=method).status for _ in range(20)} == {200}
    assert names(services) == {"<Staff>", "Region"}


def test_it_is_asked_and_done_and_undone(door: Door, services: Services, link: str) -> None:
    asked = door.ask(link).text
    assert "Leave <bdi>&lt;Staff&gt;</bdi></button>" in asked
    assert "Ukraine · immediate" in asked
    assert "Region" not in asked
    assert "anna" not in asked
    where, says = form(asked, link)
    left = door.ask(where, says)
    assert (left.status, names(services)) == (200, {"Region"})
    assert "You have left <strong>" in door.ask(link).text
    assert "Your other lists are unchanged" in left.text
    where, says = form(left.text, link)
    back = door.ask(where, says)
    assert "You are on the list again" in back.text
    assert names(services) == {"Region", "<Staff>"}


def test_the_page_leads_to_the_end_of_everything(door: Door, services: Services, link: str) -> None:
    [everything] = re.findall(r'<a href="([^"]*)">Unsubscribe from all', door.ask(link).text)
    assert "a…@example.org" in door.ask(urljoin(link, everything)).text
    assert names(services) == {"<Staff>", "Region"}


def test_to_leave_the_last_one_ends_everything_and_can_be_undone(
    door: Door, services: Services, link: str
) -> None:
    person = find(services, ANNA)
    kept = [subscription for subscription in person.subscriptions if subscription.name != "Region"]
    services.subscribers.save(replace(person, subscriptions=tuple(kept)), person)
    asked = door.ask(link).text
    assert "It is your only list" in asked
    done = door.ask(*form(asked, link))
    assert "You are unsubscribed" in done.text
    assert services.suppressions.find(Channel("email"), [ANNA])
    [action] = re.findall(r'action="([^"]*)"', done.text)
    door.ask(urljoin(link, action), b"")
    assert not services.suppressions.find(Channel("email"), [ANNA])


@pytest.mark.parametrize("body", [b"", b"list=", b"list=00000000", b"List-Unsubscribe=One-Click", b"\xff"])
def test_a_form_that_names_none_is_asked_again(
    door: Door, services: Services, link: str, body: bytes
) -> None:
    """One click has no choice: it is for the link that ends everything."""
    assert door.ask(link, body).status == 400
    assert door.ask(f"{link}/undo", body).status == 400
    assert names(services) == {"<Staff>", "Region"}


def test_no_other_link_opens_it(door: Door, services: Services, link: str) -> None:
    token, other = link.rpartition("/")[2], services.links.unsubscribe(ANNA).rpartition("/")[2]
    for path in (f"/l/{other}", f"/u/{token}", f"/l/{token[:-1]}", "/l/"):
        assert door.ask(path).status == 404
