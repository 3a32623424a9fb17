"""What must hold for every clock: in any zone, at any instant, whatever its cadences."""

from datetime import datetime
from importlib import resources
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.errors import BadInput
from alerts.model import Audience, Cadence, Channel, Filter, QuietHours, Rhythm, Subscription
from alerts.rules.cadence import (
    Clock,
    clock_of,
    day_start,
    in_quiet,
    last_slot,
    next_slot,
    part_last,
    part_next,
    slot_for,
    window_start,
)

ZONES = [
    name for name in resources.files("tzdata").joinpath("zones").read_text().split() if name != "Factory"
]
Y2010, Y2030 = 1_262_304_000_000, 1_893_456_000_000
HOUR = 3_600_000

zones = st.sampled_from(ZONES)
minutes = st.integers(0, 1439)
cadences = st.one_of(
    st.just(Cadence(Rhythm.HOURLY)),
    st.builds(Cadence, st.just(Rhythm.DAILY), minutes),
    st.builds(
        Cadence,
        st.just(Rhythm.WEEKLY),
        minutes,
        st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    ),
)
quiets = st.builds(QuietHours, minutes, minutes).filter(lambda quiet: quiet.start != quiet.end)
parts = st.one_of(
    st.tuples(cadences, st.none() | quiets), st.tuples(st.just(Cadence(Rhythm.IMMEDIATE)), quiets)
)
clocks = st.builds(Clock.of, zones, st.lists(parts, min_size=1, max_size=3))
instants = st.integers(Y2010, Y2030)


@given(clocks, instants)
def test_the_next_slot_is_later_and_nothing_lies_between(clock, at):
    slot = next_slot(clock, at)
    assert slot > at
    assert next_slot(clock, slot - 1) == slot
    assert last_slot(clock, slot) == slot
    assert last_slot(clock, slot - 1) <= at


@given(clocks, instants)
def test_the_last_slot_is_not_later_and_its_next_one_is(clock, at):
    slot = last_slot(clock, at)
    assert slot <= at < next_slot(clock, slot)
    assert next_slot(clock, slot - 1) == slot


@given(clocks, instants)
def test_a_walk_forward_and_a_walk_back_pass_the_same_slots(clock, at):
    forward = [next_slot(clock, at)]
    while len(forward) < 20:
        forward.append(next_slot(clock, forward[-1]))
    back = [last_slot(clock, forward[-1])]
    while len(back) < 20:
        back.append(last_slot(clock, back[-1] - 1))
    assert forward == back[::-1] == sorted(set(forward))


@given(clocks, instants)
def test_no_pause_is_longer_than_a_fortnight_and_a_night(clock, at):
    assert next_slot(clock, at) - last_slot(clock, at) <= (15 * 24 + 4) * HOUR


@given(parts, zones, instants)
def test_a_slot_is_never_inside_quiet_hours(part, zone, at):
    slot = part_next(part, zone, at)
    assert part[1] is None or not in_quiet(part[1], zone, slot)


@given(parts, zones, instants, st.integers(0, 40 * 24 * HOUR))
def test_who_accepts_later_tells_no_earlier(part, zone, at, later):
    slots = [slot_for(*part, zone, when) or when for when in (at, at + later)]
    assert slots == sorted(slots)


@given(parts, zones, instants)
def test_what_waits_is_told_at_the_first_slot_of_its_part(part, zone, at):
    cadence, quiet = part
    slot = slot_for(cadence, quiet, zone, at)
    if cadence.rhythm is Rhythm.IMMEDIATE and not in_quiet(quiet, zone, at):
        assert slot is None
    else:
        assert slot == part_next(part, zone, at) > at


@given(quiets, zones, instants)
def test_an_alert_held_back_by_quiet_hours_is_told_the_minute_they_end(quiet, zone, at):
    slot = slot_for(Cadence(), quiet, zone, at)
    if slot is not None:
        assert all(in_quiet(quiet, zone, when) for when in range(at, slot, 60_000))
        assert in_quiet(quiet, zone, slot - 1)


@settings(max_examples=200)
@given(clocks, instants, st.integers(0, 40 * 24 * HOUR))
def test_nothing_accepted_before_the_window_is_told_after_the_slot_that_was_opened(clock, opened, earlier):
    start = window_start(clock, opened)
    assert start <= opened
    for accepted in (start - 1, start - 1 - earlier):
        for cadence, quiet in clock.parts:
            assert (slot_for(cadence, quiet, clock.zone, accepted) or 0) <= opened


@given(clocks, instants)
def test_the_window_begins_no_earlier_than_needed(clock, opened):
    """At its first instant some part waits for a slot that has not been opened, quiet immediates apart."""
    start = window_start(clock, opened)
    assert any(part_last(part, clock.zone, opened) == start for part in clock.parts)
    for cadence, quiet in clock.parts:
        if (
            cadence.rhythm is not Rhythm.IMMEDIATE
            and part_last((cadence, quiet), clock.zone, opened) == start
        ):
            assert slot_for(cadence, quiet, clock.zone, start) > opened


@given(clocks, instants)
def test_a_clock_has_the_slots_of_its_parts_and_no_others(clock, at):
    end = at + 9 * 24 * HOUR
    walked, slot = [], next_slot(clock, at)
    while slot <= end:
        walked.append(slot)
        slot = next_slot(clock, slot)
    asked = set()
    for part in clock.parts:
        slot = part_next(part, clock.zone, at)
        while slot <= end:
            asked.add(slot)
            slot = part_next(part, clock.zone, slot)
    assert walked == sorted(asked)


@given(clocks)
def test_a_clock_is_read_back_from_its_key(clock):
    assert Clock.parse(clock.key) == clock
    assert str(Clock.parse(str(clock))) == clock.key


@pytest.mark.parametrize(
    "key",
    [
        "daily 08:00 Europe/Kyiv",
        "hourly quiet 22:00-07:00 Asia/Tokyo",
        "daily 08:00 + weekly mon 09:00 Europe/Kyiv",
        "immediate quiet 22:00-07:00 Etc/GMT+5",
        "hourly UTC",
    ],
)
def test_keys_are_written_as_people_would(key):
    assert str(Clock.parse(key)) == key


@pytest.mark.parametrize(
    "key",
    [
        *("", "daily 08:00", "daily 08:00 Nowhere/City", "sometimes UTC", "daily 25:00 UTC", "immediate UTC"),
        *("hourly quiet 07:00-07:00 UTC", "daily 08:00 + UTC", "daily 08:00 ../../etc/passwd", "x " * 10**6),
    ],
)
def test_what_is_no_clock_is_refused(key):
    with pytest.raises(BadInput) as refused:
        Clock.parse(key)
    assert refused.value.hint
    assert len(refused.value.sentence) < 200


def audience(*wishes: tuple[str, str | None], zone: str = "Europe/Kyiv") -> Audience:
    return Audience.of(
        Channel("email"),
        zone,
        [
            Subscription(Filter(("UA",)), Cadence.parse(cadence), QuietHours.parse(quiet) if quiet else None)
            for cadence, quiet in wishes
        ],
    )


@pytest.mark.parametrize(
    ("sentence", "wishes", "key"),
    [
        ("immediate needs no clock", [("immediate", None)], None),
        ("no wishes, no clock", [], None),
        (
            "quiet hours need one",
            [("immediate", "22:00-07:00")],
            "immediate quiet 22:00-07:00 Europe/Kyiv",
        ),
        (
            "equal cadences are one part",
            [("daily 08:00", None), ("daily 08:00", None)],
            "daily 08:00 Europe/Kyiv",
        ),
        (
            "the order of wishes does not matter",
            [("weekly mon 09:00", None), ("immediate", None), ("daily 08:00", None)],
            "daily 08:00 + weekly mon 09:00 Europe/Kyiv",
        ),
    ],
)
def test_an_audience_has_one_clock(sentence, wishes, key):
    clock = clock_of(audience(*wishes))
    assert (clock.key if clock else None) == key, sentence


@pytest.mark.parametrize(
    ("sentence", "cadence", "quiet", "key"),
    [
        ("immediate overflows in the morning", "immediate", None, "daily 08:00 Europe/Kyiv"),
        (
            "quiet hours move that too",
            "immediate",
            "22:00-09:00",
            "daily 08:00 quiet 22:00-09:00 + immediate quiet 22:00-09:00 Europe/Kyiv",
        ),
        ("what has slots folds there", "hourly", None, "hourly Europe/Kyiv"),
    ],
)
def test_a_cap_has_a_place_for_what_is_beyond_it(sentence, cadence, quiet, key):
    hours = QuietHours.parse(quiet) if quiet else None
    wish = Subscription(Filter(("UA",)), Cadence.parse(cadence), hours, cap=3)
    clock = clock_of(Audience.of(Channel("email"), "Europe/Kyiv", [wish]))
    assert clock is not None
    assert clock.key == key, sentence


@given(zones, instants)
def test_a_day_starts_where_its_date_is_first_shown(zone, at):
    start = day_start(zone, at)
    date = datetime.fromtimestamp(at / 1000, ZoneInfo(zone)).date()
    assert start <= at
    assert datetime.fromtimestamp(start / 1000, ZoneInfo(zone)).date() == date
    assert datetime.fromtimestamp((start - 1000) / 1000, ZoneInfo(zone)).date() != date


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Kyiv", "2026-03-29"),
        ("America/New_York", "2026-11-01"),
        ("Australia/Lord_Howe", "2026-04-05"),
        ("Africa/Casablanca", "2026-02-15"),
    ],
)
def test_it_is_quiet_by_the_local_clock_on_the_day_on_which_it_jumps(zone, day):
    """The jumps of a day are remembered: an hour after one, it was quiet by the clock of before."""
    begin = int(datetime.fromisoformat(f"{day}T00:00+00:00").timestamp()) * 1000
    quiet, shown = QuietHours.parse("01:30-06:15"), set()
    for at in range(begin - 12 * HOUR, begin + 36 * HOUR, HOUR // 4):
        local = datetime.fromtimestamp(at / 1000, ZoneInfo(zone))
        assert in_quiet(quiet, zone, at) == (90 <= local.hour * 60 + local.minute < 375)
        shown.add(local.utcoffset())
    assert len(shown) == 2


def test_two_cadences_that_meet_make_one_slot():
    """Monday 09:00 is both daily and weekly: one person, one digest."""
    clock = Clock.parse("daily 09:00 + weekly mon 09:00 UTC")
    monday = 1_777_885_200_000  # 2026-05-04 09:00
    slots = [monday]
    while len(slots) < 8:
        slots.append(next_slot(clock, slots[-1]))
    assert slots == [monday + day * 24 * HOUR for day in range(8)]


def test_the_window_of_a_mixed_clock_reaches_back_to_its_rarest_part():
    clock = Clock.parse("hourly + weekly mon 09:00 UTC")
    monday = 1_777_885_200_000  # 2026-05-04 09:00
    assert window_start(clock, monday + 30 * HOUR) == monday
    assert last_slot(clock, monday + 30 * HOUR) == monday + 30 * HOUR
