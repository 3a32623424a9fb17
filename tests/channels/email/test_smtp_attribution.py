"""Whose fault it is: whatever some people do to connections, the others get theirs."""

import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from smtp_parts import MESSAGE, MODES, going, people, sender
from smtp_server import Drop, Pause, SmtpServer

from alerts.channels.email.evidence import LOSSES_MAX
from alerts.model import Deferred, Failed, RouteDown, Sent, Unsure

modes = pytest.mark.parametrize("extensions", MODES.values(), ids=MODES)

#: What a relay may do about one person.
ANSWERS = [
    "421 Recipient not in route list",
    "451 4.3.0 later",
    "452 4.3.1 no room",
    "550 5.7.1 Relay access denied",
    "550 5.1.1 nobody",
    "554 5.7.1 no thanks",
    "199 odd",
    "999 odd",
    "HTTP/1.1 400 Bad Request",
    "250-" + "x" * 17_000 + "\r\n250 ok",
    Drop(),
    Drop(broken=True),
]
VERBS = ["mail", "rcpt", "data", "amid", "body"]


class Moody(SmtpServer):
    """Has a mood about some people, whenever they come by, at one verb each."""

    def __init__(self, extensions, moods):
        self.moods = moods
        self._coming = threading.local()
        super().__init__(extensions, self._mood)

    def _mood(self, moment):
        if (forced := getattr(self._coming, "answer", None)) is not None:
            return forced
        verb, answer = self.moods.get(moment.argument, ("", None))
        return answer if verb == moment.verb else None

    def _command(self, session):
        """Whom a MAIL is for is looked up where it came along; DATA is said of whom RCPT named."""
        line = bytes(session.buffer[: session.buffer.find(b"\n") + 1]).decode()
        ahead = bytes(session.buffer).decode(errors="replace").partition("RCPT TO:<")[2].partition(">")[0]
        self._coming.address = ahead if line.startswith("MAIL") else (session.recipients or [""])[0]
        return super()._command(session)

    def _answer(self, session, verb, argument, usual):
        named = argument if verb in ("rcpt", "body") else getattr(self._coming, "address", "")
        mood = self.moods.get(named, ("", None))
        if verb in ("mail", "data") and mood[0] == verb:
            self._coming.answer = mood[1]  # of this connection alone: another may begin at this moment
            try:
                return super()._answer(session, verb, argument, usual)
            finally:
                self._coming.answer = None
        return super()._answer(session, verb, argument, usual)

    def _body(self, session):
        if self.moods.get((session.recipients or [""])[0], ("", None))[0] == "amid":
            session.line()
            raise ConnectionError
        return super()._body(session)


@dataclass
class Round:
    """What a batch has come to: the ledger, with every wait over."""

    attempts: dict[int, int]
    doubts: set[int] = field(default_factory=set)
    sent: set[int] = field(default_factory=set)
    failed: dict[int, str] = field(default_factory=dict)
    downs: int = 0

    def go(self, out, batch):
        owed = [
            p._replace(attempt=self.attempts[p.sid] + 1, unsure=p.sid in self.doubts)
            for p in batch
            if p.sid not in self.sent and p.sid not in self.failed
        ]
        for sid, outcome in out.send(MESSAGE, owed, going):
            if isinstance(outcome, RouteDown):
                assert outcome.inferred, outcome
                self.downs += 1
                continue
            self.doubts.discard(sid)
            self.attempts[sid] += not (isinstance(outcome, Deferred) and outcome.blameless)
            if isinstance(outcome, Sent):
                self.sent.add(sid)
            elif isinstance(outcome, Failed):
                self.failed[sid] = outcome.why
            elif isinstance(outcome, Unsure):
                self.doubts.add(sid)


@contextmanager
def moody(extensions, moods):
    with Moody(extensions, moods) as server:
        out = sender(server.url, timeout=0.4)
        try:
            yield server, out
        finally:
            out.close()


@modes
@settings(max_examples=20)
@given(
    moods=st.dictionaries(
        st.integers(0, 19), st.tuples(st.sampled_from(VERBS), st.sampled_from(ANSWERS)), max_size=8
    ),
    hang=st.one_of(st.none(), st.tuples(st.integers(0, 19), st.sampled_from(VERBS))),
)
def test_whatever_a_minority_does_everybody_else_is_accepted(extensions, moods, hang):
    """One recipient over whom a connection broke stopped mail for everybody: it was the route's fault, no try
    was counted, and every look at the route began with the same person.
    """
    batch = people(20)
    if hang is not None:
        moods = moods | {hang[0]: (hang[1], Pause(0.8))}
    healthy = set(range(20)) - set(moods)
    with moody(extensions, {batch[sid].address: mood for sid, mood in moods.items()}) as (server, out):
        so_far = Round(dict.fromkeys(range(20), 0))
        for _ in range(2):
            so_far.go(out, batch)
        if not healthy <= so_far.sent:
            so_far.go(out, batch)
        assert healthy <= so_far.sent
        assert so_far.downs <= len(moods) // LOSSES_MAX
        for sid, why in so_far.failed.items():
            assert moods[sid][1] == why
        arrived = Counter(address for mail in server.arrived for address in mail.recipients)
        assert {batch[sid].address for sid in so_far.sent} <= set(arrived)
        # A window that was handed over when the connection broke is in doubt, and sent again, once.
        most = 2 if "CHUNKING" in extensions else 1
        assert all(1 <= arrived[batch[sid].address] <= most for sid in healthy)


@modes
@pytest.mark.parametrize("verb", ["rcpt", "body"])
def test_one_who_breaks_every_connection_is_deferred_with_words_and_the_route_works(extensions, verb):
    moods = {"user0@example.org": (verb, "421 Recipient not in route list")}
    with moody(extensions, moods) as (server, out):
        outcomes = dict(out.send(MESSAGE, people(20), going))
        assert outcomes.pop(0) == Deferred("421 Recipient not in route list")
        assert {type(outcome) for outcome in outcomes.values()} == {Sent}
        assert server.count("connect") <= 4


@modes
def test_a_batch_of_nobody_but_a_suspect_says_nothing_of_the_route(extensions):
    """Left alone in its batch, it opened the breaker for everybody, again and again."""
    with moody(extensions, {"user0@example.org": ("rcpt", Drop())}) as (_, out):
        [(sid, outcome)] = out.send(MESSAGE, people(1), going)
    assert sid == 0
    assert isinstance(outcome, Unsure | Deferred)


@modes
def test_who_testified_against_a_route_is_left_out_of_the_next_look_at_it(extensions):
    """Every look at the route began with the same people."""
    goodbye = ("rcpt", "421 4.3.2 not now")
    batch = people(20)
    with moody(extensions, {p.address: goodbye for p in batch}) as (server, out):
        outcomes = list(out.send(MESSAGE, batch, going))
    *others, (_, down) = outcomes
    assert down == RouteDown("421 4.3.2 not now", inferred=True)
    assert [sid for sid, _ in others] == list(range(LOSSES_MAX))
    assert all(outcome.blameless and outcome.after_s > 30 for _, outcome in others)
    assert server.count("connect") == LOSSES_MAX


SAID_TO_ALL = [
    "554 5.7.1 Relay access denied",
    "550 5.4.5 Daily user sending limit exceeded",
    "554 Message rejected: Email address is not verified.",
    "550 5.7.1 Nobody has thought of these words",
]


@modes
@pytest.mark.parametrize("verb", ["mail", "rcpt", "body"])
@pytest.mark.parametrize("answer", SAID_TO_ALL)
def test_what_is_said_alike_of_everybody_is_the_route_and_nobody_fails(extensions, verb, answer):
    """All ended as failed, for good, nothing owed, and no operator was notified."""
    batch = people(20)
    moods = {p.address: (verb, answer) for p in batch}
    with moody(extensions, moods) as (server, out):
        server.moods = {"": (verb, answer)} | moods  # whoever a lone MAIL is for
        *others, (_, down) = out.send(MESSAGE, batch, going)
        assert down == RouteDown(answer, 60, inferred=True)
        assert others
        assert all(isinstance(o, Deferred) and o.blameless and o.after_s > 60 for _, o in others)
        server.moods = {}
        assert {type(o) for _, o in out.send(MESSAGE, batch, going)} == {Sent}


@modes
@pytest.mark.parametrize("count", [1, 2])
def test_a_policy_of_few_is_theirs_and_relaying_denied_is_ours(extensions, count):
    batch = people(count)
    for answer, ours in (("550 5.7.1 we do not want this", False), ("550 5.7.1 Relay access denied", True)):
        with moody(extensions, {p.address: ("rcpt", answer) for p in batch}) as (_, out):
            outcomes = [outcome for _, outcome in out.send(MESSAGE, batch, going)]
        assert any(isinstance(o, RouteDown) for o in outcomes) == ours
        assert any(isinstance(o, Failed) for o in outcomes) != ours


@modes
def test_no_address_is_in_what_is_said_of_a_route(extensions):
    batch = people(3)
    moods = {p.address: ("rcpt", f"554 5.7.1 <{p.address}>: Relay access denied") for p in batch}
    with moody(extensions, moods) as (_, out):
        *_, (_, down) = out.send(MESSAGE, batch, going)
    assert down.why == "554 5.7.1 <…>: Relay access denied"


#: What a server may say unasked: words of its own, or those of another reply.
UNASKED = ["250 2.0.0 ok", "250 once more", "250 2.1.0 ok", "250 2.1.5 ok", "550 5.7.1 no"]
USUAL = {
    "mail": "250 2.1.0 ok",
    "rcpt": "250 2.1.5 ok",
    "body": "250 2.0.0 queued",
    "rset": "250 2.0.0 reset",
}


@modes
@settings(max_examples=100)
@given(
    extras=st.dictionaries(
        st.tuples(st.sampled_from(["mail", "rcpt", "body", "rset"]), st.integers(1, 14)),
        st.lists(st.sampled_from(UNASKED), min_size=1, max_size=4),
        max_size=6,
    ),
    refused=st.dictionaries(
        st.integers(0, 11),
        st.sampled_from(
            [
                "rcpt 550 5.1.1 r",
                "body 554 5.7.1 b",
                "body 451 4.3.0 b",
                "body 421 4.3.2 b",
                "body 199 odd",
                "body drop",
            ]
        ),
    ),
)
def test_extra_replies_give_nobody_the_verdict_of_somebody_else(extensions, extras, refused):
    """A reply that nobody asked for moved each verdict on to the next person: who was refused was `sent`.

    So was, among 250s alone, whoever the connection broke over after it; and two of them reached past the
    RSET between messages, so that one which broke the connection was `sent` as well.
    """
    addresses = {p.address: p.sid for p in people(12)}
    contradicted = set()  # who were told yes and no in one breath
    claimed = set()  # whose message was answered with a yes, and then with nothing that could be heard

    def script(moment):
        who = addresses.get(moment.argument, -1)
        verb, _, reply = refused.get(who, "").partition(" ")
        reply = reply if verb == moment.verb else ""
        said = extras.get((moment.verb, moment.nth), [])
        if said:
            contradicted.add(who)
            if moment.verb == "body" and "250" in said[0] and reply[:3] in ("421", "199", "dro"):
                claimed.add(who)
        if reply == "drop":
            return Drop(words="\r\n".join(said))
        return "\r\n".join([*said, reply or USUAL[moment.verb]]) if said or reply else None

    with SmtpServer(extensions, script) as server:
        out = sender(server.url, timeout=1)
        outcomes = dict(out.send(MESSAGE, people(12), going))
        out.close()
    arrived = Counter(addresses[a] for mail in server.arrived if mail.data for a in mail.recipients)
    for who, outcome in outcomes.items():
        if isinstance(outcome, Sent):
            assert arrived[who] or who in claimed, who
        if isinstance(outcome, Failed):
            assert who in refused or who in contradicted, who


class Dripping(SmtpServer):
    """Says one octet at a time, from one verb on."""

    def __init__(self, extensions, verb):
        self._verb = verb
        super().__init__(extensions)

    def _answer(self, session, verb, argument, usual):
        if verb != self._verb:
            return super()._answer(session, verb, argument, usual)
        for octet in (usual + "x" * 10_000).encode():
            session.sock.sendall(bytes([octet]))
            if self._stop.wait(0.05):
                break
        raise ConnectionError

    def __enter__(self):
        self._stop = threading.Event()
        return super().__enter__()

    def __exit__(self, *unused):
        self._stop.set()
        super().__exit__(*unused)


@modes
@pytest.mark.parametrize("verb", ["connect", "ehlo", "mail", "body"])
def test_a_server_that_says_an_octet_at_a_time_costs_a_batch_and_not_a_thread(extensions, verb):
    """smtplib began to wait anew with each octet of a greeting: minutes, hours, for ever."""
    with Dripping(extensions, verb) as server:
        outcomes = dict(sender(server.url, timeout=0.3, call=0.5).send(MESSAGE, people(5), going))
    assert outcomes
    for outcome in outcomes.values():
        assert isinstance(outcome, RouteDown | Unsure) or outcome.blameless


@modes
def test_a_slow_relay_gives_a_batch_back_in_the_middle(extensions):
    """A batch at a relay that takes a while for each was held to its end, and urgent work waited for it."""
    with SmtpServer(extensions, lambda m: Pause(0.1) if m.verb == "body" else None) as server:
        out = sender(server.url, call=0.3, in_flight=2)
        outcomes = list(out.send(MESSAGE, people(40), going))
        assert 0 < len(outcomes) < 40
        assert {type(outcome) for _, outcome in outcomes} == {Sent}
        assert [sid for sid, _ in outcomes] == list(range(len(server.arrived)))
        out.close()
