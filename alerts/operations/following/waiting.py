"""What waits for the next slot of a clock: of everything for one person, of one update for everybody."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from alerts.model import Audience, Change, Channel, Entry, Instant, Ref, Standing, Subscriber
from alerts.rules.cadence import Clock, clock_of, next_slot, window_start
from alerts.rules.decisions import query_terms
from alerts.rules.decisions_of_log import deciding
from alerts.rules.mutes import is_silent
from alerts.rules.windows import Window, entries, entries_decided, looking
from alerts.services import Services
from alerts.walk import recipients

#: How long before a window what was revised in it has mostly begun, and what counts towards a cap by then.
LOOKED_BACK_MS = 31 * 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class WaitingPeople:
    """Some of those for whom one revision waits for one slot."""

    channel: Channel
    revision: int
    slot_ms: Instant
    sids: Sequence[int]


@dataclass(frozen=True, slots=True)
class _NextSlot:
    """What a clock opens next: the slot, the last one it opened, and from where its window reaches."""

    opened_ms: Instant
    slot_ms: Instant
    from_ms: Instant

    def window(self, since_ms: Instant) -> Window:
        """The window of somebody whose subscriptions began at an instant; 0 is long ago."""
        return Window(self.opened_ms, self.slot_ms, since_ms)


def waiting_for_slot(services: Services, person: Subscriber) -> tuple[Instant, list[Entry]]:
    """The next slot of this subscriber's clock, and what waits for it by the rule that will tell it then."""
    clock = clock_of(person.audience)
    following = _next_slot(services, clock) if clock else None
    if following is None or person.standing is Standing.PAUSED:
        return 0, []
    stories = services.outlines.stories(following.from_ms, following.slot_ms)
    revisions = [one.revision for story in stories for one in story]
    window = following.window(person.joined_ms)
    if mutes := services.mutes.of(person.sid):
        silent = recipients.silent_updates(mutes, revisions, services.server.now_ms())
        individual = recipients.IndividualCases(services, revisions, str(clock), following.slot_ms)
        window = replace(window, silent=silent, known=individual.known(person.sid, muted=silent))
    look = looking(services.tree, services.outlines.log)
    if any(subscription.cap is not None for subscription in person.subscriptions):
        log = services.outlines.log(following.from_ms - LOOKED_BACK_MS, following.slot_ms)
        decided = deciding(person.audience, log, look)
        found = entries_decided(person.audience, revisions, decided, window)
    else:
        found = entries(person.audience, revisions, look, window)
    return following.slot_ms, [entry for entry in found if entry.change is not Change.TOLD]


def everybody_waiting(services: Services, update: str) -> Iterator[WaitingPeople]:
    """Everybody for whom an update waits, by the same rule: some hundreds at a time, some of them twice."""
    story = _Story(services, update)
    slots: dict[Clock, _NextSlot | None] = {}
    for aid, audience in services.audiences.definitions(story.candidates()):
        clock = clock_of(audience)
        if clock is None:
            continue
        if clock not in slots:
            slots[clock] = _next_slot(services, clock)
        following = slots[clock]
        if following is None or not story.falls_into(following):
            continue
        waits = story.waits(audience, following)
        for sids in services.audiences.members(aid) if any(waits) else ():
            joined = services.audiences.joined(aid, sids)
            found = defaultdict[int, list[int]](list)
            for sid in sids:
                if sid not in story.muted:
                    found[waits[bisect_left(story.accepted, joined.get(sid, 0))]].append(sid)
            found.pop(0, None)
            for number, people in found.items():
                yield WaitingPeople(audience.channel, number, following.slot_ms, people)


class _Story:
    """The accepted revisions of one update, asked for whom they wait."""

    def __init__(self, services: Services, update: str) -> None:
        self._services = services
        found = services.updates.revisions(Ref.between(update, 0, services.updates.latest(update))).values()
        self._revisions = [revision for revision in found if revision.accepted_ms is not None]
        self._facts = looking(services.tree, services.outlines.log)
        self.accepted = sorted(revision.accepted_ms or 0 for revision in self._revisions)
        mutes, now_ms = services.mutes.everybody([update]).get(update, {}), services.server.now_ms()
        #: Those who hear nothing of it.
        self.muted = {sid for sid, mute in mutes.items() if is_silent(mute, self._revisions, now_ms)}

    def candidates(self) -> Iterator[str]:
        """The audiences that may want one of them."""
        terms = {term for r in self._revisions for term in query_terms(r.draft, self._services.tree)}
        return self._services.audiences.candidates(sorted(terms))

    def falls_into(self, following: _NextSlot) -> bool:
        """Whether one of them was accepted in the window of a slot."""
        return any(following.from_ms <= at_ms < following.slot_ms for at_ms in self.accepted)

    def waits(self, audience: Audience, following: _NextSlot) -> list[int]:
        """Which of them waits for members who joined before all of them, after the first, the second, …

        0 for none.
        """

        def number(since_ms: Instant) -> int:
            told = entries(audience, self._revisions, self._facts, following.window(since_ms))
            return next((entry.number for entry in told if entry.change is not Change.TOLD), 0)

        return [number(0), *(number(at_ms + 1) for at_ms in self.accepted)]


def _next_slot(services: Services, clock: Clock) -> _NextSlot | None:
    """What a clock opens next; None for a clock that serves nobody any more."""
    opened_ms = services.clocks.last_opened(clock)
    if opened_ms is None:
        return None
    slot_ms = next_slot(clock, max(opened_ms, services.server.now_ms()))
    return _NextSlot(opened_ms, slot_ms, window_start(clock, opened_ms))
