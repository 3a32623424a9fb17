"""What somebody would have got in a stretch of the past, by subscriptions that they may not even have. Pure.

It is the rule of `windows`, gone through once from one revision to the next, and not once for every slot.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from alerts.model import Audience, Entry, Instant, Revision, Rhythm
from alerts.rules.cadence import part_next
from alerts.rules.decisions import Decision
from alerts.rules.windows import ToldSoFar, entry

#: The accepted revisions of one update, in order, each with what an audience's subscriptions say of it.
DecidedStory = Sequence[tuple[Revision, Decision]]


@dataclass(frozen=True, slots=True)
class ReplayedMessage:
    """One message of the past: all that a slot told, or a revision that went at once."""

    at_ms: Instant
    entries: tuple[Entry, ...]  #: none where it would have said that all is quiet
    slot: bool


def replay(
    audience: Audience, stories: Iterable[DecidedStory], from_ms: Instant, until_ms: Instant
) -> list[ReplayedMessage]:
    """The messages in `[from_ms, until_ms)` of somebody who has subscribed so for long, in their order.

    `stories`: of every update that was revised since the last slot before that stretch, all that was accepted
    before its end. Everything went out in its time.
    """
    slots: dict[Instant, list[Entry]] = defaultdict(list)
    at_once: list[ReplayedMessage] = []
    for story in sorted(stories, key=lambda story: story[0][0].update):
        for at_ms, told, slot in _told(story, until_ms):
            if not from_ms <= at_ms < until_ms:
                continue
            if slot:
                slots[at_ms].append(told)
            else:
                at_once.append(ReplayedMessage(at_ms, (told,), slot=False))
    for at_ms in _quiet_slots(audience, from_ms, until_ms):
        slots[at_ms] += ()
    found = [*at_once, *(ReplayedMessage(at_ms, tuple(some), slot=True) for at_ms, some in slots.items())]
    return sorted(found, key=lambda m: (m.at_ms, m.slot))


def _told(story: DecidedStory, until_ms: Instant) -> Iterator[tuple[Instant, Entry, bool]]:
    """What is told of one update, when, and whether at a slot."""
    state = ToldSoFar()

    def waited(now_ms: Instant) -> Iterator[tuple[Instant, Entry, bool]]:
        if state.waiting and state.slot_ms <= now_ms:
            before = next((revision for revision, _ in story if revision.number == state.number), None)
            yield state.slot_ms, state.entry(state.waiting, state.number, before), True
            state.pass_by(now_ms, now_ms)

    for revision, decision in story:
        accepted_ms = revision.accepted_ms or 0
        if state.waiting:
            yield from waited(accepted_ms)
        since = state.number
        state.hear(revision, decision, since)
        if state.number == revision.number:
            yield accepted_ms, entry(revision, since), False
    if state.waiting:
        yield from waited(until_ms - 1)


def _quiet_slots(audience: Audience, from_ms: Instant, until_ms: Instant) -> Iterator[Instant]:
    """The slots at which it is said that all is quiet, if it is."""
    for subscription in audience.subscriptions:
        if subscription.all_quiet and subscription.cadence.rhythm in (Rhythm.DAILY, Rhythm.WEEKLY):
            part = (subscription.cadence, subscription.quiet)
            at_ms = part_next(part, audience.zone, from_ms - 1)
            while at_ms < until_ms:
                yield at_ms
                at_ms = part_next(part, audience.zone, at_ms)
