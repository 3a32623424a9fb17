"""Who would get a draft, when and why, by the rules that the match uses. Writes nothing, needs no worker."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from alerts.errors import Conflict, NotFound, NothingMatched
from alerts.model import (
    Audience,
    Channel,
    Draft,
    Instant,
    Kind,
    Revision,
    Standing,
    Subscriber,
    Subscription,
    name_of,
)
from alerts.operations.instants import utc_text
from alerts.operations.progress import of_update
from alerts.rendering import email_blanks, slack_blanks
from alerts.rules.decisions import Clause, Later, No, clauses, decide, passes_as_unknown, reasons
from alerts.rules.windows import at_once, looking, told_before
from alerts.services import Services
from alerts.walk import recipients

#: Of those who just miss it, so many are named; all are counted.
MISSES_NAMED = 10
SUPPRESSIONS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Getting:
    """One subscriber who would get it."""

    subscriber: Subscriber
    slot_ms: Instant | None  #: None: at once
    reasons: tuple[str, ...]
    regions: tuple[str, ...]  #: the regions of their filters by which they get it

    @property
    def verdict(self) -> str:
        return "now" if self.slot_ms is None else "slot"

    def to_dict(self, update: str) -> dict[str, Any]:
        return {
            "update": update,
            "channel": self.subscriber.channel.value,
            "address": self.subscriber.address,
            "verdict": self.verdict,
            "slot": utc_text(self.slot_ms),
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True, slots=True)
class Miss:
    """One subscriber who just misses it: by a single clause, or by a standing reason."""

    subscriber: Subscriber
    clause: Clause

    def to_dict(self) -> dict[str, Any]:
        return {
            "channel": self.subscriber.channel.value,
            "address": self.subscriber.address,
            "clause": self.clause.clause,
            "because": self.clause.because,
        }


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing a draft now would do."""

    revision: Revision
    published: bool  #: this very content is published already: publishing it again sends nothing
    getting: tuple[Getting, ...]
    misses: tuple[Miss, ...]
    missing: dict[str, int]  #: how many miss it by each clause alone
    unknown: int = 0  #: how many get it only because its severity is unknown

    @property
    def plan(self) -> str:
        """A name for content and recipients: `12-3-…` is 12 now and 3 later; equal plans, equal names."""
        people = sorted((g.subscriber.channel, g.subscriber.address, g.slot_ms or 0) for g in self.getting)
        now = sum(g.slot_ms is None for g in self.getting)
        content, whom = self.revision.draft.fingerprint[:8], name_of(people)[:12]
        return f"{now}-{len(people) - now}-{content}-{whom}"

    def counts(self) -> list[dict[str, Any]]:
        """How many, by channel, time and region; who gets it by two regions counts in both."""
        found = Counter(
            (g.subscriber.channel.value, g.verdict, region) for g in self.getting for region in g.regions
        )
        return [
            {"channel": channel, "verdict": verdict, "region": region, "subscribers": n}
            for (channel, verdict, region), n in sorted(found.items())
        ]


def preview(services: Services, draft: Draft, seen: Callable[[int], object] = lambda _: None) -> Preview:
    """Ask everybody's wishes about a draft. `seen` is told how many subscribers were asked so far."""
    revision, published = _revision(services, draft)
    told = _told_before(services, revision)
    ask = _Asking(services, revision)
    getting: list[Getting] = []
    misses: list[Miss] = []
    missing: Counter[str] = Counter()
    asked = 0
    for people in _pages(services):
        suppressed = _suppressed(services, people)
        for person in people:
            answer = ask.about(person, person.sid in told, suppressed.get((person.channel, person.address)))
            if isinstance(answer, Getting):
                getting.append(answer)
            elif answer is not None:
                missing[answer.clause.clause] += 1
                if len(misses) < MISSES_NAMED:
                    misses.append(answer)
        asked += len(people)
        seen(asked)
    getting.sort(key=lambda g: (g.slot_ms or 0, g.subscriber.channel, g.subscriber.address))
    facts = looking(services.tree, services.updates.accepted)(revision)
    unknown = sum(passes_as_unknown(g.subscriber.audience, facts) for g in getting)
    return Preview(revision, published, tuple(getting), tuple(misses), dict(missing.most_common()), unknown)


def require_plan(found: Preview, plan: str) -> None:
    """Raises Conflict, saying what changed, unless the preview is what the plan was made of."""
    if found.plan == plan:
        return
    before, now = plan.split("-"), found.plan.split("-")
    if len(before) != len(now):
        raise Conflict(f"“{plan[:60]}” is not a plan.", "Take it from `alerts preview`.")
    changed = []
    if before[2] != now[2]:
        changed.append("the update reads differently")
    if before[:2] != now[:2]:
        changed.append(f"{now[0]} get it now and {now[1]} later, not {before[0]} and {before[1]}")
    elif before[3] != now[3]:
        changed.append("as many get it, but others or at other times")
    raise Conflict(
        f"It is not what was planned any more: {'; '.join(changed)}.",
        f"Look with `alerts preview`, then publish with --plan {found.plan}.",
    )


def sample(services: Services, found: Preview, channel: Channel, address: str | None) -> bytes:
    """Render it for one who gets it, or for the first of the channel. Raises NothingMatched."""
    people = [g.subscriber for g in found.getting if g.subscriber.channel is channel]
    chosen = next((p for p in people if address is None or p.address == address), None)
    if chosen is None:
        raise NothingMatched(
            f"{address} does not get it." if address else f"Nobody gets it by {channel}.",
            "See who does with `alerts preview FILE --recipients`.",
        )
    revision = found.revision
    earlier = recipients.before(services, revision)
    facts = looking(services.tree, services.updates.accepted)
    since = told_before(chosen.audience, earlier, facts, revision.accepted_ms or 0)
    digest = at_once(revision, chosen.audience.channel, since)
    known = {r.ref: r for r in (*earlier, revision)}
    message = services.renderer.render(digest, known)
    why = reasons(chosen.audience, [revision], services.tree)
    if channel is Channel.SLACK:
        return message.fill(slack_blanks(None, reason=why, next_slot=""))
    return message.fill(
        email_blanks(
            digest,
            chosen.sid,
            chosen.address,
            services.links,
            services.renderer.domain,
            at_ms=services.server.now_ms(),
            reason=why,
            next_slot="",
        )
    )


class _Asking:
    """Asks wishes about one revision; equal wishes are asked once."""

    def __init__(self, services: Services, revision: Revision) -> None:
        self._tree = services.tree
        self._revision = revision
        self._facts = looking(services.tree, services.updates.accepted)(revision)
        self._known: dict[tuple[Channel, str, tuple[Subscription, ...]], Getting | Clause | None] = {}

    def about(self, person: Subscriber, told: bool, suppressed: str | None) -> Getting | Miss | None:
        """Whether one subscriber gets it, just misses it, or has nothing to do with it."""
        wishes = (person.channel, person.zone, person.subscriptions)
        if wishes not in self._known:
            self._known[wishes] = self._ask(person)
        answer = self._known[wishes]
        if told:
            why = f"they were told about it before, and this is a {self._revision.kind}"
            answer = Getting(person, None, (why,), self._revision.draft.regions)
        elif self._revision.kind is Kind.CANCEL:
            return None
        if isinstance(answer, Clause):
            return Miss(person, answer)
        if answer is None:
            return None
        if person.standing is Standing.PAUSED:
            return Miss(person, Clause("standing", False, "the subscriber is paused"))
        if suppressed is not None:
            return Miss(person, Clause("standing", False, f"the address is suppressed: {suppressed}"))
        return Getting(person, answer.slot_ms, answer.reasons, answer.regions)

    def _ask(self, person: Subscriber) -> Getting | Clause | None:
        audience = person.audience
        decision = decide(audience, self._facts)
        if isinstance(decision, No):
            return self._nearly(person)
        places = decision.subscriptions
        because = [
            clause.because
            for place in places
            for clause in clauses(audience.subscriptions[place].filter, self._revision.draft, self._tree)
        ]
        regions = {r for place in places for r in self._by(audience, place)}
        slot_ms = decision.slot_ms if isinstance(decision, Later) else None
        return Getting(person, slot_ms, tuple(dict.fromkeys(because)), tuple(sorted(regions)))

    def _by(self, audience: Audience, place: int) -> Iterator[str]:
        return (r for r in audience.subscriptions[place].filter.regions if r in self._facts.related)

    def _nearly(self, person: Subscriber) -> Clause | None:
        """The one clause that keeps somebody from it, if it is only one."""
        for wish in person.subscriptions:
            failed = [c for c in clauses(wish.filter, self._revision.draft, self._tree) if not c.holds]
            if len(failed) == 1:
                return failed[0]
        return None


def _revision(services: Services, draft: Draft) -> tuple[Revision, bool]:
    """The revision that publishing the draft now would make, or the one it was published as."""
    now_ms, update = services.server.now_ms(), draft.id
    try:
        latest, gone = services.updates.latest(update), services.updates.withdrawn(update)
    except NotFound:
        return Revision(update, 1, draft, now_ms), False
    for revision in services.updates.revisions(f"{update}.r{n}" for n in range(1, latest + 1)).values():
        if revision.draft.fingerprint == draft.fingerprint and revision.number not in gone:
            return Revision(update, revision.number, draft, now_ms), True
    return Revision(update, latest + 1, draft, now_ms), False


def _told_before(services: Services, revision: Revision) -> set[int]:
    """Whom a correction or cancel goes to whatever they wish for: by the ledger they may have been told."""
    if not revision.kind.corrective:
        return set()
    earlier = [
        name
        for name, digest in of_update(services, revision.update).items()
        if digest.tells(revision.update) < revision.number
    ]
    return {
        sid
        for name, progress in services.digests.progress(earlier).items()
        for sid, record in services.ledger.records(name, range(1, progress.batches + 1)).items()
        if record.told(or_maybe=True)
    }


def _pages(services: Services) -> Iterator[list[Subscriber]]:
    everyone = services.subscribers.everyone()
    while page := list(islice(everyone, SUPPRESSIONS_AT_ONCE)):
        yield page


def _suppressed(services: Services, people: list[Subscriber]) -> dict[tuple[Channel, str], str]:
    return {
        (channel, address): standing.reason
        for channel in Channel
        for address, standing in services.subscribers.suppressions(
            channel, [p.address for p in people if p.channel is channel]
        ).items()
    }
