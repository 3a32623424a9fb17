"""A rhythm as somebody would say it, on pages and in mails: “daily 08:00” is what commands are given."""

import pytest

from alerts.locales import ENGLISH, Locale, locale_for
from alerts.model import Cadence, Filter, Subscription
from alerts.rules.describing import describe, spoken_cadence


@pytest.mark.parametrize(
    ("cadence", "said"),
    [
        ("immediate", "each at once"),
        ("hourly", "every hour, together"),
        ("daily 08:00", "every day at 08:00, together"),
        ("weekly mon 09:00", "every Monday at 09:00, together"),
        ("weekly mon,thu 09:00", "every Monday and Thursday at 09:00, together"),
    ],
)
def test_a_rhythm_is_said_in_words(cadence: str, said: str) -> None:
    assert spoken_cadence(Cadence.parse(cadence), ENGLISH) == said


def by_code(code: str, _locale: Locale = ENGLISH, /) -> str:
    return code


def test_commands_are_shown_what_they_are_given() -> None:
    wanted = Subscription(Filter(("UA",)), Cadence.parse("daily 08:00"))
    assert describe(wanted, by_code) == "UA · daily 08:00"
    assert describe(wanted, by_code, spoken=True) == "UA · every day at 08:00, together"
    ukrainian = describe(wanted, by_code, locale_for("uk"), spoken=True)
    assert "щодня, 08:00, одним листом" in ukrainian
