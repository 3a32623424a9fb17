"""What ended and what eased, in every medium: held by files that were read aloud."""

import ended
import pytest

FILES = dict(ended.goldens())


@pytest.mark.parametrize("name", FILES)
def test_what_people_read_is_what_was_read_aloud(name: str) -> None:
    assert FILES[name] == (ended.DATA / name).read_text("utf-8")


@pytest.mark.parametrize("name", FILES)
def test_every_medium_says_what_ended_how_severe_it_was_and_when(name: str) -> None:
    """The extreme typhoon that began and closed within the week was in none of them."""
    assert "Ended since your last digest" in FILES[name]
    assert "Was extreme on Tuesday 24 November" in FILES[name]
    assert "Typhoon Amihan: gusts of 230 km/h" in FILES[name]
    assert "Taxi strike in Hanoi" in FILES[name]


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("week")])
def test_every_medium_says_what_was_worse_in_between(name: str) -> None:
    """A flood is minor by Monday: it was severe on Tuesday. What is as it was before was worse, too."""
    assert FILES[name].count("was severe on") >= 1
    assert "was moderate on" in FILES[name]
    assert "without a change" not in FILES[name]
