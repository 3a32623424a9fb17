"""Who is told a revision at once, and what a clock owes at its slot."""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field, replace

from alerts.model import (
    Audience,
    Channel,
    Digest,
    Entry,
    Instant,
    Kind,
    Revision,
    Step,
    Work,
)
from alerts.rules.cadence import Clock, next_slot, window_start
from alerts.rules.decisions import Now, decide, query_terms
from alerts.rules.windows import (
    Window,
    at_once,
    entries,
    entry,
    looking,
    tells_all_quiet,
    told_before,
)
from alerts.services import Services
from alerts.store import SlotRun
from alerts.walk.recipients.told import latest_told, whole_updates

#: A slot opened this long after its time is called late (ms).
LATE_MS = 10 * 60 * 1000


@dataclass
class Addressees:
    """To whom one digest is owed: audiences, and people one by one."""

    aids: list[str] = field(default_factory=list)
    sids: list[int] = field(default_factory=list)
    excluded: list[int] = field(default_factory=list)  #: members of the audiences who are owed something else


def now(services: Services, revision: Revision) -> dict[Digest, Addressees]:
    """Who is told this revision at once: audiences that want it now, and whom a correction must reach.

    A correction or cancel goes to everybody the ledger says was told an earlier revision: its digest is
    `correcting` and its people are gathered by a step of their own. Whoever wants a correction at once and
    never had a delivery of the update is told the update: to them it corrects nothing.
    """
    earlier = before(services, revision)
    owed: dict[Digest, Addressees] = {}
    if revision.kind.corrective and earlier:
        for channel in Channel:
            told = Digest(
                channel,
                (entry(revision, earlier[-1].number),),  # what was held and taken back, nobody was told
                revision.accepted_ms or 0,
                urgent=revision.urgent,
                correcting=True,
            )
            owed[told] = Addressees()
    if revision.kind is Kind.CANCEL:
        return owed
    corrections = {digest.channel: people for digest, people in owed.items()}
    look = looking(services.tree, services.updates.accepted)
    facts, terms = look(revision), query_terms(revision.draft, services.tree)
    same: dict[tuple[Channel, int], Addressees] = {}
    begun = any(services.digests.audiences(digest.id) for digest in owed)  # by a match that did not end
    heard = _delivered_to(services, revision, earlier) if corrections and not begun else None
    for aid, audience in services.audiences.definitions(services.audiences.candidates(terms)):
        if isinstance(decide(audience, facts), Now):
            since = told_before(audience, earlier, look, facts.accepted_ms) if earlier else 0
            first_word = since == 0 and heard is not None
            people = None if first_word else corrections.get(audience.channel)
            if people is None:
                if (audience.channel, since) not in same:
                    digest = at_once(revision, audience.channel, since)
                    same[audience.channel, since] = owed[digest] = Addressees()
                people = same[audience.channel, since]
            people.aids.append(aid)
            if first_word and heard is not None:
                known = sorted(heard[aid])
                people.excluded += known
                corrections[audience.channel].sids += known
    return owed


def _delivered_to(
    services: Services, revision: Revision, earlier: list[Revision]
) -> dict[str, set[int]] | None:
    """Who has a delivery of an earlier revision, however it ended, by their audience.

    None while others can still get one: an earlier revision has yet to be matched, a slot to be opened, a
    digest to be put into batches. Whoever has none then never will: for them a correction is the first word.
    """
    digests = services.digests.get_all(services.updates.digests(revision.update))
    names = [name for name, digest in digests.items() if 0 < digest.tells(revision.update) < revision.number]
    progress = services.digests.progress(names)
    accepted_ms = revision.accepted_ms or 0
    if (
        any(services.work.is_owed(Work(Step.MATCH, r.ref, r.urgent)) for r in earlier)
        or unopened(services, accepted_ms)
        or any(how.state in ("open", "frozen") for how in progress.values())
    ):
        return None
    found: dict[str, set[int]] = defaultdict(set)
    for name, how in progress.items():
        for k in range(1, how.batches + 1):
            for person in services.subscribers.destinations(list(services.ledger.records(name, [k]))):
                if person.active:
                    found[person.audience].add(person.sid)
    return found


def before(services: Services, revision: Revision) -> list[Revision]:
    """The revisions of the same update that were accepted earlier."""
    refs = [f"{revision.update}.r{n}" for n in range(1, revision.number)]
    found = services.updates.revisions(refs).values()
    return [r for r in found if r.accepted_ms is not None and r.accepted_ms <= (revision.accepted_ms or 0)]


def at_slot(services: Services, clock: Clock, opening: SlotRun) -> dict[Digest, Addressees]:
    """What the clock's audiences are owed at the slot being opened; equal content is one digest per channel.

    Some members stand apart and are looked at one by one: those whose wishes began inside the window or in
    the middle of what an update told, and those who by the ledger know more, or less, of a corrected update
    than their audience does by the rules.
    """
    opened_ms, slot_ms = opening.opened_ms, opening.slot_ms
    from_ms = window_start(clock, opened_ms)
    late = next_slot(clock, opened_ms) < slot_ms or opening.began_ms - slot_ms > LATE_MS
    revisions = whole_updates(services, from_ms, slot_ms)
    aids = services.audiences.of_clock(clock)
    individual = IndividualCases(services, revisions, str(clock), slot_ms)
    facts = looking(services.tree, services.updates.accepted)
    since = services.updates.accepted(slot_ms, opening.began_ms)
    superseded = {r.update for r in since if r.kind.corrective}
    everybody = Window(opened_ms, slot_ms, late=opening.late, superseded=superseded)
    accepted = sorted(revision.accepted_ms or 0 for revision in revisions)
    newcomers = services.audiences.newcomers(aids, min([from_ms, *accepted]), slot_ms)
    owed: dict[Digest, Addressees] = defaultdict(Addressees)

    def owe(audience: Audience, window: Window) -> Addressees:
        told = entries(audience, revisions, facts, window)
        digest = Digest(audience.channel, told, slot_ms, clock=str(clock), from_ms=from_ms, late=late)
        if digest.all_quiet:
            if not tells_all_quiet(audience, window):
                return Addressees()
            # Earlier in the window there may have been something, and that was told at the slot before.
            digest = replace(digest, from_ms=opened_ms)
        return owed[digest]

    for aid, audience in services.audiences.definitions(aids):
        shared = owe(audience, everybody)
        shared.aids.append(aid)
        joined = dict(newcomers.get(aid, []))
        alike: dict[tuple[int, str], Addressees] = {}  # many join between the same two revisions
        for sid in sorted(joined.keys() | individual.gathered(aid, audience.channel)):
            since_ms, known = joined.get(sid, 0), individual.known(sid)
            case = bisect_left(accepted, since_ms), str(known)
            if case not in alike:
                alike[case] = owe(audience, replace(everybody, since_ms=since_ms, known=known))
            alone = alike[case]
            if alone is not shared:
                shared.excluded.append(sid)
            if alone is not shared or since_ms > from_ms:  # others are found when the digest is frozen
                alone.sids.append(sid)
    return owed


class IndividualCases:
    """Those for whom the ledger and the rules may differ about the corrected updates of a window.

    What the ledger says of the very slot being opened does not count: that is what is to be told.
    """

    def __init__(self, services: Services, revisions: list[Revision], clock: str, slot_ms: Instant) -> None:
        self._services = services
        ordered = sorted(revisions, key=lambda r: r.number)
        corrected = [r for r in ordered if r.kind.corrective and (r.accepted_ms or 0) < slot_ms]
        self._correction = {r.update: r.number for r in corrected}
        self._updates = sorted(self._correction)
        self._last = {r.update: r.number for r in ordered}
        names = sorted({name for update in self._updates for name in services.updates.digests(update)})
        self._digests = {
            name: digest
            for name, digest in services.digests.get_all(names).items()
            if (digest.clock, digest.horizon_ms) != (clock, slot_ms)
        }

    def gathered(self, aid: str, channel: Channel) -> set[int]:
        """Members of an audience who were sent one of the corrections."""
        return {
            sid
            for name, digest in self._digests.items()
            if digest.correcting and digest.channel is channel
            for sid in self._services.digests.gathered_among(name, aid)
        }

    def known(self, sid: int) -> dict[str, int]:
        """The latest revision of each corrected update that this subscriber was told.

        At a late slot they may have been told newer ones already: of those, its window knows nothing.
        """
        found = self._services.ledger.find(sid, list(self._digests))
        return {
            u: latest_told(found, self._digests, u, self._last[u], self._correction[u]) for u in self._updates
        }


def unmatched(services: Services, told: Entry) -> bool:
    """Whether an earlier accepted revision of the same update has yet to be matched."""
    found = services.updates.revisions(f"{told.update}.r{n}" for n in range(1, told.number)).values()
    matches = [Work(Step.MATCH, r.ref, r.urgent) for r in found if r.accepted_ms is not None]
    return any(services.work.is_owed(match) for match in matches)


def unopened(services: Services, before_ms: Instant) -> bool:
    """Whether some clock has yet to open a slot that lies before this instant."""
    for clock in services.audiences.clocks():
        opened = services.audiences.last_opened(clock)
        if opened is not None and next_slot(clock, opened) <= before_ms:
            return True
    return False
