"""A file as the whole list: nobody leaves who is not meant to, and whoever left by mistake misses nothing."""

import io
from contextlib import suppress
from dataclasses import replace

import pytest
from house import OPERATOR, draft, subscribe, tell, told, walk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.errors import BadInput, NotFound
from alerts.model import Channel, Standing, State, Subscriber
from alerts.operations.lists.imported import Scope
from alerts.operations.lists.importing import Import
from alerts.operations.lists.syncing import Sync, Synced, SyncPlan, undo_sync
from alerts.operations.subscribing import subscribers
from alerts.operations.subscribing.subscriber_details import find
from alerts.services import Services
from alerts.store import Index

HEADER = "address,name,regions,cadence\n"
EMAIL = Channel("email")


def silent(*_: object) -> None:
    """Progress that nobody looks at."""


def reading(services: Services, text: str, scope: str = "", adopt: bool = False, at_once: int = 500) -> Sync:
    chosen = Scope(scope, adopt) if scope else None
    coming = Import(services, OPERATOR, scope=chosen, at_once=at_once)
    coming.read(io.BytesIO((HEADER + text).encode()), silent, silent)
    return Sync(services, OPERATOR, coming)


def sync(services: Services, text: str, scope: str = "", *, adopt: bool = False) -> Synced:
    syncing = reading(services, text, scope, adopt)
    return syncing.write(syncing.plan(silent), silent, allow_leavers=True)


def plan(services: Services, text: str, scope: str = "") -> SyncPlan:
    return reading(services, text, scope).plan(silent)


def people(services: Services) -> dict[str, Subscriber]:
    return {person.address: person for person in services.subscribers.everyone()}


def names(services: Services) -> set[str]:
    return {address.partition("@")[0] for address in people(services)}


def rows(*people: str, regions: str = "UA") -> str:
    return "".join(f"{person}@example.org,,{regions},\n" for person in people)


def sound(services: Services) -> None:
    """The index agrees with the subscribers."""
    index = Index(services.server, {EMAIL: str.casefold, Channel("slack"): str}, mend=False)
    index.check(lambda *_: None)
    assert not +index.found


def test_who_is_not_in_the_whole_list_leaves_and_all_is_one_entry(services: Services) -> None:
    sync(services, rows("ann", "bob", "cy"))
    done = sync(services, rows("ann") + "bob@example.org,,PL,\n" + rows("di"))
    assert (done.imported.added, done.imported.changed, done.imported.unchanged, done.left) == (1, 1, 1, 1)
    assert names(services) == {"ann", "bob", "di"}
    newest, _ = services.audit.entries()
    assert newest.action == "subscriber.sync"
    assert newest.after == {"lines": 3, "bad": 0, "added": 1, "changed": 1, "unchanged": 1, "left": 1}
    sound(services)


def test_the_same_list_again_changes_nothing(services: Services) -> None:
    sync(services, rows("ann", "bob"), "hr")
    before = people(services)
    done = sync(services, rows("ann", "bob"), "hr")
    assert (done.left, done.imported.unchanged, people(services)) == (0, 2, before)
    assert len(list(services.audit.entries())) == 1


def test_of_a_scope_only_they_leave_who_came_by_it(services: Services) -> None:
    """A list of the Kyiv office must not take the desk's own people, nor those of Warsaw, with it."""
    subscribe(services, "desk@example.org", "UA")
    sync(services, rows("ann", "bob", "desk"), "kyiv")
    sync(services, rows("wanda"), "warsaw")
    assert plan(services, rows("ann"), "kyiv").listed == 2
    sync(services, rows("ann"), "kyiv")
    assert names(services) == {"ann", "desk", "wanda"}
    assert {p.scope for p in people(services).values()} == {"kyiv", "", "warsaw"}
    assert find(services, "desk@example.org").scope == "", "who was there before the list did not come by it"


def test_who_was_there_is_adopted_only_on_request(services: Services) -> None:
    sync(services, rows("ann", "bob"))
    sync(services, rows("ann", "bob"), "hr")
    assert plan(services, rows("ann"), "hr").leaving == []
    sync(services, rows("ann", "bob"), "hr", adopt=True)
    assert len(plan(services, rows("ann"), "hr").leaving) == 1


def test_a_list_of_emails_says_nothing_of_slack_channels(services: Services) -> None:
    subscribe(services, "T1/C1", "UA")
    sync(services, rows("ann"))
    assert {person.channel for person in services.subscribers.everyone()} == {EMAIL, Channel("slack")}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("", "names nobody", id="empty"),
        pytest.param(
            "ann@example.org,,Utopia,\nbob,,UA,\n" + rows("cy"), "3 lines, and 2 of them bad", id="mostly bad"
        ),
    ],
)
def test_what_cannot_be_a_whole_list_is_refused(services: Services, text: str, sentence: str) -> None:
    """An export that broke off after its header would have ended everybody's alerts."""
    sync(services, rows("ann", "bob"))
    with pytest.raises(BadInput, match=sentence):
        plan(services, text)
    assert names(services) == {"ann", "bob"}


def test_more_than_half_leave_only_if_that_is_said(services: Services) -> None:
    sync(services, rows("ann", "bob", "cy"))
    syncing = reading(services, rows("ann"))
    found = syncing.plan(silent)
    assert found.danger == "2 of the 3 on this list would leave: more than half."
    with pytest.raises(BadInput, match="more than half"):
        syncing.write(found, silent)
    assert names(services) == {"ann", "bob", "cy"}


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("bob@example.org,,Utopia,\n", id="a region that is none"),
        pytest.param('bob@example.org,"Bob,UA,\n', id="a stray quote"),
        pytest.param("BOB@example.org;Bob;UA\n", id="another separator"),
        pytest.param("bob@example.org,Smith, Bob,UA,\n", id="too many cells"),
    ],
)
def test_nobody_leaves_by_a_bad_line_about_them(services: Services, line: str) -> None:
    """A typing error in Bob's region would have ended his alerts."""
    sync(services, rows("ann", "bob", "cy", "di"))
    sync(services, rows("ann", "cy", "di") + line)
    assert "bob" in names(services)


def test_bad_lines_that_name_nobody_are_a_danger_to_those_who_would_leave(services: Services) -> None:
    sync(services, rows("ann", "bob", "cy", "di"))
    found = plan(services, rows("ann", "cy", "di") + "bob at example.org,,UA,\n")
    assert "not said in 1 bad line: it may be one of the 1 who" in found.danger


class Dying:
    """A server that is gone after N scripts have run: whatever is written then, it is at a script's end."""

    def __init__(self, services: Services, scripts: int) -> None:
        self._services, self._left = services, scripts
        self._run = services.server.run

    def __call__(self, name: str, *args: object, **more: object) -> object:
        if name == "audience/move_subscriber":
            if not self._left:
                raise KeyboardInterrupt
            self._left -= 1
        return self._run(name, *args, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("after", range(6))
def test_a_sync_that_is_interrupted_anywhere_ends_the_same_when_run_again(
    services: Services, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is undone to what was before the first of the two."""
    sync(services, rows("ann", "bob", "cy", "di"), "hr")
    before = people(services)
    text = "ann@example.org,Ann,PL,\n" + rows("bob", "eve", "fay")
    syncing = reading(services, text, "hr", at_once=1)
    found = syncing.plan(silent)
    with monkeypatch.context() as patched, suppress(KeyboardInterrupt):
        patched.setattr(services.server, "run", Dying(services, after))
        syncing.write(found, silent, allow_leavers=True)
    sync(services, text, "hr")
    assert names(services) == {"ann", "bob", "eve", "fay"}
    assert find(services, "ann@example.org").name == "Ann"
    undo_sync(services, OPERATOR)
    assert alike(people(services)) == alike(before)
    sound(services)


def alike(found: dict[str, Subscriber]) -> dict[str, Subscriber]:
    """Without since when, which a change of subscriptions moves."""
    return {address: replace(person, joined_ms=0) for address, person in found.items()}


def test_an_undone_sync_leaves_everybody_as_they_were(services: Services) -> None:
    sync(services, rows("ann", "bob", "cy"))
    subscribers.change(services, OPERATOR, "cy@example.org", "Cyril", "Europe/Kyiv")
    subscribers.pause(services, OPERATOR, "cy@example.org")
    before = people(services)
    sync(services, "ann@example.org,Ann,PL,daily 08:00\n" + rows("eve"))
    undone = undo_sync(services, OPERATOR)
    assert (undone.removed, undone.restored, undone.revived, undone.kept) == (1, 1, 2, [])
    assert alike(people(services)) == alike(before), "numbers, names, pauses and zones too"
    assert find(services, "cy@example.org").standing is Standing.PAUSED
    assert next(iter(services.audit.entries())).action == "subscriber.undo_sync"
    with pytest.raises(NotFound):
        undo_sync(services, OPERATOR)
    sound(services)


def test_who_was_changed_since_is_left_alone_by_the_undo(services: Services) -> None:
    sync(services, rows("ann", "bob", "cy"))
    sync(services, rows("ann", regions="PL") + rows("cy", "eve", regions="PL"))
    subscribers.change(services, OPERATOR, "ann@example.org", "Ann")
    subscribe(services, "bob@example.org", "MD")
    subscribers.change(services, OPERATOR, "eve@example.org", "Eve")
    undone = undo_sync(services, OPERATOR)
    assert sorted(undone.kept) == ["ann@example.org", "bob@example.org", "eve@example.org"]
    assert find(services, "ann@example.org").name == "Ann"
    assert find(services, "bob@example.org").subscriptions[0].filter.regions == ("MD",)
    assert find(services, "cy@example.org").subscriptions[0].filter.regions == ("UA",)


@pytest.mark.parametrize("cadence", ["immediate", "daily 08:00"])
def test_whoever_left_by_mistake_gets_what_they_missed_and_nothing_twice(
    services: Services, cadence: str
) -> None:
    """A wrong file on Friday evening, undone on Monday: what happened in between still comes, once."""
    one = f"ann@example.org,,UA,{cadence}\n"
    sync(services, one + rows("bob"))
    tell(services, draft("before"))
    already = len(told(services, "before").get("ann@example.org", ()))
    assert already == (cadence == "immediate")
    sync(services, rows("bob"))
    tell(services, draft("meanwhile", headline="Talks are broken off"))
    assert "ann@example.org" not in told(services, "meanwhile")
    undo_sync(services, OPERATOR)
    walk(services)
    assert told(services, "meanwhile")["ann@example.org"] == [State.SENT]
    assert told(services, "before")["ann@example.org"] == [State.SENT]


def test_who_left_while_paused_is_caught_up_from_where_the_pause_began(services: Services) -> None:
    sync(services, rows("ann", "bob"))
    tell(services, draft("before"))
    subscribers.pause(services, OPERATOR, "ann@example.org")
    tell(services, draft("paused", headline="A bridge is closed"))
    sync(services, rows("bob"))
    tell(services, draft("gone", headline="Talks are broken off"))
    undo_sync(services, OPERATOR)
    walk(services)
    assert "ann@example.org" not in told(services, "paused")
    subscribers.resume(services, OPERATOR, "ann@example.org")
    walk(services)
    for update in ("before", "paused", "gone"):
        assert told(services, update)["ann@example.org"] == [State.SENT]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sets(st.sampled_from(["ann", "bob", "cy", "di", "eve"]), min_size=1), min_size=1, max_size=3),
    st.sampled_from(["UA", "PL"]),
)
def test_after_any_syncs_the_list_is_the_last_file_and_the_undo_the_one_before(
    services: Services, lists: list[set[str]], regions: str
) -> None:
    services.server.client.flushdb()
    subscribe(services, "desk@example.org", "UA")
    before: dict[str, Subscriber] = {}
    for people_of in lists:
        now = people(services)
        if names(services) - {"desk"} != people_of:
            before = now
        sync(services, rows(*sorted(people_of), regions=regions), "hr")
        assert names(services) == people_of | {"desk"}
    undo_sync(services, OPERATOR)
    assert alike(people(services)) == alike(before)
    sound(services)
