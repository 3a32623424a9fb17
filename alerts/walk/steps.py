"""THE WALK: publish → match | open → render → fan out → send → settle; beside it catch up and gather.

Every step takes its work entry and leaves the next ones; it returns what it left, so that a doorbell can be
rung for it. Any step may run twice, late, or on two workers at once: each says why that is harmless.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

from alerts.errors import BadInput, Conflict, NotFound
from alerts.model import (
    Change,
    Digest,
    Draft,
    Instant,
    Message,
    Revision,
    Standing,
    State,
    Step,
    Work,
    split_ref,
)
from alerts.rules import retries
from alerts.rules.cadence import Clock, last_slot, next_slot
from alerts.services import Services
from alerts.store import Claim, ClockAdvance, Delivery, LedgerLine, Published, SlotRun
from alerts.walk import batch_sender, recipients

#: Batches one doorbell fans out before it makes room for others.
FANNED_AT_ONCE = 64
#: How soon a gathering looks again for those who were still being told the earlier revision (ms).
GATHER_AGAIN_MS = 2_000
#: How soon a batch looks again for its message, while that is being rendered once more (ms).
RENDERED_SOON_MS = 1_000
#: How far ahead of its time a slot may be opened (ms): slots are whole minutes, so no clock has one between.
EARLY_MOST_MS = 60_000


def publish(
    services: Services, draft: Draft, held_until_ms: Instant | None = None
) -> tuple[Published, list[Work]]:
    """Accept an update: on disk, numbered, its match owed. Twice: the same content is the same revision."""
    published = services.updates.publish(draft, held_until_ms)
    revision = published.revision
    bell = published.created and held_until_ms is None
    return published, [Work(Step.MATCH, revision.ref, revision.urgent)] if bell else []


def match(services: Services, work: Work) -> list[Work]:
    """Find who is told at once. Twice: only what is still owed is exchanged for digests."""
    revision = services.updates.accept(work.key)
    if revision is None:
        update, number = split_ref(work.key)
        why = services.updates.withdrawn(update)[number]
        services.work.tell("held revision withdrawn", ref=work.key, why=why)
        services.work.done(work)
        return []
    _overtake(services, revision)
    return _owe(services, work, recipients.now(services, revision))


def open_slot(services: Services, work: Work) -> list[Work]:
    """Find what a clock's audiences are owed. Twice: the slot is pinned, and exchanged for digests once."""
    clock = Clock.parse(work.key)
    opening = services.audiences.open(clock, last_slot(clock, services.server.now_ms()))
    if opening is None:
        opened_ms = services.audiences.last_opened(clock)
        if opened_ms is None:
            services.work.done(work)
        else:
            services.work.postpone(work, next_slot(clock, opened_ms))
        return []
    return _tell_slot(services, clock, opening)


def open_early(services: Services, clock: Clock) -> list[Work]:
    """Open a clock's next slot up to a minute ahead of its time. Twice: nothing is left to open.

    The log goes on from that slot at once: what is accepted from here on is told in the window after it, so
    windows meet and nobody is told anything twice. Raises Conflict.
    """
    now_ms = services.server.now_ms()
    slot_ms = next_slot(clock, now_ms)
    if slot_ms - now_ms > EARLY_MOST_MS:
        raise Conflict(f"The next slot of {clock} is more than a minute away.", "Wait for it.")
    opening = services.audiences.open(clock, slot_ms)
    return _tell_slot(services, clock, opening) if opening else []


def _tell_slot(services: Services, clock: Clock, opening: SlotRun) -> list[Work]:
    """Owe what the clock's audiences are told at the slot being opened; the clock moves on with that."""
    missed = next_slot(clock, opening.opened_ms) < opening.slot_ms
    advance = ClockAdvance(opening.slot_ms, next_slot(clock, opening.slot_ms), opening.spells(missed))
    owed = recipients.at_slot(services, clock, opening)
    return _owe(services, Work(Step.OPEN, str(clock)), owed, advance)


def catch_up(services: Services, work: Work) -> list[Work]:
    """Tell somebody where things stand after a change of wishes. Twice: it is exchanged for a digest once.

    What they wished before is remembered until they were told, for they may pause or change it before that.
    """
    sid, joined_ms = map(int, work.key.split("@"))
    for subscriber in services.subscribers.load([sid]):
        if subscriber.joined_ms == joined_ms and subscriber.standing is Standing.ACTIVE:
            entries = recipients.gap(services, subscriber)
            if entries:
                digest = Digest(subscriber.channel, entries, joined_ms, catch_up=True)
                return services.digests.create_for(sid, work, digest)
    services.subscribers.forget_past(sid, joined_ms)
    services.work.done(work)
    return []


def resume(services: Services, work: Work) -> list[Work]:
    """End a pause whose time is over. Twice: only the very pause that was meant is ended."""
    sid, _, until_ms = work.key.partition("@")
    for paused in services.subscribers.load([int(sid)]):
        if paused.standing is Standing.PAUSED and paused.paused_until_ms == int(until_ms):
            active = replace(paused, standing=Standing.ACTIVE, paused_until_ms=None)
            services.subscribers.save(active, paused, catch_up=True)
    services.work.done(work)
    return []


def _owe(
    services: Services,
    taken: Work,
    owed: Mapping[Digest, recipients.Addressees],
    advance: ClockAdvance | None = None,
) -> list[Work]:
    """Exchange a step for digests: first say to whom each is owed, then create all of them at one instant."""
    for digest, people in owed.items():
        services.digests.address(digest.id, people.aids)
        services.digests.include(digest.id, people.sids)
        services.digests.exclude(digest.id, people.excluded)
    return services.digests.create(taken, list(owed), advance)


def _overtake(services: Services, revision: Revision) -> None:
    """Nobody is told an older revision after a newer one: what of it still waits is not sent.

    What is matched only later, out of order, is found overtaken when it is rendered.
    """
    digests = services.digests.get_all(services.updates.digests(revision.update))
    for digest in digests.values():
        if _can_be_overtaken(digest) and digest.entries[0].number < revision.number:
            _give_way(services, digest, revision)


def _can_be_overtaken(digest: Digest) -> bool:
    return len(digest.entries) == 1 and not digest.clock


def _give_way(services: Services, digest: Digest, newer: Revision) -> None:
    """Let a newer revision take the place of the one that a digest tells.

    A correction or cancel stops the digest. A plain update only takes its place for those who want the newer
    one too.
    """
    if newer.kind.corrective:
        services.digests.stop(digest.id, State.WITHDRAWN, f"revision {newer.number} took its place")
    else:
        services.digests.supersede(digest.id, newer.number)


def gather(services: Services, work: Work) -> list[Work]:
    """Find everybody who was, or may have been, told an earlier revision. Twice: nobody is added twice.

    Goes on beside the sending until nobody can be told the earlier revision any more.
    """
    correction = services.digests.get(work.key)
    [told] = correction.entries
    # Asked before the digests are: what is matched or opened meanwhile is then among them.
    waiting = recipients.unmatched(services, told) or recipients.unopened(services, correction.horizon_ms)
    earlier = [
        name
        for name, digest in services.digests.get_all(services.updates.digests(told.update)).items()
        if digest.channel is correction.channel and 0 < digest.tells(told.update) < told.number
    ]
    instead = told.change is not Change.CLOSED  # of what is closed, they need not hear at all
    for name, progress in services.digests.progress(earlier).items():
        still = 0
        for k in range(1, progress.batches + 1):
            if progress.stopped:
                services.ledger.close(Work(Step.SEND, f"{name}/{k}", name.startswith("u")))
            still += services.ledger.gather(work.key, name, k, instead)
        waiting = waiting or still > 0 or progress.state in ("open", "frozen")
    following = services.digests.gathered(correction)
    if waiting:
        services.work.postpone(work, services.server.now_ms() + GATHER_AGAIN_MS)
    else:
        services.digests.all_gathered(work)
    return following


def render(services: Services, work: Work) -> list[Work]:
    """Render once, then freeze who gets it. Twice: the same bytes, and only an open digest is frozen.

    A template that fails is one fault, and everybody it was for is `failed` with it: nobody is without a
    state, nothing is tried N times, and a retry sends all of it.
    """
    digest = services.digests.get(work.key)
    if _can_be_overtaken(digest):
        [told] = digest.entries
        for newer in services.updates.newer(told.update, told.number):
            _give_way(services, digest, newer)
    refs = {e.ref for e in digest.entries} | {f"{e.update}.r{e.since}" for e in digest.entries if e.since}
    try:
        message = _rendered(services, digest, services.updates.revisions(refs))
    except BadInput as fault:
        services.digests.note_fault(digest.id, fault.sentence)
        services.work.tell("render failed", digest=digest.id, why=fault.sentence)
    else:
        services.digests.keep(message)
    count, following = services.digests.freeze(digest, work)
    return [following] if count >= 0 else []


def _rendered(services: Services, digest: Digest, revisions: Mapping[str, Revision]) -> Message:
    """Render; what is urgent with the shipped templates, where an operator's own ones fail."""
    try:
        return services.renderer.render(digest, revisions)
    except BadInput as fault:
        if not digest.urgent or services.settings.templates_dir is None:
            raise
        message = services.renderer.render_shipped(digest, revisions)
        services.work.tell("rendered with the shipped templates", digest=digest.id, why=fault.sentence)
        return message


def fan_out(services: Services, work: Work) -> list[Work]:
    """Put the frozen into batches. Twice: each call takes other people, until none are left."""
    following: list[Work] = []
    for _ in range(FANNED_AT_ONCE):
        batch = services.digests.fan(work.key, work)
        if batch is None:
            return following
        following.append(batch)
    return [*following, work]


def send(batch_sender: batch_sender.BatchSender, work: Work) -> list[Work]:
    """Send one batch and record what came of it. Twice: only the holder of its lease may send or record."""
    services = batch_sender.services
    try:
        digest = services.digests.get(work.key.partition("/")[0])
    except NotFound:
        services.work.done(work)
        return []
    rest_s = services.work.rest(digest.channel, urgent=work.urgent)
    if rest_s > 0:
        services.work.postpone(work, services.server.now_ms() + math.ceil(rest_s * 1000))
        return []
    rendered = batch_sender.is_rendered(digest.id)
    fault = "" if rendered else services.digests.fault(digest.id)
    if not rendered and not fault:  # a retry owes the rendering at the same moment
        services.work.postpone(work, services.server.now_ms() + RENDERED_SOON_MS)
        return []
    claim = services.ledger.claim(work)
    if not claim.held:
        return []
    try:
        ended = _ended(services, claim, fault)
        rest_s = 0 if ended else batch_sender.deliver(claim)
        if ended:
            services.ledger.record(claim, [LedgerLine(sid, ended[0], ended[1]) for sid, _ in claim.owed])
    except BaseException:
        services.ledger.abandon(claim)
        raise
    again_ms = services.ledger.settle(claim, claim.now_ms + math.ceil(rest_s * 1000))
    if again_ms is None and digest.catch_up:
        for sid in services.ledger.records(digest.id, [int(work.key.partition("/")[2])]):
            services.subscribers.forget_past(sid, digest.horizon_ms)
    return [work] if again_ms is not None and again_ms <= claim.now_ms else []


def _ended(services: Services, claim: Claim, fault: str) -> tuple[Delivery, str] | None:
    """How what a batch owes ends without being tried: its digest was stopped, or could not be rendered
    (`fault`), or its holders die of it.
    """
    if claim.stopped:
        return Delivery(claim.stopped, 0, claim.offset_s), ""
    if fault:
        return Delivery(State.FAILED, 0, claim.offset_s), fault
    hopeless = retries.hopeless(len(claim.owed), claim.deaths, claim.offset_s)
    if hopeless or claim.deaths == retries.DEATHS_TOLD:
        what = "batch given up" if hopeless else "batch keeps breaking workers"
        services.work.tell(what, batch=claim.work.key, deaths=claim.deaths)
    why = f"given up: {claim.deaths} workers in a row broke down over it"
    return (Delivery(State.FAILED, 0, claim.offset_s), why) if hopeless else None


def step(batch_sender: batch_sender.BatchSender, work: Work) -> list[Work]:
    """Do whatever a doorbell or the sweep says is owed; an entry nobody owes any more does nothing."""
    if work.step is Step.SEND:
        return send(batch_sender, work)
    return STEPS[work.step](batch_sender.services, work) if batch_sender.services.work.is_owed(work) else []


#: Every step, by the work it takes.
STEPS: Mapping[Step, Callable[[Services, Work], list[Work]]] = {
    Step.MATCH: match,
    Step.OPEN: open_slot,
    Step.CATCH_UP: catch_up,
    Step.RESUME: resume,
    Step.GATHER: gather,
    Step.RENDER: render,
    Step.FAN_OUT: fan_out,
}
