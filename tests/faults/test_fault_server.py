"""The server dies, forgets every Celery message, is full, or is handed rubbish. What is owed stays owed."""

import os
import pickle
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import redis
from celery import Celery
from scene import LANES, Scene, W, heard, judge_false_alarm, scene, twins, until
from slack_server import SlackServer
from smtp_server import Answer, Moment, Pause, SmtpServer

from alerts.errors import Refused
from alerts.model import Channel, Kind, State
from alerts.runtime import Supervisor, attach, worker_command
from alerts.walk import steps

pytestmark = pytest.mark.faults


#: Seconds for which the killed server is away: no longer than its start takes, and for a while.
AWAY_S = (0.0, 3.0)


def slow(moment: Moment) -> Answer:
    return Pause(0.01) if moment.verb == "body" else None


@contextmanager
def meanwhile(do: Callable[[], object], every: float) -> Iterator[None]:
    """Do something again and again beside the block."""
    over = threading.Event()

    def repeat() -> None:
        while not over.wait(every):
            do()

    thread = threading.Thread(target=repeat)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def supervised(it: Scene, threads: int = 2) -> Iterator[list[str]]:
    """A worker that is started again when it ends, as `alerts worker` does it; what becomes of it."""
    said: list[str] = []
    command = [
        "/bin/sh",
        "-c",
        'exec "$@" >>"$0" 2>&1',
        str(it.log),
        *worker_command(threads),
        "--loglevel=info",
    ]
    with Supervisor(said.append) as children:
        children.start("worker", command, it.env)
        until(it.services.workers.live, 20, "the worker does not start")
        yield said


def broker(it: Scene) -> redis.Redis:
    return redis.Redis(unix_socket_path=str(it.settings.socket_path), db=0)


def test_a_server_killed_and_started_again_while_sending_forgets_nothing() -> None:
    """Whoever needs the bundled server next starts it, with its append-only file; the worker goes on."""
    people, connections = 1_500, 2
    with SmtpServer(script=slow) as smtp, scene(smtp) as it, supervised(it, connections):
        it.crowd(people)
        it.publish()
        for kill, away_s in enumerate(AWAY_S, 1):
            until(lambda enough=kill * 200: len(smtp.arrived) > enough, 20)
            os.kill(it.server_pid(), signal.SIGKILL)
            time.sleep(away_s)
            with attach(it.settings):
                pass
        it.finish(60)
        assert set(it.states().values()) == {State.SENT}
        assert len(heard(smtp)) == people
        assert twins(smtp) <= W * (connections + LANES) * len(AWAY_S)
        it.books_are_in_order()


def test_the_broker_emptied_again_and_again_costs_moments_and_nobody() -> None:
    people = 2_000
    with SmtpServer() as smtp, scene(smtp) as it, broker(it) as doorbells:
        it.worker()
        it.crowd(people)
        it.publish()
        with meanwhile(doorbells.flushdb, 0.02):
            it.finish(60)
        assert set(it.states().values()) == {State.SENT}
        assert len(heard(smtp)) == people
        assert twins(smtp) == 0
        it.books_are_in_order()


def test_every_doorbell_doubled_sends_nothing_twice() -> None:
    """Whatever is owed is rung for twice more, at every look."""
    people = 2_000
    with SmtpServer(script=slow) as smtp, scene(smtp) as it:
        ringer = Celery(broker=it.settings.doorbell_url, set_as_current=False)

        def ring_twice() -> None:
            for owed in it.services.due.owed():
                for _ in range(2):
                    ringer.send_task("alerts.look", (str(owed.work),), queue=owed.work.lane)

        it.worker(threads=4)
        it.crowd(people)
        it.publish()
        with meanwhile(ring_twice, 0.1):
            it.finish(60)
        ringer.close()
        assert len(heard(smtp)) == people
        assert twins(smtp) == 0
        it.books_are_in_order()


def test_a_full_server_takes_in_nothing_new_and_records_what_it_owes() -> None:
    """Whatever a try results in is still written, so nobody is told twice; with memory back it goes on."""
    people, channels = 600, 80

    def relay(moment: Moment) -> Answer:
        return "550 5.1.1 no such user" if moment.verb == "rcpt" and moment.nth > 60 else slow(moment)

    with (
        SmtpServer(script=relay) as smtp,
        SlackServer(latency=0.5) as slack,
        scene(smtp, slack) as it,
        supervised(it),
    ):
        it.crowd(people)
        it.subscribe(*(f"T1/C{n}" for n in range(channels)))
        it.publish()
        until(lambda: it.sent() > 20 and slack.posts, 20)
        it.services.server.client.config_set("maxmemory", "1")
        before = len(it.ended())
        with pytest.raises(Refused, match="out of memory"):
            it.publish("ua-more")
        until(lambda: len(it.ended()) >= before + 64, 20, "nothing is recorded on a full server")
        time.sleep(2)
        it.services.server.client.config_set("maxmemory", "0")
        it.finish(45)
        failed = [address for address, state in it.states().items() if state is State.FAILED]
        assert len(failed) + len(heard(smtp)) == people
        assert len(it.services.suppressions.find(Channel("email"), failed)) == len(failed)
        assert smtp.count("rcpt") == people
        assert twins(smtp) == 0
        assert sorted(post.channel for post in slack.posts) == sorted(f"C{n}" for n in range(channels))
        it.books_are_in_order()


#: Each way of refusing, and its end.
REFUSALS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "full": (("CONFIG", "SET", "maxmemory", "1"), ("CONFIG", "SET", "maxmemory", "0")),
    "a read-only replica": (("REPLICAOF", "127.0.0.1", "1"), ("REPLICAOF", "NO", "ONE")),
    "without its replicas": (
        ("CONFIG", "SET", "min-replicas-to-write", "1"),
        ("CONFIG", "SET", "min-replicas-to-write", "0"),
    ),
}


@pytest.mark.parametrize("how", REFUSALS)
def test_a_server_that_refuses_for_a_while_ends_no_worker_and_is_gone_on_with_at_once(how: str) -> None:
    """The worker exited at each try and was started again later and later; a backlog waited for its patience.

    What was handed over and cannot be recorded is waited with, so there are no twins while a lease lasts.
    """
    people, connections = 600, 2
    begin, end = REFUSALS[how]
    with SmtpServer(script=slow) as smtp, scene(smtp) as it, supervised(it, connections) as said:
        it.crowd(people)
        it.publish()
        until(lambda: it.sent() > 20, 60)
        client = it.services.server.client
        client.execute_command(*begin)
        if how != "full":  # a full server hands out bells: only who rings or takes one notices
            until(lambda: "waiting for the broker" in it.logged(), 60, "the worker notices nothing")
        time.sleep(3)
        client.execute_command(*end)
        it.finish(90, hurry=False)
        assert len(heard(smtp)) == people
        assert twins(smtp) <= W * (connections + LANES)
        assert [line for line in said if "ended" in line] == []
        noticed = it.logged().count("waiting for the broker")
        assert noticed == 1 or (how == "full" and noticed == 0)
        until(lambda: it.logged().count("the broker is there again") == noticed, 60)
        assert "raised unexpected" not in it.logged()
        it.books_are_in_order()


@pytest.mark.parametrize("fault", ["no replica", "read only"])
def test_what_a_server_did_not_let_us_record_is_in_doubt_and_a_false_alarm_reaches_all_who_were_told(
    fault: str,
) -> None:
    """It wants a replica, or has become one, in the middle: mails are accepted and cannot be recorded."""
    with SmtpServer(script=lambda m: Pause(0.02) if m.verb == "body" else None) as smtp, scene(smtp) as it:
        client = it.services.server.client
        it.crowd(600)
        worker = it.worker()
        it.publish()
        until(lambda: it.sent() > 20, 20)
        if fault == "no replica":
            client.config_set("min-replicas-to-write", 1)
        else:
            client.replicaof("127.0.0.1", 1)
        until(lambda: not client.keys("alerts:lease:*"), 40, "its batches are not let go of")
        worker.kill()  # or it might be told of them again before it is of the cancel
        client.config_set("min-replicas-to-write", 0)
        client.replicaof("NO", "ONE")
        assert len(smtp.arrived) > it.sent()
        [match] = it.publish(headline="A false alarm", kind=Kind.CANCEL)
        steps.match(it.services, match)
        it.worker()
        it.finish(60)
        judge_false_alarm(smtp)
        it.books_are_in_order(attempts=2)


class Marker:
    """Leaves a file behind where it is unpickled."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str, int]]:
        return os.mkdir, (self.path, 0o700)


def test_rubbish_in_a_queue_stops_nothing_and_a_pickle_is_never_opened() -> None:
    """What cannot be read ends the worker, and its supervisor starts it again; the rest is refused."""
    people = 300
    with SmtpServer() as smtp, scene(smtp) as it, supervised(it), broker(it) as doorbells:
        executed = it.settings.home / "executed"
        ringer = Celery(broker=it.settings.doorbell_url, set_as_current=False)
        ringer.send_task("alerts.look", (Marker(str(executed)),), queue="urgent", serializer="pickle")
        ringer.send_task("alerts.nothing", queue="urgent")
        ringer.send_task("alerts.look", ("no-step:x",), queue="urgent")
        ringer.send_task("alerts.look", (), queue="urgent")
        ringer.close()
        for rubbish in (b"\xff\x00rubbish", b"{}", pickle.dumps(Marker(str(executed)))):
            doorbells.lpush("urgent", rubbish)
        it.crowd(people)
        it.publish()
        it.finish(60)
        assert not executed.exists()
        assert len(heard(smtp)) == people
        assert twins(smtp) == 0
        until(lambda: doorbells.llen("urgent") == 0, 60, "the rubbish stays")
        it.books_are_in_order()
