"""Whatever comes back is read as something, however its fields, parts and words were put together."""

from hypothesis import example, given
from hypothesis import strategies as st

from alerts.model import Leaving, NotForUs, Receipt
from alerts.returns import read

#: Octets that a mail has where it should not, too.
_ODD = st.binary(max_size=6) | st.sampled_from([b"\xff", b"\0", b"\r", b"=", b"?", b"\xe2\x80\xae"])
_WORDS = st.sampled_from(
    [b"Undelivered Mail", b"550 5.1.1 no such user", b"unsubscribe", b"<ann@example.org>", b"failed", b""]
)
_CHARSETS = st.sampled_from([b"utf-8", b"iso-8859-1", b"idna", b"rot13", b"x" * 80, b"utf\xcb8", b"", b"\0"])


@st.composite
def encoded_words(draw: st.DrawFn) -> bytes:
    """A word as RFC 2047 has it, or nearly: `=?charset?q?text?=`."""
    how = draw(st.sampled_from([b"q", b"B", b"b", b"x", b""]))
    return b"=?" + draw(_CHARSETS | _ODD) + b"?" + how + b"?" + draw(_WORDS | _ODD) + b"?="


_VALUES = st.lists(_WORDS | _ODD | encoded_words(), max_size=3).map(b" ".join)
_NAMES = st.sampled_from(
    [b"From", b"To", b"Subject", b"Return-Path", b"Auto-Submitted", b"Content-Transfer-Encoding",
     b"In-Reply-To", b"Action", b"Status", b"Diagnostic-Code", b"Final-Recipient", b"Feedback-Type",
     b"X-Failed-Recipients"]
)  # fmt: skip
_TYPES = st.sampled_from(
    [b"text/plain", b"text/html", b"message/delivery-status", b"message/rfc822", b"message/feedback-report",
     b"multipart/report; boundary=b; report-type=delivery-status", b"multipart/mixed; boundary=b",
     b"multipart/mixed", b"text/plain; charset*=''%ff", b"text/plain; charset*0*=utf\xcb8'x", b"/", b""]
)  # fmt: skip


@st.composite
def parts(draw: st.DrawFn) -> bytes:
    """Fields, of which one says what the rest is, and what stands below them."""
    fields = [name + b": " + value for name, value in draw(st.lists(st.tuples(_NAMES, _VALUES), max_size=5))]
    charset = b"; charset=" + draw(_CHARSETS) if draw(st.booleans()) else b""
    fields.append(b"Content-Type: " + draw(_TYPES) + charset)
    return b"\n".join([*draw(st.permutations(fields)), b"", draw(_VALUES)])


@given(parts(), st.lists(parts(), max_size=3), st.sampled_from([b"\n", b"\r\n", b"\r"]), st.booleans())
@example(b"Subject: =?utf\xcb8?q?x?=", [], b"\n", True)
def test_any_mail_is_read_as_something(head: bytes, inner: list[bytes], ending: bytes, ended: bool) -> None:
    """A charset with an octet beyond ASCII in the subject ended the reader of the mailbox with a trace: that
    mail would have been looked at for ever, and what came behind it by nobody."""
    mail = head + b"".join(b"\n--b\n" + part for part in inner) + b"\n--b--\n" * ended
    assert isinstance(read(mail.replace(b"\n", ending)), Receipt | Leaving | NotForUs)
