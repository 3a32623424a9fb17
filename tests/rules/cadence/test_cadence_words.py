"""Cadences and quiet hours as people type them, and as they are written ever after."""

import pytest

from alerts.errors import BadInput
from alerts.model import Cadence, QuietHours


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("daily 8:00", "daily 08:00"),
        ("Weekly  Mon, Thu 8:05", "weekly mon,thu 08:05"),
        ("weekly thu ,mon,thu 08:00", "weekly mon,thu 08:00"),
        ("HOURLY", "hourly"),
    ],
)
def test_a_cadence_is_understood_and_written_in_one_way(typed: str, written: str) -> None:
    assert str(Cadence.parse(typed)) == written


@pytest.mark.parametrize("typed", ["22:00-7:00", "22:00 - 07:00", "22:00–07:00", " 22:00 – 7:00 "])
def test_quiet_hours_are_understood_and_written_in_one_way(typed: str) -> None:
    assert str(QuietHours.parse(typed)) == "22:00-07:00"


@pytest.mark.parametrize("typed", ["daily 8", "daily 24:00", "weekly mon thu 08:00", "weekly mon,, 08:00"])
def test_what_could_mean_two_things_is_refused(typed: str) -> None:
    with pytest.raises(BadInput, match="is not a cadence"):
        Cadence.parse(typed)


def test_quiet_hours_that_are_none_or_all_day_are_refused_for_that_reason() -> None:
    with pytest.raises(BadInput, match="begin and end at the same time"):
        QuietHours.parse("22:00-22:00")
    with pytest.raises(BadInput, match="are not quiet hours"):
        QuietHours.parse("25:00-25:00")
