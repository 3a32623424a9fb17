"""What a correction's gathering has to wait for: an earlier revision that is not matched or opened yet."""

from alerts.model import Entry, Instant, Ref, Step, Work
from alerts.rules.cadence import next_slot
from alerts.services import Services


def unmatched(services: Services, shown: Entry) -> bool:
    """Whether an earlier accepted revision of the same update has yet to be matched."""
    found = services.updates.revisions(Ref.between(shown.update, 0, shown.number - 1)).values()
    matches = [Work(Step.MATCH, r.ref, r.urgent) for r in found if r.accepted_ms is not None]
    return any(services.due.is_owed(match) for match in matches)


def unopened(services: Services, before_ms: Instant) -> bool:
    """Whether some clock has yet to open a slot that lies before this instant."""
    for clock in services.clocks.all():
        opened = services.clocks.last_opened(clock)
        if opened is not None and next_slot(clock, opened) <= before_ms:
            return True
    return False
