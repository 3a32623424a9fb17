"""The server's clock is put an hour back or forth. Its log never goes back, so windows still meet.

Where only the rules are asked, what such a clock leaves behind is written: slots opened ahead of time, and
with them the floor under the log. Under real processes the clock itself is put, where libfaketime is at hand.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from scene import LANES, W, heard, scene, twins, until
from smtp_server import Answer, Moment, Pause, SmtpServer

from alerts.model import (
    Cadence,
    Channel,
    Draft,
    Filter,
    Kind,
    Severity,
    State,
    Step,
    Subscriber,
    Subscription,
    Work,
)
from alerts.rules.cadence import clock_of, next_slot
from alerts.runtime.bundled_server import _binary
from alerts.services import Services
from alerts.store import ClockAdvance
from alerts.walk import recipients, steps
from alerts.walk.batch_sender import BatchSender

pytestmark = pytest.mark.faults

HOUR_MS = 3_600_000
AT_ONCE, HOURLY = Cadence(), Cadence.parse("hourly")


def subscribe(services: Services, name: str, cadence: Cadence = AT_ONCE) -> Subscriber:
    wish = (Subscription(Filter(("UA",)), cadence),)
    person = Subscriber(0, Channel("email"), f"{name}@example.org", "UTC", wish, 0)
    return services.subscribers.save(person, None)


def publish(services: Services, update: str, **changes: object) -> int:
    """Publish and do all that is owed at once. When it was accepted."""
    content: dict[str, object] = {"headline": "Talks", "regions": ("UA",), "severity": Severity.MODERATE}
    published, _ = steps.publish(services, Draft(id=update, **(content | changes)))  # type: ignore[arg-type]
    batch_sender = BatchSender(services)
    while works := [o.work for o in services.due.owed() if o.work.step is not Step.OPEN]:
        for work in works:
            steps.step(batch_sender, work)
    assert published.revision.accepted_ms is not None
    return published.revision.accepted_ms


def told(services: Services, update: str) -> list[str]:
    """Who was told an update, once for each time."""
    found = []
    for digest, how in services.digests.progress(services.updates.digests(update)).items():
        sids = services.ledger.records(digest, range(1, how.batches + 1))
        found += [p.address.partition("@")[0] for p in services.subscribers.destinations(list(sids))]
    return sorted(found)


def open_slot(services: Services, person: Subscriber, slot_ms: int) -> list[list[str]]:
    """Open a slot as a worker does that thinks it is time; the updates of each digest that is owed for it."""
    clock = clock_of(person.audience)
    assert clock is not None
    opening = services.clocks.pin(clock, slot_ms)
    if opening is None:
        return []
    owed = recipients.at_slot(services, clock, opening)
    opened = ClockAdvance(opening.slot_ms, next_slot(clock, opening.slot_ms), "")
    services.digests.create(Work(Step.OPEN, str(clock)), [], opened)
    return sorted([entry.update for entry in digest.entries] for digest in owed)


def test_what_is_published_after_the_clock_went_back_is_told_at_once_and_once(services: Services) -> None:
    """The log goes on from where it had come to; who joins then is owed what is published after that."""
    subscribe(services, "early")
    now_ms = services.server.now_ms()
    services.server.client.set("alerts:floor", now_ms + HOUR_MS)
    first_ms = publish(services, "first")
    assert first_ms == now_ms + HOUR_MS
    subscribe(services, "late")
    assert publish(services, "second") > first_ms
    publish(services, "first", kind=Kind.CORRECTION, headline="Talks, corrected")
    assert told(services, "second") == ["early", "late"]
    assert told(services, "first") == ["early", "early", "late"]  # the correction is news to the late one
    assert services.due.count() == 0


def test_a_slot_opened_by_a_fast_clock_is_not_opened_again_and_nothing_falls_between(
    services: Services,
) -> None:
    person = subscribe(services, "hourly", HOURLY)
    clock = clock_of(person.audience)
    assert clock is not None
    slot_ms = next_slot(clock, services.server.now_ms())
    publish(services, "before")
    assert open_slot(services, person, slot_ms) == [["before"]]
    # the clock is right again, and before the slot it has opened
    assert publish(services, "after") >= slot_ms
    assert open_slot(services, person, slot_ms) == []
    assert open_slot(services, person, next_slot(clock, slot_ms)) == [["after"]]
    assert open_slot(services, person, next_slot(clock, slot_ms)) == []


def test_somebody_who_joins_while_the_clock_is_back_is_told_what_comes_after_and_nothing_before(
    services: Services,
) -> None:
    person = subscribe(services, "hourly", HOURLY)
    clock = clock_of(person.audience)
    assert clock is not None
    slot_ms = next_slot(clock, services.server.now_ms())
    open_slot(services, person, slot_ms)
    publish(services, "before")
    late = subscribe(services, "late", HOURLY)
    assert late.joined_ms > slot_ms
    publish(services, "after")
    both, alone = ["before", "after"], ["after"]
    assert open_slot(services, person, next_slot(clock, slot_ms)) == sorted([sorted(both), alone])


def test_a_clock_put_forth_makes_up_for_the_slots_it_skipped_in_one_digest(services: Services) -> None:
    person = subscribe(services, "hourly", HOURLY)
    clock = clock_of(person.audience)
    assert clock is not None
    publish(services, "before")
    slot_ms = next_slot(clock, next_slot(clock, next_slot(clock, services.server.now_ms())))
    assert open_slot(services, person, slot_ms) == [["before"]]
    assert open_slot(services, person, slot_ms) == []


LIBRARY = next(iter(Path("/usr/lib").glob("*/faketime/libfaketime.so.1")), None)


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """A bundled server whose clock is wrong by as many seconds as it is told. Everybody else's is right."""
    if LIBRARY is None:
        pytest.skip("libfaketime is not on this machine")
    wrong_by, server = tmp_path / "wrong-by", tmp_path / "bin" / "valkey-server"
    server.parent.mkdir()
    server.write_text(
        f"#!/bin/sh\nexport LD_PRELOAD={LIBRARY} FAKETIME_TIMESTAMP_FILE={wrong_by} FAKETIME_NO_CACHE=1\n"
        f'export FAKETIME_DONT_FAKE_MONOTONIC=1\nexec {_binary()} "$@"\n'
    )
    server.chmod(0o755)
    monkeypatch.setenv("PATH", f"{server.parent}:{os.environ['PATH']}")

    def put(seconds: int) -> None:
        written = wrong_by.with_suffix(".new")
        written.write_text(f"{seconds:+d}")
        written.replace(wrong_by)

    put(0)
    return put


def test_a_clock_put_back_and_forth_while_mail_goes_out_holds_nothing_up(
    clock: Callable[[int], None],
) -> None:
    """Every tenth is put off by the relay; with each step of the clock a worker dies and leaves leases."""
    people, connections, wrong_by = 900, 2, (-3600, 3600, 0)

    def script(moment: Moment) -> Answer:
        busy = moment.verb == "rcpt" and moment.argument.endswith("0@example.org") and moment.nth < people
        return "451 4.3.2 later" if busy else Pause(0.01) if moment.verb == "body" else None

    with SmtpServer(script=script) as smtp, scene(smtp) as it:
        it.crowd(people)
        it.publish()
        for number, seconds in enumerate(wrong_by, 1):
            worker = it.worker(connections)
            until(lambda enough=number * 150: len(smtp.arrived) > enough, 30)
            clock(seconds)
            worker.kill()
        it.worker(connections)
        it.finish(60)
        assert set(it.states().values()) == {State.SENT}
        assert heard(smtp) == {f"p{n}@example.org" for n in range(people)}
        assert twins(smtp) <= W * (connections + LANES) * len(wrong_by)
        assert "clock was put back" in str(it.services.notices.latest())
        it.books_are_in_order(attempts=9)


RING = """
import sys
from alerts.model import Work
from alerts.runtime.doorbell import ring
ring([Work.parse(sys.argv[1])])
"""


def test_a_worker_whose_clock_is_fast_hears_what_the_others_ring() -> None:
    """A bell ended a minute after it was rung, by the hearer's clock: this worker threw away all of them."""
    if LIBRARY is None:
        pytest.skip("libfaketime is not on this machine")
    with SmtpServer() as smtp, scene(smtp) as it:
        right = dict(it.env)
        it.env |= {"LD_PRELOAD": str(LIBRARY), "FAKETIME": "+2h", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        it.crowd(1)
        it.publish()
        [match] = it.services.due.owed()
        it.services.due.postpone(match.work, it.services.server.now_ms() + HOUR_MS)  # no sweep rings for it
        it.worker()
        subprocess.run([sys.executable, "-c", RING, str(match.work)], env=right, check=True)
        it.finish(60)
        assert heard(smtp) == {"p0@example.org"}
