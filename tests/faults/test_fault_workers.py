"""Workers are killed, stopped and frozen in the middle of it. Nobody is missed, and few are told twice."""

import signal
import time

import pytest
from scene import LANES, W, heard, judge_false_alarm, scene, twins, until
from smtp_server import Answer, Moment, Pause, Script, SmtpServer

from alerts.model import Channel, Kind, State

pytestmark = pytest.mark.faults


def slow(seconds: float) -> Script:
    """A server that takes its time over every mail."""

    def script(moment: Moment) -> Answer:
        return Pause(seconds) if moment.verb == "body" else None

    return script


def test_a_worker_killed_again_and_again_in_mid_batch_loses_nobody() -> None:
    """2,000 mails on two slow connections, eight SIGKILLs at whatever moment it is."""
    people, kills, connections = 2_000, 8, 2
    with SmtpServer(script=slow(0.008)) as smtp, scene(smtp) as it:
        it.crowd(people)
        it.publish()
        for kill in range(kills):
            worker = it.worker(connections, ready=False)
            until(lambda enough=(kill + 1) * 120: len(smtp.arrived) > enough, 30)
            worker.kill()
        it.worker(connections)
        it.finish(60)
        assert set(it.states().values()) == {State.SENT}
        assert len(heard(smtp)) == people
        assert twins(smtp) <= W * (connections + LANES) * kills
        it.books_are_in_order()


@pytest.mark.parametrize("kind", [Kind.CANCEL, Kind.CORRECTION])
def test_whoever_a_killed_worker_told_hears_that_it_was_a_false_alarm(kind: Kind) -> None:
    """Published the moment after the SIGKILL: whose mail had been accepted, not recorded, never heard."""
    people, connections = 600, 2
    with SmtpServer(script=slow(0.02)) as smtp, scene(smtp) as it:
        it.crowd(people)
        it.publish()
        worker = it.worker(connections)
        until(lambda: len(smtp.arrived) > 60, 20)
        worker.kill()
        it.publish(headline="A false alarm", regions=("FR",), kind=kind)
        it.worker(connections)
        it.finish(60)
        judge_false_alarm(smtp, instead=people if kind is Kind.CORRECTION else None)
        assert State.SENT in it.states().values()
        it.books_are_in_order(attempts=2)


def test_sigterm_in_mid_batch_ends_before_it_is_done_and_nobody_is_told_twice() -> None:
    """What is on the wire is waited for and recorded; the rest is handed back and sent by the next worker."""
    people = 600
    with SmtpServer(script=slow(0.05)) as smtp, scene(smtp) as it:
        it.crowd(people)
        it.publish()
        worker = it.worker()
        until(lambda: len(smtp.arrived) > 40, 20)
        worker.signal(signal.SIGTERM)
        worker.process.wait(120)
        arrived = len(smtp.arrived)
        assert worker.process.returncode == 0
        assert it.sent() == arrived < people
        assert not it.services.server.client.keys("alerts:lease:*")
        it.worker(threads=8)
        it.finish(30)
        assert set(it.states().values()) == {State.SENT}
        assert len(heard(smtp)) == people
        assert twins(smtp) == 0
        it.books_are_in_order()


def test_a_worker_frozen_past_its_lease_and_thawed_records_nothing_any_more() -> None:
    """Another one has taken its batches by then. It learns so with its next record, and stops."""
    people, connections = 500, 2
    with SmtpServer(script=slow(0.04)) as smtp, scene(smtp) as it:
        it.crowd(people)
        it.publish()
        frozen = it.worker(connections)
        until(lambda: len(smtp.arrived) > 20, 20)
        frozen.signal(signal.SIGSTOP)
        it.worker(connections)
        it.finish(45)
        before = it.records()
        frozen.signal(signal.SIGCONT)
        until(lambda: it.is_alive(frozen), 10)
        time.sleep(1.5)
        assert it.records() == before
        assert set(it.states().values()) == {State.SENT}
        assert len(heard(smtp)) == people
        assert twins(smtp) <= W * (connections + LANES)
        it.books_are_in_order()


def test_two_workers_that_both_live_never_send_the_same_mail() -> None:
    """Both hear every bell and sweep the same work; a lease has one holder."""
    people = 2_000
    with SmtpServer() as smtp, scene(smtp) as it:
        it.worker(threads=4)
        it.worker(threads=4)
        it.crowd(people)
        it.publish()
        it.finish(30)
        assert len(heard(smtp)) == people
        assert twins(smtp) == 0
        it.books_are_in_order()


def test_a_row_that_every_worker_breaks_down_over_keeps_nobody_else_from_theirs() -> None:
    """Damaged in the state itself: an address that is no text. The rests between two tries are cut short."""
    people, damaged = 12, "p7@example.org"
    with SmtpServer() as smtp, scene(smtp) as it:
        it.crowd(people)
        client, keys = it.services.server.client, it.services.server.keys
        sid = it.services.subscribers.find(Channel("email"), damaged).sid
        client.hset(keys("subscriber", sid), "address", b"\xff\xfe")
        it.worker()
        it.publish()

        broken = 0

        def nothing_is_owed() -> bool:
            nonlocal broken
            if (raised := it.logged().count("raised unexpected")) > broken:
                broken = raised  # the lease is a broken holder's, once: the next one is not to lose its own
                for owed in it.services.due.owed():
                    client.delete(keys("lease", owed.work.key))
                    it.services.due.postpone(owed.work, 0)
            return it.services.due.count() == 0 and len(smtp.arrived) > 0

        until(nothing_is_owed, 60, "something stays owed", every=0.5)
        client.hset(keys("subscriber", sid), "address", damaged)
        states = it.states()
        assert states.pop(damaged) is State.FAILED
        assert states == dict.fromkeys(states, State.SENT)
        assert len(states) == people - 1
        assert "broke down" in it.notes()[damaged]
        assert twins(smtp) == 0
        it.books_are_in_order()
