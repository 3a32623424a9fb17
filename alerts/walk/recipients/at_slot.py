"""What a clock owes its audiences at a slot, and those of their members who are individual cases."""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import replace

from alerts.model import Audience, Digest
from alerts.rules.cadence import Clock, next_slot, window_start
from alerts.rules.headings import under_headings
from alerts.rules.windows import Window, entries, looking, tells_all_quiet
from alerts.services import Services
from alerts.store import SlotRun
from alerts.walk.recipients.addressees import Addressees
from alerts.walk.recipients.individual_cases import IndividualCases
from alerts.walk.recipients.muted_updates import MutedUpdates
from alerts.walk.recipients.revisions import whole_updates

#: A slot opened this long after its time is called late (ms).
LATE_MS = 10 * 60 * 1000


def at_slot(services: Services, clock: Clock, run: SlotRun) -> dict[Digest, Addressees]:
    """What the clock's audiences are owed at the slot being opened; equal content is one digest per channel.

    Some members are individual cases, looked at one by one: those whose subscriptions began inside the
    window or between two revisions of an update, those who have muted one, and those who by the ledger have
    more, or less, of a corrected update than their audience has by the rules.
    """
    opened_ms, slot_ms = run.opened_ms, run.slot_ms
    from_ms = window_start(clock, opened_ms)
    late = next_slot(clock, opened_ms) < slot_ms or run.began_ms - slot_ms > LATE_MS
    revisions = whole_updates(services, from_ms, slot_ms)
    aids = services.clocks.audiences(clock)
    individual = IndividualCases(services, revisions, str(clock), slot_ms)
    muted = MutedUpdates(services, revisions, run.began_ms)
    by_ref = {revision.ref: revision for revision in revisions}
    facts = looking(services.tree, services.outlines.log)
    since = services.updates.revisions(ref for ref, _ in services.updates.log(slot_ms, run.began_ms))
    superseded = {r.update for r in since.values() if r.kind.corrective}
    everybody = Window(opened_ms, slot_ms, late=run.late, superseded=superseded)
    accepted = sorted(revision.accepted_ms or 0 for revision in revisions)
    newcomers = services.audiences.newcomers(aids, min([from_ms, *accepted]), slot_ms)
    found: dict[Digest, Addressees] = defaultdict(Addressees)

    def digest_for(audience: Audience, window: Window) -> Addressees:
        content = under_headings(entries(audience, revisions, facts, window), audience, by_ref, services.tree)
        digest = Digest(audience.channel, content, slot_ms, clock=str(clock), from_ms=from_ms, late=late)
        if digest.all_quiet:
            if not tells_all_quiet(audience, window):
                return Addressees()
            # Earlier in the window there may have been something, and that went out at the slot before.
            digest = replace(digest, from_ms=opened_ms)
        return found[digest]

    for aid, audience in services.audiences.definitions(aids):
        shared = digest_for(audience, everybody)
        shared.aids.append(aid)
        joined = dict(newcomers.get(aid, []))
        alike: dict[tuple[int, str, str], Addressees] = {}  # many join between the same two revisions
        for sid in sorted(joined.keys() | individual.gathered(aid, audience.channel) | muted.among(aid)):
            since_ms, silent = joined.get(sid, 0), muted.silent(sid)
            known = individual.known(sid, since_ms, silent)
            case = bisect_left(accepted, since_ms), str(known), str(silent)
            if case not in alike:
                window = replace(everybody, since_ms=since_ms, known=known, silent=silent)
                alike[case] = digest_for(audience, window)
            alone = alike[case]
            if alone is not shared:
                shared.excluded.append(sid)
            if alone is not shared or since_ms > from_ms:  # others are found when the digest is frozen
                alone.sids.append(sid)
    return found
