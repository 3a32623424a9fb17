"""Zone names as people type them, and instants as people read them."""

from time import process_time

import pytest

from alerts.errors import BadInput
from alerts.rules.cadence import describe, zone


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Europe/Kyiv", "Europe/Kyiv"),
        ("europe/kyiv", "Europe/Kyiv"),
        ("  America/New York ", "America/New_York"),
        ("utc", "UTC"),
        ("Europe/Kiev", "Europe/Kiev"),
        ("Etc/GMT+5", "Etc/GMT+5"),
    ],
)
def test_a_zone_is_known_in_any_case(text, name):
    assert zone(text) == name


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("Kyiv", "Europe/Kyiv"),
        ("Kiev", "Europe/Kiev"),
        ("kathmandu", "Asia/Kathmandu"),
        ("Europe/Kviv", "Europe/Kyiv"),
        ("New York", "America/New_York"),
        ("Amercia/New_York", "America/New_York"),
        ("Qqqqq", "Write an IANA name"),
        ("", "Write an IANA name"),
    ],
)
def test_a_zone_that_is_not_known_is_refused_with_the_nearest(text, suggestion):
    with pytest.raises(BadInput) as refused:
        zone(text)
    assert suggestion in refused.value.hint


@pytest.mark.parametrize("text", ["UTC+2", "utc +02:00", "GMT+2", "GMT-0530", "+02:00", "+2", "UTC−3", "Z+1"])
def test_an_offset_is_no_zone_and_the_hint_asks_for_a_place(text):
    """“Did you mean Etc/GMT+2?” would have been two hours west; and clocks change in summer."""
    with pytest.raises(BadInput) as refused:
        zone(text)
    assert "offset" in refused.value.sentence
    assert refused.value.hint == "Name a place in the zone, such as Europe/Kyiv."


@pytest.mark.parametrize(
    "text",
    [
        *("../../etc/passwd", "/etc/localtime", "Europe/../Europe/Kyiv", "Europe", "Europe/", "Factory"),
        *("Europe/Kyiv\0", "posixrules", "zones", "__init__.py", "Europe/Kyiv" * 10**6, " " * 10**6 + "UTC"),
        "UTC" + " " * 100 + "/etc/passwd",
    ],
)
def test_a_path_is_not_a_zone_and_hostile_names_are_refused_quickly(text):
    began = process_time()
    with pytest.raises(BadInput) as refused:
        zone(text)
    assert process_time() - began < 0.5
    assert len(refused.value.sentence) < 100


@pytest.mark.parametrize(
    ("at_ms", "name", "text"),
    [
        (1_522_299_600_000, "Europe/Kyiv", "Thu 29 Mar 08:00 Europe/Kyiv (05:00 UTC)"),
        (1_522_274_400_000, "Europe/Kyiv", "Thu 29 Mar 01:00 Europe/Kyiv (Wed 22:00 UTC)"),
        (1_522_299_600_999, "UTC", "Thu 29 Mar 05:00 UTC"),
        (1_522_299_600_000, "", "Thu 29 Mar 05:00 UTC"),
        (1_524_978_000_000, "Asia/Kathmandu", "Sun 29 Apr 10:45 Asia/Kathmandu (05:00 UTC)"),
    ],
)
def test_an_instant_is_described_in_local_time_and_utc(at_ms, name, text):
    assert describe(at_ms, name) == text


@pytest.mark.parametrize("text", ["GMT+3", "Etc/GMT+15", "utc+3", "Etc/GTM-2"])
def test_a_zone_of_one_offset_is_never_suggested(text):
    """`Etc/GMT+3` is three hours *behind* Greenwich: who follows such a hint gets digests by night."""
    with pytest.raises(BadInput) as refused:
        zone(text)
    assert "GMT+" not in refused.value.hint
    assert "GMT-" not in refused.value.hint


def test_another_year_is_named():
    at_ms = 1_522_299_600_000
    assert (
        describe(at_ms, "Europe/Kyiv", at_ms - 80 * 86_400_000) == "Thu 29 Mar 08:00 Europe/Kyiv (05:00 UTC)"
    )
    assert describe(at_ms, "UTC", at_ms - 90 * 86_400_000) == "Thu 29 Mar 2018 05:00 UTC"
