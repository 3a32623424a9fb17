"""The three kinds of dialogue against a scripted server: what arrives, and whose verdict is whose."""

import os
import threading
import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from smtp_parts import MESSAGE, MODES, going, people, person, sender
from smtp_server import Drop, Pause, SmtpServer

from alerts.channels.email.hearing import IN_DOUBT
from alerts.model import Deferred, Failed, Recipient, RouteDown, Sent, Unsure

modes = pytest.mark.parametrize("extensions", MODES.values(), ids=MODES)


def at(verb, nth, answer):
    """A script that answers the nth of a verb, and leaves the rest as usual."""
    return lambda moment: answer if (moment.verb, moment.nth) == (verb, nth) else None


def about(verb, address, answer):
    return lambda moment: answer if moment.verb == verb and address in moment.argument else None


@modes
def test_everyone_gets_their_own_message_byte_for_byte(extensions):
    with SmtpServer(extensions) as server:
        out = sender(server.url)
        outcomes = list(out.send(MESSAGE, people(40), going))
        out.close()
    assert [sid for sid, _ in outcomes] == list(range(40))
    assert {type(outcome) for _, outcome in outcomes} == {Sent}
    assert outcomes[0][1].receipt.startswith("2.0.0 queued as ")
    assert [a.recipients for a in server.arrived] == [[p.address] for p in people(40)]
    assert {a.sender for a in server.arrived} == {"alerts@example.org"}
    assert [a.data for a in server.arrived] == [MESSAGE.fill(p.blanks) for p in people(40)]
    assert server.count("connect") == 1


@modes
def test_each_delivery_may_have_a_return_path_of_its_own(extensions):
    """A mail that comes back says whose it was by the address it comes back to, if there is one for each."""

    def path(recipient: Recipient) -> bytes:
        return f"b.{recipient.sid}@bounces.example.org".encode()

    with SmtpServer(extensions) as server:
        out = sender(server.url, return_path=path)
        list(out.send(MESSAGE, people(3), going))
        out.close()
    sent = {tuple(a.recipients): a.sender for a in server.arrived}
    assert sent == {(f"user{sid}@example.org",): f"b.{sid}@bounces.example.org" for sid in range(3)}


@modes
def test_the_connection_is_kept_between_batches(extensions):
    with SmtpServer(extensions) as server:
        out = sender(server.url)
        for _ in range(3):
            assert len(list(out.send(MESSAGE, people(3), going))) == 3
        out.close()
    assert (server.count("connect"), len(server.arrived)) == (1, 9)


@modes
@settings(max_examples=25)
@given(
    fates=st.lists(
        st.sampled_from(
            ["", "", "mail 451 4.3.0 m", "rcpt 550 5.1.1 r", "data 451 4.3.0 d", "body 554 5.7.1 b"]
        ),
        max_size=40,
    )
)
def test_each_verdict_belongs_to_its_person(extensions, fates):
    """Also: a message never reaches the person before it, though the server keeps refused ones open.

    One is accepted in each batch: if nobody is, it may be about us.
    """
    fates = [*fates, ""]
    fate_of = {f"user{sid}@example.org": fate for sid, fate in enumerate(fates)}
    mails = iter(enumerate(fates))
    current = {"sid": 0, "mail": ""}
    by_data = set()

    def script(moment):
        if moment.verb == "mail":
            current["sid"], current["mail"] = next(mails)
        if moment.verb == "data":
            by_data.add(current["sid"])
        fate = fate_of.get(moment.argument) if moment.verb in ("rcpt", "body") else current["mail"]
        verb, _, reply = (fate or " ").partition(" ")
        return reply if verb == moment.verb else None

    with SmtpServer(extensions, script) as server:
        out = sender(server.url)
        outcomes = dict(out.send(MESSAGE, people(len(fates)), going))
        out.close()
    expected = {}
    for sid, fate in enumerate(fates):
        verb, _, reply = fate.partition(" ")
        if not fate or (verb == "data" and sid not in by_data):
            expected[sid] = Sent
        elif verb == "rcpt":
            expected[sid] = Failed(reply, "bounced")
        else:
            expected[sid] = (Deferred if verb in ("mail", "data") else Failed)(reply)
    assert {s: Sent if isinstance(o, Sent) else o for s, o in outcomes.items()} == expected
    assert [(a.recipients, a.data) for a in server.arrived] == [
        ([p.address], MESSAGE.fill(p.blanks)) for p in people(len(fates)) if expected[p.sid] is Sent
    ]


def test_data_accepted_for_nobody_is_ended_with_an_empty_message():
    def script(moment):
        if moment.verb == "rcpt" and moment.nth == 2:
            return "550 5.1.1 no"
        return "354 go on all the same" if moment.verb == "data" else None

    with SmtpServer(MODES["pipelined"], script) as server:
        out = sender(server.url)
        outcomes = dict(out.send(MESSAGE, people(3), going))
        out.close()
    assert outcomes[1] == Failed("550 5.1.1 no", "bounced")
    assert isinstance(outcomes[0], Sent)
    assert isinstance(outcomes[2], Sent)
    assert [a.recipients for a in server.arrived] == [["user0@example.org"], [], ["user2@example.org"]]
    assert server.arrived[1].data == b""


@modes
def test_addresses_that_cannot_be_written_fail_alone_and_say_nothing_on_the_wire(extensions):
    bad = ["a@x\r\nRCPT TO:<evil@x>", "jürgen@example.org", "x" * 250 + "@example.org"]
    batch = [
        person(0, "ok@example.org"),
        *(person(n, a) for n, a in enumerate(bad, 1)),
        person(9, "o@münchen.example"),
    ]
    with SmtpServer(extensions) as server:
        out = sender(server.url)
        outcomes = dict(out.send(MESSAGE, batch, going))
        out.close()
    assert isinstance(outcomes[0], Sent)
    assert isinstance(outcomes[9], Sent)
    assert all(isinstance(outcomes[n], Failed) and not outcomes[n].suppress for n in (1, 2, 3))
    assert [a.recipients[0] for a in server.arrived] == ["ok@example.org", "o@xn--mnchen-3ya.example"]


@modes
def test_an_address_outside_ascii_is_written_where_smtputf8_is_offered(extensions):
    with SmtpServer((*extensions, "SMTPUTF8")) as server:
        out = sender(server.url)
        outcomes = dict(
            out.send(MESSAGE, [person(0, "jürgen@example.org"), person(1, "b@example.org")], going)
        )
        out.close()
    assert all(isinstance(outcome, Sent) for outcome in outcomes.values())
    assert [m.argument.endswith(" SMTPUTF8") for m in server.heard if m.verb == "mail"] == [True, False]


@modes
@pytest.mark.parametrize("verb", ["mail", "rcpt"])
@pytest.mark.parametrize("answer", [Drop(), "421 4.3.2 bye"], ids=["drop", "421"])
def test_what_was_not_handed_over_when_the_connection_broke_is_sent_on_the_next(extensions, verb, answer):
    """Chunked, a whole window had been handed over: after a mere drop those are in doubt, after a 421 not."""
    with SmtpServer(extensions, at(verb, 4, answer)) as server:
        out = sender(server.url)
        outcomes = dict(out.send(MESSAGE, people(20), going))
        out.close()
    assert len(outcomes) == 20
    doubtful = {sid for sid, o in outcomes.items() if o == Unsure(IN_DOUBT, 60)}
    if "CHUNKING" in extensions and isinstance(answer, Drop):
        assert doubtful
        assert doubtful <= set(range(3, 19))
    else:
        assert not doubtful
    arrived = Counter(a.recipients[0] for a in server.arrived)
    assert arrived == {f"user{sid}@example.org": 1 for sid in range(20) if sid not in doubtful}
    assert server.count("connect") == 2


@modes
def test_a_message_handed_over_and_not_answered_is_deferred_and_not_sent_again(extensions):
    with SmtpServer(extensions, at("body", 3, Drop())) as server:
        out = sender(server.url, in_flight=1)
        outcomes = dict(out.send(MESSAGE, people(6), going))
        out.close()
    assert outcomes.pop(2) == Unsure(IN_DOUBT, 60)
    assert {type(o) for o in outcomes.values()} == {Sent}
    assert server.count("body") == 6


@modes
def test_a_goodbye_instead_of_the_verdict_is_no_acceptance(extensions):
    with SmtpServer(extensions, at("body", 3, "421 4.3.2 closing")) as server:
        out = sender(server.url)
        outcomes = dict(out.send(MESSAGE, people(6), going))
        out.close()
    assert {type(o) for o in outcomes.values()} == {Sent}
    assert Counter(a.recipients[0] for a in server.arrived) == {p.address: 1 for p in people(6)}


@modes
def test_a_server_that_says_goodbye_every_few_messages_still_gets_them_all(extensions):
    def script(moment):
        return (
            "421 4.7.0 enough for one connection" if moment.verb == "mail" and moment.nth % 4 == 0 else None
        )

    with SmtpServer(extensions, script) as server:
        out = sender(server.url)
        outcomes = list(out.send(MESSAGE, people(20), going))
        out.close()
    assert Counter(sid for sid, o in outcomes if isinstance(o, Sent)) == dict.fromkeys(range(20), 1)


@modes
def test_one_person_who_breaks_every_connection_does_not_keep_the_others_from_theirs(extensions):
    with SmtpServer(extensions, about("rcpt", "user2@", "421 4.3.0 crashed")) as server:
        out = sender(server.url)
        outcomes = list(out.send(MESSAGE, people(5), going))
        out.close()
    assert outcomes[-1] == (2, Deferred("421 4.3.0 crashed"))
    assert {sid for sid, o in outcomes if isinstance(o, Sent)} == {0, 1, 3, 4}


@modes
@pytest.mark.parametrize(
    ("verb", "answer", "why"),
    [
        ("connect", "554 5.7.1 no service", "554 5.7.1 no service"),
        ("connect", "421 4.3.2 too busy", "421 4.3.2 too busy"),
        ("connect", Drop(), "connect 127.0.0.1"),
        ("ehlo", "550 5.7.1 go away", "550 5.7.1 go away"),
        ("mail", "550 5.7.1 not you", "550 5.7.1 not you"),
        ("mail", "530 5.7.0 log in first", "530 5.7.0 log in first"),
        ("mail", "421 4.3.2 bye", "421 4.3.2 bye"),
        ("mail", Drop(), "the "),
        ("rcpt", "553 5.1.8 your domain", "553 5.1.8 your domain"),
    ],
)
def test_a_closed_route_is_said_once_and_blames_nobody(extensions, verb, answer, why):
    def script(moment):
        return answer if moment.verb == verb else None

    with SmtpServer(extensions, script) as server:
        out = sender(server.url, in_flight=1)
        outcomes = list(out.send(MESSAGE, people(5), going))
        out.close()
    *others, (_, down) = outcomes
    assert all(outcome.blameless for _, outcome in others)
    assert isinstance(down, RouteDown)
    assert down.why.startswith(why)
    assert not server.arrived


def test_nobody_listening_is_a_closed_route():
    with SmtpServer() as server:
        pass
    [(sid, down)] = sender(server.url).send(MESSAGE, people(3), going)
    assert sid == 0
    assert isinstance(down, RouteDown)
    assert "refused" in down.why


@modes
def test_a_refusal_of_ours_in_the_middle_of_others_that_pass_is_no_closed_route(extensions):
    with SmtpServer(extensions, at("mail", 3, "550 5.7.1 not you")) as server:
        out = sender(server.url)
        outcomes = dict(out.send(MESSAGE, people(8), going))
        out.close()
    assert outcomes.pop(2) == Deferred("550 5.7.1 not you")
    assert {type(o) for o in outcomes.values()} == {Sent}
    assert len(outcomes) == len(server.arrived) == 7


@modes
def test_silence_is_not_waited_for_beyond_the_timeout(extensions):
    with SmtpServer(extensions, lambda m: Pause(4) if m.verb == "rcpt" else None) as server:
        out = sender(server.url, timeout=0.2)
        [(_, outcome)] = out.send(MESSAGE, people(1), going)
        out.close()
    assert outcome == Deferred("no answer within 0.2 seconds", 35, blameless=True)


@modes
def test_what_is_no_smtp_closes_the_route(extensions):
    with SmtpServer(extensions, lambda m: "HTTP/1.1 400 Bad Request" if m.verb == "mail" else None) as server:
        out = sender(server.url, in_flight=1)
        outcomes = list(out.send(MESSAGE, people(3), going))
        out.close()
    assert not any(isinstance(o, Sent) for _, o in outcomes)
    assert isinstance(outcomes[-1][1], RouteDown)


def test_a_server_that_reads_on_only_once_it_was_heard_does_not_get_stuck():
    """One write holds the end of a window: more than any buffer takes, behind it more replies than fit."""
    wordy = "\r\n".join(["250-2.1.5 " + "x" * 70] * 150 + ["250 2.1.5 ok"])
    batch = [*people(15), person(15, "user15@example.org", reason="y" * 8_000_000)]
    with SmtpServer(
        script=lambda m: wordy if m.verb in ("mail", "rcpt") else None, small_buffer=True
    ) as server:
        out = sender(server.url, timeout=5)
        outcomes = list(out.send(MESSAGE, batch, going))
        out.close()
    assert [type(o) for _, o in outcomes] == [Sent] * 16


def test_verdicts_that_came_before_the_connection_broke_are_heard():
    told = threading.Event()

    def script(moment):
        if moment.verb == "mail" and moment.nth == 6:
            told.wait(60)  # the first verdict is told by then, and its consumer is busy
        return Drop(broken=True) if moment.verb == "mail" and moment.nth == 8 else None

    with SmtpServer(script=script) as server:
        out = sender(server.url, in_flight=4)
        assert len(list(out.send(MESSAGE, people(4), going))) == 4  # a window of four is possible now
        outcomes = {}
        for sid, outcome in out.send(MESSAGE, people(6), going):
            outcomes[sid] = outcome
            if len(outcomes) == 1:
                told.set()
                while server.count("mail") < 8:
                    time.sleep(0.01)
                time.sleep(0.3)
        out.close()
    assert outcomes.pop(3) == Unsure(IN_DOUBT, 60)
    assert {type(o) for o in outcomes.values()} == {Sent}
    assert len(outcomes) == 5


@modes
def test_never_more_under_way_than_promised_whatever_the_consumer_does(extensions):
    with SmtpServer(extensions) as server:
        out = sender(server.url, in_flight=5)
        taken = 0
        for _ in out.send(MESSAGE, people(30), going):
            time.sleep(0.005)  # the server has all the time it wants to read ahead
            assert server.count("body") <= taken + 5
            taken += 1
        out.close()
    assert taken == 30


@modes
def test_after_stop_nothing_new_is_begun_and_what_is_under_way_is_still_told(extensions):
    with SmtpServer(extensions) as server:
        out = sender(server.url, in_flight=4)
        told = []
        for sid, _ in out.send(MESSAGE, people(30), lambda: len(told) >= 6):
            told.append(sid)
        assert list(out.send(MESSAGE, people(3), lambda: True)) == []
        out.close()
    assert 6 <= len(told) <= 6 + 4
    assert [f"user{sid}@example.org" for sid in told] == [a.recipients[0] for a in server.arrived]


@modes
def test_a_consumer_that_goes_away_leaves_no_half_transaction_behind(extensions):
    with SmtpServer(extensions) as server:
        out = sender(server.url)
        outcomes = out.send(MESSAGE, people(30), going)
        next(outcomes)
        outcomes.close()
        assert len(list(out.send(MESSAGE, people(2), going))) == 2
        out.close()
    assert [a.recipients[0] for a in server.arrived[-2:]] == ["user0@example.org", "user1@example.org"]


@modes
def test_a_refusal_at_the_end_of_a_batch_does_not_reach_into_the_next(extensions):
    with SmtpServer(extensions, at("rcpt", 1, "550 5.1.1 no")) as server:
        out = sender(server.url)
        [(_, first)] = out.send(MESSAGE, people(1), going)
        [(_, second)] = out.send(MESSAGE, people(1), going)
        out.close()
    assert isinstance(first, Failed)
    assert isinstance(second, Sent)
    assert server.count("connect") == 1


@modes
def test_a_connection_dropped_while_idle_costs_nobody_an_attempt(extensions):
    with SmtpServer(extensions) as server:
        out = sender(server.url)
        list(out.send(MESSAGE, people(20), going))
        server.hang_up()
        time.sleep(0.05)
        outcomes = list(out.send(MESSAGE, people(20), going))
        out.close()
    assert {type(o) for _, o in outcomes} == {Sent}
    assert server.count("connect") == 2


def test_a_connection_idle_for_long_is_asked_before_it_is_used():
    with SmtpServer(script=at("noop", 2, Drop())) as server:
        out = sender(server.url)
        for _ in range(3):
            assert [type(o) for _, o in out.send(MESSAGE, people(2), going)] == [Sent] * 2
            out._pool._idle[0].used_at -= 11  # the clock of one connection, eleven seconds on
        out.close()
    assert (server.count("noop"), server.count("connect")) == (2, 2)


@modes
def test_leave_is_asked_for_a_window_at_a_time(extensions):
    asked = []
    with SmtpServer(extensions) as server:
        out = sender(server.url, in_flight=8, pace=lambda route, n: asked.append((route, n)) or 0.0)
        list(out.send(MESSAGE, people(20), going))
        out.close()
    assert asked == [("smtp", 8), ("smtp", 8), ("smtp", 4)]


@modes
def test_a_short_wait_for_the_pace_is_waited_and_a_long_one_is_the_callers(extensions):
    answers = iter([0.0, 0.15, 0.0, 7.5])
    with SmtpServer(extensions) as server:
        out = sender(server.url, in_flight=4, pace=lambda route, n: next(answers))
        start = time.monotonic()
        outcomes = list(out.send(MESSAGE, people(20), going))
        assert time.monotonic() - start >= 0.15
        out.close()
    assert [type(o) for _, o in outcomes] == [Sent] * 8 + [RouteDown]
    assert outcomes[-1] == (8, RouteDown("the route's rate is reached", 7.5, paced=True))


def test_threads_have_connections_of_their_own():
    sent = Counter()
    with SmtpServer() as server:
        out = sender(server.url)
        barrier = threading.Barrier(4)

        def work(name):
            asked = []

            def together():  # asked before the connection is taken, and again when it is there
                asked.append(name)
                if len(asked) == 2:
                    barrier.wait(5)
                return False

            sent[name] = sum(isinstance(o, Sent) for _, o in out.send(MESSAGE, people(50), together))

        threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        out.close()
    assert sent == dict.fromkeys(range(4), 50)
    assert server.count("connect") == 4


def test_a_closed_sender_may_be_used_again_and_lets_go_of_what_was_in_use():
    with SmtpServer() as server:
        out = sender(server.url)
        outcomes = out.send(MESSAGE, people(3), going)
        next(outcomes)
        out.close()
        assert len(list(outcomes)) == 2
        assert len(list(out.send(MESSAGE, people(1), going))) == 1
        out.close()
    assert server.count("connect") == 2


def test_a_forked_child_that_closes_does_not_end_the_parents_session():
    with SmtpServer() as server:
        out = sender(server.url)
        list(out.send(MESSAGE, people(1), going))
        child = os.fork()
        if child == 0:
            out.close()
            os._exit(0)
        os.waitpid(child, 0)
        assert [type(o) for _, o in out.send(MESSAGE, people(2), going)] == [Sent] * 2
        out.close()
    assert server.count("connect") == 1


def test_a_batch_of_nobody_opens_no_connection():
    with SmtpServer() as server:
        assert list(sender(server.url).send(MESSAGE, [], going)) == []
    assert server.count("connect") == 0
