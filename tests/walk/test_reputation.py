"""Too much that comes back pauses what is routine, and nothing else; nobody misses anything by it."""

from collections import Counter
from dataclasses import replace

import pytest
from clocked import clocked, move_to
from dying import Died, Mortal
from house import draft, subscribe, tell, walk
from hypothesis import given
from hypothesis import strategies as st

from alerts.channels import read_outbox
from alerts.links import DeliveryName
from alerts.model import Channel, Receipt, Severity, State, Verdict
from alerts.rules.reputation import Thresholds, exceeded
from alerts.services import Services
from alerts.settings import Settings
from alerts.store import Returns
from alerts.walk.receive import receive

EMAIL, NOON = Channel("email"), "2026-06-10T12:00Z"
PEOPLE = 120


@pytest.fixture
def crowd(settings: Settings) -> Services:
    """A hundred and twenty people at two providers."""
    services = clocked(settings, NOON)
    for n in range(PEOPLE):
        subscribe(services, f"p{n}@{'a' if n % 2 else 'b'}.example", "UA")
    return services


def deliveries(services: Services, update: str = "ua-talks") -> list[DeliveryName]:
    found = []
    for digest, progress in services.digests.progress(services.updates.digests(update)).items():
        for k in range(1, progress.batches + 1):
            records = services.ledger.records(digest, [k])
            found += [DeliveryName(digest, k, sid) for sid, r in records.items() if r.state is State.SENT]
    return sorted(found, key=lambda name: name.sid)


def come_back(services: Services, verdict: Verdict, names: list[DeliveryName]) -> None:
    receipts = [
        Receipt(verdict, "5.0.0", f"550 {verdict}", (services.links.delivery(*name),)) for name in names
    ]
    receive(services, services.links, receipts, "test")


def today(services: Services) -> Returns:
    [day] = services.rates.latest(EMAIL, 1)
    return day.total


def sent(services: Services) -> Counter[str]:
    """How many mails each person has by now."""
    return Counter(item.address for item in read_outbox(services.settings.outbox))


def test_what_is_sent_and_comes_back_is_counted_once_a_delivery_by_day_and_domain(crowd: Services) -> None:
    tell(crowd, draft())
    names = deliveries(crowd)
    for verdict in (Verdict.DELIVERED, Verdict.SOFT, Verdict.HARD, Verdict.HARD, Verdict.BLOCKED):
        come_back(crowd, verdict, names[:3])
    come_back(crowd, Verdict.COMPLAINED, names[3:4])
    [day] = crowd.rates.latest(EMAIL, 3)
    assert (str(day.day), day.total) == ("2026-06-10", Returns(PEOPLE, 3, 1))
    assert day.domains == {"a.example": Returns(60, 1, 1), "b.example": Returns(60, 2, 0)}


def test_what_comes_back_after_midnight_counts_for_the_day_on_which_it_was_sent(crowd: Services) -> None:
    move_to(crowd, "2026-06-10T23:59Z")
    tell(crowd, draft())
    move_to(crowd, "2026-06-11T00:10Z")
    come_back(crowd, Verdict.HARD, deliveries(crowd)[:2])
    [day] = crowd.rates.latest(EMAIL, 3)
    assert (str(day.day), day.total) == ("2026-06-10", Returns(PEOPLE, 2, 0))


def test_a_bounce_that_overtakes_the_record_of_its_sending_is_of_something_sent(services: Services) -> None:
    """Then `sent` is never recorded: a rate of more than all there was came of it."""
    subscribe(services, "kyiv@example.org", "UA")
    tell(services, draft())
    [name] = deliveries(services)
    client, keys = services.server.client, services.server.keys
    client.hset(keys("digest", name.digest, "batch", 1), str(name.sid), "q")
    client.delete(*client.scan_iter("*rates:*"))
    come_back(services, Verdict.HARD, [name])
    assert today(services) == Returns(1, 1, 0)


def test_a_report_about_somebody_who_was_removed_is_taken_in(services: Services) -> None:
    """Their channel was guessed from the address that they have no more: the mail was refused for it."""
    person = subscribe(services, "kyiv@example.org", "UA")
    tell(services, draft())
    names = deliveries(services)
    services.subscribers.remove(person)
    come_back(services, Verdict.HARD, names)
    assert today(services) == Returns(1, 1, 0)


def test_a_wave_of_bounces_pauses_what_is_routine_and_urgent_passes(crowd: Services) -> None:
    """Five of a hundred and twenty are not yet five percent, six are. Resumed, all of it is sent, once."""
    tell(crowd, draft())
    names = deliveries(crowd)
    come_back(crowd, Verdict.BLOCKED, names[:5])
    assert crowd.pauses.standing() == {}
    come_back(crowd, Verdict.BLOCKED, names[5:6])
    [(channel, pause)] = crowd.pauses.standing().items()
    assert (channel, pause.why) == (EMAIL, "6 of 120 (5 %) bounced")
    [notice] = [n for n in crowd.notices.latest() if n["what"] == "routine sending paused"]
    assert notice["why"] == pause.why
    came = [(e.kind, e.data.get("why")) for e in crowd.events.after("0-0", 1_000) if "sending" in e.kind]
    assert came == [("sending.paused", pause.why)]

    tell(crowd, draft("ua-grain", headline="Grain shipments stop"))
    assert set(sent(crowd).values()) == {1}
    tell(crowd, draft("ua-siren", headline="Missiles over Kyiv", severity=Severity.EXTREME))
    assert set(sent(crowd).values()) == {2}
    assert crowd.due.count() == 1, "one batch, still owed"

    assert crowd.pauses.resume(EMAIL, crowd.rates.totals(EMAIL, 2))
    move_to(crowd, crowd.server.now_ms() + 60_000)
    walk(crowd)
    assert (set(sent(crowd).values()), len(sent(crowd)), crowd.due.count()) == ({3}, PEOPLE, 0)


def test_what_was_seen_when_it_was_resumed_pauses_nothing_once_more(crowd: Services) -> None:
    """A straggler of the same wave paused it again a minute after."""
    tell(crowd, draft())
    names = deliveries(crowd)
    come_back(crowd, Verdict.BLOCKED, names[:6])
    crowd.pauses.resume(EMAIL, crowd.rates.totals(EMAIL, 2))
    come_back(crowd, Verdict.BLOCKED, names[6:7])
    assert crowd.pauses.standing() == {}
    tell(crowd, draft("ua-grain", headline="Grain shipments stop"))
    come_back(crowd, Verdict.BLOCKED, deliveries(crowd, "ua-grain")[:5])
    assert crowd.pauses.standing()[EMAIL].why == "6 of 120 (5 %) bounced"


def test_who_died_between_the_count_and_the_pause_leaves_it_to_the_next_report(crowd: Services) -> None:
    """At whichever command: taken in once more, the same reports pause it, and count nothing twice."""
    tell(crowd, draft())
    names, client = deliveries(crowd), crowd.server.client
    before = {key: client.dump(key) for key in client.scan_iter()}
    command, ended = 0, False
    while not ended:
        mortal = Mortal(crowd)
        mortal.left = command
        try:
            come_back(crowd, Verdict.BLOCKED, names[:6])
            ended = True
        except Died:
            client.connection_pool.disconnect()
        mortal.left = float("inf")
        come_back(crowd, Verdict.BLOCKED, names[:6])
        assert today(crowd) == Returns(PEOPLE, 6, 0), f"killed after command {command}"
        assert EMAIL in crowd.pauses.standing(), f"killed after command {command}"
        client.flushdb()
        for key, value in before.items():
            client.restore(key, 0, value)
        command += 1


@pytest.mark.parametrize(
    ("counts", "why"),
    [
        (Returns(99, 50, 0), ""),  # too few to say anything
        (Returns(100, 4, 0), ""),
        (Returns(100, 5, 0), "5 of 100 (5 %) bounced"),
        (Returns(999, 0, 40), ""),
        (Returns(1_000, 0, 1), ""),  # one person's word
        (Returns(1_000, 0, 3), "3 of 1,000 (0.3 %) were complained of"),
        (Returns(10_000, 0, 9), ""),
        (Returns(10_000, 0, 10), "10 of 10,000 (0.1 %) were complained of"),
        (Returns(0, 0, 0), ""),
    ],
)
def test_from_how_much_on_it_pauses(counts: Returns, why: str) -> None:
    assert exceeded(counts, Thresholds(5, 0.1)) == why


@given(counts=st.builds(Returns, *[st.integers(0, 10_000)] * 3))
def test_a_threshold_of_nothing_pauses_nothing(counts: Returns) -> None:
    assert exceeded(counts, Thresholds(0, 0)) == ""


@given(counts=st.builds(Returns, *[st.integers(0, 10_000)] * 3), more=st.integers(1, 1_000))
def test_more_that_comes_back_never_ends_a_reason_to_pause(counts: Returns, more: int) -> None:
    worse = replace(counts, bounced=counts.bounced + more, complained=counts.complained + more)
    assert not exceeded(counts, Thresholds(5, 0.1)) or exceeded(worse, Thresholds(5, 0.1))
