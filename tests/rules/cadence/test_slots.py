"""Slots against the real history of clocks: every row is a sentence about one zone and one night."""

from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from reading import part_of, slots_between, utc

from alerts.model import QuietHours
from alerts.rules.cadence import in_quiet, part_last, slot_for

MINUTE = 60_000
HOUR = 60 * MINUTE


NIGHTS = [
    (
        "London, spring: 01:30 is jumped over, so the digest comes when the jump is done",
        *("daily 01:30", "Europe/London", "2025-03-29 00:00", "2025-04-01 00:00"),
        ["2025-03-29 01:30", "2025-03-30 01:00", "2025-03-31 00:30"],
    ),
    (
        "London, autumn: 01:30 is shown twice and tells once, the first time",
        *("daily 01:30", "Europe/London", "2025-10-25 00:00", "2025-10-28 00:00"),
        ["2025-10-25 00:30", "2025-10-26 00:30", "2025-10-27 01:30"],
    ),
    (
        "Kyiv, spring: breakfast stays at eight local, an hour earlier in UTC",
        *("daily 08:00", "Europe/Kyiv", "2025-03-29 00:00", "2025-03-31 00:00"),
        ["2025-03-29 06:00", "2025-03-30 05:00"],
    ),
    (
        "Kyiv, spring: 03:30 is jumped over, so the digest comes when the jump is done",
        *("daily 03:30", "Europe/Kyiv", "2025-03-29 00:00", "2025-04-01 00:00"),
        ["2025-03-29 01:30", "2025-03-30 01:00", "2025-03-31 00:30"],
    ),
    (
        "Kyiv, autumn: 03:30 is shown twice and tells once, the first time",
        *("daily 03:30", "Europe/Kyiv", "2025-10-25 00:00", "2025-10-28 00:00"),
        ["2025-10-25 00:30", "2025-10-26 00:30", "2025-10-27 01:30"],
    ),
    (
        "Kyiv, autumn: the repeated hour passes twice for hourly readers",
        *("hourly", "Europe/Kyiv", "2025-10-25 23:00", "2025-10-26 03:00"),
        ["2025-10-25 23:00", "2025-10-26 00:00", "2025-10-26 01:00", "2025-10-26 02:00"],
    ),
    (
        "New York, spring: 02:00 to 03:00 does not exist, no hour is told twice",
        *("hourly", "America/New_York", "2025-03-09 05:00", "2025-03-09 09:00"),
        ["2025-03-09 05:00", "2025-03-09 06:00", "2025-03-09 07:00", "2025-03-09 08:00"],
    ),
    (
        "New York, spring: 02:30 is jumped over, so the digest comes at 03:00",
        *("daily 02:30", "America/New_York", "2025-03-08 00:00", "2025-03-11 00:00"),
        ["2025-03-08 07:30", "2025-03-09 07:00", "2025-03-10 06:30"],
    ),
    (
        "New York, autumn: weekly on the Sunday of the change comes once",
        *("weekly sun 01:15", "America/New_York", "2025-11-01 00:00", "2025-11-10 00:00"),
        ["2025-11-02 05:15", "2025-11-09 06:15"],
    ),
    (
        "Lord Howe, spring: half an hour is jumped over, 02:15 becomes 02:30",
        *("daily 02:15", "Australia/Lord_Howe", "2025-10-03 00:00", "2025-10-06 00:00"),
        ["2025-10-03 15:45", "2025-10-04 15:30", "2025-10-05 15:15"],
    ),
    (
        "Lord Howe, spring: nobody sees 02:00, so 03:00 follows 01:00 after 90 minutes",
        *("hourly", "Australia/Lord_Howe", "2025-10-04 14:00", "2025-10-04 17:30"),
        ["2025-10-04 14:30", "2025-10-04 16:00", "2025-10-04 17:00"],
    ),
    (
        "Lord Howe, autumn: 01:30 to 02:00 is shown twice, no full hour in it",
        *("hourly", "Australia/Lord_Howe", "2025-04-05 14:00", "2025-04-05 17:30"),
        ["2025-04-05 14:00", "2025-04-05 15:30", "2025-04-05 16:30"],
    ),
    (
        "Lord Howe, autumn: 01:45 is shown twice, half an hour apart, and tells once",
        *("daily 01:45", "Australia/Lord_Howe", "2025-04-04 00:00", "2025-04-07 00:00"),
        ["2025-04-04 14:45", "2025-04-05 14:45", "2025-04-06 15:15"],
    ),
    (
        "Casablanca goes back an hour for Ramadan: 08:00 moves from 07:00 to 08:00 UTC",
        *("daily 08:00", "Africa/Casablanca", "2025-02-22 00:00", "2025-02-25 00:00"),
        ["2025-02-22 07:00", "2025-02-23 08:00", "2025-02-24 08:00"],
    ),
    (
        "Casablanca, beginning of Ramadan: 02:30 is shown twice and tells once",
        *("daily 02:30", "Africa/Casablanca", "2025-02-22 00:00", "2025-02-25 00:00"),
        ["2025-02-22 01:30", "2025-02-23 01:30", "2025-02-24 02:30"],
    ),
    (
        "Casablanca, end of Ramadan: 02:30 is jumped over",
        *("daily 02:30", "Africa/Casablanca", "2025-04-05 00:00", "2025-04-08 00:00"),
        ["2025-04-05 02:30", "2025-04-06 02:00", "2025-04-07 01:30"],
    ),
    (
        "Kathmandu's full hours stand at a quarter past in UTC",
        *("hourly", "Asia/Kathmandu", "2026-05-01 00:00", "2026-05-01 03:00"),
        ["2026-05-01 00:15", "2026-05-01 01:15", "2026-05-01 02:15"],
    ),
    (
        "Kathmandu went from 5:30 to 5:45 at the turn of a year: a quarter of an hour was jumped over",
        *("daily 00:05", "Asia/Kathmandu", "1985-12-30 00:00", "1986-01-02 00:00"),
        ["1985-12-30 18:35", "1985-12-31 18:30", "1986-01-01 18:20"],
    ),
    (
        "Apia, spring of 2020: 03:30 is jumped over, so the digest comes at 04:00",
        *("daily 03:30", "Pacific/Apia", "2020-09-25 00:00", "2020-09-28 00:00"),
        ["2020-09-25 14:30", "2020-09-26 14:00", "2020-09-27 13:30"],
    ),
    (
        "Apia, autumn of 2021: 03:30 is shown twice and tells once, the first time",
        *("daily 03:30", "Pacific/Apia", "2021-04-02 00:00", "2021-04-05 00:00"),
        ["2021-04-02 13:30", "2021-04-03 13:30", "2021-04-04 14:30"],
    ),
    (
        "Apia left 30 December 2011 out: no digest for a day that nobody lived",
        *("daily 08:00", "Pacific/Apia", "2011-12-28 00:00", "2012-01-01 00:00"),
        ["2011-12-28 18:00", "2011-12-29 18:00", "2011-12-30 18:00", "2011-12-31 18:00"],
    ),
    (
        "Apia: that day was a Friday, so weekly readers waited a fortnight",
        *("weekly fri 08:00", "Pacific/Apia", "2011-12-22 00:00", "2012-01-10 00:00"),
        ["2011-12-23 18:00", "2012-01-05 18:00"],
    ),
    (
        "Apia: every hour that did pass had its slot",
        *("hourly", "Pacific/Apia", "2011-12-30 08:00", "2011-12-30 13:00"),
        [f"2011-12-30 {hour:02}:00" for hour in range(8, 13)],
    ),
    (
        "Havana jumps at midnight: the day begins at 01:00 and so does its digest",
        *("daily 00:00", "America/Havana", "2025-03-08 00:00", "2025-03-11 00:00"),
        ["2025-03-08 05:00", "2025-03-09 05:00", "2025-03-10 04:00"],
    ),
    (
        "the year ends in the middle of a day somewhere else",
        *("daily 23:59", "Pacific/Auckland", "2025-12-30 12:00", "2026-01-01 12:00"),
        ["2025-12-31 10:59", "2026-01-01 10:59"],
    ),
    (
        "29 February is a day like any other",
        *("weekly thu 08:00", "UTC", "2024-02-22 09:00", "2024-03-08 00:00"),
        ["2024-02-29 08:00", "2024-03-07 08:00"],
    ),
    (
        "several days a week",
        *("weekly mon,thu 09:30", "Europe/Kyiv", "2026-06-01 00:00", "2026-06-09 00:00"),
        ["2026-06-01 06:30", "2026-06-04 06:30", "2026-06-08 06:30"],
    ),
    (
        "hourly with quiet hours: the night is one slot, at its end",
        *("hourly quiet 22:00-07:00", "Asia/Tokyo", "2026-05-01 11:00", "2026-05-02 00:00"),
        ["2026-05-01 11:00", "2026-05-01 12:00", "2026-05-01 22:00", "2026-05-01 23:00"],
    ),
    (
        "quiet hours may end between two full hours",
        *("hourly quiet 08:30-10:15", "UTC", "2026-05-01 08:00", "2026-05-01 12:00"),
        ["2026-05-01 08:00", "2026-05-01 10:15", "2026-05-01 11:00"],
    ),
    (
        "a daily slot in quiet hours waits for their end on the next morning",
        *("daily 23:30 quiet 22:00-07:00", "UTC", "2026-05-01 00:00", "2026-05-03 00:00"),
        ["2026-05-01 07:00", "2026-05-02 07:00"],
    ),
    (
        "twelve hours behind UTC and quiet all day but a minute: the digest comes two UTC days later",
        *("daily 12:01 quiet 12:01-12:00", "Etc/GMT+12", "2026-05-01 00:00", "2026-05-02 00:00"),
        ["2026-05-01 00:00"],
    ),
    (
        "a weekly slot that quiet hours move into the new year",
        *("weekly wed 23:30 quiet 22:00-07:00", "UTC", "2025-12-26 00:00", "2026-01-02 00:00"),
        ["2026-01-01 07:00"],
    ),
    (
        "a slot at the very end of quiet hours stays where it is",
        *("daily 07:00 quiet 22:00-07:00", "UTC", "2026-05-01 00:00", "2026-05-02 00:00"),
        ["2026-05-01 07:00"],
    ),
    (
        "immediate with quiet hours has its slots where they end",
        *("immediate quiet 22:00-07:00", "Europe/Kyiv", "2025-03-29 00:00", "2025-03-31 00:00"),
        ["2025-03-29 05:00", "2025-03-30 04:00"],
    ),
    (
        "quiet hours whose end is jumped over end with the jump",
        *("immediate quiet 23:00-01:30", "Europe/London", "2025-03-29 12:00", "2025-03-30 12:00"),
        ["2025-03-30 01:00"],
    ),
    (
        "quiet hours mean what the clock shows: 01:00 to 01:30 is shown, and quiet, twice",
        *("immediate quiet 23:00-01:30", "Europe/London", "2025-10-25 12:00", "2025-10-26 12:00"),
        ["2025-10-26 00:30", "2025-10-26 01:30"],
    ),
    (
        "quiet hours that are jumped over altogether do not exist that night",
        *("immediate quiet 01:10-01:50", "Europe/London", "2025-03-29 12:00", "2025-03-31 12:00"),
        ["2025-03-31 00:50"],
    ),
    (
        "a jump into quiet hours moves the slot to their end",
        *("daily 01:30 quiet 02:00-03:00", "Europe/London", "2025-03-30 00:00", "2025-03-31 00:00"),
        ["2025-03-30 02:00"],
    ),
]


@pytest.mark.parametrize(
    ("cadence", "zone", "begin", "end", "slots"), [row[1:] for row in NIGHTS], ids=[row[0] for row in NIGHTS]
)
def test_clocks_jump_and_slots_stay_sensible(cadence, zone, begin, end, slots):
    assert slots_between(cadence, zone, utc(begin), utc(end)) == [utc(slot) for slot in slots]


NIGHT = "immediate quiet 22:00-07:00"


@pytest.mark.parametrize(
    ("sentence", "cadence", "accepted", "slot"),
    [
        ("immediate is told at once", "immediate", "2026-05-01 00:00", None),
        ("by day, quiet hours hold nothing back", NIGHT, "2026-05-01 12:00", None),
        ("by night, they do", NIGHT, "2026-05-01 23:00", "2026-05-02 07:00"),
        ("they begin with their first minute", NIGHT, "2026-05-01 22:00", "2026-05-02 07:00"),
        ("they are over with their last", NIGHT, "2026-05-01 07:00", None),
        ("a minute before the slot is in time", "daily 08:00", "2026-05-01 07:59", "2026-05-01 08:00"),
        ("the instant of the slot is too late", "daily 08:00", "2026-05-01 08:00", "2026-05-02 08:00"),
        ("a week is a long time", "weekly mon 08:00", "2026-05-04 08:00", "2026-05-11 08:00"),
    ],
)
def test_what_is_accepted_waits_for_its_slot(sentence, cadence, accepted, slot):
    expected = utc(slot) if slot else None
    assert slot_for(*part_of(cadence), "UTC", utc(accepted)) == expected, sentence


def test_the_last_millisecond_before_a_slot_is_in_time_and_the_first_after_it_is_not():
    slot, daily = utc("2026-05-01 08:00"), part_of("daily 08:00")
    assert slot_for(*daily, "UTC", slot - 1) == slot
    assert slot_for(*daily, "UTC", slot) == slot + 24 * HOUR
    assert part_last(daily, "UTC", slot) == slot
    assert part_last(daily, "UTC", slot - 1) == slot - 24 * HOUR


def test_an_immediate_audience_without_a_zone_needs_none():
    assert slot_for(*part_of("immediate"), "", utc("2026-05-01 08:00")) is None


def test_quiet_hours_are_read_in_local_time():
    night = QuietHours.parse("22:00-07:00")
    assert in_quiet(night, "Asia/Tokyo", utc("2026-05-01 13:00"))
    assert not in_quiet(night, "Europe/Kyiv", utc("2026-05-01 13:00"))


def test_a_link_keeps_the_time_of_the_zone_it_names():
    year = utc("2026-01-01 00:00"), utc("2027-01-01 00:00")
    assert slots_between("daily 03:30", "Europe/Kiev", *year) == slots_between(
        "daily 03:30", "Europe/Kyiv", *year
    )


@pytest.mark.parametrize(
    "zone",
    [
        *("Europe/London", "Europe/Kyiv", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"),
        *("Asia/Kathmandu", "Pacific/Apia", "America/St_Johns", "Antarctica/Troll"),
    ],
)
@pytest.mark.parametrize("cadence", ["daily 00:00", "daily 01:45", "daily 02:30", "daily 23:59"])
def test_every_local_day_of_two_years_has_exactly_one_daily_slot(zone, cadence):
    """Days that were lived are those that the clock showed at some time: Apia had one less."""
    where = ZoneInfo(zone)
    begin, end = utc("2010-12-31 12:00"), utc("2013-01-02 12:00")
    days = {datetime.fromtimestamp(at / 1000, where).date() for at in range(begin, end, 10 * MINUTE)}
    lived = [day for day in days if date(2011, 1, 1) <= day <= date(2012, 12, 31)]
    first, last = (
        datetime.fromisoformat(f"{d} 00:00").replace(tzinfo=where) for d in ("2011-01-01", "2013-01-01")
    )
    bounds = (int(edge.timestamp() * 1000) for edge in (first, last))
    slots = slots_between(cadence, zone, *bounds)
    assert len(slots) == len(lived)
    assert len({datetime.fromtimestamp(at / 1000, where).date() for at in slots}) == len(lived)


@pytest.mark.parametrize("zone", ["Australia/Lord_Howe", "Asia/Kathmandu", "Europe/London", "Pacific/Apia"])
def test_hours_are_between_30_and_90_minutes_apart_whatever_the_clock_does(zone):
    slots = slots_between("hourly", zone, utc("2011-01-01 00:00"), utc("2013-01-01 00:00"))
    pauses = {b - a for a, b in pairwise(slots)}
    assert min(pauses) >= 30 * MINUTE
    assert max(pauses) <= 90 * MINUTE
