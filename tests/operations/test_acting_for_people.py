"""What the audit has of imports and of people who act for themselves by the link in their emails."""

import io

import pytest
from house import OPERATOR, subscribe

from alerts.errors import Forbidden
from alerts.model import Channel
from alerts.operations.acting import Actor, Permission
from alerts.operations.lists.importing import Import
from alerts.operations.subscribing.subscribers import pause
from alerts.operations.subscribing.suppressing import suppress, unsuppress
from alerts.operations.subscribing.unsubscribing import DOOR, LinkHolder, come_back, leave
from alerts.services import Services

ANN = "ann@example.org"


def silent(*_: object) -> None:
    """Progress that nobody looks at."""


def taken(services: Services, *rows: str, dry_run: bool = False) -> None:
    coming = Import(services, OPERATOR)
    file = "\n".join(("address,regions", *rows)).encode()
    coming.read(io.BytesIO(file), silent, silent)
    coming.write(silent, dry_run)


def test_an_import_is_one_entry_with_its_counts(services: Services) -> None:
    rows = (f"{ANN},UA", "bob@example.org,PL", "nobody,UA")
    taken(services, *rows, dry_run=True)
    assert list(services.audit.entries()) == []
    taken(services, *rows)
    taken(services, *rows)  # changes nothing
    [entry] = services.audit.entries()
    assert (entry.action, entry.who) == ("subscriber.import", OPERATOR.name)
    assert entry.after == {"lines": 3, "bad": 1, "added": 2, "changed": 0, "unchanged": 0}


def test_an_import_that_breaks_off_has_its_name_for_what_it_wrote(services: Services) -> None:
    """What is written stays written: somebody did it."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    coming = Import(services, OPERATOR)
    coming.read(io.BytesIO(f"address,regions\n{ANN},UA\nT1/C1,UA\n".encode()), silent, silent)
    with pytest.raises(KeyboardInterrupt):
        coming.write(interrupted)
    [entry] = services.audit.entries()
    assert (entry.after["added"], entry.after["interrupted"]) == (1, True)


def test_nobody_imports_without_the_right_to_manage(services: Services) -> None:
    with pytest.raises(Forbidden, match="manage"):
        Import(services, Actor("petra", "test", frozenset({Permission.READ, Permission.PUBLISH})))


def test_leaving_by_link_is_written_down_as_done_by_the_person_themselves(services: Services) -> None:
    """An operator who was asked “who ended my alerts?” had nothing to look at."""
    subscribe(services, ANN, "UA")
    holder = LinkHolder(ANN)
    assert leave(services, holder)
    leave(services, holder)  # twice is once
    assert come_back(services, holder)
    entries = [(e.action, e.who, e.door, e.subject) for e in services.audit.entries()]
    assert entries == [
        ("subscriber.come_back", ANN, DOOR, ANN),
        ("subscriber.leave", ANN, DOOR, ANN),
    ]


def test_whoever_has_a_link_may_do_nothing_that_operators_do(services: Services) -> None:
    subscribe(services, ANN, "UA")
    holder = LinkHolder(ANN).actor
    for act in (pause, suppress, unsuppress):
        with pytest.raises(Forbidden):
            act(services, holder, ANN)
    assert services.suppressions.find(Channel("email"), [ANN]) == {}
    assert list(services.audit.entries()) == []


def test_the_reason_that_a_persons_word_outlasts_is_in_the_audit(services: Services) -> None:
    suppress(services, OPERATOR, ANN, "asked by phone")
    assert not leave(services, LinkHolder(ANN))
    latest, _ = services.audit.entries()
    assert (latest.action, latest.before) == ("subscriber.leave", {"reason": "asked by phone"})
