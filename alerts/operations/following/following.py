"""What happens here, followed from outside: from now on, or from the last event that was seen."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from alerts.errors import BadInput
from alerts.operations.acting import Actor, Permission
from alerts.services import Services
from alerts.store import Event

_ID = re.compile(r"[0-9]{1,15}-[0-9]{1,10}")
#: Of what was missed, as many are told at once.
AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Missed:
    """What happened since the last event that was seen, as far as it is still kept."""

    events: Sequence[Event]
    last_id: str  #: what to follow from
    complete: bool  #: false: some are not kept any more, and how things stand must be read anew


def missed(services: Services, actor: Actor, last_seen: str = "") -> Missed:
    """What somebody who comes back has missed; without an id, nothing. Raises Forbidden, BadInput."""
    actor.require(Permission.READ)
    if not last_seen:
        return Missed((), services.events.latest_id(), True)
    if not _ID.fullmatch(last_seen):
        raise BadInput(
            f"“{last_seen[:40]}” is not the id of an event.", "Give the one that came last, or none."
        )
    complete = not services.events.forgotten(last_seen)
    found: list[Event] = []
    after = last_seen
    while portion := services.events.after(after, AT_ONCE):
        found += portion
        after = portion[-1].id
    return Missed(found, after, complete)
