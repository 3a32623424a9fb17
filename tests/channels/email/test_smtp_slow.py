"""Whoever a relay takes its time over, or hangs over, holds nobody else: they go on on another connection."""

import threading
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from smtp_parts import MESSAGE, MODES, going, people, sender
from smtp_server import Drop, SmtpServer

from alerts.channels.email import batch
from alerts.model import Deferred, Failed, RouteDown, Sent, Unsure

modes = pytest.mark.parametrize("extensions", MODES.values(), ids=MODES)
URGENT = replace(MESSAGE, digest="u0")


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(batch, "SLOW_S", 0.05)


class Hanging(SmtpServer):
    """Says nothing more on a connection that comes to such a verb of such a person, until it is released.

    What it answers then is in `afterwards`; the second time it comes to them it is as any other.
    """

    def __init__(self, extensions, hangs, afterwards=None):
        self.hangs = dict(hangs)
        self.released = threading.Event()
        self.afterwards = afterwards
        super().__init__(extensions, self._hang)

    def _hang(self, moment):
        if self.hangs.get(moment.argument) != moment.verb:
            return None
        del self.hangs[moment.argument]
        self.released.wait(60)
        return self.afterwards

    def served(self) -> int:
        return len({name for mail in self.arrived for name in mail.recipients})


def address(sid: int) -> str:
    return f"user{sid}@example.org"


def told_before_release(server, out, batch, others):
    """Send; let the server go on once `others` have their mail. The outcomes, and whether they had."""
    came = threading.Event()

    def wait():
        while server.served() < others and not server.released.wait(0.005):
            pass
        came.set()
        server.released.set()

    # A sender that waits for whoever hangs never comes so far: then the server lets go by itself.
    threading.Thread(target=wait, daemon=True).start()
    giving_up = threading.Timer(10, server.released.set)
    giving_up.start()
    outcomes = list(out.send(URGENT, batch, going))
    giving_up.cancel()
    return outcomes, server.served() >= others and came.is_set()


@modes
@pytest.mark.parametrize("verb", ["rcpt", "body"])
def test_others_have_their_mail_before_the_relay_has_done_with_one(extensions, verb):
    """One hung recipient held all others of its batch for the whole timeout, one after the other."""
    window = 16 // (batch.ASIDE_MAX + 1)
    with Hanging(extensions, {address(3): verb}) as server:
        out = sender(server.url)
        outcomes, before = told_before_release(server, out, people(30), others=30 - window)
        out.close()
    assert before
    assert Counter(type(o) for _, o in outcomes) == {Sent: 30}
    assert sorted(sid for sid, _ in outcomes) == list(range(30))
    assert Counter(name for mail in server.arrived for name in mail.recipients) == {
        address(sid): 1 for sid in range(30)
    }


@modes
def test_several_at_once_hold_nobody_else(extensions):
    with Hanging(extensions, {address(0): "rcpt", address(7): "body", address(12): "rcpt"}) as server:
        out = sender(server.url)
        outcomes, before = told_before_release(server, out, people(30), others=30 - 3 * 4)
        out.close()
    assert before
    assert {type(o) for _, o in outcomes} == {Sent}
    assert len(server.arrived) == len(outcomes) == 30


def test_a_refusal_that_comes_late_is_of_whom_it_is_about():
    for afterwards, expected in (("550 5.1.1 no such user", Failed), ("451 4.3.0 later", Deferred)):
        with Hanging(MODES["pipelined"], {address(3): "rcpt"}, afterwards) as server:
            out = sender(server.url)
            outcomes, before = told_before_release(server, out, people(10), others=9)
            out.close()
        assert before
        assert {sid: type(o) for sid, o in outcomes} == {
            sid: expected if sid == 3 else Sent for sid in range(10)
        }


def test_a_connection_that_breaks_while_it_waits_leaves_a_doubt_of_one():
    with Hanging(MODES["pipelined"], {address(3): "body"}, Drop()) as server:
        out = sender(server.url)
        outcomes, before = told_before_release(server, out, people(10), others=9)
        out.close()
    assert before
    assert {sid: type(o) for sid, o in outcomes} == {sid: Unsure if sid == 3 else Sent for sid in range(10)}


def test_a_relay_that_bears_one_connection_is_waited_for():
    """A second connection is refused while the first is open: that is no fault of the route."""

    def script(moment):
        if moment.verb == "connect" and moment.connection > 1 and not server.released.is_set():
            server.released.set()
            return "421 4.7.0 too many connections"
        return None

    with Hanging(MODES["pipelined"], {address(3): "body"}) as server:
        hang = server._script
        server._script = lambda moment: script(moment) or hang(moment)
        out = sender(server.url)
        outcomes = list(out.send(URGENT, people(10), going))
        out.close()
    assert not any(isinstance(o, RouteDown) for _, o in outcomes)
    assert Counter(type(o) for _, o in outcomes) == {Sent: 10}
    assert len(server.arrived) == 10


@settings(max_examples=15)
@given(
    hangs=st.dictionaries(st.integers(0, 11), st.sampled_from(["rcpt", "data", "body", "mail"]), max_size=5),
    mode=st.sampled_from(sorted(MODES)),
    afterwards=st.sampled_from([None, "451 4.3.0 later", "550 5.1.1 nobody", Drop()]),
)
def test_each_has_one_verdict_and_at_most_one_mail(hangs, mode, afterwards):
    with Hanging(MODES[mode], {address(sid): verb for sid, verb in hangs.items()}, afterwards) as server:
        letting_go = threading.Timer(0.2, server.released.set)
        letting_go.start()
        out = sender(server.url)
        outcomes = list(out.send(URGENT, people(12), going))
        out.close()
        letting_go.join()
    assert len({sid for sid, _ in outcomes}) == len(outcomes)
    mails = Counter(name for mail in server.arrived for name in mail.recipients)
    assert all(count == 1 for count in mails.values())
    for sid, outcome in outcomes:
        assert isinstance(outcome, Sent) == (address(sid) in mails) or isinstance(outcome, Unsure)
