"""A suppression is lifted: what was missed and still matters is sent, once, as after a pause."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from clocked import clocked
from house import OPERATOR, draft, subscribe, tell, told, walk

from alerts import operations as do
from alerts.errors import Conflict
from alerts.model import Cadence, Channel, Kind, State
from alerts.operations.subscribing import suppressing
from alerts.rules.cadence import clock_of
from alerts.services import Services
from alerts.settings import Settings
from alerts.walk import steps

CHANNEL, PERSON = "T1/C1", "ann@example.org"


def states(services: Services, update: str, address: str) -> Counter[State]:
    return Counter(told(services, update).get(address, []))


@pytest.fixture(params=[CHANNEL, PERSON])
def address(request: pytest.FixtureRequest, services: Services) -> str:
    """Somebody on each channel, who subscribes to Ukraine and is told at once."""
    subscribe(services, request.param, "UA")
    return str(request.param)


def test_what_was_missed_is_sent_when_the_suppression_is_lifted(services: Services, address: str) -> None:
    """A channel was away for two updates. Nothing brought them once it was there again."""
    suppressing.suppress(services, OPERATOR, address, "gone")
    for update in ("a", "b"):
        tell(services, draft(update))
        assert states(services, update, address) == {State.SUPPRESSED: 1}
    suppressing.unsuppress(services, OPERATOR, address)
    walk(services)
    for update in ("a", "b"):
        assert states(services, update, address) == {State.SENT: 1}


def test_retry_refuses_while_the_suppression_stands_and_names_it(services: Services, address: str) -> None:
    """It turned `failed` into `suppressed`, which nothing could retry any more."""
    fail(services, address)
    with pytest.raises(Conflict, match=f"Nothing is sent to {address} .gone.") as refused:
        do.retry(services, OPERATOR, "a")
    assert f"alerts unsuppress {address}" in refused.value.hint
    walk(services)
    assert states(services, "a", address) == {State.FAILED: 1}


def fail(services: Services, address: str, update: str = "a") -> None:
    """The update that found out that the address is gone."""
    tell(services, draft(update))
    [digest] = services.updates.digests(update)
    client, key = services.server.client, services.server.keys("digest", digest)
    [(sid, _)] = client.hgetall(f"{key}:batch:1").items()
    client.hset(f"{key}:batch:1", sid, "f1+0")
    client.hincrby(key, "s", -1)
    client.hincrby(key, "f", 1)
    suppressing.suppress(services, OPERATOR, address, "gone")


def test_what_failed_is_sent_again_with_the_rest_and_once(services: Services, address: str) -> None:
    fail(services, address)
    tell(services, draft("b"))
    suppressing.unsuppress(services, OPERATOR, address)
    walk(services)
    assert states(services, "a", address) == states(services, "b", address) == {State.SENT: 1}
    for update in ("a", "b"):
        with pytest.raises(Conflict, match="has failed"):
            do.retry(services, OPERATOR, update)


def test_who_is_not_suppressed_is_retried_all_the_same(services: Services) -> None:
    subscribe(services, PERSON, "UA")
    subscribe(services, "bob@example.org", "UA")
    tell(services, draft("a"))
    [digest] = services.updates.digests("a")
    client, key = services.server.client, services.server.keys("digest", digest)
    for sid in client.hkeys(f"{key}:batch:1"):
        client.hset(f"{key}:batch:1", sid, "f1+0")
    client.hincrby(key, "s", -2)
    client.hincrby(key, "f", 2)
    suppressing.suppress(services, OPERATOR, PERSON, "gone")
    again = do.retry(services, OPERATOR, "a")
    assert (again.deliveries, again.suppressed) == (1, {PERSON: "gone"})
    walk(services)
    assert told(services, "a") == {PERSON: [State.FAILED], "bob@example.org": [State.SENT]}


def test_what_is_over_replaced_or_closed_by_then_is_not_sent(services: Services, address: str) -> None:
    """Of each update what stands now, and only what it still makes sense to hear."""
    suppressing.suppress(services, OPERATOR, address, "gone")
    tell(services, draft("twice"))
    tell(services, draft("twice", body="It is over.", kind=Kind.UPDATE))
    tell(services, draft("false"))
    tell(services, draft("false", kind=Kind.CANCEL))
    soon = datetime.now(UTC) + timedelta(seconds=1)
    tell(services, draft("short", expires_at=soon))
    pause_until(services, soon)
    suppressing.unsuppress(services, OPERATOR, address)
    walk(services)
    assert states(services, "twice", address)[State.SENT] == 1
    assert states(services, "false", address)[State.SENT] == 0
    assert states(services, "short", address) == {State.EXPIRED: 1}


def pause_until(services: Services, moment: datetime) -> None:
    while services.server.now_ms() < moment.timestamp() * 1000:
        pass


def test_a_cancel_of_what_they_had_been_told_reaches_them(services: Services, address: str) -> None:
    """They know of the first revision: that it was a false alarm is what they must hear."""
    tell(services, draft("a"))
    suppressing.suppress(services, OPERATOR, address, "gone")
    tell(services, draft("a", kind=Kind.CANCEL))
    suppressing.unsuppress(services, OPERATOR, address)
    walk(services)
    assert states(services, "a", address) == {State.SENT: 2}


def test_many_that_were_missed_are_told_in_one_digest(services: Services, address: str) -> None:
    """Three weeks of alerts must not arrive as forty mails in one minute."""
    suppressing.suppress(services, OPERATOR, address, "gone")
    updates = [f"u{n}" for n in range(suppressing.RESENT_MOST + 1)]
    for update in updates:
        tell(services, draft(update))
    lifted = suppressing.unsuppress(services, OPERATOR, address)
    assert lifted.again == 0
    walk(services)
    channel = Channel("email") if "@" in address else Channel("slack")
    catch_ups = [d for d in do.of_update(services, "u0").values() if d.catch_up]
    [digest] = catch_ups
    assert digest.channel is channel
    assert {entry.update for entry in digest.entries} == set(updates)
    for update in updates:
        assert states(services, update, address) == {State.SUPPRESSED: 1, State.SENT: 1}


def test_what_waited_for_a_slot_is_outcome_and_not_at_the_slot_again(settings: Settings) -> None:
    """As after a pause: the wishes begin anew, and what falls before that is the catch-up's."""
    services = clocked(settings, "2026-03-02T07:59:30Z")
    person = subscribe(services, PERSON, "UA", cadence=Cadence.parse("daily 08:00"))
    suppressing.suppress(services, OPERATOR, PERSON, "gone")
    tell(services, draft("a"))
    suppressing.unsuppress(services, OPERATOR, PERSON)
    walk(services)
    assert states(services, "a", PERSON) == {State.SENT: 1}
    clock = clock_of(person.audience)
    assert clock
    steps.open_early(services, clock)
    walk(services)
    assert states(services, "a", PERSON) == {State.SENT: 1}


def test_a_lifted_suppression_may_be_left_without_a_catch_up(services: Services, address: str) -> None:
    suppressing.suppress(services, OPERATOR, address, "gone")
    tell(services, draft("a"))
    suppressing.unsuppress(services, OPERATOR, address, catch_up=False)
    walk(services)
    assert states(services, "a", address) == {State.SUPPRESSED: 1}
    tell(services, draft("b"))
    assert states(services, "b", address) == {State.SENT: 1}


def test_what_they_were_told_before_is_not_told_again(services: Services, address: str) -> None:
    tell(services, draft("before"))
    suppressing.suppress(services, OPERATOR, address, "gone")
    suppressing.unsuppress(services, OPERATOR, address)
    walk(services)
    assert states(services, "before", address) == {State.SENT: 1}
    tell(services, draft("after"))
    assert states(services, "after", address) == {State.SENT: 1}


@pytest.mark.parametrize("catch_up", [True, False])
def test_what_was_missed_is_named_whether_or_not_it_is_sent(
    services: Services, address: str, catch_up: bool
) -> None:
    """Whoever lifted a suppression heard “what it missed, if anything”, and had to look for it by hand."""
    tell(services, draft("before"))
    suppressing.suppress(services, OPERATOR, address, "gone")
    for update in ("a", "b"):
        tell(services, draft(update))
    lifted = suppressing.unsuppress(services, OPERATOR, address, catch_up=catch_up)
    assert lifted.missed == ("a.r1", "b.r1")
    walk(services)
    assert states(services, "a", address) == {State.SENT if catch_up else State.SUPPRESSED: 1}
