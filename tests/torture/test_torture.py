"""The promises against a world that nobody wrote for them; `make soak` lives through twenty such worlds."""

import random
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.torture.judge import Verdict, judge
from tests.torture.plan import Person, Plan, Telling
from tests.torture.relay import Mail
from tests.torture.run import torture


@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.skipif(sys.platform != "linux", reason="workers are found and frozen by /proc")
def test_a_short_torture_loses_nobody_and_tells_nobody_wrongly(tmp_path: Path) -> None:
    """Kills, freezes, a server that refuses, a relay and a Slack with tempers; judged by what they got."""
    figures, kept = torture(11, tmp_path / "run", people=24, situations=4, chaos_s=12, urgent_share=1.0)
    assert kept, figures


ANNA = Person("anna@people.example", frozenset({"UA"}), frozenset(), "minor")
NEWS = Telling(0, 1, "new", frozenset({"UA"}), frozenset(), "severe")
CANCEL = replace(NEWS, number=2, kind="cancel")


def judged(story: list[Telling], heard: list[int], bound: int = 32) -> Verdict:
    plan = Plan(0, [ANNA], story, {}, random.Random(0))
    mails = [Mail(at, ANNA.address, 0, number, f"<{number}@x>", True) for at, number in enumerate(heard)]
    return judge(plan, mails, [], [], {}, [], bound, 0)


@pytest.mark.parametrize(
    ("why", "story", "heard", "kept"),
    [
        ("told what she asked for", [NEWS], [1], True),
        ("never told", [NEWS], [], False),
        ("told, and never that it is over", [NEWS, CANCEL], [1], False),
        ("never told, and so not that it is over", [NEWS, CANCEL], [], True),
        ("told the old after the new", [NEWS, CANCEL], [1, 2, 1], False),
        ("told twice within the bound", [NEWS], [1, 1], True),
        ("told what she never asked for", [replace(NEWS, regions=frozenset({"PL"}))], [1], False),
    ],
)
def test_the_judge_can_tell(why: str, story: list[Telling], heard: list[int], kept: bool) -> None:
    assert judged(story, heard).kept is kept, why


def test_the_judge_holds_twins_to_their_bound() -> None:
    assert not judged([NEWS], [1, 1], bound=0).kept
