"""What is decided about all of a stretch of the log for one audience. Pure.

Each decision is the one of `decide`, which asks every subscription of every revision, and counts a day again
for each that may be beyond a cap. Here what many share is looked at once: regions, tags, the slot, the day.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from alerts.model import Audience, Filter, Instant, Revision, Rhythm, Subscription
from alerts.rules.cadence import in_quiet, part_next
from alerts.rules.decisions import (
    NOT_WANTED,
    Decision,
    Later,
    Now,
    bypasses,
    counted_from,
    decide,
    overflow_slot,
    regions_pass,
    severity_passes,
    tags_pass,
    uses_cap,
)
from alerts.rules.facts import Facts, Stretches
from alerts.rules.windows import Decided, Look

_T = TypeVar("_T")
#: What counts towards a cap was accepted no longer before: a weekly slot and its quiet hours, a day.
COUNTED_BACK_MS = 17 * 24 * 3_600_000
#: Before any slot, and after all.
_AT_ONCE, _NEVER = -1, 2**63


def decide_all(audience: Audience, log: Sequence[Facts]) -> list[Decision]:
    """Decide about each of these, which are in the order of their acceptance.

    For a daily cap, what was accepted before is what is in `log`.
    """
    wanting = _wanting([subscription.filter for subscription in audience.subscriptions], log)
    soonest, folded = [_NEVER] * len(log), [True] * len(log)
    for position, subscription in enumerate(audience.subscriptions):
        wanted = [n for n, positions in enumerate(wanting) if positions >> position & 1]
        for n, (slot_ms, fold) in zip(wanted, _times(subscription, audience.zone, log, wanted), strict=True):
            if slot_ms < soonest[n]:
                soonest[n], folded[n] = slot_ms, fold
            elif slot_ms == soonest[n] and not fold:
                folded[n] = False
    return list(_decisions(wanting, soonest, folded))


def deciding(audience: Audience, log: Stretches, facts: Look) -> Decided:
    """Decide about revisions: all that the log knows enough of at once, what is older one by one."""
    known_ms = log.from_ms + COUNTED_BACK_MS
    known = dict(zip((one.ref for one in log.facts), decide_all(audience, log.facts), strict=True))

    def decided(revision: Revision) -> Decision:
        is_known = (revision.accepted_ms or 0) >= known_ms and revision.ref in known
        return known[revision.ref] if is_known else decide(audience, facts(revision))

    return decided


def _wanting(filters: Sequence[Filter], log: Sequence[Facts]) -> list[int]:
    """Of each revision which of the filters let it pass: filter n where bit n is set."""

    def passing(part: Callable[[Filter, _T], bool], value: _T) -> int:
        return sum(1 << n for n, wanted in enumerate(filters) if part(wanted, value))

    regions = {related: passing(regions_pass, related) for related in {facts.related for facts in log}}
    tags = {tagged: passing(tags_pass, tagged) for tagged in {facts.tags for facts in log}}
    severities = {severe: passing(severity_passes, severe) for severe in {facts.severity for facts in log}}
    return [regions[facts.related] & tags[facts.tags] & severities[facts.severity] for facts in log]


def _times(
    subscription: Subscription, zone: str, log: Sequence[Facts], wanted: Sequence[int]
) -> Iterator[tuple[Instant, bool]]:
    """When a subscription tells each of those that it wants, and whether folded."""
    slots = _Slots(subscription, zone)
    day = _CappedDay(subscription, log, wanted) if subscription.cap is not None else None
    for n in wanted:
        facts = log[n]
        if subscription.bypass is not None and bypasses(subscription, facts):
            yield _AT_ONCE, False
            continue
        slot_ms = slots.after(facts.accepted_ms)
        fold = day is not None and not facts.urgent and day.is_full(facts, zone, slot_ms)
        if fold:
            slot_ms = overflow_slot(subscription, zone, facts.accepted_ms, slot_ms)
        yield _AT_ONCE if slot_ms is None else slot_ms, fold


class _Slots:
    """The slots of one subscription, asked for in the order of acceptance: the same as `slot_for`."""

    def __init__(self, subscription: Subscription, zone: str) -> None:
        self._part = subscription.cadence, subscription.quiet
        self._at_once = subscription.cadence.rhythm is Rhythm.IMMEDIATE
        self._zone = zone
        self._next_ms: Instant = -1

    def after(self, accepted_ms: Instant) -> Instant | None:
        quiet = self._part[1]
        if self._at_once and not (quiet and in_quiet(quiet, self._zone, accepted_ms)):
            return None
        if accepted_ms >= self._next_ms:
            self._next_ms = part_next(self._part, self._zone, accepted_ms)
        return self._next_ms


class _CappedDay:
    """What counts towards the cap of one subscription, asked for in the order of acceptance.

    What counts was accepted since an instant that is the same for all of a day, so what is counted once is
    gone on from.
    """

    def __init__(self, subscription: Subscription, log: Sequence[Facts], wanted: Sequence[int]) -> None:
        self._subscription = subscription
        self._each = subscription.cadence.rhythm is Rhythm.IMMEDIATE  #: each revision, not each update
        counting = {n for n in wanted if uses_cap(subscription, log[n])}
        ending = set() if self._each else {n for n, facts in enumerate(log) if facts.kind.ends}
        self._log = [log[n] for n in sorted(counting | ending)]
        self._accepted = [facts.accepted_ms for facts in self._log]
        self._next = 0
        self._slot_ms: Instant | None = None
        self._from_ms: Instant = -1
        self._counted: set[str] = set()

    def is_full(self, facts: Facts, zone: str, slot_ms: Instant | None) -> bool:
        if self._each or slot_ms != self._slot_ms:
            from_ms = counted_from(self._subscription, zone, facts.accepted_ms, slot_ms)
            if from_ms != self._from_ms:
                self._from_ms, self._next = from_ms, bisect_left(self._accepted, from_ms)
                self._counted.clear()
            self._slot_ms = slot_ms
        self._go_to(facts.accepted_ms)
        others = len(self._counted) - (not self._each and facts.update in self._counted)
        return others >= (self._subscription.cap or 0)

    def _go_to(self, end_ms: Instant) -> None:
        """Count what was accepted before an instant."""
        while self._next < len(self._accepted) and self._accepted[self._next] < end_ms:
            facts = self._log[self._next]
            self._next += 1
            if self._each:
                self._counted.add(facts.ref)
            elif facts.kind.ends:
                self._counted.discard(facts.update)
            else:
                self._counted.add(facts.update)


def _decisions(
    wanting: Sequence[int], soonest: Sequence[Instant], folded: Sequence[bool]
) -> Iterator[Decision]:
    """One object for all that are decided alike."""
    known: dict[tuple[int, Instant, bool], Decision] = {(0, _NEVER, True): NOT_WANTED}
    for alike in zip(wanting, soonest, folded, strict=True):
        if alike not in known:
            bits, slot_ms, fold = alike
            positions = tuple(n for n in range(bits.bit_length()) if bits >> n & 1)
            known[alike] = Now(positions) if slot_ms == _AT_ONCE else Later(slot_ms, positions, fold)
        yield known[alike]
