"""What people wished for, what was published, what the ledger says of both; and the promises between them."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from alerts.model import (
    Change,
    Digest,
    Draft,
    Instant,
    Kind,
    Ref,
    Revision,
    Standing,
    State,
    Subscriber,
    Subscription,
)
from alerts.rules.decisions import wants
from alerts.rules.facts import Facts
from alerts.services import Services
from alerts.walk.steps import publish

DAY = 24 * 3_600_000
#: In so long everything is told: a weekly slot, what quiet hours add to it, and an outage.
SETTLED_MS = 16 * DAY


@dataclass
class History:
    services: Services
    people: dict[int, Subscriber] = field(default_factory=dict)
    #: Every state of somebody's wishes, from when: None while paused.
    wishes: dict[int, list[tuple[Instant, tuple[Subscription, ...] | None]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    revisions: dict[str, list[Revision]] = field(default_factory=dict)

    @property
    def now_ms(self) -> Instant:
        return self.services.server.now_ms()

    def save(self, person: Subscriber, before: Subscriber | None) -> Subscriber:
        """Write somebody new, or new wishes with a catch-up, and remember them."""
        saved = self.services.subscribers.save(person, before, catch_up=before is not None)
        self.people[saved.sid] = saved
        active = saved.standing is Standing.ACTIVE
        since_ms = max(self.now_ms, saved.joined_ms if active else 0)  # a publish in the same ms came first
        self.wishes[saved.sid].append((since_ms, saved.subscriptions if active else None))
        return saved

    def remove(self, person: Subscriber) -> None:
        self.services.subscribers.remove(person)
        del self.people[person.sid]

    def publish(self, content: Draft) -> None:
        published, _ = publish(self.services, content)
        self.revisions.setdefault(content.id, []).append(published.revision)

    def sent(self) -> Iterator[tuple[Digest, Instant, list[int]]]:
        """Every digest, when it was frozen, and whom the ledger says it was sent to: each of them once."""
        names = sorted({n for update in self.revisions for n in self.services.updates.digests(update)})
        digests = self.services.digests.get_all(names)
        for name, how in self.services.digests.progress(names).items():
            records = self.services.ledger.records(name, range(1, how.batches + 1))
            assert how.counts == Counter(record.state for record in records.values()), (name, how)
            assert how.state == "done", (name, how)
            sids = [sid for sid, record in records.items() if record.state is State.SENT]
            yield digests[name], how.frozen_ms or 0, sids

    def told(self) -> dict[int, list[Digest]]:
        """The digests each person was sent."""
        found: dict[int, list[Digest]] = defaultdict(list)
        for digest, _, sids in self.sent():
            for sid in sids:
                found[sid].append(digest)
        return found

    def check(self) -> Counter[str]:
        """Every promise about who is told what, over the whole history. Counts what it saw."""
        seen: Counter[str] = Counter()
        told = self.told()
        facts = {r.ref: Facts.of(r, self.services.tree) for rs in self.revisions.values() for r in rs}
        for sid in self.wishes:
            shown = self.check_digests(sid, told[sid], seen)
            heard = {Ref(ref).update for ref in shown}
            for update, revisions in self.revisions.items():
                if all(self.covered(sid, facts[revision.ref]) for revision in revisions):
                    seen["covered"] += 1
                    last = revisions[-1]
                    if last.kind is not Kind.CANCEL:
                        assert shown[last.ref] == 1, self.story(sid, {update})
                    elif update in heard:
                        seen["closed"] += 1
                        assert shown[last.ref] == 1, self.story(sid, {update})
        return seen

    def check_digests(self, sid: int, digests: list[Digest], seen: Counter[str]) -> Counter[str]:
        """Nothing twice, no two digests at a slot, and in each only what its window holds, or has been told.

        Returns how often each revision was told.
        """
        shown = Counter(e.ref for d in digests for e in d.entries if e.change is not Change.TOLD)
        twice = {Ref(ref).update for ref, times in shown.items() if times > 1}
        assert not twice, self.story(sid, twice)
        slots = Counter(d.horizon_ms for d in digests if d.clock)
        assert all(times == 1 for times in slots.values()), (self.wishes[sid], slots)
        for digest in digests:
            seen[_kind(digest)] += 1
            for entry in digest.entries:
                since = self.revisions[entry.update][entry.number - 1 :]
                assert any(shown[r.ref] for r in since), (digest, self.story(sid, {entry.update}))
                accepted_ms = since[0].accepted_ms or 0
                if digest.clock:
                    assert digest.from_ms <= accepted_ms < digest.horizon_ms, (sid, digest, entry)
                else:
                    assert accepted_ms <= digest.horizon_ms, (sid, digest, entry)
        return shown

    def covered(self, sid: int, facts: Facts) -> bool:
        """Whether somebody's wishes wanted it when it was accepted and until they must have heard of it.

        Pauses do not count: whoever ends one is told where things stand.
        """
        if sid not in self.people or self.wishes[sid][0][0] > facts.accepted_ms:
            return False
        until_ms, present = facts.accepted_ms + SETTLED_MS, self.wishes[sid][0][1]
        for since_ms, wished in self.wishes[sid]:
            if since_ms <= facts.accepted_ms:
                present = wished
            elif since_ms <= until_ms or present is None:
                if present is not None and not _wanted(present, facts):
                    return False
                until_ms, present = max(until_ms, since_ms + SETTLED_MS), wished
        return present is not None and _wanted(present, facts)

    def story(self, sid: int, updates: set[str]) -> str:
        """What happened to some updates for one person, for a failing test to print."""
        lines = [f"{at} wishes {w}" for at, w in self.wishes[sid]]
        for update in updates:
            for revision in self.revisions[update]:
                r = revision.draft
                lines.append(
                    f"{revision.accepted_ms} {revision.ref} {revision.kind} {r.regions} {r.severity}"
                )
        for digest in self.told()[sid]:
            entries = [e for e in digest.entries if e.update in updates]
            if entries:
                lines.append(f"{digest.horizon_ms} told {replace(digest, entries=tuple(entries))}")
        return "\n".join(sorted(lines))


def _wanted(subscriptions: tuple[Subscription, ...], facts: Facts) -> bool:
    return any(wants(subscription.filter, facts) for subscription in subscriptions)


def _kind(digest: Digest) -> str:
    if digest.late:
        return "late"
    if digest.catch_up:
        return "catch-up"
    return "slot" if digest.clock else "now"
