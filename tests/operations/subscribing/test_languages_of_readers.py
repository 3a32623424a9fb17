"""In which language a subscriber reads: given at every door, in files, and told what is wrong with it."""

import io

import pytest
from house import OPERATOR, subscribe

from alerts.errors import BadInput
from alerts.model import Filter, Subscription
from alerts.operations.lists.exporting import export
from alerts.operations.lists.importing import Import
from alerts.operations.subscribing import subscribers as people
from alerts.operations.subscribing.altering import version_of
from alerts.services import Services
from alerts.settings import load

OLGA = "olga@example.org"
WANTED = [Subscription(Filter(("UA",)))]


def taken_in(services: Services, table: str) -> list[str]:
    faults: list[str] = []
    coming = Import(services, OPERATOR)
    coming.read(io.BytesIO(table.encode()), lambda bad: faults.append(bad.reason), lambda *_: None)
    coming.write(lambda *_: None)
    return faults


def language(services: Services) -> str:
    [found] = services.subscribers.named(OLGA)
    [destination] = services.subscribers.destinations([found.sid])
    assert destination.language == found.language
    return found.language


def test_a_language_is_given_changed_and_taken_away(services: Services) -> None:
    added = people.add(services, OPERATOR, OLGA, WANTED, language="pt_br")
    assert language(services) == "pt-BR"
    changed = people.change(services, OPERATOR, OLGA, language="uk")
    assert (language(services), version_of(changed) != version_of(added)) == ("uk", True)
    people.change(services, OPERATOR, OLGA, name="Olga")
    assert language(services) == "uk"
    people.change(services, OPERATOR, OLGA, language="")
    assert language(services) == ""


def test_who_reads_another_language_from_now_on_begins_nothing_anew(services: Services) -> None:
    """A language is no subscription: nothing is caught up on, and nothing is delivered twice."""
    before = people.add(services, OPERATOR, OLGA, WANTED)
    after = people.change(services, OPERATOR, OLGA, language="uk")
    assert (after.joined_ms, after.audience) == (before.joined_ms, before.audience)
    assert services.subscribers.past(after.sid) is None


def test_what_is_no_language_is_refused_with_the_one_that_may_be_meant(services: Services) -> None:
    with pytest.raises(BadInput) as refused:
        people.add(services, OPERATOR, OLGA, WANTED, language="ua")
    assert "uk" in refused.value.hint


def test_what_is_exported_is_taken_in_unchanged(services: Services) -> None:
    people.add(services, OPERATOR, OLGA, WANTED, language="uk")
    table = "".join(export(services, OPERATOR).lines())
    [was] = services.subscribers.named(OLGA)
    services.subscribers.remove(was)
    assert taken_in(services, table) == []
    assert language(services) == "uk"
    assert "".join(export(services, OPERATOR).lines()) == table


def test_a_file_that_says_nothing_of_languages_takes_none_away(services: Services) -> None:
    """The lists of most offices know who receives, and not what they read."""
    people.add(services, OPERATOR, OLGA, WANTED, language="uk")
    assert taken_in(services, f"address,regions\n{OLGA},PL\n") == []
    assert language(services) == "uk"


def test_all_that_is_wrong_with_a_line_is_said_at_once(services: Services) -> None:
    [fault] = taken_in(services, f"address,regions,language\n{OLGA},Nowhereland,klingonese\n")
    assert "Nowhereland" in fault
    assert "klingonese" in fault


def test_two_lines_cannot_have_somebody_read_two_languages(services: Services) -> None:
    [fault] = taken_in(services, f"address,regions,language\n{OLGA},UA,uk\n{OLGA},PL,pl\n")
    assert "in the language uk" in fault


def test_somebody_of_before_reads_what_the_installation_says(services: Services) -> None:
    person = subscribe(services, OLGA, "UA")
    assert not services.server.client.hexists(services.server.keys("subscriber", person.sid), "language")
    assert language(services) == ""


def test_the_language_of_the_installation_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load().language == "en"
    monkeypatch.setenv("ALERTS_LANGUAGE", "pt_br")
    assert load().language == "pt-BR"
    for none in ("ua", "und"):
        monkeypatch.setenv("ALERTS_LANGUAGE", none)
        with pytest.raises(BadInput) as refused:
            load()
        assert "ALERTS_LANGUAGE" in refused.value.sentence
