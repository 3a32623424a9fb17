"""What stands in a header is its text and nothing else, in the same octets on every Python."""

import email
import json
import re
from base64 import b64encode
from dataclasses import replace
from email import policy
from email.header import decode_header, make_header
from pathlib import Path

import pytest
from goldens import GOLDEN, HEADLINES, MAILS, subjects
from hypothesis import example, given
from hypothesis import strategies as st
from rendering_samples import TALKS, alone, mail, raw
from strict_2047 import Wrong, decoded, unfolded

from alerts.channels.email.headers import field, mailbox, to_value, unstructured
from alerts.channels.email.shown import OUTBOX
from alerts.ingest import read_all
from alerts.model import Blank, Channel, Fill, Message
from alerts.rendering.cleaning import one_line, unbroken
from alerts.texts import clusters

CASES = Path(__file__).parents[2].parent / "shared" / "cases"
shared_only = pytest.mark.skipif(not CASES.exists(), reason="the shared cases are not part of the project")


def written(name: str, text: str) -> bytes:
    [octets] = unstructured(name, text)
    return octets


def reads_back(raw_field: bytes) -> str:
    return decoded(unfolded(raw_field)[1])


#: Any character there is, lone surrogates too; and those that headers are made of.
ANY = st.text(st.characters(exclude_categories=()), max_size=300)
TRICKY = st.text(
    st.sampled_from('=?_ utf-8QqBb\t\r\n\x7f\x00:é👩\u200d👧🇺🇦\u0301\u2028\ud800(<">)\\'), max_size=120
)


@given(ANY | TRICKY)
@example("=?utf-8?q?=0D=0ABcc=3A_a=40b.example?=")
@example("a\r\n\r\nbody")
@example(" =?utf-8?b?f3Rv?=")
def test_any_text_reads_back_as_itself_and_the_field_is_one(text: str) -> None:
    """An encoded word in a headline was decoded on its way out: it added a Bcc, or replaced the mail."""
    octets = written("Subject", text)
    assert reads_back(octets) == unbroken(text)
    parsed = email.message_from_bytes(octets + b"\r\nbody", policy=policy.compat32)
    assert parsed.keys() == ["Subject"]
    assert parsed.get_payload() == "body"


@given(ANY | TRICKY)
def test_the_standard_library_reads_the_same(text: str) -> None:
    octets, line = written("Subject", text := one_line(text)), one_line(text)
    folded = octets.decode("ascii").partition(":")[2].strip()
    assert str(make_header(decode_header(folded.replace("\r\n", "")))) == line
    parsed = email.message_from_bytes(octets + b"\r\n", policy=policy.default)
    assert parsed.keys() == ["Subject"]
    assert not parsed.defects


@given(st.text(max_size=300))
def test_no_sign_is_parted_where_a_word_has_room_for_it(text: str) -> None:
    text = one_line(text)
    octets = written("Subject", text)
    if b"=?" not in octets:
        return
    borders, at = {0}, 0
    for cluster in clusters(text):
        at += len(cluster)
        borders.add(at)
        if len(b64encode(cluster.encode())) > 60:  # no word has room for it: its characters are whole
            borders.update(range(at - len(cluster), at))
    at = 0
    for word in unfolded(octets)[1].split():
        at += len(decoded(word))
        assert at in borders


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=200))
def test_a_plain_text_stands_as_it_is_unless_it_could_be_misread(text: str) -> None:
    octets = written("Subject", text)
    words = text.split(" ")
    plain = "=?" not in text and all(0 < len(word) <= 69 for word in words)
    assert (b"=?" not in octets) or not plain
    if plain:
        assert octets.replace(b"\r\n", b"") == f"Subject: {text}".encode()


@pytest.mark.parametrize("text", HEADLINES, ids=lambda text: text[:25])
def test_headlines_of_many_languages_read_back_word_for_word(text: str) -> None:
    """“près de la Présidence” arrived as “près de laPrésidence” in up to one headline in five."""
    octets = written("Subject", text)
    assert reads_back(octets) == text
    assert str(make_header(decode_header(octets.decode().partition(": ")[2].replace("\r\n", "")))) == text


def test_encoded_words_never_touch() -> None:
    """A large provider refuses mail whose encoded words stand side by side without white space."""
    for text in HEADLINES:
        assert not re.search(rb"\?==\?", written("Subject", text).replace(b"\r\n", b""))


def test_the_octets_are_those_of_every_other_python() -> None:
    """3.11, 3.12 and 3.13 wrote three subjects; the files were written once, and are compared on each."""
    assert subjects() == (GOLDEN / "subjects.txt").read_bytes()
    for name, make in MAILS.items():
        assert make() == (GOLDEN / "mails" / f"{name}.eml").read_bytes(), name


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("", "From: desk@example.org"),
        ("Situation Desk", "From: Situation Desk <desk@example.org>"),
        ("Desk, Kyiv", 'From: "Desk, Kyiv" <desk@example.org>'),
        ('The "Desk" \\ x', 'From: "The \\"Desk\\" \\\\ x" <desk@example.org>'),
        ("=?utf-8?q?x?=", "From: =?utf-8?b?PT91dGYtOD9xP3g/PQ==?= <desk@example.org>"),
        ("Büro", "From: =?utf-8?b?QsO8cm8=?= <desk@example.org>"),
    ],
)
def test_a_mailbox_is_an_atom_a_quoted_string_or_encoded_words(name: str, line: str) -> None:
    [octets] = mailbox("From", name, "desk@example.org")
    assert octets == f"{line}\r\n".encode("ascii")


@given(ANY | TRICKY, st.sampled_from(["desk@example.org", f"desk@{'a' * 40}.example.org"]))
def test_any_name_of_a_sender_is_a_name_and_nothing_else(name: str, address: str) -> None:
    [octets] = mailbox("From", name, address)
    value = unfolded(octets)[1]
    assert value.endswith(f"<{address}>".encode() if name else address.encode())
    phrase = value.removesuffix(f"<{address}>".encode()).rstrip() if name else b""
    if b"=?" in phrase:
        assert decoded(phrase) == unbroken(name)
        assert all(
            re.fullmatch(rb"=\?utf-8\?(b\?[A-Za-z0-9+/=]+|q\?[A-Za-z0-9!*+/=_-]+)\?=", w)
            for w in phrase.split()
        )
    elif phrase.startswith(b'"'):
        assert re.sub(rb"\\(.)", rb"\1", phrase[1:-1]).decode() == unbroken(name)
    else:
        assert phrase.decode() == (unbroken(name) if name else "")


@given(ANY | TRICKY, st.sampled_from(["a@example.org", f"{'a' * 40}@{'b' * 20}.example.org"]))
@example("\u0915" + "\u094d\u0915" * 3, "a@example.org")  # too wide to stand beside the field
@example("=?utf-8?q?Bcc=3A?=", "a@example.org")
def test_whatever_somebody_is_called_their_mail_is_to_their_address_alone(name: str, address: str) -> None:
    """Names come out of strangers' tables: none may end the field, begin another, or be a second address."""
    message = Message("d", Channel("email"), (b"To: ", Blank("to", Fill.HEADER), b"\r\nX-Next: 1\r\n\r\n"))
    head = message.fill({"to": to_value(name, address)}).removesuffix(b"X-Next: 1\r\n\r\n")
    assert unfolded(head)[0] == "To"
    parsed = email.message_from_bytes(head + b"\r\n", policy=policy.default)
    assert parsed.keys() == ["To"]
    assert [mailbox.addr_spec for mailbox in parsed["To"].addresses] == [address]
    assert OUTBOX.address(head + b"\r\n") == address


@pytest.mark.parametrize("value", ["a\r\nBcc: x", "é", "\x7f", "\x00", "a\tb"])
def test_a_field_takes_nothing_but_printable_ascii(value: str) -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        field("List-Id", value)
    with pytest.raises(ValueError, match="cannot be written"):
        field(f"X-{value}", "x")


def test_a_blank_stands_in_its_field() -> None:
    to = Blank("to", Fill.HEADER)
    assert field("To", "<", to, ">") == (b"To: ", b"<", to, b">", b"\r\n")


def headlines_of(folder: str) -> list[tuple[str, str]]:
    if not CASES.exists():
        return []
    found = []
    for path in sorted((CASES / folder).iterdir()):
        [reading] = read_all(path.read_bytes(), path.name)
        found.append((path.stem, reading.draft.headline))
    return found


@shared_only
@pytest.mark.parametrize(("case", "headline"), [*headlines_of("inject"), *headlines_of("subjects")])
def test_each_shared_case_arrives_as_its_headline(case: str, headline: str) -> None:
    octets = raw(alone(Channel("email"), replace(TALKS, headline=headline)))
    head = octets.partition(b"\r\n\r\n")[0] + b"\r\n"
    fields = dict(map(unfolded, re.findall(rb"(?:Subject|From):.*\r\n(?:[ \t].*\r\n)*", head)))
    shown = decoded(fields["Subject"])
    assert shown == one_line(headline)
    assert re.findall(rb"^([!-9;-~]+):", head, re.MULTILINE) == NAMES
    assert b"v1.u.7." not in fields["Subject"]
    assert mail(alone(Channel("email"), replace(TALKS, headline=headline)))["To"] == "olena@example.org"


NAMES = re.findall(
    rb"^([!-9;-~]+):", raw(alone(Channel("email"), TALKS)).partition(b"\r\n\r\n")[0], re.MULTILINE
)


@pytest.mark.parametrize(
    "octets",
    [
        b"Subject: =?utf-8?q?a?==?utf-8?q?b?=\r\n",
        b"Subject: =?utf-8?q?=C3?= =?utf-8?q?=A9?=\r\n",
        b"Subject: =?utf-8?q?a b?=\r\n",
        b"Subject: =?utf-8?q?" + b"a" * 64 + b"?=\r\n",
        b"Subject: " + b"a " * 40 + b"\r\n",
        b"Subject: a\r\n\r\n",
        b"Subject: a\nBcc: b\r\n",
        b"Subject: \xc3\xa9\r\n",
    ],
)
def test_the_strict_reader_is_strict(octets: bytes) -> None:
    with pytest.raises(Wrong):
        decoded(unfolded(octets)[1])


def test_the_headlines_are_json_that_any_program_can_read() -> None:
    assert len(json.loads((GOLDEN / "headlines.json").read_text("utf-8"))) == len(HEADLINES) >= 30
