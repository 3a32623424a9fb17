"""Rings for what a command has left to do; whoever only looks loads no bell."""

from collections.abc import Iterable

from alerts import runtime
from alerts.doors.cli.output import Output
from alerts.model import Work


def ring(out: Output, left: Iterable[Work]) -> None:
    """Ring, and say so where nobody hears: nothing is lost by that, and the command has done its work."""
    if runtime.doorbell.ring(left):
        out.note("The broker does not take our doorbell: it goes out all the same, up to seconds later.")
