"""What came back, for operators: from whom, in whose words, and what stands against an address since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alerts.model import Change, Instant
from alerts.operations.acting import Actor, Permission
from alerts.operations.instants import utc_text
from alerts.operations.subscribing.subscriber_details import find, suppressions
from alerts.services import Services
from alerts.store import ListedReceipt, Suppression

#: Receipts that are looked through for those of one address: all that are listed.
LOOKED_THROUGH = 12_000
#: Days whose counts are shown.
DAYS = 30


@dataclass(frozen=True, slots=True)
class ReturnedMail:
    """One thing that came back and changed something, or that proves nothing and is nobody's."""

    at_ms: Instant
    verdict: str
    status: str
    words: str
    way: str  #: the way in: `command line`, `mail listener`
    address: str  #: empty where it is not proved
    updates: tuple[str, ...]  #: what had been sent, `ua-talks.r1`
    digest: str

    def to_dict(self) -> dict[str, object]:
        return {
            "at": utc_text(self.at_ms),
            "verdict": self.verdict,
            "address": self.address,
            "updates": list(self.updates),
            "status": self.status,
            "words": self.words,
            "way": self.way,
            "digest": self.digest,
        }


@dataclass(frozen=True, slots=True)
class ReturnedOf:
    """All that came back from one address, newest first, and what stands against it."""

    address: str
    mails: tuple[ReturnedMail, ...]
    standing: Suppression | None

    def to_dict(self) -> dict[str, object]:
        standing = self.standing
        return {
            "address": self.address,
            "suppressed": standing and standing.reason,
            "since": standing and utc_text(standing.since_ms),
            "tried_again": standing and standing.until_ms and utc_text(standing.until_ms),
            "returned": [mail.to_dict() for mail in self.mails],
        }


def list_returned(
    services: Services, actor: Actor, limit: int, *, unproven: bool = False
) -> list[ReturnedMail]:
    """The latest that came back and changed something; or the latest reports that prove nothing.

    About 10,000 are kept of the former, 100 of the latter. Raises Forbidden.
    """
    actor.require(Permission.READ)
    return _named(services, services.receipts.strays(limit) if unproven else services.receipts.latest(limit))


def count_returned(services: Services, actor: Actor) -> Mapping[str, Mapping[str, int]]:
    """How many mails came back on each of the last 30 days (UTC), by what they were read as; today first."""
    actor.require(Permission.READ)
    return services.receipts.counted(DAYS)


def show_returned(services: Services, actor: Actor, address: str) -> ReturnedOf:
    """What came back from one subscriber of what is still listed. Raises Forbidden, NotFound, BadInput."""
    actor.require(Permission.READ)
    person = find(services, address)
    theirs = [one for one in services.receipts.latest(LOOKED_THROUGH) if one.sid == person.sid]
    standing = suppressions(services, [person]).get(person.sid)
    return ReturnedOf(person.address, tuple(_named(services, theirs)), standing)


def _named(services: Services, found: Sequence[ListedReceipt]) -> list[ReturnedMail]:
    sids = sorted({one.sid for one in found if one.sid})
    people = {p.sid: p.address for p in services.subscribers.destinations(sids)} if sids else {}
    digests = services.digests.get_all(sorted({one.digest for one in found if one.digest}))
    return [
        ReturnedMail(
            one.at_ms,
            one.verdict,
            one.status,
            one.words,
            one.way,
            people.get(one.sid) or (f"subscriber {one.sid}, who was removed" if one.sid else ""),
            tuple(e.ref for e in digests[one.digest].entries if e.change is not Change.TOLD)
            if one.digest in digests
            else (),
            one.digest,
        )
        for one in found
    ]
