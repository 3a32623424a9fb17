"""What an audience is owed at a moment: a pure function of its definition, the log and the window.

There are no waiting lists. Whether something was told, when, and in which revision follows from the same
rules that routed it, so nothing can drift, leak or be forgotten.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from operator import attrgetter

from alerts.model import (
    Audience,
    Change,
    Channel,
    Digest,
    Entry,
    Instant,
    Kind,
    Revision,
    Rhythm,
    Severity,
    Status,
)
from alerts.regions import Tree
from alerts.rules.cadence import part_last
from alerts.rules.decisions import Decision, Later, No, Now, decide
from alerts.rules.facts import Facts, Stretch, Stretches

#: Looks a revision's facts up; each is worked out once.
Look = Callable[[Revision], Facts]
#: What is decided about a revision, for an audience that is known.
Decided = Callable[[Revision], Decision]
#: Reads the log: what was accepted in `[start, end)`, and what else is known of it.
Log = Callable[[Instant, Instant], Stretches]
#: A log in which nothing ever was.
NOTHING = Stretches((), (), 0, 2**63)


def looking(tree: Tree, log: Log = lambda _start, _end: NOTHING) -> Look:
    """Facts by revision, remembered while somebody holds on to this. The log is read for daily caps only."""
    known: dict[str, Facts] = {}
    read: Stretches | None = None

    def facts(revision: Revision) -> Facts:
        if revision.ref not in known:
            bare = Facts.of(revision, tree)
            known[revision.ref] = bare.knowing(partial(earlier, end_ms=bare.accepted_ms))
        return known[revision.ref]

    def earlier(start_ms: Instant, end_ms: Instant) -> Stretch:
        nonlocal read
        if read is None or not read.covers(start_ms, end_ms):
            read = log(start_ms, end_ms)
        return read.between(start_ms, end_ms)

    return facts


@dataclass(frozen=True, slots=True)
class Window:
    """What one opening looks at: the slots after `opened_ms` up to `slot_ms`.

    `since_ms`: what was accepted before is settled (told already, or owed by a catch-up).
    """

    opened_ms: Instant
    slot_ms: Instant
    since_ms: Instant = 0
    #: For one person: the latest revision the ledger says they were told, of the updates where that can
    #: differ from what the rules say of their audience.
    known: Mapping[str, int] | None = None
    #: Stretch openings that made up for several slots at once: after which slot, and up to which.
    late: Sequence[tuple[Instant, Instant]] = ()
    #: Updates that were corrected or closed after the slot, while it waited to be opened.
    superseded: Collection[str] = ()
    #: For one person: until when they had updates muted. What was accepted before is settled as `known` says.
    silent: Mapping[str, Instant] | None = None

    def run_of(self, slot_ms: Instant) -> Instant:
        """The slot under which this slot was opened: a later one if it was missed."""
        return next((end for begin, end in self.late if begin < slot_ms <= end), slot_ms)


@dataclass(slots=True)
class ToldSoFar:
    """How far one audience has been told one update."""

    number: int = 0
    waiting: Revision | None = None
    slot_ms: Instant = 0
    folded: bool = False
    at_once: Revision | None = None
    peak: Revision | None = None  #: the most severe of what they wanted and were not told, the last of such

    def pass_by(self, opened_ms: Instant, now_ms: Instant) -> None:
        """A slot that was opened before `now_ms` told what was waiting for it."""
        if self.waiting and self.slot_ms <= min(opened_ms, now_ms):
            self.number = self.waiting.number
            self.drop()

    def hear(self, revision: Revision, decision: Decision, heard: int) -> None:
        """What a further accepted revision changes. `heard`: the latest they know of, 0 for none."""
        if revision.kind.corrective and heard:
            self.tell(revision)
        elif revision.kind is Kind.CANCEL:
            if self.waiting:
                self.waiting = revision  # over before they ever heard of it: told as ended
        elif revision.kind.ends or (revision.kind is Kind.CORRECTION and isinstance(decision, No)):
            self.drop()  # never so, or found not to concern them, before they ever heard of it
        elif isinstance(decision, Now):
            self.tell(revision)
        elif isinstance(decision, Later):
            self.wait(revision, decision)
        elif self.waiting:
            self.waiting = revision  # not theirs any more, but what waits for them would be out of date

    def tell(self, revision: Revision) -> None:
        self.number, self.at_once = revision.number, revision
        self.drop()

    def drop(self) -> None:
        """Nothing is waiting any more."""
        self.waiting = self.peak = None

    def wait(self, revision: Revision, later: Later) -> None:
        """Tell this revision at a slot: the soonest at which the update is owed, whole if it was to be so."""
        if self.waiting is None or later.slot_ms < self.slot_ms:
            self.slot_ms, self.folded = later.slot_ms, later.folded
        elif later.slot_ms == self.slot_ms:
            self.folded = self.folded and later.folded
        self.waiting = revision
        # What was corrected was never that severe; and an exercise says nothing of what is real.
        anew = revision.kind is Kind.CORRECTION or _status(revision) is not _status(self.peak)
        if anew or _rank(revision) >= _rank(self.peak):
            self.peak = revision

    def entry(self, waiting: Revision, since: int, before: Revision | None) -> Entry:
        """What waits, as seen by somebody who was told revision `since`, which is `before`."""
        change, peak = _change(waiting, since), self.peak.number if self.peak else 0
        if change is Change.ENDED:
            return Entry(waiting.update, waiting.number, change, since, peak=peak)
        missed = peak > since and _rank(self.peak) > max(_rank(waiting), _rank(before))
        shown = peak if missed else 0
        return Entry(waiting.update, waiting.number, change, since, folded=self.folded, peak=shown)


def entries(
    audience: Audience, revisions: Sequence[Revision], facts: Look, window: Window
) -> tuple[Entry, ...]:
    """The digest this audience is owed at the window's slot; empty if there is nothing to tell.

    `revisions`: accepted ones of every update that could matter, in any order. What went out at once inside
    the window is remembered in a line, but is no reason for a digest by itself: only if all quiet is told.
    What was closed or superseded since is not remembered. What was closed while it waited is told as ended,
    in a line; what was retracted is not: nobody needs to hear that something never was so.
    """
    return entries_decided(audience, revisions, _deciding(audience, facts), window)


def entries_decided(
    audience: Audience, revisions: Sequence[Revision], decided: Decided, window: Window
) -> tuple[Entry, ...]:
    """The same, where what is decided about each revision is known."""
    told: list[Entry] = []
    fresh: list[Entry] = []
    ordered = sorted(revisions, key=lambda r: (r.update, r.number))
    for update, several in groupby(ordered, key=attrgetter("update")):
        story = {revision.number: revision for revision in several}
        state = _follow(story.values(), decided, window)
        if state.waiting and window.opened_ms < state.slot_ms <= window.slot_ms:
            since = max(state.number, (window.known or {}).get(update, 0))
            if since < state.waiting.number:
                fresh.append(state.entry(state.waiting, since, story.get(since)))
        elif state.at_once and not state.at_once.kind.ends and update not in window.superseded:
            at_ms = state.at_once.accepted_ms or 0
            if at_ms >= window.opened_ms:
                told.append(Entry(update, state.at_once.number, Change.TOLD, 0, at_ms))
    return tuple(fresh + told) if fresh or tells_all_quiet(audience, window) else ()


def tells_all_quiet(audience: Audience, window: Window) -> bool:
    """Whether the window has a daily or weekly slot of a subscription that asks to hear of silence, too."""
    return any(
        subscription.all_quiet
        and subscription.cadence.rhythm in (Rhythm.DAILY, Rhythm.WEEKLY)
        and part_last((subscription.cadence, subscription.quiet), audience.zone, window.slot_ms)
        > window.opened_ms
        for subscription in audience.subscriptions
    )


def _deciding(audience: Audience, facts: Look) -> Decided:
    return lambda revision: decide(audience, facts(revision))


def _follow(revisions: Iterable[Revision], decided: Decided, window: Window) -> ToldSoFar:
    state, known, silent = ToldSoFar(), window.known or {}, window.silent or {}
    for revision in revisions:
        accepted_ms = revision.accepted_ms
        if accepted_ms is None or accepted_ms >= window.slot_ms:
            break
        decision = decided(revision)
        if accepted_ms < max(window.since_ms, silent.get(revision.update, 0)):
            if revision.update in known:
                state.number = min(revision.number, known[revision.update])
            elif not isinstance(decision, No):
                state.number = revision.number
            continue
        state.pass_by(window.opened_ms, accepted_ms)
        if isinstance(decision, Later):
            decision = replace(decision, slot_ms=window.run_of(decision.slot_ms))
        state.hear(revision, decision, state.number or known.get(revision.update, 0))
    state.pass_by(window.opened_ms, window.slot_ms)
    return state


def told_before(audience: Audience, earlier: Sequence[Revision], facts: Look, now_ms: Instant) -> int:
    """The latest revision of one update this audience was told before `now_ms`, 0 for none."""
    return told_within(audience, earlier, facts, Window(now_ms, now_ms + 1))


def told_within(audience: Audience, story: Sequence[Revision], facts: Look, window: Window) -> int:
    """The latest revision of one update this audience was told before the window's slot, 0 for none."""
    return _follow(story, _deciding(audience, facts), window).number


def entry(revision: Revision, since: int) -> Entry:
    """The revision as seen by somebody who was told revision `since` before."""
    return Entry(revision.update, revision.number, _change(revision, since), since)


def _change(revision: Revision, since: int) -> Change:
    kind = revision.kind
    if kind.ends:
        return Change.CLOSED if since else Change.ENDED
    if since == 0:
        return Change.NEW
    return Change.CORRECTED if kind is Kind.CORRECTION else Change.UPDATED


def _rank(revision: Revision | None) -> int:
    """How severe it is known to be."""
    severity = revision.draft.severity if revision else Severity.UNKNOWN
    return 0 if severity is Severity.UNKNOWN else severity.rank


def _status(revision: Revision | None) -> Status | None:
    return revision.draft.status if revision else None


def at_once(revision: Revision, channel: Channel, since: int) -> Digest:
    """The digest of one that tells this revision now to those who were told revision `since` before."""
    return Digest(channel, (entry(revision, since),), revision.accepted_ms or 0, urgent=revision.urgent)
