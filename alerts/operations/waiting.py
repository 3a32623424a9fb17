"""What waits for the next slot of somebody's clock."""

from alerts.model import Audience, Change, Entry, Instant, Standing, Subscriber
from alerts.rules.cadence import clock_of, next_slot, window_start
from alerts.rules.windows import Window, entries, looking
from alerts.services import Services
from alerts.walk import recipients


def waiting_for_slot(services: Services, person: Subscriber) -> tuple[Instant, list[Entry]]:
    """The next slot of this subscriber's clock, and what waits for it by the rule that will tell it then."""
    audience: Audience = person.audience
    clock = clock_of(audience)
    opened_ms = services.clocks.last_opened(clock) if clock else None
    if clock is None or opened_ms is None or person.standing is Standing.PAUSED:
        return 0, []
    slot_ms = next_slot(clock, max(opened_ms, services.server.now_ms()))
    revisions = recipients.whole_updates(services, window_start(clock, opened_ms), slot_ms)
    window = Window(opened_ms, slot_ms, person.joined_ms)
    facts = looking(services.tree, services.updates.accepted)
    found = entries(audience, revisions, facts, window)
    return slot_ms, [entry for entry in found if entry.change is not Change.TOLD]
