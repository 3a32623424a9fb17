"""Who of a batch still wants it, and of the others why they do not get it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from alerts.locales import locale_for
from alerts.model import Audience, State
from alerts.regions import Tree
from alerts.rules.cadence import clock_of
from alerts.rules.decisions import Now, decide, wants
from alerts.rules.facts import Facts
from alerts.rules.windows import looking
from alerts.services import Services
from alerts.store import Claim, Destination, Suppression
from alerts.walk.batch_mutes import BatchMutes
from alerts.walk.outgoing import Outgoing

#: Why somebody does not get what they have muted.
MUTED = "the subscriber has muted this situation"


@dataclass(frozen=True, slots=True)
class Excluded:
    """Nothing is sent to somebody: the state in which their delivery ends, and why."""

    state: State
    why: str


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What decides, at one instant, who of a batch still gets it."""

    outgoing: Outgoing
    tree: Tree
    over: bool = False  #: the time of what it says has passed
    suppressions: Mapping[str, Suppression] = field(default_factory=dict)  #: by address
    newer: Mapping[int, Facts] = field(default_factory=dict)  #: revisions that supersede it, by number
    #: By number of a newer revision, those who have muted that one: to them it takes no other's place.
    unheard: Mapping[int, Collection[int]] = field(default_factory=dict)
    silent: Collection[int] = ()  #: those who have muted all that it tells


def excluded(person: Destination, audience: Audience | None, at: Circumstances) -> Excluded | None:
    """Why somebody does not get it, the gravest reason first; None for who does.

    `audience`: the one of their present subscriptions, None for who has none.
    """
    if at.over:
        return Excluded(State.EXPIRED, "its time was over")
    if (blocker := _blocker(person, at.suppressions)) is not None:
        return Excluded(State.SUPPRESSED, blocker)
    for number, facts in at.newer.items():
        heard = person.sid not in at.unheard.get(number, ())
        if heard and audience is not None and isinstance(decide(audience, facts), Now):
            return Excluded(State.WITHDRAWN, f"revision {number} took its place")
    if person.sid in at.silent:
        return Excluded(State.WITHDRAWN, MUTED)
    if not _addressed(person, at.outgoing) and not _wanted(audience, at):
        return Excluded(State.WITHDRAWN, "the subscriber no longer wants it")
    return None


def _blocker(person: Destination, suppressions: Mapping[str, Suppression]) -> str | None:
    """Why nothing at all is sent to somebody; None if it may be. A reason may have no words."""
    if not person.address:
        return "the subscriber was removed"
    if person.address in suppressions:
        return suppressions[person.address].reason
    return None if person.active else "the subscriber is paused"


def _addressed(person: Destination, outgoing: Outgoing) -> bool:
    """Whether it goes to somebody without asking what they want."""
    digest = outgoing.digest
    return digest.correcting or digest.resent_to == person.sid or person.audience in outgoing.audiences


def _wanted(audience: Audience | None, at: Circumstances) -> bool:
    digest = at.outgoing.digest
    if audience is None:
        return False
    if digest.all_quiet:
        asked = any(subscription.all_quiet for subscription in audience.subscriptions)
        return asked and str(clock_of(audience)) == digest.clock
    # What waited for a slot goes out as it is by then, even where that alone would not be wanted.
    revisions = at.outgoing.undelivered if digest.clock else at.outgoing.revisions
    seen = [Facts.of(revision, at.tree) for revision in revisions]
    return any(wants(subscription.filter, facts) for facts in seen for subscription in audience.subscriptions)


def sift(
    services: Services, outgoing: Outgoing, claim: Claim, sids: Collection[int]
) -> Iterator[tuple[Destination, Excluded | None, str]]:
    """The people of a batch, each with the reason not to send to them, if there is one.

    Else with what is said to them of what they have muted: nothing to most people.
    """
    people = services.subscribers.destinations(list(sids))
    addresses = [person.address for person in people if person.address]
    audiences = dict(services.audiences.definitions({person.audience for person in people} - {""}))
    left_s = outgoing.expires_in_s(claim.now_ms)
    mutes = BatchMutes(services, outgoing, people, claim.now_ms)
    newer = _superseding(services, outgoing) if claim.superseded else {}
    at = Circumstances(
        outgoing,
        services.tree,
        left_s is not None and left_s <= 0,
        services.suppressions.find(outgoing.digest.channel, addresses),
        newer,
        {number: mutes.unheard(number) for number in newer},
        mutes.silent,
    )
    for person in people:
        reason = excluded(person, audiences.get(person.audience), at)
        said = ""
        if person.muted and reason is None:
            said = mutes.said(person.sid, locale_for(person.language, services.settings.language))
        yield person, reason, said


def _superseding(services: Services, outgoing: Outgoing) -> dict[int, Facts]:
    """The revisions that were accepted after the one that a digest tells."""
    entry = outgoing.digest.entries[0]
    facts = looking(services.tree, services.outlines.log)
    return {r.number: facts(r) for r in services.updates.newer(entry.update, entry.number)}
