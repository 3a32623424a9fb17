"""Does this subscription want this revision, why, why not; and if so now or at which slot. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from alerts.model import (
    Audience,
    Draft,
    Filter,
    Instant,
    Rhythm,
    Severity,
    Subscription,
)
from alerts.regions import Tree
from alerts.rules.cadence import OVERFLOW, day_start, part_last, part_next, slot_for
from alerts.rules.describing import (
    all_of,
    any_of,
    naming,
    worded_regions,
    worded_severity,
    worded_tags,
)
from alerts.rules.facts import Facts, known, related
from alerts.texts import Sayable, Text

ANY_TAG = "*"


@dataclass(frozen=True, slots=True)
class Now:
    """Goes at once: to the subscriptions at these positions in the audience."""

    subscriptions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Later:
    """Waits for a slot, the soonest of the subscriptions at these positions."""

    slot_ms: Instant
    subscriptions: tuple[int, ...]
    folded: bool = False  #: beyond the daily cap of those that tell it then: told in one line


@dataclass(frozen=True, slots=True)
class No:
    """Not wanted; `clauses` tells which part of each subscription does not hold."""


Decision = Now | Later | No
NOT_WANTED = No()


def wants(wanted: Filter, facts: Facts) -> bool:
    """Whether the filter lets it pass: the same as every one of `clauses` holding, without the words."""
    return (
        severity_passes(wanted, facts.severity)
        and regions_pass(wanted, facts.related)
        and tags_pass(wanted, facts.tags)
    )


def severity_passes(wanted: Filter, severity: Severity) -> bool:
    """The part of `wants` that is about the severity."""
    return severity.rank >= wanted.min_severity.rank or severity is Severity.UNKNOWN


def regions_pass(wanted: Filter, related: frozenset[str]) -> bool:
    """The part of `wants` that is about regions."""
    return not related.isdisjoint(wanted.regions)


def tags_pass(wanted: Filter, tags: frozenset[str]) -> bool:
    """The part of `wants` that is about tags."""
    return (
        (not wanted.any_tags or not tags.isdisjoint(wanted.any_tags))
        and tags.issuperset(wanted.all_tags)
        and tags.isdisjoint(wanted.none_tags)
    )


def decide(audience: Audience, facts: Facts) -> Decision:
    """Now, at which slot, or not at all: by the soonest of the subscriptions that want it.

    A severity at or above the bypass goes at once, through quiet hours; an unknown one never does, and no
    exercise or test.
    """
    matched = [
        (position, subscription)
        for position, subscription in enumerate(audience.subscriptions)
        if wants(subscription.filter, facts)
    ]
    if not matched:
        return NOT_WANTED
    positions = tuple(position for position, _ in matched)
    times = [_time(subscription, audience.zone, facts) for _, subscription in matched]
    slots = [slot for slot, _ in times if slot is not None]
    if len(slots) < len(times):
        return Now(positions)
    soonest = min(slots)
    return Later(soonest, positions, all(folded for slot, folded in times if slot == soonest))


def passes_as_unknown(audience: Audience, facts: Facts) -> bool:
    """Whether it is wanted only because its severity is unknown, which passes every floor."""
    if facts.severity is not Severity.UNKNOWN or isinstance(decide(audience, facts), No):
        return False
    return isinstance(decide(audience, replace(facts, severity=Severity.MINOR)), No)


def _time(subscription: Subscription, zone: str, facts: Facts) -> tuple[Instant | None, bool]:
    """When a subscription tells it (None: at once), and whether folded. What is urgent has no cap."""
    if bypasses(subscription, facts):
        return None, False
    slot_ms = slot_for(subscription.cadence, subscription.quiet, zone, facts.accepted_ms)
    if subscription.cap is None or facts.urgent or not _is_full(subscription, zone, facts, slot_ms):
        return slot_ms, False
    return overflow_slot(subscription, zone, facts.accepted_ms, slot_ms), True


def bypasses(subscription: Subscription, facts: Facts) -> bool:
    """Whether it is so severe that this subscription has it at once, whatever the hour."""
    severity, bypass = facts.severity, subscription.bypass
    rated = facts.real and severity is not Severity.UNKNOWN
    return bypass is not None and rated and severity.rank >= bypass.rank


def overflow_slot(
    subscription: Subscription, zone: str, accepted_ms: Instant, slot_ms: Instant | None
) -> Instant | None:
    """When what is beyond the daily cap is told, in a line: at its slot, or the next morning without one."""
    if subscription.cadence.rhythm is Rhythm.IMMEDIATE:
        return part_next((OVERFLOW, subscription.quiet), zone, accepted_ms)
    return slot_ms


def _is_full(subscription: Subscription, zone: str, facts: Facts, slot_ms: Instant | None) -> bool:
    """Whether the local day on which it would be told has as many as the cap without it.

    Where each revision is a message of its own, revisions are counted by the day of their acceptance; where
    a slot tells several, updates by the day of the slot, but for those that were closed again.
    """
    at_once = subscription.cadence.rhythm is Rhythm.IMMEDIATE
    itself = None if at_once else facts.update
    earlier = facts.earlier(counted_from(subscription, zone, facts.accepted_ms, slot_ms))
    ended = frozenset[str]() if at_once else earlier.ended
    counted: set[str] = set()
    certain: set[str] = set()  # whatever comes after them: a day may hold hundreds, and a cap is small
    for other in earlier.facts:
        if other.kind.ends:
            counted.discard(other.update)
        if other.update != itself and uses_cap(subscription, other) and wants(subscription.filter, other):
            (counted if other.update in ended else certain).add(other.ref if at_once else other.update)
            if len(certain) >= (subscription.cap or 0):
                return True
    return len(counted) + len(certain) >= (subscription.cap or 0)


def counted_from(
    subscription: Subscription, zone: str, accepted_ms: Instant, slot_ms: Instant | None
) -> Instant:
    """Since when what was accepted counts towards the daily cap of something: see `_is_full`."""
    if subscription.cadence.rhythm is Rhythm.IMMEDIATE or slot_ms is None:
        return day_start(zone, accepted_ms)
    return part_last((subscription.cadence, subscription.quiet), zone, day_start(zone, slot_ms) - 1)


def uses_cap(subscription: Subscription, facts: Facts) -> bool:
    """Whether it counts towards the daily cap, if it is wanted.

    A correction goes to whoever was told, cap or not, and uses nothing up.
    """
    return not (facts.kind.corrective or facts.urgent or bypasses(subscription, facts))


@dataclass(frozen=True, slots=True)
class Clause:
    """One part of a filter: what it asks for, whether it holds, and a sentence that says why.

    `to_reader`: the same to whom it keeps from an update, in parts that stand beside each other.
    """

    clause: str
    holds: bool
    because: str
    to_reader: tuple[Sayable, ...] = ()

    @classmethod
    def failed(cls, clause: str, because: Text) -> "Clause":
        """One that does not hold, for a reason that operators and readers are told alike."""
        return cls(clause, False, str(because), (because,))


def clauses(wanted: Filter, draft: Draft, tree: Tree) -> tuple[Clause, ...]:
    """Every part of the filter with its reason, whether or not an earlier one failed already."""
    tags = frozenset(draft.tags)
    found = [_region(wanted, draft, tree)]
    if wanted.any_tags:
        hits = [tag for tag in wanted.any_tags if tag in tags]
        found.append(
            Clause("any tag", True, f"it is tagged {all_of(hits)}")
            if hits
            else Clause.failed("any tag", _not_tagged(wanted.any_tags))
        )
    if wanted.all_tags:
        lacking = [tag for tag in wanted.all_tags if tag not in tags]
        found.append(
            Clause.failed("all tags", _not_tagged(lacking))
            if lacking
            else Clause("all tags", True, f"it is tagged {all_of(wanted.all_tags)}")
        )
    if wanted.none_tags:
        hits = [tag for tag in wanted.none_tags if tag in tags]
        found.append(
            Clause.failed("none of", Text("it is tagged %(tags)s", tags=worded_tags(hits, "and")))
            if hits
            else Clause("none of", True, f"it is not tagged {any_of(wanted.none_tags)}")
        )
    found.append(_severity(wanted, draft))
    return tuple(found)


def _not_tagged(tags: Sequence[str]) -> Text:
    return Text("it is not tagged %(tags)s", tags=worded_tags(tags, "or"))


def _region(wanted: Filter, draft: Draft, tree: Tree) -> Clause:
    for region in known(wanted.regions, tree):
        for named in known(draft.regions, tree):
            relation = tree.relation(region, named)
            if relation is not None:
                return Clause("region", True, relation)
    place = naming(tree)
    places = worded_regions(draft.regions, place, "and")
    scope = worded_regions(wanted.regions, place, "or")
    because = Text.counted(
        "%(places)s is not in %(scope)s",
        "%(places)s are not in %(scope)s",
        len(draft.regions),
        places=places,
        scope=scope,
    )
    return Clause.failed("region", because)


def _severity(wanted: Filter, draft: Draft) -> Clause:
    severity, least = draft.severity, wanted.min_severity
    if severity is Severity.UNKNOWN:
        return Clause("severity", True, "its severity is unknown, which passes every floor")
    if severity.rank >= least.rank:
        return Clause("severity", True, f"{severity} is at least {least}")
    below = Text(
        "%(severity)s is below %(least)s", severity=worded_severity(severity), least=worded_severity(least)
    )
    return Clause.failed("severity", below)


def index_terms(audience: Audience) -> frozenset[str]:
    """Where the index files an audience: `region|tag` for any-tags, one of the all-tags, else `region|*`."""
    return frozenset(
        f"{region}|{tag}"
        for subscription in audience.subscriptions
        for region in subscription.filter.regions
        for tag in subscription.filter.any_tags or subscription.filter.all_tags[:1] or (ANY_TAG,)
    )


def query_terms(draft: Draft, tree: Tree) -> list[str]:
    """Where the index must be asked: whoever wants the draft is filed under at least one of these."""
    tags = (ANY_TAG, *draft.tags)
    return [f"{region}|{tag}" for region in sorted(related(draft, tree)) for tag in tags]
