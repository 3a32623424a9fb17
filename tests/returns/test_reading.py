"""What comes back is read for what it says, and no more."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.model import Leaving, NotForUs, Receipt, Unasked, Verdict
from alerts.returns import OCTETS_MAX, read

SAMPLES = sorted((Path(__file__).parents[1] / "data" / "returns").glob("*.eml"))
TOKEN = "r0123456789abcdef0123.3.17.abcdef0123456789"
DAEMON = (
    b"From: MAILER-DAEMON@mx.example.net\nReturn-Path: <>\nSubject: Undelivered Mail Returned to Sender\n"
)


def kind(read: Receipt | Leaving | NotForUs) -> str:
    match read:
        case Receipt():
            return read.verdict
        case Leaving():
            return "leaving"
        case NotForUs():
            return read.kind


def sample(name: str) -> Receipt | Leaving | NotForUs:
    [path] = [path for path in SAMPLES if path.stem == name]
    return read(path.read_bytes())


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_mail_is_what_the_name_of_its_sample_begins_with(path: Path) -> None:
    kinds = {*Verdict, *Unasked, "leaving"}
    expected = next(one for one in kinds if path.stem == one or path.stem.startswith(f"{one}-"))
    for octets in (path.read_bytes(), path.read_bytes().replace(b"\n", b"\r\n")):
        assert kind(read(octets)) == expected


def test_every_kind_has_a_sample() -> None:
    kinds = {*Verdict, *Unasked, "leaving"} - {Unasked.UNREADABLE}
    assert {kind(read(path.read_bytes())) for path in SAMPLES} == kinds


def test_a_report_is_quoted_in_the_words_of_whoever_refused() -> None:
    found = sample("hard-postfix")
    assert isinstance(found, Receipt)
    assert found.status == "5.1.1"
    assert found.words == "550 5.1.1 <kyiv@example.net>: Recipient address rejected: User unknown"


def test_words_are_of_one_line_without_controls_and_not_long() -> None:
    long = b"smtp; 550 5.1.1 \x1b[31mno such user\xe2\x80\xae " + b"very " * 200
    found = read(
        DAEMON + b"Content-Type: message/delivery-status\n\nAction: failed\nDiagnostic-Code: " + long
    )
    assert isinstance(found, Receipt)
    assert found.words.startswith("550 5.1.1 [31mno such user very")
    assert (found.words.isprintable(), len(found.words)) == (True, 200)


@pytest.mark.parametrize(
    "name", ["hard-postfix", "hard-qmail", "complained-abuse", "auto-reply", "ordinary-reply"]
)
def test_what_may_name_a_delivery_is_found_in_the_address_and_in_what_is_returned(name: str) -> None:
    """Whatever became of its capitals on the way; whether it is ours is for whoever has the key."""
    assert sample(name).tokens == (TOKEN,)


def test_a_token_is_found_in_a_returned_mail_that_is_encoded() -> None:
    returned = b"Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\nMessage-ID: <" + (
        TOKEN.encode().replace(b".3.17.", b".3.=\n17.") + b"@example.org>\n"
    )
    assert read(returned).tokens == (TOKEN,)


def test_of_very_many_tokens_few_are_tried_and_the_address_first() -> None:
    forged = b"".join(b"r%020x.1.1.abcdef0123456789 " % n for n in range(1_000))
    found = read(DAEMON + b"To: bounces+" + TOKEN.encode() + b"@example.org\n\n" + forged)
    assert found.tokens[0] == TOKEN
    assert len(found.tokens) == 8


LINE, NESTED = b"a", b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n"
HOSTILE = {
    "nothing": b"",
    "zeros": b"\0" * 100_000,
    "an endless line": DAEMON + b"\n" + b"failed " * 300_000,
    "endless lines": DAEMON + b"\n" + b"\n" * 300_000,
    "1,000 parts within parts": DAEMON + b"".join(NESTED % (n, n) for n in range(1_000)),
    "mails within mails": DAEMON + b"Content-Type: message/rfc822\n\n" * 1_000,
    "a digest of nothing": DAEMON + b"Content-Type: multipart/digest; boundary=b\n\n" + b"--b\n\n" * 3_000,
    "thousands of recipients": DAEMON
    + b"Content-Type: message/delivery-status\n\n"
    + b"Action: failed\nStatus: 4.2.2\n\n" * 9_000,
    "a charset that nobody has": DAEMON + b"Content-Type: text/plain; charset=no-such\n\nfailed \xff\xfe",
    "a charset that is none": DAEMON
    + b"Content-Type: text/plain; charset=idna\n\nfailed \xff"
    + b"a." * 5_000,
    "a charset with a zero in it": DAEMON + b'Content-Type: text/plain; charset="a\0b"\n\nfailed \xff',
    "base 64 that is none": DAEMON + b"Content-Transfer-Encoding: base64\n\n!!!!",
    "a subject in pieces": b"Subject: " + b"=?utf-8?q?a?= " * 20_000 + b"\n\n",
    "a subject in base 64 that is none": b"Subject: =?utf-8?b?a?=\n\n",
    "a subject in no charset": b"Subject: =?no-such?b?/////w==?=\n\n",
    "parameters without end": DAEMON + b"Content-Type: text/plain" + b"; a*0=b" * 3_000 + b"\n\n",
    "tags without end": DAEMON + b"Content-Type: text/html\n\n" + b"<style" * 40_000,
    "only fields": b"X: y\n" * 30_000,
    "no fields": b"\n" * 3 + b"--b",
}


@pytest.mark.parametrize("octets", HOSTILE.values(), ids=HOSTILE)
def test_whatever_is_made_to_hurt_is_read_or_left_and_nothing_is_raised(octets: bytes) -> None:
    """Endless empty lines took three minutes: a pattern began anew at each of them."""
    assert kind(read(octets)) in {*Unasked, Verdict.SOFT, Verdict.DELAYED}


WORDS = st.builds(
    "=?{}?{}?{}?=".format,
    st.sampled_from(
        ["utf-8", "us-ascii", "unicode_escape", "punycode", "idna", "utf-7", "no-such", "x y", ""]
    ),
    st.sampled_from(["b", "q", "B", "Q", "z", ""]),
    st.text("aZ9+/=_ \\-?\xff", max_size=12),
)


@given(st.lists(st.one_of(WORDS, st.text("=?qb \t\n\xe9\xff", max_size=6)), max_size=6).map("".join))
def test_no_subject_is_raised_over_whatever_its_encoded_words_are(subject: str) -> None:
    """`=?utf-8?b?a?=` raised: the listener said 451 for ever, and the reader of the mailbox died of it."""
    octets = b"Subject: " + subject.encode("latin-1") + b"\n\nhello\n"
    assert isinstance(read(octets), Receipt | Leaving | NotForUs)


def test_a_mail_longer_than_any_report_is_left_unread() -> None:
    assert read(DAEMON + b"\n" + b"a" * OCTETS_MAX) == NotForUs(Unasked.UNREADABLE)
