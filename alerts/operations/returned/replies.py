"""What people answered to an update, for operators who manage them."""

from dataclasses import dataclass

from alerts.model import Change, Instant, Ref
from alerts.operations.acting import Actor, Permission
from alerts.operations.instants import utc_text
from alerts.services import Services


@dataclass(frozen=True, slots=True)
class PersonReply:
    """Somebody's last answer to what they were sent of an update; the text is empty where none is kept."""

    at_ms: Instant
    address: str
    update: Ref  #: the revision they answered
    text: str

    def to_dict(self) -> dict[str, object]:
        return {
            "at": utc_text(self.at_ms),
            "address": self.address,
            "update": self.update,
            "text": self.text,
        }


def list_replies(services: Services, actor: Actor, update: str) -> list[PersonReply]:
    """Who answered an update, the latest first, as long as their digests are kept.

    What they wrote is there with ALERTS_KEEP_REPLIES. Needs the right to manage subscribers, for it is
    theirs. Raises Forbidden, NotFound.
    """
    actor.require(Permission.MANAGE)
    services.updates.latest(update)
    digests = services.digests.get_all(services.updates.digests(update))
    found = services.replies.of(list(digests))
    people = {p.sid: p.address for p in services.subscribers.destinations([one.sid for one in found])}
    numbers = {
        name: next(e.number for e in digest.entries if e.update == update)
        for name, digest in digests.items()
        if any(e.update == update and e.change is not Change.TOLD for e in digest.entries)
    }
    return [
        PersonReply(
            one.at_ms,
            people[one.sid] or f"subscriber {one.sid}, who was removed",
            Ref.of(update, numbers[one.digest]),
            one.text,
        )
        for one in found
        if one.digest in numbers
    ]
