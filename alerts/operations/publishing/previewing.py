"""Who would get a draft, when and why, by the rules that the match uses. Writes nothing, needs no worker."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain, islice

from alerts.channels import CHANNELS
from alerts.errors import NotFound
from alerts.model import (
    Audience,
    Channel,
    Draft,
    Ref,
    Revision,
    Rhythm,
    Standing,
    Subscriber,
    Subscription,
)
from alerts.operations.acting import Actor, Permission
from alerts.operations.following.explaining import mutes_of
from alerts.operations.places import places
from alerts.operations.publishing.foreseen import Getting, Miss, Preview
from alerts.operations.publishing.preparing import CHOOSES_NOTHING, Choices, prepare
from alerts.operations.publishing.previously_delivered import previously_delivered
from alerts.operations.publishing.readings import NamedReading, naming
from alerts.rules.decisions import Clause, Later, No, clauses, decide, passes_as_unknown
from alerts.rules.windows import looking
from alerts.services import Services

#: Of those who just miss it, as many are named; all are counted.
MISSES_NAMED = 10
#: Which of them are named first: what somebody can put right, then what a word in the update decides.
MISSES_ORDER = ("standing", "muted", "severity", "any tag", "all tags", "none of", "region")
#: What somebody waits for who does not get it at once.
QUIET_HOURS, DAILY_CAP, SLOT = "quiet hours", "daily cap", "slot"
SUPPRESSIONS_AT_ONCE = 500


def preview(
    services: Services,
    actor: Actor,
    named: NamedReading,
    choices: Choices = CHOOSES_NOTHING,
    *,
    among_several: bool = False,
    seen: Callable[[int, int], object] = lambda _asked, _all: None,
) -> Preview:
    """Show who would get an update if it were published now, when and why. Writes nothing.

    `seen` is told how many subscribers were asked so far, of how many. With `among_several`, a fault says in
    which file it is. Raises Forbidden, BadInput, UnknownRegion, UnknownTag.
    """
    actor.require(Permission.READ)
    with naming(named.file, among_several):
        draft = prepare(services, named.reading, choices)
    everyone = sum(services.subscribers.count().values())
    return foresee(services, draft, lambda asked: seen(asked, everyone))


def foresee(services: Services, draft: Draft, seen: Callable[[int], object] = lambda _: None) -> Preview:
    """Ask everybody's subscriptions about a draft. `seen` is told how many subscribers were asked so far."""
    revision, published = _revision(services, draft)
    told, muted = _told_before(services, revision), mutes_of(services, revision)
    ask = _Asking(services, revision)
    getting: list[Getting] = []
    misses: dict[str, list[Miss]] = {clause: [] for clause in MISSES_ORDER}
    missing: Counter[str] = Counter()
    asked = 0
    for people in _pages(services):
        suppressed = _suppressed(services, people)
        for person in people:
            before = person.sid in told
            unsent = suppressed.get((person.channel, person.address))
            silent = person.sid in muted and not before
            answer = ask.about(person, before, _in_the_way(person, unsent, silent))
            if isinstance(answer, Getting):
                getting.append(answer)
            elif answer is not None:
                missing[answer.clause.clause] += 1
                if len(misses[answer.clause.clause]) < MISSES_NAMED:
                    misses[answer.clause.clause].append(answer)
        asked += len(people)
        seen(asked)
    getting.sort(key=lambda g: (g.slot_ms or 0, g.subscriber.channel, g.subscriber.address))
    taken = tuple(places(draft.regions, services.tree))
    unknown = sum(passes_as_unknown(g.subscriber.audience, ask.facts) for g in getting)
    named = tuple(chain.from_iterable(misses.values()))[:MISSES_NAMED]
    missed = {clause: missing[clause] for clause in MISSES_ORDER if missing[clause]}
    others = asked - len(getting) - missing.total()
    waiting = dict(Counter(g.waits_for for g in getting if g.waits_for).most_common())
    return Preview(revision, published, taken, tuple(getting), named, missed, others, waiting, unknown)


class _Asking:
    """Asks subscriptions about one revision; equal ones are asked once."""

    def __init__(self, services: Services, revision: Revision) -> None:
        self._tree = services.tree
        self._revision = revision
        self.facts = looking(services.tree, services.outlines.log)(revision)
        self._known: dict[tuple[Channel, str, tuple[Subscription, ...]], Getting | Clause | None] = {}

    def about(self, person: Subscriber, told: bool, in_the_way: Clause | None) -> Getting | Miss | None:
        """Whether one subscriber gets it, just misses it, or has nothing to do with it."""
        alike = (person.channel, person.zone, person.subscriptions)
        if alike not in self._known:
            self._known[alike] = self._ask(person)
        answer = self._known[alike]
        if told:
            why = f"they were told about it before, and this is a {self._revision.kind}"
            answer = Getting(person, None, (why,), self._revision.draft.regions)
        elif self._revision.kind.ends:
            return None
        if isinstance(answer, Clause):
            return Miss(person, answer)
        if answer is None:
            return None
        return replace(answer, subscriber=person) if in_the_way is None else Miss(person, in_the_way)

    def _ask(self, person: Subscriber) -> Getting | Clause | None:
        audience = person.audience
        decision = decide(audience, self.facts)
        if isinstance(decision, No):
            return self._nearly(person)
        positions = decision.subscriptions
        because = [
            clause.because
            for position in positions
            for clause in clauses(audience.subscriptions[position].filter, self._revision.draft, self._tree)
        ]
        regions = {r for position in positions for r in self._by(audience, position)}
        taken = tuple(dict.fromkeys(because)), tuple(sorted(regions))
        if not isinstance(decision, Later):
            return Getting(person, None, *taken)
        at_once = any(
            audience.subscriptions[position].cadence.rhythm is Rhythm.IMMEDIATE for position in positions
        )
        waits_for = DAILY_CAP if decision.folded else QUIET_HOURS if at_once else SLOT
        return Getting(person, decision.slot_ms, *taken, waits_for)

    def _by(self, audience: Audience, position: int) -> Iterator[str]:
        return (r for r in audience.subscriptions[position].filter.regions if r in self.facts.related)

    def _nearly(self, person: Subscriber) -> Clause | None:
        """The one clause that keeps somebody from it, if it is only one; of several, what is named first.

        A region only where it is near one of the update's: whoever asks for another part of the world does
        not just miss it.
        """
        found: list[Clause] = []
        for subscription in person.subscriptions:
            asked = clauses(subscription.filter, self._revision.draft, self._tree)
            failed = [clause for clause in asked if not clause.holds]
            if len(failed) == 1:
                [only] = failed
                found += self._near(subscription, only) if only.clause == "region" else [only]
        return min(found, key=lambda clause: MISSES_ORDER.index(clause.clause), default=None)

    def _near(self, subscription: Subscription, region: Clause) -> list[Clause]:
        """The clause of a region, with what it shares with one of the update's; nothing if it shares none."""
        tree = self._tree
        for wanted in filter(tree.__contains__, subscription.filter.regions):
            for named in filter(tree.__contains__, self._revision.draft.regions):
                if (shared := tree.near(wanted, named)) is not None:
                    both = f"{tree.name(named)} and {tree.name(wanted)} are both in {shared.name}"
                    return [replace(region, because=f"{region.because}; {both}")]
        return []


def _revision(services: Services, draft: Draft) -> tuple[Revision, bool]:
    """The revision that publishing the draft now would make, or the one it was published as."""
    now_ms, update = services.server.now_ms(), draft.id
    try:
        latest, gone = services.updates.latest(update), services.updates.withdrawn(update)
    except NotFound:
        return Revision(update, 1, draft, now_ms), False
    for revision in services.updates.revisions(Ref.between(update, 0, latest)).values():
        if revision.draft.fingerprint == draft.fingerprint and revision.number not in gone:
            return Revision(update, revision.number, draft, now_ms), True
    return Revision(update, latest + 1, draft, now_ms), False


def _told_before(services: Services, revision: Revision) -> set[int]:
    """To whom a correction or an end goes whatever they subscribe to."""
    if not revision.kind.corrective:
        return set()
    return set().union(*previously_delivered(services, revision.update, revision.number).values())


def _in_the_way(person: Subscriber, suppressed: str | None, muted: bool) -> Clause | None:
    """What keeps somebody from it whatever they subscribe to."""
    if person.standing is Standing.PAUSED:
        return Clause("standing", False, "the subscriber is paused")
    if suppressed is not None:
        return Clause("standing", False, f"the address is suppressed: {suppressed}")
    return Clause("muted", False, "they have muted this situation") if muted else None


def _pages(services: Services) -> Iterator[list[Subscriber]]:
    everyone = services.subscribers.everyone()
    while page := list(islice(everyone, SUPPRESSIONS_AT_ONCE)):
        yield page


def _suppressed(services: Services, people: list[Subscriber]) -> dict[tuple[Channel, str], str]:
    return {
        (channel, address): standing.reason
        for channel in CHANNELS
        for address, standing in services.suppressions.find(
            channel, [p.address for p in people if p.channel is channel]
        ).items()
    }
