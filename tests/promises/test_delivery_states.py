"""The scripts spell the states of deliveries and digests as the model does: letters, ranks, what is owed."""

import re
from importlib.resources import files

import pytest

from alerts.model import DigestState, State
from alerts.services import Services
from alerts.store import Delivery

SCRIPTS = {
    f"{group.name}/{path.name.removesuffix('.lua')}": path.read_text(encoding="utf-8")
    for group in files("alerts.store").joinpath("scripts").iterdir()
    for path in group.iterdir()
}
#: What a worker that holds a batch makes of it is seen from its lease, and never written.
STORED = [state for state in State if state is not State.SENDING]
OWED = {state.value for state in STORED if state.owed}
#: The scripts that read the deliveries of a batch.
READING = (
    "digest/gather_recipients",
    "ledger/close_batch",
    "ledger/record_outcomes",
    "ledger/settle_batch",
    "ledger/take_lease",
)
BATCH = ("digest:r1", "digest:r1:batch:1", "lease:r1/1", "digest:r1:notes", "rates:")


def table(script: str, name: str) -> dict[str, str]:
    """A table of a script, as it is written: `local rank = {q = 0, …}`."""
    [body] = re.findall(rf"local {name} = {{(.*?)}}", SCRIPTS[script])
    return {key: value.strip("'") for key, value in re.findall(r"(\w+) = ([\w']+)", body)}


def matched(script: str) -> list[set[str]]:
    """The sets of letters that a script matches states with, as in `match('^([qd])(.*)$')`."""
    return [set(letters) for letters in re.findall(r"match\('\^?\(?\[([a-z]+)\]", SCRIPTS[script])]


def test_the_ranks_of_the_ledger_are_those_of_the_model() -> None:
    ranks = {state.value: str(state.rank) for state in STORED}
    assert table("ledger/record_outcomes", "rank") == ranks


def test_what_ends_in_doubt_is_spelled_as_in_the_model() -> None:
    doubtful = {state.value: state.unsure.value for state in STORED if state.unsure is not state}
    assert table("ledger/record_outcomes", "doubtful") == doubtful


def test_a_correction_is_for_whoever_was_reached_or_may_have_been() -> None:
    reached = {s.value for s in STORED if s.reached or (s.in_doubt and not s.owed)}
    assert set(table("digest/gather_recipients", "reached")) == reached


@pytest.mark.parametrize("script", READING)
def test_sets_of_states_in_a_script_are_what_is_owed_or_some_of_it(script: str) -> None:
    assert all(letters <= OWED for letters in matched(script))


@pytest.mark.parametrize("script", ["digest/gather_recipients", "ledger/close_batch"])
def test_a_script_that_asks_what_is_owed_asks_for_all_of_it(script: str) -> None:
    assert OWED in matched(script)


@pytest.mark.parametrize("script", sorted(SCRIPTS))
def test_no_script_knows_a_state_that_the_model_does_not(script: str) -> None:
    letters = set(re.findall(r"(?:state|was|now|new|old|ends) [=~]= '(\w)'", SCRIPTS[script]))
    assert letters <= {state.value for state in STORED}


def test_scripts_spell_the_states_of_digests_as_the_model_does_and_all_of_them() -> None:
    told = r"'state'(?:\) [=~]=|,) '(\w+)'|\bstate [=~]= '(\w\w+)'|owed and '(\w+)' or '(\w+)'"
    digests = [source for name, source in SCRIPTS.items() if name.startswith(("digest/", "ledger/"))]
    spelled = {word for source in digests for words in re.findall(told, source) for word in words if word}
    assert spelled == set(DigestState)


@pytest.mark.parametrize("asked", [False, True])
@pytest.mark.parametrize("old", STORED)
def test_what_is_said_later_wins_by_its_rank(services: Services, old: State, asked: bool) -> None:
    """Ranks were in a script alone: whoever added a state to the model learned of it in production."""
    client, keys = services.server.client, [services.server.keys(name) for name in BATCH]
    for new in STORED:
        client.flushdb()
        client.set(keys[2], "token")
        client.hset(keys[1], "7", str(Delivery(old, 1, 5)))
        line = [7, f"{Delivery(new, 2, 9)}{'!' if asked else ''}", "", ""]
        services.server.run("ledger/record_outcomes", keys, ["token", 12_000, 0, *line])
        said = new.unsure if old is State.UNKNOWN and not asked else new
        wins = old.owed or said.rank > old.rank
        found = Delivery.parse(client.hget(keys[1], "7").decode())
        assert found.state is (said if wins else old), new
