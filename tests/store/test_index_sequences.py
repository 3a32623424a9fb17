"""Whatever operators do to subscribers, in any order: the index agrees, and matching with the naive."""

from dataclasses import replace

import naive
import pytest
from house import OPERATOR
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from alerts.channels import folds
from alerts.errors import Conflict
from alerts.model import (
    Cadence,
    Channel,
    Draft,
    Filter,
    QuietHours,
    Revision,
    Severity,
    Standing,
    Subscriber,
    Subscription,
)
from alerts.operations.subscribing import subscribers as people
from alerts.operations.subscribing.subscriber_details import find
from alerts.rules.decisions import No, decide, query_terms
from alerts.rules.facts import Facts
from alerts.services import Services
from alerts.store import Index

REGIONS = ["001", "150", "UA", "UA-30", "RU", "FR", "GF", "ML", "sahel", "eu"]
TAGS = ["a", "b", "c"]
some_tags = st.lists(st.sampled_from(TAGS), max_size=2, unique=True).map(tuple)
some_regions = st.lists(st.sampled_from(REGIONS), min_size=1, max_size=3, unique=True).map(tuple)
known = st.sampled_from([s for s in Severity if s is not Severity.UNKNOWN])
a_wish = st.builds(
    Subscription,
    st.builds(Filter, some_regions, some_tags, some_tags, some_tags, known),
    st.sampled_from([Cadence(), Cadence.parse("hourly"), Cadence.parse("daily 08:00")]),
    st.sampled_from([None, QuietHours.parse("22:00-07:00")]),
)
wishes = st.lists(a_wish, min_size=1, max_size=2, unique=True).map(tuple)
#: So few that they are often the same wishes, and the last member of an audience leaves it.
common = st.sampled_from(
    [
        (Subscription(Filter((code,)), Cadence.parse(c)),)
        for code in ("UA", "150")
        for c in ("immediate", "hourly")
    ]
)
persons = st.sampled_from([f"p{i}@example.org" for i in range(4)])
zones = st.sampled_from(["UTC", "Asia/Tokyo"])


class Operators(RuleBasedStateMachine):
    """Beside the state stands what a naive mind remembers: who wishes what, and who is paused."""

    services: Services

    def __init__(self) -> None:
        super().__init__()
        self.services.server.client.flushall()
        self.wishes: dict[str, tuple[Subscription, ...]] = {}
        self.paused: set[str] = set()
        self.read: Subscriber | None = None

    @rule(address=persons, asked=wishes | common, zone=zones)
    def add_or_change(self, address: str, asked: tuple[Subscription, ...], zone: str) -> None:
        before = self.services.subscribers.find(Channel("email"), address)
        after = replace(before, subscriptions=asked) if before else subscriber(address, zone, asked)
        self.services.subscribers.save(after, before, catch_up=True)
        self.wishes[address] = asked

    @rule(address=persons, zone=zones)
    def move_to_another_zone(self, address: str, zone: str) -> None:
        if address in self.wishes:
            people.change(self.services, OPERATOR, address, zone=zone)

    @rule(address=persons)
    def pause(self, address: str) -> None:
        if address in self.wishes:
            people.pause(self.services, OPERATOR, address)
            self.paused.add(address)

    @rule(address=persons)
    def resume(self, address: str) -> None:
        if address in self.wishes:
            people.resume(self.services, OPERATOR, address)
            self.paused.discard(address)

    @rule(address=persons)
    def remove(self, address: str) -> None:
        if address in self.wishes:
            people.remove(self.services, OPERATOR, address)
            del self.wishes[address]
            self.paused.discard(address)

    @rule(address=persons)
    def look(self, address: str) -> None:
        """Somebody reads a subscriber, and is slow to write."""
        self.read = self.services.subscribers.find(Channel("email"), address)

    @precondition(lambda self: self.read is not None)
    @rule(asked=common)
    def write_late(self, asked: tuple[Subscription, ...]) -> None:
        """The one who was slow is refused if the wishes are others by now."""
        late = self.read
        assert late
        self.read = None
        now = self.services.subscribers.find(Channel("email"), late.address)
        try:
            self.services.subscribers.save(replace(late, subscriptions=asked), late)
        except Conflict:
            assert now is None or (now.audience, now.standing) != (late.audience, late.standing)
            return
        self.wishes[late.address] = asked
        (self.paused.add if late.standing is Standing.PAUSED else self.paused.discard)(late.address)

    @rule(regions=some_regions, tags=some_tags, severity=st.sampled_from(Severity))
    def match(self, regions: tuple[str, ...], tags: tuple[str, ...], severity: Severity) -> None:
        draft = Draft("An update", regions, tags=tags, severity=severity, key_points=("x",))
        expected = {
            address
            for address, asked in self.wishes.items()
            if address not in self.paused and any(naive.wanted(wish, draft) for wish in asked)
        }
        assert matched(self.services, draft) == expected

    @invariant()
    def nothing_differs(self) -> None:
        index = Index(self.services.server, folds(), mend=False)
        index.check(lambda done, total: None)
        assert not +index.found


def subscriber(address: str, zone: str, asked: tuple[Subscription, ...]) -> Subscriber:
    return Subscriber(0, Channel("email"), address, zone, asked, 0)


def matched(services: Services, draft: Draft) -> set[str]:
    """The addresses of those a draft is for, as a match finds them."""
    facts = Facts.of(Revision("u", 1, draft, services.server.now_ms()), services.tree)
    terms = query_terms(draft, services.tree)
    aids = [
        aid
        for aid, audience in services.audiences.definitions(services.audiences.candidates(terms))
        if not isinstance(decide(audience, facts), No)
    ]
    sids = [
        int(sid) for aid in aids for sid in services.server.client.smembers(f"alerts:audience:{aid}:members")
    ]
    assert len(sids) == len(set(sids))
    return {person.address for person in services.subscribers.destinations(sids)}


def test_any_sequence_of_changes_keeps_the_index_and_matching_right(services: Services) -> None:
    machine = type("Operators", (Operators,), {"services": services})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=20,
            stateful_step_count=20,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("then", ["changed", "removed"])
def test_what_was_read_of_a_paused_one_is_not_written_over_one_who_was_resumed(
    services: Services, then: str
) -> None:
    """The wishes had stayed the same, and so nobody noticed: the resumed stayed in an audience not theirs."""
    people.add(services, OPERATOR, "p1@example.org", [Subscription(Filter(("UA",)))])
    paused = people.pause(services, OPERATOR, "p1@example.org")
    people.resume(services, OPERATOR, "p1@example.org")
    if then == "changed":
        with pytest.raises(Conflict):
            services.subscribers.save(replace(paused, subscriptions=(Subscription(Filter(("FR",))),)), paused)
    else:
        services.subscribers.remove(paused)
        assert find(services, "p1@example.org").standing is Standing.ACTIVE
        people.remove(services, OPERATOR, "p1@example.org")
    index = Index(services.server, folds(), mend=False)
    index.check(lambda done, total: None)
    assert not +index.found
