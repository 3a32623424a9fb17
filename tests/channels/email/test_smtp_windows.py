"""Windows of whole messages are sent only where replies can be told apart by their words."""

import pytest
from smtp_parts import MESSAGE, going, people, sender
from smtp_server import SmtpServer

from alerts.channels.email.replies import Phase, Reply
from alerts.channels.email.reply_kinds import ReplyKinds
from alerts.model import Sent, Unsure

COMMANDS = ("mail", "rcpt", "body", "rset")

#: How servers word their yes to MAIL, RCPT, a message and RSET, twice; and whether a message's can be known.
WORDINGS = {
    "postfix": (
        "2.1.0 Ok|2.1.5 Ok|2.0.0 Ok: queued as 4F1cJx2Nq9z|2.0.0 Ok",
        "2.1.0 Ok|2.1.5 Ok|2.0.0 Ok: queued as BDFGHJKLMNP|2.0.0 Ok",
        True,
    ),
    "exim": (
        "OK|Accepted|OK id=1sGhKp-000000001Ab-2cDe|Reset OK",
        "OK|Accepted|OK id=1sGhKq-000000001Ac-3fGh|Reset OK",
        True,
    ),
    "Exchange": (
        "2.1.0 Sender OK|2.1.5 Recipient OK|2.6.0 <a@b.example> [InternalId=1] Queued mail|2.0.0 Resetting",
        "2.1.0 Sender OK|2.1.5 Recipient OK|2.6.0 <c@d.example> [InternalId=9] Queued mail|2.0.0 Resetting",
        True,
    ),
    "Gmail": (
        "2.1.0 OK 5b-42sm1.3 - gsmtp|2.1.5 OK 5b-42sm1.3 - gsmtp"
        "|2.0.0 OK 1732579200 5b-42sm1.3 - gsmtp|2.1.5 Flushed 5b-42sm1.3 - gsmtp",
        "2.1.0 OK 77a-9e8sm4.6 - gsmtp|2.1.5 OK 77a-9e8sm4.6 - gsmtp"
        "|2.0.0 OK 1732579201 77a-9e8sm4.6 - gsmtp|2.1.5 Flushed 77a-9e8sm4.6 - gsmtp",
        True,
    ),
    "an address in it": (
        "<a@x.example> sender ok|<anna@y.example> recipient ok|queued|reset",
        "<a@x.example> sender ok|<bob@z.example> recipient ok|queued|reset",
        True,
    ),
    "nothing but OK": ("OK|OK|OK|OK", "OK|OK|OK|OK", False),
    "a number alone": (
        "2.0.0 Ok|2.0.0 Ok|2.0.0 Ok 17|2.0.0 Ok",
        "2.0.0 Ok|2.0.0 Ok|2.0.0 Ok 18|2.0.0 Ok",
        False,
    ),
    "anew each time": ("sender ok|with pleasure|queued|reset", "sender ok|by all means|queued|reset", False),
}


@pytest.mark.parametrize(("first", "second", "distinct"), WORDINGS.values(), ids=WORDINGS)
def test_what_real_servers_say_can_be_told_apart(first, second, distinct):
    kinds = ReplyKinds()
    for replies in (first, second):
        assert not kinds.learned
        mail, rcpt, message, reset = (Reply(250, text.encode()) for text in replies.split("|"))
        kinds.note(Phase.MAIL, mail)
        kinds.note(Phase.RCPT, rcpt)
        kinds.note(Phase.DATA, Reply(354, b"go on"))
        kinds.note(Phase.DOT, message)
        kinds.note(Phase.RSET, reset)
    assert kinds.learned
    assert kinds.distinct is distinct
    if distinct:
        assert kinds.acceptance(message)
        assert kinds.reset(reset)
        assert not any(map(kinds.acceptance, (mail, rcpt, reset)))
        assert not any(map(kinds.reset, (mail, rcpt, message)))


def by_data(server):
    return server.count("data")


def test_a_connection_learns_from_two_messages_and_then_sends_windows():
    with SmtpServer() as server:
        out = sender(server.url)
        for _ in range(2):
            assert {type(o) for _, o in out.send(MESSAGE, people(20), going)} == {Sent}
        out.close()
    assert (server.count("connect"), by_data(server), len(server.arrived)) == (1, 2, 40)


def test_batches_of_one_are_learned_from_together():
    with SmtpServer() as server:
        out = sender(server.url)
        for _ in range(5):
            assert {type(o) for _, o in out.send(MESSAGE, people(1), going)} == {Sent}
        out.close()
    assert (server.count("connect"), by_data(server), len(server.arrived)) == (1, 2, 5)


@pytest.mark.parametrize("worded", ["250 OK", "250 2.0.0 ok"])
def test_a_server_that_words_everything_alike_is_spoken_to_in_turn_and_nobody_is_lost(worded):
    with SmtpServer(script=lambda m: worded if m.verb in COMMANDS else None) as server:
        out = sender(server.url)
        outcomes = dict(out.send(MESSAGE, people(40), going))
        out.close()
    assert {type(o) for o in outcomes.values()} == {Sent}
    assert [a.data for a in server.arrived] == [MESSAGE.fill(p.blanks) for p in people(40)]
    assert (server.count("connect"), by_data(server)) == (1, 40)


def test_a_server_that_answers_chunks_in_other_words_costs_one_doubt_and_is_spoken_to_in_turn():
    """What it says after DATA says nothing of what it says after BDAT."""
    with SmtpServer(
        script=lambda m: "250 2.0.0 reset" if m.verb == "body" and m.nth == 3 else None
    ) as server:
        out = sender(server.url)
        outcomes = dict(out.send(MESSAGE, people(20), going))
        out.close()
    assert isinstance(outcomes.pop(2), Unsure)
    assert {type(o) for o in outcomes.values()} == {Sent}
    assert by_data(server) == 19


def test_after_an_extra_reply_new_connections_are_spoken_to_in_turn():
    """One that says more than it was asked does so again, and each time a window of people is in doubt."""
    with SmtpServer(
        script=lambda m: "250 ok\r\n250 2.1.0 ok" if m.verb == "mail" and m.nth == 9 else None
    ) as server:
        out = sender(server.url)
        first = [type(o) for _, o in out.send(MESSAGE, people(20), going)]
        out.close()
        server.drain()  # what was taken of a window that broke may be counted a moment later
        spoken = by_data(server), len(server.arrived)
        again = [type(o) for _, o in out.send(MESSAGE, people(20), going)]
        out.close()
    assert set(first) == {Sent, Unsure}
    assert set(again) == {Sent}
    assert (by_data(server) - spoken[0], len(server.arrived) - spoken[1]) == (20, 20)


@pytest.mark.parametrize(
    "said", [["250 ok"] * 2, ["250 2.1.5 ok"] * 2, ["250 2.0.0 reset"] * 3, ["250 ok"] * 4]
)
def test_extra_replies_before_a_broken_connection_make_nobody_sent_who_was_not(said):
    """Two reached past the RSET between messages: whom the connection broke over was `sent`."""

    def script(moment):
        if moment.verb == "mail" and moment.nth == 9:
            return "\r\n".join([*said, "250 2.1.0 ok"])
        return "421 4.3.2 bye" if moment.verb == "body" and "user8@" in moment.argument else None

    with SmtpServer(script=script) as server:
        out = sender(server.url)
        outcomes = dict(out.send(MESSAGE, people(20), going))
        out.close()
    arrived = {address for mail in server.arrived for address in mail.recipients}
    sent = {f"user{sid}@example.org" for sid, o in outcomes.items() if isinstance(o, Sent)}
    assert len(sent) >= 8
    assert sent <= arrived
