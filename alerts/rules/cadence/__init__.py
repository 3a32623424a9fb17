"""Clocks, slots and windows: when whom is told of what was accepted. Pure; time is always passed in.

`zones` knows where local clocks jump, `slots` what one cadence makes of it, `clocks` what an audience does.
"""

from alerts.rules.cadence.clocks import Clock, clock_of, last_slot, next_slot, window_start
from alerts.rules.cadence.slots import OVERFLOW, in_quiet, part_last, part_next, slot_for
from alerts.rules.cadence.zones import day_start, describe, places_with_zones, zone

__all__ = [
    "OVERFLOW",
    "Clock",
    "clock_of",
    "day_start",
    "describe",
    "in_quiet",
    "last_slot",
    "next_slot",
    "part_last",
    "part_next",
    "places_with_zones",
    "slot_for",
    "window_start",
    "zone",
]
