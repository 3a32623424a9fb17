"""A national day under kills: each situation is told to everybody whom it concerns, and nobody else.

`make national` lives through a hurricane season of 280 bulletins; here are short days, and the judge itself.
"""

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.national.country import AUSTRIA, MEXICO
from tests.national.naive import Message, read, situations
from tests.national.replay import replay
from tests.national.story import Arrival, Bulletin, Person, Story, tell
from tests.national.verdict import Received, judge
from tests.torture.run import Weather

DAY = Path(__file__).parents[1] / "data" / "national"
SEASON = Path(__file__).parents[3] / "shared/corpora/feeds/mx_smn_2014_embedded_cap_open.atom"
KILLS = Weather({"kill": 1, "kill all": 1}, (0, 0), 0)

processes = pytest.mark.skipif(sys.platform != "linux", reason="workers are found and killed by /proc")


def lives_through(messages: list[Message], folder: Path, seed: int, people: int) -> None:
    figures, kept = replay(
        messages,
        seed,
        folder,
        people=people,
        speed=100,
        pause_max_s=0,
        weather=KILLS,
        digests=False,
        workers=1,
        strikes=1,
    )
    assert kept, figures
    assert figures["told"], figures


@processes
@pytest.mark.faults
@pytest.mark.timeout(600)
def test_a_day_of_storms_reaches_whom_it_concerns(tmp_path: Path) -> None:
    """Alerts, updates, an end, a drill, a stranger's reference, some twice or late; a worker is killed."""
    lives_through(read(DAY, AUSTRIA), tmp_path / "run", seed=3, people=30)


@processes
@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.skipif(not SEASON.exists(), reason="the corpus is not part of the project")
def test_a_day_of_two_hurricanes_reaches_whom_it_concerns(tmp_path: Path) -> None:
    begin = datetime(2014, 9, 16, 12, tzinfo=UTC)
    day = [m for m in read(SEASON, MEXICO) if begin <= m.sent < begin + timedelta(days=1)]
    assert len(set(situations(day).values())) > 1
    lives_through(day, tmp_path / "run", seed=4, people=30)


@pytest.mark.skipif(not SEASON.exists(), reason="the corpus is not part of the project")
def test_the_naive_reading_knows_the_season() -> None:
    season = read(SEASON, MEXICO)
    assert len(season) == 280
    assert sum(message.states is not None for message in season) == 179
    assert len(set(situations(season).values())) == 131


NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
STORM = Message(
    b"", "a", "desk@example.at", NOON, "Alert", True, (), frozenset({"AT-7"}), "AT", "severe", over=False
)
NEXT = replace(STORM, identifier="b", sent=NOON + timedelta(hours=1), earlier=("a",))
ELSEWHERE = replace(NEXT, states=frozenset({"AT-9"}))
END = replace(NEXT, kind="Cancel", over=True)
DRILL = replace(STORM, real=False)
VAGUE = replace(STORM, states=None)
ANN = Person("ann@people.example", frozenset({"AT-7"}))
BOB = Person("bob@people.example", frozenset({"AT-9"}))
ALL = Person("all@people.example", frozenset({"AT"}), "extreme")
DAILY = replace(ANN, slot=600)


@pytest.mark.parametrize(
    ("why", "person", "story", "heard", "kept"),
    [
        ("told what concerns her", ANN, [STORM], [1], True),
        ("never told", ANN, [STORM], [], False),
        ("told both", ANN, [STORM, NEXT], [1, 2], True),
        ("told the newer alone, the older being overtaken", ANN, [STORM, NEXT], [2], True),
        ("told the older alone", ANN, [STORM, NEXT], [1], False),
        ("told the older after the newer", ANN, [STORM, NEXT], [2, 1], False),
        ("told what concerns others", BOB, [STORM], [1], False),
        ("told of the part that moved to others", ANN, [STORM, ELSEWHERE], [1, 2], False),
        ("not told of the part that moved to others", ANN, [STORM, ELSEWHERE], [1], True),
        ("told, and that it is over", ANN, [STORM, END], [1, 2], True),
        ("told, and never that it is over", ANN, [STORM, END], [1], False),
        ("never told, and so not that it is over", ANN, [STORM, END], [], True),
        ("told of a drill", ANN, [DRILL], [1], False),
        ("told twice", ANN, [STORM], [1, 1], False),
        ("told of what is too mild for them", ALL, [STORM], [1], False),
        ("not told of what is too mild for them", ALL, [STORM], [], True),
        ("told or not where nobody can tell", ANN, [VAGUE], [], True),
        ("told where nobody can tell", ANN, [VAGUE], [1], True),
        ("the whole country not told where nobody can tell", replace(ALL, least="minor"), [VAGUE], [], False),
        ("told in the digest how it stands", DAILY, [STORM, NEXT], [2], True),
        ("told in the digest how it stood before", DAILY, [STORM, NEXT], [1], False),
        ("told nothing in the digest", DAILY, [STORM], [], False),
        ("told in the digest of what moved away", DAILY, [STORM, ELSEWHERE], [2], True),
    ],
)
def test_the_judge_can_tell(
    why: str, person: Person, story: list[Message], heard: list[int], kept: bool
) -> None:
    arrivals = [Arrival(0, Bulletin(number, 0, message, b"")) for number, message in enumerate(story, 1)]
    mails = [
        Received(900.0 + at, person.address, frozenset({(0, n)}), f"<{n}>") for at, n in enumerate(heard)
    ]
    answered = {one.bulletin.mark: (100.0 * at, 100.0 * at + 1) for at, one in enumerate(arrivals)}
    verdict = judge(Story([person], arrivals), mails, answered, {600: 500.0})
    assert verdict.kept is kept, (why, verdict)


def test_bulletins_of_one_minute_may_change_places_but_an_end_comes_last() -> None:
    for second, disordered, kept in ((NEXT, 1, True), (END, 0, False)):
        arrivals = [Arrival(0, Bulletin(number, 0, m, b"")) for number, m in enumerate((STORM, second), 1)]
        answered = {one.bulletin.mark: (0.0, 1.0) for one in arrivals}
        mails = [
            Received(9.0 + at, ANN.address, frozenset({(0, n)}), f"<{n}>") for at, n in enumerate((2, 1))
        ]
        verdict = judge(Story([ANN], arrivals), mails, answered, {})
        assert (verdict.disordered, verdict.kept) == (disordered, kept)


def test_a_digest_before_its_slot_is_wrong() -> None:
    arrivals = [Arrival(0, Bulletin(1, 0, STORM, b""))]
    mails = [Received(2.0, DAILY.address, frozenset({(0, 1)}), "<1>")]
    assert judge(Story([DAILY], arrivals), mails, {"S0R1E": (0, 1)}, {600: 5.0}).wrong


def test_what_is_late_is_told_to_nobody() -> None:
    late = [Arrival(0, Bulletin(number, 0, message, b"")) for number, message in ((2, NEXT), (1, STORM))]
    answered = {"S0R1E": (2.0, 3.0), "S0R2E": (0.0, 1.0)}
    for heard, kept in (([2], True), ([2, 1], False), ([1, 2], False)):
        mails = [Received(9.0 + at, ANN.address, frozenset({(0, n)}), f"<{n}>") for at, n in enumerate(heard)]
        assert judge(Story([ANN], late), mails, answered, {}).kept is kept


def test_a_replayed_message_says_what_it_said_at_another_time() -> None:
    story = tell(read(DAY, AUSTRIA), 1, people=1, speed=100, pause_max_s=1, begin=NOON)
    by_name = {arrival.bulletin.message.identifier: arrival.bulletin for arrival in story.arrivals}
    first, second = by_name["storm-1"], by_name["storm-2"]
    sent = second.source.partition(b"<sent>")[2].partition(b"<")[0]
    assert sent > first.source.partition(b"<sent>")[2].partition(b"<")[0]
    assert b"storm-1," + first.source.partition(b"<sent>")[2].partition(b"<")[0] in second.source
    assert f"Orkan über Tirol und Salzburg {second.mark}</headline>".encode() in second.source
    assert first.situation == second.situation != by_name["gale-elsewhere"].situation
