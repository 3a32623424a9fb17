"""Whatever somebody changes on their own page is taken back by one button, which says what it does."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from house import OPERATOR, draft, tell
from own_pages import OwnPages

from alerts.links import list_key
from alerts.model import Channel, Filter, Severity, Standing, Subscription
from alerts.operations import audit, work_left
from alerts.operations.people.undoing import undo_own
from alerts.operations.subscribing import subscribers
from alerts.operations.subscribing.subscriber_details import find
from alerts.operations.subscribing.subscribers import pause
from alerts.operations.subscribing.subscriptions import subscribe as add_to
from alerts.operations.subscribing.suppressing import suppress
from alerts.services import Services, connect
from alerts.settings import Settings
from alerts.store.sessions import LastChange

ANNA, EMAIL = "anna@example.org", Channel("email")
UKRAINE, POLAND = (
    Subscription(Filter((code,)), name=name) for code, name in (("UA", "Ukraine"), ("PL", "Poland"))
)


@pytest.fixture
def services(bundled: Settings) -> Iterator[Services]:
    ready = connect(bundled.model_copy(update={"redis_url": None}))
    ready.server.client.flushall()
    subscribers.add(ready, OPERATOR, ANNA, [UKRAINE, POLAND], language="en")
    tell(ready, draft("ua-talks", regions=("UA",)))
    yield ready
    ready.close()


def day(days: int) -> str:
    return str(datetime.now(UTC).date() + timedelta(days=days))


class State(NamedTuple):
    """All of Anna that her page can change."""

    standing: Standing
    until_ms: int | None
    language: str
    subscriptions: tuple[Subscription, ...]
    declined: tuple[Subscription, ...]
    muted: dict[str, Severity]
    left: bool


def state(services: Services) -> State:
    person = find(services, ANNA)
    mutes = {
        update: one.severity for update, one in services.mutes.of(person.sid).items() if not one.until_ms
    }
    left = bool(services.suppressions.find(EMAIL, [ANNA]))
    return State(
        person.standing,
        person.paused_until_ms,
        person.language,
        person.subscriptions,
        person.declined,
        mutes,
        left,
    )


#: What is done before, what is done, and what the button says that takes the latter back.
DONE = [
    ([], ("pause", {"until": day(3)}), "Undo: get alerts again at once"),
    (
        [("pause", {"until": day(30)})],
        ("pause", {"until": day(3)}),
        "Undo: pause until the day set before",
    ),
    ([("pause", {"until": day(3)})], ("resume", {}), "Undo: stay paused"),
    ([], ("language", {"language": "fr"}), "Undo: use the previous language"),
    ([], ("end", {"list": list_key("Poland")}), "Undo: get it again"),
    ([("end", {"list": list_key("Poland")})], ("back", {"list": list_key("Poland")}), "Undo: do not get it"),
    (
        [("end", {"list": list_key("Poland")})],
        ("end", {"list": list_key("Ukraine")}),
        "Undo: get alerts again",
    ),
    ([], ("leave", {}), "Undo: get alerts again"),
    ([("leave", {})], ("come-back", {}), "Undo: get no more emails"),
    ([("mute", {"update": "ua-talks"})], ("unmute", {"update": "ua-talks"}), "Undo: hear no more about it"),
    ([], ("mute", {"update": "ua-talks"}), "Undo: hear about it again"),
]


def did(pages: OwnPages, deed: str, fields: dict[str, str]) -> None:
    path = "/me/history" if deed == "mute" else "/me"
    assert pages.press(deed, path, **fields).status == 200, pages.text


@pytest.mark.parametrize(("before", "done", "words"), DONE, ids=lambda one: str(one)[:40])
def test_it_goes_back_to_what_was_there_and_says_so(
    services: Services, before: list[tuple[str, dict[str, str]]], done: tuple[str, dict[str, str]], words: str
) -> None:
    """Only subscriptions and the zone went back; who had pressed Pause looked for what would take it back."""
    pages = OwnPages(services, ANNA)
    for deed in before:
        did(pages, *deed)
    was = state(services)
    did(pages, *done)
    changed = state(services)
    assert changed != was
    if done[0] != "language":
        assert pages.undo.words == words
    change = pages.undo.change
    assert pages.undone("/me/history" if done[0] == "mute" else "/me").status == 200
    assert state(services) == was
    assert not pages.undo  # one line, and no way to and fro
    assert pages.press("undo", change=change).status == 200  # who taps twice has done it once
    assert state(services) == was
    lines = [line for line in audit(services, OPERATOR) if line.entry.who == ANNA]
    assert {line.entry.door for line in lines} == {"own page"}
    assert all(" {}" not in line.sentence for line in lines)


def by_operator(services: Services, deed: str) -> None:
    """What somebody else changes of the same meanwhile."""
    match deed:
        case "pause" | "resume":
            pause(services, OPERATOR, ANNA, services.server.now_ms() + 90 * 24 * 3_600_000)
        case "language":
            subscribers.change(services, OPERATOR, ANNA, language="en-GB")
        case "end":
            add_to(services, OPERATOR, ANNA, Subscription(Filter(("MD",)), name="Moldova"))
        case "leave":
            services.suppressions.add(EMAIL, ANNA, "complained", "complaint", anew=True)
        case "come-back":
            suppress(services, OPERATOR, ANNA)


@pytest.mark.parametrize("deed", ["pause", "resume", "language", "end", "leave", "come-back"])
def test_what_somebody_else_has_changed_since_is_left_to_them(services: Services, deed: str) -> None:
    pages = OwnPages(services, ANNA)
    (before, (_, fields), _), *_ = [row for row in DONE if row[1][0] == deed]
    for one in before:
        did(pages, *one)
    did(pages, deed, fields)
    undo = pages.undo
    assert undo
    by_operator(services, deed)
    theirs = state(services)
    assert not pages.open(f"/me?done={deed}").count(undo.words)
    assert pages.press("undo", change=undo.change).status == 422
    assert "changed again since" in pages.text
    assert state(services) == theirs


def test_a_button_takes_back_what_it_was_shown_for_and_nothing_later(services: Services) -> None:
    """In one tab stood “Undo: get alerts again”; in another, something else had been changed since."""
    pages = OwnPages(services, ANNA)
    did(pages, "pause", {"until": day(3)})
    shown = pages.undo
    did(pages, "end", {"list": list_key("Poland")})
    assert pages.press("undo", change=shown.change).status == 422
    assert pages.press("undo", change="").status == 422
    assert (state(services).standing, len(state(services).subscriptions)) == (Standing.PAUSED, 1)


def test_what_was_changed_besides_is_kept(services: Services) -> None:
    """Undo takes the pause back, and not what an operator has added meanwhile."""
    pages = OwnPages(services, ANNA)
    did(pages, "pause", {"until": day(3)})
    subscribers.change(services, OPERATOR, ANNA, name="Anna Berg", language="uk")
    pages.undone()
    person = find(services, ANNA)
    assert (person.standing, person.name, person.language) == (Standing.ACTIVE, "Anna Berg", "uk")


def test_a_situation_that_got_worse_is_not_muted_again(services: Services) -> None:
    """It was muted as moderate; taken back, it became extreme: no button hides that."""
    pages = OwnPages(services, ANNA)
    did(pages, "mute", {"update": "ua-talks"})
    did(pages, "unmute", {"update": "ua-talks"})
    undo = pages.undo
    tell(services, draft("ua-talks", regions=("UA",), severity=Severity.EXTREME, headline="It is war"))
    assert not pages.open("/me?done=unmute").count(undo.words)
    assert pages.press("undo", change=undo.change).status == 422
    assert state(services).muted == {}


def test_a_pause_whose_end_has_passed_is_not_begun_again(services: Services) -> None:
    """Resumed on Monday, taken back on Wednesday: the pause was to end on Tuesday."""
    pages = OwnPages(services, ANNA)
    did(pages, "pause", {"until": day(3)})
    did(pages, "resume", {})
    secret = pages.secret
    last = services.sessions.find(secret)
    assert last
    assert last.last
    over = dict(last.last.before) | {"paused_until_ms": services.server.now_ms() - 1}
    services.sessions.remember(secret, LastChange("x", last.last.deed, over, last.last.made))
    pages.press("undo", change="x")
    assert state(services).standing is Standing.ACTIVE


def test_what_a_pause_that_was_taken_back_left_out_is_rung_for(services: Services) -> None:
    """“At once” waited for the next sweep: the bell was rung for how they were before."""
    pages = OwnPages(services, ANNA)
    did(pages, "pause", {"until": day(3)})
    tell(services, draft("ua-storm", regions=("UA",)))
    session = services.sessions.find(pages.secret)
    assert session
    assert session.last
    work = undo_own(services, find(services, ANNA), pages.secret, session.last.id)
    assert work == tuple(work_left(services, find(services, ANNA)))
    assert work


@pytest.mark.parametrize("place", ["Moldova", "France", "Chad"])
def test_what_was_added_is_taken_away_again_whatever_it_is(services: Services, place: str) -> None:
    """Most had no button: subscriptions are read back in another order than they are added in."""
    pages, was = OwnPages(services, ANNA), state(services)
    pages.open("/me/subscriptions/new")
    pages.press("", "/me/subscriptions/new", q=place, rhythm="immediate", zone="UTC")
    assert len(state(services).subscriptions) == 3
    assert pages.undo.words == "Undo: get only what you got before"
    pages.undone()
    assert state(services) == was


def test_a_session_holds_only_its_own_changes(services: Services) -> None:
    """On the phone it was paused; the computer at home has nothing to take back."""
    phone, home = OwnPages(services, ANNA), OwnPages(services, ANNA)
    did(phone, "pause", {"until": day(3)})
    home.open("/me?done=pause")
    assert not home.undo
    assert home.press("undo", change=phone.undo.change).status == 422
