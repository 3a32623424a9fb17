"""What may be written on the wire."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.channels.email.envelope import dotted, wire_address, with_crlf
from alerts.errors import BadInput
from alerts.model import Blank, Channel, Fill, Message


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("anna@example.org", b"anna@example.org"),
        ("o'neil+alerts/eu@example.org", b"o'neil+alerts/eu@example.org"),
        ("anna@münchen.example", b"anna@xn--mnchen-3ya.example"),
        ("jürgen@münchen.example", "jürgen@xn--mnchen-3ya.example".encode()),
        ("a" * 242 + "@example.org", b"a" * 242 + b"@example.org"),
    ],
)
def test_an_address_is_written_as_mail_and_rcpt_take_it(address, written):
    assert wire_address(address) == written


@pytest.mark.parametrize(
    "address",
    [
        "",
        "anna",
        "anna@",
        "@example.org",
        "anna@example.org\r\nRCPT TO:<evil@example.org>",
        "anna@example.org>\r\nDATA",
        "anna@example.org> SIZE=1",
        "<anna@example.org>",
        "an na@example.org",
        "anna@b@example.org",
        "anna\x00@example.org",
        "anna\u2028@exämple.org",
        "jür gen@example.org",
        "\udc80@example.org",
        "a" * 243 + "@example.org",
        "anna@" + "é" * 64 + ".example",
    ],
)
def test_what_could_end_a_command_or_is_no_address_is_refused(address):
    with pytest.raises(BadInput):
        wire_address(address)


@given(st.text(max_size=60))
def test_no_text_becomes_more_than_one_path(text):
    try:
        written = wire_address(text)
    except BadInput:
        return
    assert re.fullmatch(rb"[^\x00-\x20\x7f<>]+@[\x21-\x7e]+", written)


octets = st.binary(max_size=20)
texts = st.text(alphabet=st.sampled_from("a.\r\n\t é\u2028\x0b"), max_size=30)
NAMES = {Fill.HEADER: "to", Fill.TEXT: "reason", Fill.HTML: "next"}
around = {Fill.HEADER: (b"X: ", b""), Fill.TEXT: (b"=\r\n", b"=\r\n"), Fill.HTML: (b"=\r\n", b"=\r\n")}


@st.composite
def messages(draw, literal=octets):
    """Any message whose blanks stand where they may."""
    pieces = [draw(literal)]
    for fill in draw(st.lists(st.sampled_from(list(around)), max_size=5)):
        before, after = around[fill]
        pieces[-1] += before
        pieces += [Blank(NAMES[fill], fill), after + draw(literal)]
    return Message("d", Channel("email"), tuple(pieces))


@given(messages(), texts)
def test_no_bare_line_end_leaves_whatever_the_message_and_its_values_hold(message, value):
    header = "".join(c for c in value if c.isascii() and c.isprintable())
    filled = with_crlf(message).fill({"reason": value, "next": value, "to": header})
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", filled)
    assert filled.endswith(b"\r\n")


@pytest.mark.parametrize(
    "pieces",
    [
        (Blank("to", Fill.HEADER), b"\r\n"),
        (b"To: \r\n", Blank("to", Fill.HEADER), b"\r\n"),
        (b"Dear ", Blank("reason", Fill.TEXT), b"=\r\n"),
        (b"=\r\n", Blank("reason", Fill.HTML), b",\r\n"),
        (b"=\r\n", Blank("reason", Fill.TEXT), Blank("to", Fill.HEADER), b"\r\n"),
    ],
)
def test_a_blank_stands_only_where_no_value_can_do_harm(pieces):
    with pytest.raises(ValueError, match="does not stand where"):
        Message("d", Channel("email"), pieces)


def test_a_clean_message_stays_as_it_is():
    message = Message("d", Channel("email"), (b"To: ", Blank("to", Fill.HEADER), b"\r\n\r\nhi\r\n"))
    assert with_crlf(message) == message


@pytest.mark.parametrize(
    ("body", "written"),
    [
        (b"a\r\n", b"a\r\n.\r\n"),
        (b".\r\n", b"..\r\n.\r\n"),
        (b".a\r\n.\r\n..\r\n", b"..a\r\n..\r\n...\r\n.\r\n"),
        (b"\r\n.\r\n", b"\r\n..\r\n.\r\n"),
        (b"a.\r\nb.c\r\n", b"a.\r\nb.c\r\n.\r\n"),
    ],
)
def test_dots_at_line_starts_are_doubled_and_one_alone_ends(body, written):
    assert dotted(Message("d", Channel("email"), (body,))).fill({}) == written


dots = st.text(alphabet=st.sampled_from(".a\n"), max_size=6)


@given(messages(dots.map(str.encode)), dots, st.sampled_from(["", ".", "a."]))
def test_dots_are_doubled_wherever_pieces_and_values_meet(message, text, header):
    message = with_crlf(message)
    values = {"reason": text, "next": text, "to": header}
    lines = message.fill(values).split(b"\r\n")
    expected = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines) + b".\r\n"
    assert dotted(message).fill(values) == expected
