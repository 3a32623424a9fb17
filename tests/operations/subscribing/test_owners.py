"""Who owns a subscriber: given at every door, in files, and told what is wrong with it."""

import io
from pathlib import Path

import pytest
from house import OPERATOR, subscribe

from alerts.errors import BadInput
from alerts.model import Filter, Subscriber, Subscription
from alerts.operations.lists.exporting import export
from alerts.operations.lists.importing import Import
from alerts.operations.subscribing import subscribers as people
from alerts.operations.subscribing.altering import version_of
from alerts.services import Services

CHANNEL, OLGA = "T024BE7LD/C061EG9SL", "olga@example.org"
WANTED = [Subscription(Filter(("UA",)))]


def taken_in(services: Services, table: str) -> list[str]:
    faults: list[str] = []
    coming = Import(services, OPERATOR)
    coming.read(io.BytesIO(table.encode()), lambda bad: faults.append(bad.reason), lambda *_: None)
    coming.write(lambda *_: None)
    return faults


def owner(services: Services, address: str = CHANNEL) -> str:
    [found] = services.subscribers.named(address)
    return found.owner


def test_an_owner_is_given_changed_and_taken_away(services: Services) -> None:
    added = people.add(services, OPERATOR, CHANNEL, WANTED, owner="Olga@EXAMPLE.org")
    assert (owner(services), added.owner) == ("Olga@example.org", "Olga@example.org")
    before = version_of(added)
    changed = people.change(services, OPERATOR, CHANNEL, owner="T024BE7LD/C0DESK1")
    assert (owner(services), version_of(changed) != before) == ("T024BE7LD/C0DESK1", True)
    people.change(services, OPERATOR, CHANNEL, name="Desk")
    assert owner(services) == "T024BE7LD/C0DESK1"
    people.change(services, OPERATOR, CHANNEL, owner="")
    assert owner(services) == ""


@pytest.mark.parametrize("text", ["olga", "olga@", "https://", "a b@example.org"])
def test_what_is_no_address_is_no_owner(services: Services, text: str) -> None:
    with pytest.raises(BadInput):
        people.add(services, OPERATOR, CHANNEL, WANTED, owner=text)


def test_what_is_exported_is_taken_in_unchanged(services: Services) -> None:
    people.add(services, OPERATOR, CHANNEL, WANTED, owner=OLGA)
    table = "".join(export(services, OPERATOR).lines())
    [was] = services.subscribers.named(CHANNEL)
    services.subscribers.remove(was)
    assert taken_in(services, table) == []
    assert owner(services) == OLGA
    assert "".join(export(services, OPERATOR).lines()) == table


def test_a_file_that_says_nothing_of_owners_takes_none_away(services: Services) -> None:
    """The lists of most offices know who receives, and not who answers for a channel."""
    people.add(services, OPERATOR, CHANNEL, WANTED, owner=OLGA)
    assert taken_in(services, f"address,regions\n{CHANNEL},PL\n") == []
    assert owner(services) == OLGA


def test_a_line_whose_owner_cannot_be_read_says_so_with_its_other_faults(services: Services) -> None:
    [fault] = taken_in(services, f"address,regions,owner\n{CHANNEL},Nowhereland,olga\n")
    assert "Nowhereland" in fault
    assert "olga" in fault


def test_somebody_of_before_has_no_owner(services: Services, tmp_path: Path) -> None:
    person: Subscriber = subscribe(services, "kyiv@example.org", "UA")
    assert person.owner == ""
    key = services.server.keys("subscriber", person.sid)
    assert not services.server.client.hexists(key, "owner")
