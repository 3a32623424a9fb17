"""The table of SMTP answers, one sentence a row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.channels.email.replies import BOUNCED, REPLY_MAX, WORDS_MAX, Phase, Reply, classify, plain, take
from alerts.model import Deferred, Failed, RouteDown, Sent

C, M, R, D, B = Phase.CONNECT, Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.DOT

TABLE = [
    ("accepted is sent", B, 250, "2.0.0 queued as 4Ab", Sent("2.0.0 queued as 4Ab")),
    ("no such user bounces", R, 550, "5.1.1 no", Failed("550 5.1.1 no", BOUNCED)),
    ("no such domain bounces", R, 550, "5.1.2 no", Failed("550 5.1.2 no", BOUNCED)),
    ("a bad address bounces", R, 501, "5.1.3 no", Failed("501 5.1.3 no", BOUNCED)),
    ("someone moved bounces", R, 551, "5.1.6 no", Failed("551 5.1.6 no", BOUNCED)),
    ("a null MX bounces", R, 556, "5.1.10 null MX", Failed("556 5.1.10 null MX", BOUNCED)),
    ("a domain without mail bounces", R, 556, "no mail here", Failed("556 no mail here", BOUNCED)),
    ("a disabled mailbox bounces", R, 550, "5.2.1 off", Failed("550 5.2.1 off", BOUNCED)),
    ("words tell where codes do not", R, 550, "No such user", Failed("550 No such user", BOUNCED)),
    ("an undefined code is no code", R, 550, "5.0.0 User unknown", Failed("550 5.0.0 User unknown", BOUNCED)),
    ("unclear words do not bounce", R, 550, "mailbox unavailable", Failed("550 mailbox unavailable")),
    ("policy never suppresses", R, 550, "5.7.1 user unknown", Failed("550 5.7.1 user unknown")),
    ("reputation is about us", B, 550, "5.7.26 DMARC", RouteDown("550 5.7.26 DMARC", 60)),
    ("a refusal of content is not of the person", B, 550, "5.1.1 no", Failed("550 5.1.1 no")),
    ("too big is about the message", B, 552, "5.3.4 too big", Failed("552 5.3.4 too big")),
    ("too big, even at MAIL", M, 552, "5.3.4 too big", Failed("552 5.3.4 too big")),
    ("an unwritable address, even at MAIL", M, 550, "5.6.7 no", Failed("550 5.6.7 no")),
    ("a full mailbox may be emptied", R, 552, "5.2.2 full", Deferred("552 5.2.2 full")),
    ("a full mailbox, said after the data", B, 552, "5.2.2 full", Deferred("552 5.2.2 full")),
    ("a full mailbox, said the soft way", R, 452, "4.2.2 full", Deferred("452 4.2.2 full")),
    ("552 alone at RCPT is a full mailbox", R, 552, "full", Deferred("552 full")),
    ("552 alone after the data is too big", B, 552, "too much", Failed("552 too much")),
    ("greylisting asks for five minutes", R, 450, "4.7.1 later", Deferred("450 4.7.1 later", 300)),
    ("greylisting by its name", R, 451, "4.2.0 Greylisted", Deferred("451 4.2.0 Greylisted", 300)),
    ("too many recipients is for later", R, 452, "4.5.3 many", Deferred("452 4.5.3 many")),
    ("a host in trouble is for later", B, 451, "4.3.0 disk", Deferred("451 4.3.0 disk")),
    ("a passing refusal at MAIL is for later", M, 452, "4.3.1 full", Deferred("452 4.3.1 full")),
    (
        "a broken dialogue says nothing of a person",
        R,
        503,
        "5.5.1 MAIL first",
        Deferred("503 5.5.1 MAIL first"),
    ),
    ("a refusal at MAIL is about us", M, 550, "5.7.1 who?", RouteDown("550 5.7.1 who?", 60)),
    ("our address, refused at RCPT", R, 553, "5.1.8 sender", RouteDown("553 5.1.8 sender", 60)),
    ("a missing login, said at RCPT", R, 530, "5.7.0 login", RouteDown("530 5.7.0 login", 60)),
    ("a wrong login, whatever the code", D, 554, "5.7.8 login", RouteDown("554 5.7.8 login", 60)),
    ("a banner that refuses", C, 554, "no", RouteDown("554 no", 60)),
    ("a passing trouble before MAIL", Phase.TLS, 454, "4.7.0 no", RouteDown("454 4.7.0 no")),
    ("a goodbye is the connection's", R, 421, "4.3.2 bye", RouteDown("421 4.3.2 bye")),
    ("a number that only looks like a code", R, 550, "5.1.1.2 no", Failed("550 5.1.1.2 no")),
]


@pytest.mark.parametrize(
    ("phase", "code", "text", "outcome"), [row[1:] for row in TABLE], ids=[r[0] for r in TABLE]
)
def test_what_an_answer_means(phase, code, text, outcome):
    assert classify(phase, code, text) == outcome


@given(st.sampled_from(Phase), st.integers(400, 599), st.text(max_size=400))
def test_a_why_is_short_printable_and_only_what_the_server_said(phase, code, text):
    why = classify(phase, code, text).why
    assert len(why) <= WORDS_MAX
    assert why.isprintable()
    assert set(why) <= set(f"{code} {text}")


def test_the_words_of_a_hostile_server_end_up_on_one_plain_line():
    assert plain("no\r\n\x1b[31m\u202ered\x00 way") == "no [31m red way"


def test_replies_are_cut_off_in_order_and_the_rest_stays():
    inbox = bytearray(b"250 2.0.0 ok\r\n354 go on \r\n550-5.1.1 no\r\n550 5.1.1 body\r\n250 yes\r\n354")
    assert take(inbox) == [Reply(250, b"2.0.0 ok"), Reply(354, b"go on")]
    assert take(inbox) == [Reply(550, b"5.1.1 no\n5.1.1 body")]
    assert take(inbox) == [Reply(250, b"yes")]
    assert take(inbox) == []
    assert inbox == b"354"


@given(st.integers(0, 40))
def test_a_reply_split_anywhere_is_the_same_reply(at):
    whole, inbox = b"250-one\r\n250 two\r\n250 three\r\n", bytearray()
    heard = []
    for part in (whole[:at], whole[at:]):
        inbox += part
        while found := take(inbox):
            heard += found
    assert heard == [Reply(250, b"one\ntwo"), Reply(250, b"three")]
    assert not inbox


@pytest.mark.parametrize(
    "line", [b"hello\r\n", b"99 x\r\n", b"600 x\r\n", b"25x no\r\n", b"\r\n", b"2500 x\r\n"]
)
def test_what_is_no_reply_is_refused(line):
    with pytest.raises(ValueError, match="no SMTP reply"):
        take(bytearray(line))


def test_a_reply_without_an_end_is_refused():
    with pytest.raises(ValueError, match="does not end"):
        take(bytearray(b"250-on and on\r\n" * REPLY_MAX))
