"""One person gets an update once more, because an operator wants it: asked about, and written down.

It is a digest of its own, to one person, under a message id of its own. All else goes by the ledger, in
which it is a delivery like any other: a correction reaches them once, and a retry leaves out whom it went to.
"""

from collections.abc import Callable
from dataclasses import dataclass

from alerts.channels import masked
from alerts.errors import BadInput, Conflict
from alerts.model import Digest, Instant, Ref, Revision, Standing, Subscriber, Work
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.following.progress import of_update
from alerts.operations.following.waiting import waiting_for_slot
from alerts.operations.instants import utc_text
from alerts.operations.subscribing.subscriber_details import find, not_sent, suppressions
from alerts.rules.windows import entry
from alerts.services import Services
from alerts.store import Delivery

#: What was resent less than this long ago is asked about again (ms): it may be the same line typed twice.
LATELY_MS = 60_000


@dataclass(frozen=True, slots=True)
class Had:
    """One delivery that somebody had of the update before."""

    revision: int
    state: str
    at_ms: Instant | None  #: when it was frozen; None before that
    resent: bool

    def __str__(self) -> str:
        """`r3 sent 2022-03-28T17:00:00Z`"""
        at = f" {utc_text(self.at_ms)}" if self.at_ms is not None else ""
        return f"r{self.revision} {self.state}{at}{' (resent)' if self.resent else ''}"


@dataclass(frozen=True, slots=True)
class Resending:
    """What is about to be sent to whom, and what they had: the question a door asks before it is done."""

    subscriber: Subscriber
    revision: Revision
    had: tuple[Had, ...]  #: the latest last
    lately_ms: Instant | None  #: how long ago the same was resent to them, if that was within a minute


@dataclass(frozen=True, slots=True)
class Resent:
    """What is sent once more, and the work to ring for."""

    address: str
    revision: Revision
    had: tuple[Had, ...]
    work: tuple[Work, ...]

    def to_dict(self) -> dict[str, object]:
        return {
            "address": self.address,
            "update": self.revision.update,
            "revision": self.revision.number,
            "had": [str(one) for one in self.had],
        }


def unless_lately(found: Resending) -> bool:
    """Agree without asking, but not to the same twice within a minute."""
    return found.lately_ms is None


def resend(
    services: Services,
    actor: Actor,
    address: str,
    update: str,
    ask: Callable[[Resending], bool] = unless_lately,
) -> Resent:
    """Send the latest revision of an update once more to one person who was delivered some of it, or failed.

    `ask` sees what they had, and says whether it is to be done. Raises Forbidden, NotFound, BadInput where it
    says no, and Conflict where they get it anyway, never were to, or nothing may be sent to them.
    """
    actor.require(Permission.PUBLISH)
    person = find(services, address)
    revision = _latest_accepted(services, update)
    digests = of_update(services, update)
    found = services.ledger.find(person.sid, list(digests))
    _require_sendable(services, person, revision)
    _require_ended(services, person, revision, digests, found)
    now_ms = services.server.now_ms()
    same = [d for name, d in digests.items() if name in found and d.tells(update) == revision.number]
    ages = [now_ms - digest.horizon_ms for digest in same if digest.resent_to]
    lately_ms = min((age_ms for age_ms in ages if age_ms < LATELY_MS), default=None)
    had = _had(services, update, digests, found)
    if not ask(Resending(person, revision, had, lately_ms)):
        if lately_ms is not None:
            raise Conflict(
                f"{revision.ref} was resent to {masked(person.address)} less than a minute ago.",
                "Wait a minute, or confirm it at a terminal.",
            )
        raise BadInput("It asks before it sends something once more.", "Say so with --yes.")
    digest = Digest(
        person.channel,
        (entry(revision, _since(update, revision.number, digests, found)),),
        now_ms,
        urgent=revision.urgent,
        resent_to=person.sid,
    )
    work = services.digests.owe_to_one(digest)
    after = {"to": masked(person.address), "had": [str(one) for one in had]}
    record(services, actor, "delivery.resend", revision.ref, after=after)
    return Resent(person.address, revision, had, tuple(work))


def _latest_accepted(services: Services, update: str) -> Revision:
    refs = Ref.between(update, 0, services.updates.latest(update))
    accepted = [r for r in services.updates.revisions(refs).values() if r.accepted_ms is not None]
    if not accepted:
        raise Conflict(f"{update} has not gone out to anybody yet.", f"See `alerts status {update}`.")
    return accepted[-1]


def _require_sendable(services: Services, person: Subscriber, revision: Revision) -> None:
    standing = suppressions(services, [person]).get(person.sid)
    if standing is not None:
        raise Conflict(not_sent(standing), f"Lift that first: `alerts unsuppress {masked(person.address)}`.")
    if person.standing is Standing.PAUSED:
        raise Conflict(
            f"{masked(person.address)} is paused.",
            f"Resume them first: `alerts subscribers resume {masked(person.address)}`.",
        )
    expires_at = revision.draft.expires_at
    if expires_at and expires_at.timestamp() * 1000 <= services.server.now_ms():
        raise Conflict(f"The time of {revision.ref} was over.", "Publish what is true now.")


def _require_ended(
    services: Services,
    person: Subscriber,
    revision: Revision,
    digests: dict[str, Digest],
    found: dict[str, Delivery],
) -> None:
    """Refuse where it comes to them anyway, or never was to."""
    name = f"`alerts explain {masked(person.address)} {revision.update}`"
    for digest, delivery in found.items():
        if delivery.state.owed and digests[digest].tells(revision.update) == revision.number:
            raise Conflict(f"{revision.ref} is still on its way to {masked(person.address)}.", f"See {name}.")
    slot_ms, waiting = waiting_for_slot(services, person)
    if any(entry.update == revision.update for entry in waiting):
        raise Conflict(
            f"{masked(person.address)} gets it with the digest of {utc_text(slot_ms)}.",
            f"See why with {name}.",
        )
    if not found:
        raise Conflict(f"{revision.update} never went to {masked(person.address)}.", f"See why with {name}.")


def _had(
    services: Services, update: str, digests: dict[str, Digest], found: dict[str, Delivery]
) -> tuple[Had, ...]:
    frozen = {name: p.frozen_ms for name, p in services.digests.progress(list(found)).items()}
    rows = [
        Had(digests[n].tells(update), d.state.name.lower(), frozen.get(n), bool(digests[n].resent_to))
        for n, d in found.items()
    ]
    return tuple(sorted(rows, key=lambda had: (had.revision, had.at_ms or 0)))


def _since(update: str, number: int, digests: dict[str, Digest], found: dict[str, Delivery]) -> int:
    """What a revision is told against: as it was told to them, or else what they have of the update."""
    for name in found:
        for told in digests[name].entries:
            if (told.update, told.number) == (update, number) and digests[name].tells(update) == number:
                return told.since
    return max((digests[n].tells(update) for n, d in found.items() if d.reaches(or_maybe=True)), default=0)
