"""Every step of the walk is in the table, in a file of its name, and says why it may run twice."""

import inspect
from pathlib import Path

import pytest

from alerts.model import Step
from alerts.operations.owed_work import BESIDE_THE_WALK
from alerts.walk import steps

DONE = {**steps.STEPS, Step.SEND: steps.send}


def test_every_step_is_done_by_somebody() -> None:
    assert {*DONE, *BESIDE_THE_WALK} == set(Step)


@pytest.mark.parametrize("do", BESIDE_THE_WALK.values(), ids=lambda do: do.__name__)
def test_what_is_owed_beside_the_walk_says_why_it_may_run_twice(do) -> None:  # type: ignore[no-untyped-def]
    assert "Twice: " in inspect.getdoc(do)


@pytest.mark.parametrize("do", [steps.publish, steps.receive, *DONE.values()], ids=lambda do: do.__name__)
def test_a_step_is_in_the_file_of_its_name_and_says_why_it_may_run_twice(do) -> None:  # type: ignore[no-untyped-def]
    assert Path(inspect.getfile(do)).stem == do.__name__
    assert "Twice: " in inspect.getdoc(do)
