"""Find what a slot brings to the audiences of its clock."""

from alerts.errors import Conflict
from alerts.model import Step, Work
from alerts.rules.cadence import Clock, last_slot, next_slot
from alerts.services import Services
from alerts.store import ClockAdvance, SlotRun
from alerts.walk import recipients
from alerts.walk.exchange import exchange

#: How far ahead of its time a slot may be opened (ms): slots are whole minutes, so no clock has one between.
EARLY_MOST_MS = 60_000


def open_slot(services: Services, work: Work) -> list[Work]:
    """Find what a slot brings. Twice: the slot is pinned, and exchanged for digests once."""
    clock = Clock.parse(work.key)
    run = services.clocks.pin(clock, last_slot(clock, services.server.now_ms()))
    if run is None:
        opened_ms = services.clocks.last_opened(clock)
        if opened_ms is None:
            services.due.done(work)
        else:
            services.due.postpone(work, next_slot(clock, opened_ms))
        return []
    return exchange_slot(services, clock, run)


def open_early(services: Services, clock: Clock) -> list[Work]:
    """Open a clock's next slot up to a minute ahead of its time. Twice: nothing is left to open.

    The log goes on from that slot at once: what is accepted from here on is in the window after it, so
    windows meet and nobody gets anything twice. Raises Conflict.
    """
    now_ms = services.server.now_ms()
    slot_ms = next_slot(clock, now_ms)
    if slot_ms - now_ms > EARLY_MOST_MS:
        raise Conflict(f"The next slot of {clock} is more than a minute away.", "Wait for it.")
    run = services.clocks.pin(clock, slot_ms)
    return exchange_slot(services, clock, run) if run else []


def exchange_slot(services: Services, clock: Clock, run: SlotRun) -> list[Work]:
    """Exchange a slot for the digests it brings; the clock moves on with that."""
    missed = next_slot(clock, run.opened_ms) < run.slot_ms
    advance = ClockAdvance(run.slot_ms, next_slot(clock, run.slot_ms), run.spells(missed))
    digests = recipients.at_slot(services, clock, run)
    left = exchange(services, Work(Step.OPEN, str(clock)), digests, advance)
    services.events.add("slot.opened", clock=str(clock), slot_ms=run.slot_ms, digests=len(left))
    return left
