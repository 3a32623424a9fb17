"""What a report returns is left out before the report is taken apart: nothing else may be read otherwise."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.returns.mails import Mail
from alerts.returns.returned_mails import without_returned
from alerts.returns.tokens import TOKENS_MAX, named

SAMPLES = sorted((Path(__file__).parents[1] / "data" / "returns").glob("*.eml"))
CORPUS = Path(__file__).parents[2].parent / "shared" / "corpora" / "bounces"
TOKEN = b"r0123456789abcdef0123.3.17.abcdef0123456789"

REPORT = (
    b"""\
From: MAILER-DAEMON@mx.example.net
Subject: Undelivered
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="B.1/mx"

preamble
--B.1/mx
Content-Type: text/plain

It failed.
--B.1/mx
Content-Type: message/delivery-status

Action: failed
Status: 5.1.1
--B.1/mx
Content-Type: message/rfc822

From: desk@example.org
Message-ID: <%s@example.org>
Content-Type: multipart/alternative; boundary="B.1/mx2"

--B.1/mx2
Content-Type: text/plain

Talks go on.
--B.1/mx2
Content-Type: message/rfc822

Subject: within

--B.1/mx2--
--B.1/mx--
"""
    % TOKEN
)


def seen(mail: Mail) -> object:
    """All that is asked of a mail once it is open."""
    parts = [(kind, part.get_payload() if not part.is_multipart() else "") for kind, part in mail.parts]
    return parts, mail.subject, mail.text, mail.said, named(mail)


def same(octets: bytes) -> bool:
    mail = Mail.open(octets)
    return mail is None or seen(mail) == seen(Mail(mail.octets, mail.whole, mail.to))


def mails() -> Iterator[Path]:
    yield from SAMPLES
    if CORPUS.exists():
        yield from sorted(CORPUS.glob("*.eml"))


@pytest.mark.parametrize("path", list(mails()), ids=lambda path: path.stem)
def test_every_mail_is_read_as_it_was_when_all_of_it_was_taken_apart(path: Path) -> None:
    octets = path.read_bytes()
    assert same(octets)
    assert same(octets.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_what_is_left_out_is_what_was_returned(end: bytes) -> None:
    octets = REPORT.replace(b"\n", end)
    short = without_returned(octets)
    assert b"Talks go on" not in short
    assert b"Status: 5.1.1" in short
    assert short.endswith(b"--B.1/mx--" + end)
    opened = Mail.open(octets)
    assert opened is not None
    assert named(opened) == (TOKEN.decode(),)


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_cut_off_at_every_length_it_is_read_alike(end: bytes) -> None:
    octets = REPORT.replace(b"\n", end)
    assert [n for n in range(len(octets)) if not same(octets[:n])] == []


LINES = REPORT.splitlines(keepends=True)


@given(st.lists(st.sampled_from([*LINES, b"\n", b"--B.1/mx\n", b"--B.1/mx--\n"]), max_size=30))
def test_in_whatever_order_its_lines_come_it_is_read_alike(lines: list[bytes]) -> None:
    assert same(b"".join(LINES[:5] + lines))


def test_one_in_an_encoding_is_kept_for_its_tokens_to_be_decoded() -> None:
    fields = b"Content-Type: message/rfc822\n"
    encoded = REPORT.replace(fields, fields + b"Content-Transfer-Encoding: quoted-printable\n", 1)
    assert b"Talks go on" in without_returned(encoded)


#: As tokens were looked for before: every letter might begin one.
_SLOWLY = re.compile(
    rb"(?<![0-9a-z.])[ru][0-9a-f]{20}\.[0-9]{1,6}\.[0-9]{1,9}\.[0-9a-f]{16}(?![0-9a-z.])", re.IGNORECASE
)


@given(
    st.lists(
        st.sampled_from([TOKEN, TOKEN.upper(), TOKEN[:-1], b".", b"-", b"u", b"r", b"0" * 20, b".1", b"\n"])
    )
)
def test_tokens_are_found_where_they_always_were(pieces: list[bytes]) -> None:
    octets = b"".join(pieces)
    opened = Mail.open(b"X-Any: thing\n\n" + octets)
    assert opened is not None
    found = dict.fromkeys(token.lower().decode() for token in _SLOWLY.findall(octets))
    assert named(opened) == tuple(found)[:TOKENS_MAX]
