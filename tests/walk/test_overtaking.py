"""Revisions of one update wait for a worker at the same time: the newest is told, once, in any order."""

from collections.abc import Sequence
from itertools import permutations

import pytest
from house import draft, due, subscribe, told, walk

from alerts.model import Kind, Severity, State
from alerts.services import Services
from alerts.walk import steps
from alerts.walk.batch_sender import BatchSender

#: Enough for every step that can follow from a match; only a gathering may still have to go on.
ROUNDS = 8


def publish_all(services: Services, *revisions: dict[str, object]) -> None:
    """Several revisions of one update, of which none is matched yet."""
    for number, changes in enumerate(revisions, 1):
        steps.publish(services, draft(**({"note": str(number)} | changes)))


def match_in_order(services: Services, numbers: Sequence[int]) -> None:
    """Match revisions in this order, and do as much as can be done of each before the next."""
    batch_sender, now_ms = BatchSender(services), services.server.now_ms()
    matches = {work.key: work for work in due(services.due.owed(), now_ms)}
    for number in numbers:
        steps.step(batch_sender, matches[f"ua-talks.r{number}"])
        for _ in range(ROUNDS):
            for work in due(services.due.owed(), now_ms):
                if work not in matches.values():
                    steps.step(batch_sender, work)
    walk(services)


def numbers_sent(services: Services, address: str) -> list[int]:
    """The revisions an address was sent."""
    [person] = services.subscribers.named(address)
    names = services.updates.digests("ua-talks")
    found = services.ledger.find(person.sid, names)
    sent = [name for name, record in found.items() if record.state is State.SENT]
    return sorted(entry.number for name in sent for entry in services.digests.get(name).entries)


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_an_older_revision_is_not_told_after_a_newer_one(services: Services, order: tuple[int, ...]) -> None:
    """An urgent revision overtakes the routine one before it, and a dying worker's match comes back late: it
    then told the older revision after the newer one. Of several newer ones, only the last was looked at."""
    subscribe(services, "all@example.org", "UA")
    subscribe(services, "russia@example.org", "RU")
    publish_all(services, {}, {"severity": Severity.EXTREME, "regions": ("UA",)}, {"regions": ("RU",)})
    match_in_order(services, order)
    assert numbers_sent(services, "all@example.org") == [2]
    assert numbers_sent(services, "russia@example.org") == [3]


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_a_correction_waits_until_what_it_corrects_is_matched(
    services: Services, order: tuple[int, ...]
) -> None:
    """Matched first, it found nobody to correct; what it takes the place of was then told, and stayed so."""
    subscribe(services, "moscow@example.org", "RU")
    publish_all(services, {}, {"kind": Kind.CORRECTION, "regions": ("UA",)})
    match_in_order(services, order)
    assert numbers_sent(services, "moscow@example.org") == [2]
    assert told(services, "ua-talks")["moscow@example.org"].count(State.SENT) == 1


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_whoever_wants_a_correction_is_told_it_once(services: Services, order: tuple[int, ...]) -> None:
    """Frozen before anybody was gathered, it forgot whom it went to; gathering then added them once more."""
    subscribe(services, "kyiv@example.org", "UA")
    publish_all(services, {}, {"kind": Kind.CORRECTION})
    match_in_order(services, order)
    progress = services.digests.progress(services.updates.digests("ua-talks")).values()
    assert sum(how.counts.get(State.SENT, 0) for how in progress) == 1


def test_a_batch_that_a_correction_stops_before_anybody_takes_it_is_done_and_in_time_forgotten(
    services: Services,
) -> None:
    """Closed by the gathering, it left its digest unfinished for ever, and was itself kept for ever."""
    subscribe(services, "kyiv@example.org", "UA")
    publish_all(services, {})
    walk(services, lambda work: work.step != "send")
    [stopped] = services.updates.digests("ua-talks")
    publish_all(services, {}, {"kind": Kind.CORRECTION})
    walk(services, lambda work: not work.key.startswith(stopped))
    assert services.due.count() == 0
    assert services.digests.progress([stopped])[stopped].state == "done"
    assert services.server.client.ttl(services.server.keys("digest", stopped, "batch", 1)) > 0


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_what_is_cancelled_before_it_is_told_is_told_to_nobody(
    services: Services, order: tuple[int, ...]
) -> None:
    subscribe(services, "moscow@example.org", "RU")
    publish_all(services, {}, {"kind": Kind.CANCEL})
    match_in_order(services, order)
    assert numbers_sent(services, "moscow@example.org") == []
