"""A mail is taken apart as `email` does it, whatever is in it; only what a report returns stays whole."""

import base64
import re
from collections.abc import Iterator
from email.errors import CloseBoundaryNotFoundDefect
from email.message import Message as Part
from email.parser import BytesParser
from email.policy import compat32
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from alerts.returns.mails import Mail, decoded
from alerts.returns.parts import parsed
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


def seen(root: Part) -> object:
    """All that a mail says of itself, part by part; of a report or a returned mail, only that it is there.

    Not what `email` tells apart and nobody here does: whether between two boundaries there is nothing or
    an empty part, how many empty lines end a text, and what is in a container without a part.
    """
    kind, inner = root.get_content_type(), root.get_payload()
    if isinstance(inner, list) and not kind.startswith("message/"):
        inner = [seen(part) for part in inner if part.items() or str(part.get_payload()).strip()]
    else:
        inner = [] if kind.startswith(("message/", "multipart/")) else [decoded(root).rstrip("\n")]
    return kind, list(root.raw_items()), inner


def same(octets: bytes) -> bool:
    """Whether a mail is taken apart as `email` does it."""
    lines = octets.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    by_email = BytesParser(policy=compat32).parsebytes(lines)
    unended = any(isinstance(defect, CloseBoundaryNotFoundDefect) for defect in by_email.defects)
    part, ended = parsed(lines)
    return (seen(part), ended) == (seen(by_email), not unended)


def mails() -> Iterator[Path]:
    yield from SAMPLES
    if CORPUS.exists():
        yield from sorted(CORPUS.glob("*.eml"))


@pytest.mark.parametrize("path", list(mails()), ids=lambda path: path.stem)
def test_every_mail_is_parsed_as_email_does_it(path: Path) -> None:
    octets = path.read_bytes()
    assert same(octets)
    assert same(octets.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_what_was_returned_stays_as_it_came(end: bytes) -> None:
    opened = Mail.open(REPORT.replace(b"\n", end))
    assert opened is not None
    assert [kind for kind, _ in opened.parts] == [
        "multipart/report",
        "text/plain",
        "message/delivery-status",
        "message/rfc822",
    ]
    assert "Talks go on" in decoded(opened.parts[-1][1])
    assert "Talks go on" not in opened.text
    assert named(opened) == (TOKEN.decode(),)


def test_cut_off_at_every_length_it_is_parsed_alike() -> None:
    assert [n for n in range(len(REPORT)) if not same(REPORT[:n])] == []


LINES = REPORT.splitlines(keepends=True)
ODD = [
    b"\n",
    b"--B.1/mx\n",
    b"--B.1/mx--\n",
    b"--B.1/mx \t\n",
    b"--B.1/mx--x\n",
    b"--B.1/mx2--\n",
    b" goes on\n",
    b": nameless\n",
    b"Subject : spaced\n",
    b"Empty:\n",
    b'Content-Type: multipart/mixed; boundary="B.1/mx"\n',
    b"Content-Type: multipart/mixed\n",
    b'Content-Type: multipart/mixed; boundary="B.1/mx3"\n\n--B.1/mx3\n',
    b"Content-Transfer-Encoding: base64\n",
    b"Gr\xfc\xdfe: \xe2\x82\xac\n",
    b"X-Bare: \xe2\x82\xac\n",
]


#: Of several boundaries in a row `email` does not look whether one of them is the last.
_OVERREAD = re.compile(rb"--B\.1/mx[23]?[ \t]*\n--B\.1/mx[23]?--[ \t]*\n")


@settings(max_examples=300)
@given(
    st.sampled_from([b"", b"From MAILER-DAEMON Thu Nov 26 08:00:02 2026\n"]),
    st.integers(0, 6),
    st.lists(st.sampled_from([*LINES, *ODD]), max_size=30),
)
def test_in_whatever_order_its_lines_come_it_is_parsed_alike(
    envelope: bytes, first: int, lines: list[bytes]
) -> None:
    octets = b"".join([envelope, *LINES[:first], *lines])
    assume(not _OVERREAD.search(octets))
    assert same(octets)


def test_one_in_an_encoding_is_decoded_for_its_tokens() -> None:
    fields = b"Content-Type: message/rfc822\n\n"
    head, _, returned = REPORT.partition(fields)
    returned, end, rest = returned.partition(b"\n--B.1/mx--")
    fields = fields[:-1] + b"Content-Transfer-Encoding: base64\n\n"
    opened = Mail.open(head + fields + base64.encodebytes(returned) + end + rest)
    assert opened is not None
    assert named(opened) == (TOKEN.decode(),)


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
