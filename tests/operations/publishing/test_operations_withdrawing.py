"""Taken back before anybody saw it, or closed for those who did; and what failed, tried again."""

import pytest
from clocked import clocked
from house import OPERATOR, draft, subscribe, tell, walk

from alerts.errors import Conflict
from alerts.model import Cadence, Kind, State, Step, Work
from alerts.operations import outcome, retract, retry, status, withdraw
from alerts.rules.cadence import clock_of
from alerts.services import Services
from alerts.settings import Settings
from alerts.store import Delivery, LedgerLine
from alerts.walk import steps
from alerts.walk.batch_sender import BatchSender
from alerts.walk.open_slot import exchange_slot


def hold(services: Services) -> str:
    published, _ = steps.publish(services, draft(), services.server.now_ms() + 3_600_000)
    return published.revision.ref


def test_a_held_revision_is_taken_back_and_nobody_is_ever_told(services: Services) -> None:
    subscribe(services, "kyiv@example.org", "UA")
    ref = hold(services)
    done = withdraw(services, OPERATOR, "ua-talks", "too early")
    assert (done.taken_back, done.cancel) == (True, None)
    assert services.due.count() == 0
    assert steps.match(services, Work(Step.MATCH, ref)) == []
    assert services.updates.log(0, services.server.now_ms() + 7_200_000) == []


def test_what_was_taken_back_may_be_published_again(services: Services) -> None:
    subscribe(services, "kyiv@example.org", "UA")
    hold(services)
    withdraw(services, OPERATOR, "ua-talks", "too early")
    again, _ = steps.publish(services, draft())
    walk(services)
    assert (again.created, again.revision.number) == (True, 2)
    assert outcome(services, OPERATOR, again.revision).to_dict()["deliveries"] == {"email": {"sent": 1}}


def test_who_got_it_is_told_that_it_is_closed(services: Services) -> None:
    subscribe(services, "kyiv@example.org", "UA")
    tell(services, draft())
    done = withdraw(services, OPERATOR, "ua-talks", "it was wrong")
    assert done.cancel is not None
    assert (done.cancel.kind, done.cancel.draft.note) == (Kind.CANCEL, "it was wrong")
    walk(services)
    assert status(services, OPERATOR, "ua-talks").to_dict()["deliveries"] == {"email": {"sent": 1}}
    with pytest.raises(Conflict, match="closed already"):
        withdraw(services, OPERATOR, "ua-talks", "again")


def test_what_was_wrong_is_retracted_and_not_closed(services: Services) -> None:
    """A false report that was withdrawn reached its readers as a situation that is over."""
    subscribe(services, "kyiv@example.org", "UA")
    tell(services, draft())
    done = retract(services, OPERATOR, "ua-talks", "it was wrong")
    assert done.end.kind is Kind.RETRACTION
    walk(services)
    assert status(services, OPERATOR, "ua-talks").to_dict()["deliveries"] == {"email": {"sent": 1}}


def test_what_was_not_sent_is_not_sent(services: Services) -> None:
    subscribe(services, "kyiv@example.org", "UA")
    _, [match] = steps.publish(services, draft())
    for work in steps.match(services, match):
        steps.render(services, work)
    done = withdraw(services, OPERATOR, "ua-talks", "it was wrong")
    assert done.cancel is not None
    walk(services)
    assert status(services, OPERATOR, "ua-talks").to_dict()["deliveries"] == {"email": {"withdrawn": 1}}


def failing(services: Services) -> tuple[str, int]:
    """A digest with one delivery that failed and one that was sent."""
    subscribe(services, "kyiv@example.org", "UA")
    lost = subscribe(services, "lost@example.org", "UA")
    _, [match] = steps.publish(services, draft())
    [render] = steps.match(services, match)
    [fan] = steps.render(services, render)
    send = steps.fan_out(services, fan)[0]
    claim = services.ledger.claim(send)
    services.ledger.record(claim, [LedgerLine(lost.sid, Delivery(State.FAILED, 1, 0), "550 no")])
    services.ledger.settle(claim)
    walk(services)
    return render.key, lost.sid


def test_only_what_failed_is_sent_again_and_only_once(services: Services) -> None:
    digest, _ = failing(services)
    assert services.digests.progress([digest])[digest].counts == {State.SENT: 1, State.FAILED: 1}
    again = retry(services, OPERATOR, "ua-talks")
    assert (again.deliveries, again.renderings, len(again.work)) == (1, 0, 1)
    with pytest.raises(Conflict, match="has failed"):
        retry(services, OPERATOR, digest)
    walk(services)
    progress = services.digests.progress([digest])[digest]
    assert (progress.counts, progress.state) == ({State.SENT: 2}, "done")
    assert services.due.count() == 0


def test_a_withdrawn_digest_is_not_tried_again(services: Services) -> None:
    digest, _ = failing(services)
    services.digests.stop(digest, State.WITHDRAWN, "wrong")
    with pytest.raises(Conflict):
        retry(services, OPERATOR, digest)


def test_a_rendering_that_failed_is_tried_again(services: Services) -> None:
    subscribe(services, "kyiv@example.org", "UA")
    _, [match] = steps.publish(services, draft())
    [render] = steps.match(services, match)
    services.digests.note_fault(render.key, "a template is broken")
    assert outcome(services, OPERATOR, services.updates.revision("ua-talks.r1")).failed
    again = retry(services, OPERATOR, render.key)
    assert (again.deliveries, again.renderings) == (0, 1)
    walk(services)
    assert services.digests.progress([render.key])[render.key].counts == {State.SENT: 1}


def test_a_slot_opened_early_tells_nothing_twice_and_loses_nothing(settings: Settings) -> None:
    """Windows meet at the slot although it was opened before its time: each update is told in exactly one."""
    services = clocked(settings, "2026-03-02T07:59:30Z")
    person = subscribe(services, "daily@example.org", "UA", cadence=Cadence.parse("daily 08:00"))
    clock = clock_of(person.audience)
    assert clock is not None
    tell(services, draft("before"))
    assert steps.open_early(services, clock)
    walk(services)
    assert steps.open_early(services, clock) == []
    published, _ = steps.publish(services, draft("after"))
    walk(services)
    slot_ms = services.clocks.last_opened(clock)
    assert published.revision.accepted_ms == slot_ms
    assert _digests(services, "before") == 1
    assert _digests(services, "after") == 0

    next_ms = slot_ms + 24 * 3600 * 1000
    opening = services.clocks.pin(clock, next_ms)
    exchange_slot(services, clock, opening)
    for work in list(services.due.owed()):
        if work.work.step is not Step.OPEN:
            steps.step(BatchSender(services), work.work)
    assert (_digests(services, "before"), _digests(services, "after")) == (1, 1)


def test_a_slot_is_not_opened_more_than_a_minute_early(services: Services) -> None:
    person = subscribe(services, "weekly@example.org", "UA", cadence=Cadence.parse("weekly mon,thu 03:17"))
    clock = clock_of(person.audience)
    assert clock is not None
    with pytest.raises(Conflict):
        steps.open_early(services, clock)


def _digests(services: Services, update: str) -> int:
    return len(services.updates.digests(update))
