"""What is owed means owed: standing clocks are no work, and an entry says what it waits for."""

from datetime import timedelta

import pytest
from house import OPERATOR, draft, subscribe, walk

from alerts.model import Cadence, Channel, State, Step
from alerts.operations import PendingEntry, pending, totals
from alerts.operations.people.coming_in import ask_to_come_in
from alerts.operations.subscribing.subscribers import pause
from alerts.operations.subscribing.unsubscribing import LinkHolder
from alerts.services import Services
from alerts.store import Delivery, LedgerLine
from alerts.walk import steps
from alerts.walk.batch_sender import BatchSender


def entries(services: Services) -> list[PendingEntry]:
    return list(pending(services, OPERATOR).entries)


def test_clocks_and_pauses_whose_hour_has_not_come_are_not_owed(services: Services) -> None:
    """A house in which nothing was to do listed 72 lines of work: one for each clock."""
    for hour in range(24):
        subscribe(services, f"at{hour}@example.org", "UA", cadence=Cadence.parse(f"daily {hour:02}:00"))
    pause(services, OPERATOR, "at0@example.org", services.server.now_ms() + 3_600_000)
    found = pending(services, OPERATOR)
    assert (found.entries, found.total, found.standing) == ((), 0, 24)
    assert totals(services, OPERATOR).owed == 0


def test_a_slot_that_is_due_is_owed(services: Services) -> None:
    subscribe(services, "at8@example.org", "UA", cadence=Cadence.parse("daily 08:00"))
    services.server.client.zadd("alerts:due", {"open:daily 08:00 UTC": services.server.now_ms()})
    [entry] = entries(services)
    assert (entry.work.step, entry.people) == (Step.OPEN, 1)
    assert "the slot of daily 08:00 UTC has yet to be opened" in entry.reason


@pytest.mark.parametrize("step", [Step.MATCH, Step.RENDER, Step.FAN_OUT, Step.SEND])
def test_an_entry_names_update_channel_people_reason_and_since(services: Services, step: Step) -> None:
    """It was `send:r3f…/1`, and which update that is, and whom it is for, nobody could say."""
    for name in ("ann", "bob"):
        subscribe(services, f"{name}@example.org", "UA")
    steps.publish(services, draft())
    while services.due.owed()[0].work.step is not step:
        steps.step(BatchSender(services), services.due.owed()[0].work)
    services.workers.alive("test:1")
    [entry] = entries(services)
    matched = step is not Step.MATCH
    assert (entry.updates, entry.channel) == (("ua-talks",), Channel("email") if matched else None)
    assert entry.people == (2 if matched else None)
    assert entry.since_ms == services.updates.revision("ua-talks.r1").accepted_ms
    assert entry.reason
    assert "worker" not in entry.reason


def test_what_is_held_says_until_when(services: Services) -> None:
    until_ms = services.server.now_ms() + int(timedelta(hours=1).total_seconds() * 1000)
    services.updates.publish(draft(), until_ms)
    [entry] = entries(services)
    assert entry.reason.startswith("it is held until 20")


def test_what_is_deferred_or_down_or_held_by_nobody_says_so(services: Services) -> None:
    for name in ("ann", "bob"):
        subscribe(services, f"{name}@example.org", "UA")
    steps.publish(services, draft())
    walk(services, lambda work: work.step is not Step.SEND)
    [batch] = [owed.work for owed in services.due.owed()]
    assert entries(services)[0].reason.endswith("it has yet to be sent")
    claim = services.ledger.claim(batch)
    assert entries(services)[0].reason.endswith("a worker is sending it")
    sid = claim.owed[0][0]
    services.ledger.record(claim, [LedgerLine(sid, Delivery(State.DEFERRED, 1, 60), "451 come back later")])
    services.ledger.settle(claim, claim.now_ms)
    [entry] = entries(services)
    assert (entry.people, entry.reason.endswith("tried again for 1 person: 451 come back later")) == (2, True)
    services.breakers.trip("email", "421 no service today", None)
    assert entries(services)[0].reason.endswith("the route is down: 421 no service today")


def test_where_no_worker_runs_that_is_the_reason(services: Services) -> None:
    steps.publish(services, draft())
    [entry] = entries(services)
    assert entry.reason.startswith("no worker is running; ")


def test_who_is_caught_up_with_is_named(services: Services) -> None:
    ann = subscribe(services, "ann@example.org", "UA")
    services.subscribers.save(ann, ann, True, ann.joined_ms)
    [entry] = entries(services)
    assert (entry.work.step, entry.people) == (Step.CATCH_UP, 1)
    assert "ann@example.org" in entry.reason


@pytest.mark.parametrize("over", [False, True])
def test_a_link_that_has_yet_to_be_mailed_says_so_and_names_nobody(services: Services, over: bool) -> None:
    """Each was said to be of a digest that is kept no more, and to be dropped."""
    subscribe(services, "anna@example.org", "UA")
    ask_to_come_in(services, LinkHolder("anna@example.org"))
    services.workers.alive("test:1")
    if over:
        for key in services.server.client.scan_iter(match=services.server.keys("one_time", "*")):
            services.server.client.delete(key)
    [entry] = entries(services)
    said = "its link is over: it will be dropped" if over else "a link that works once has yet to be mailed"
    assert entry.reason == said
    assert (entry.channel, entry.people) == ((None, None) if over else (Channel("email"), 1))
    assert "anna" not in str(entry.to_dict())


@pytest.mark.parametrize("step", [Step.LINK, Step.ANSWER, Step.POLL, Step.END_DRAFT])
def test_what_is_for_no_digest_is_not_said_to_have_lost_its(services: Services, step: Step) -> None:
    """A link that was to be mailed was listed as “its digest is kept no more: it will be dropped”."""
    services.server.client.zadd("alerts:due", {f"{step}:abc": services.server.now_ms()})
    [entry] = entries(services)
    assert "digest" not in entry.reason
