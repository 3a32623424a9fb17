"""Signed links, and the values of the blanks."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from renderers import rendering_settings
from rendering_samples import HORIZON, LINKS, NEXT, READING, REASON

from alerts.channels import CHANNELS, Personal, identity
from alerts.errors import NotFound
from alerts.links import LISTS_MAX, READING_MAX, Links, Purpose, list_key
from alerts.model import Change, Channel, Digest, Entry, Post

ANNA = "anna@example.org"
OLD = "v1.u.ya.aJ5VbUO-gF_ATR06-5OYlw"
TOKEN = LINKS.token(Purpose.UNSUBSCRIBE, ANNA)


@given(st.text(st.characters(codec="utf-8"), max_size=254), st.sampled_from(Purpose))
def test_a_token_reads_back(person, purpose):
    token = LINKS.token(purpose, person)
    if len(token) <= 512:  # as that of every address is
        assert LINKS.read(purpose, token) == person


def test_the_longest_address_has_a_link_that_reads_back():
    longest = "a" * 64 + "@" + ".".join(["b" * 60] * 3) + ".org"
    assert LINKS.read(Purpose.UNSUBSCRIBE, LINKS.token(Purpose.UNSUBSCRIBE, longest)) == longest


def test_a_link_stands_under_the_public_url():
    assert Links("https://a.example/", b"k", "i").unsubscribe(ANNA).startswith("https://a.example/u/v2.u.")
    assert LINKS.unsubscribe(ANNA) == f"https://alerts.example.org/u/{TOKEN}"


def test_all_spellings_of_an_address_have_one_link():
    assert LINKS.unsubscribe(identity(Channel("email"), "Anna@Example.ORG")) == LINKS.unsubscribe(ANNA)


@given(st.emails(), st.emails())
def test_nothing_of_an_address_can_be_seen_in_its_token(one, other):
    """Tokens are in the logs of proxies: neither the address may be in one, nor what two have in common."""
    bodies = [LINKS.token(Purpose.UNSUBSCRIBE, who).rpartition(".")[2] for who in (one, other)]
    raw = [urlsafe_b64decode(body + "=" * (-len(body) % 4)) for body in bodies]
    assert one.encode() not in raw[0]
    assert one == other or raw[0][:16] != raw[1][:16]


def test_any_flipped_bit_makes_a_token_invalid():
    for place in range(len(TOKEN)):
        for bit in range(8):
            bent = bytearray(TOKEN.encode())
            bent[place] ^= 1 << bit
            with pytest.raises(NotFound):
                LINKS.read(Purpose.UNSUBSCRIBE, bent.decode("latin-1"))


@pytest.mark.parametrize(
    ("sentence", "token"),
    [
        ("made for another purpose", TOKEN.replace(".u.", ".p.")),
        ("of another version", TOKEN.replace("v2", "v3")),
        (
            "made with another key",
            Links("https://a.example", b"other", "tests").token(Purpose.UNSUBSCRIBE, ANNA),
        ),
        (
            "made in another installation with the same key",
            Links("https://a.example", b"a key of the tests", "other").token(Purpose.UNSUBSCRIBE, ANNA),
        ),
        ("nothing", ""),
        ("only dots", "..."),
        ("cut short", TOKEN[:-1]),
        ("with more behind", TOKEN + "A"),
        ("with padding", TOKEN + "=="),
        ("not ASCII", TOKEN[:-1] + "ä"),
        ("half a character", TOKEN[:-1] + "\ud800"),
        ("very long", "v2.u." + "z" * 100_000),
    ],
)
def test_a_token_is_refused_that_was(sentence, token):
    with pytest.raises(NotFound):
        LINKS.read(Purpose.UNSUBSCRIBE, token)
    assert LINKS.read_number(Purpose.UNSUBSCRIBE, token) is None


@given(
    st.text("ru", min_size=1, max_size=1),
    st.integers(0, 16**20 - 1),
    st.integers(0, 10**6 - 1),
    st.integers(1, 10**9 - 1),
)
def test_a_token_to_read_names_its_delivery_and_is_no_longer_than_was_said(lane, name, batch, sid):
    token = LINKS.reading(f"{lane}{name:020x}", batch, sid)
    assert LINKS.read_delivery(token) == (f"{lane}{name:020x}", batch, sid)
    assert len(token) <= READING_MAX
    for purpose in Purpose:
        with pytest.raises(NotFound):
            LINKS.read(purpose, token)


def test_any_flipped_bit_makes_a_token_to_read_invalid():
    for place in range(len(READING)):
        for bit in range(8):
            bent = bytearray(READING.encode())
            bent[place] ^= 1 << bit
            with pytest.raises(NotFound):
                LINKS.read_delivery(bent.decode("latin-1"))


@pytest.mark.parametrize(
    "other",
    [
        Links("https://a.example", b"other", "tests"),
        Links("https://a.example", b"a key of the tests", "other"),
    ],
)
def test_a_token_to_read_opens_nothing_elsewhere(other):
    with pytest.raises(NotFound):
        other.read_delivery(READING)


@given(st.binary(max_size=300), st.binary(min_size=1, max_size=80))
def test_a_seal_is_the_hmac_that_everybody_else_makes(text, key):
    """It is computed here from two hashes that were begun, to save a mail a microsecond and a half."""
    sealing = hmac.digest(key, b"v2.seal.r.tests", "sha256")
    token = Links("https://a.example", key, "tests").reading("r" + text.hex(), 1, 2)
    body, _, seal = token.removeprefix("v2.r.").rpartition(".")
    right = hmac.digest(sealing, body.encode(), "sha256")[:16]
    assert seal == urlsafe_b64encode(right).decode().rstrip("=")


@given(st.emails(), st.lists(st.text(), max_size=12))
def test_a_token_to_leave_names_a_person_and_the_first_of_their_lists(person, names):
    token = LINKS.leaving(person, [list_key(name) for name in names]).rpartition("/")[2]
    assert LINKS.read_leaving(token) == (person, tuple(map(list_key, names[:LISTS_MAX])))
    assert len(token) <= 512
    with pytest.raises(NotFound):
        LINKS.read(Purpose.UNSUBSCRIBE, token)
    with pytest.raises(NotFound):
        LINKS.read_leaving(LINKS.token(Purpose.UNSUBSCRIBE, person))


def test_a_token_of_the_first_version_names_a_number():
    """Made by 0.1 with this key; such links lie in mailboxes."""
    assert LINKS.read_number(Purpose.UNSUBSCRIBE, OLD) == 1234
    for bent in (OLD[:-1], OLD + "A", OLD.replace(".ya.", ".0ya."), OLD.replace(".ya.", ".yb.")):
        assert LINKS.read_number(Purpose.UNSUBSCRIBE, bent) is None


DELIVERY = ("u0123456789abcdef0123", 999_999, 999_999_999)


def test_the_longest_address_to_come_back_to_fits_into_a_local_part():
    """64 octets (RFC 5321 §4.5.3.1.1), of small letters: capitals may be changed on the way."""
    token = LINKS.delivery(*DELIVERY)
    assert len(f"bounces+{token}") <= 64
    assert token == token.lower()
    assert LINKS.returned_delivery(token) == DELIVERY


def test_what_comes_back_names_a_delivery_only_if_it_was_signed_here_for_that():
    token = LINKS.delivery(*DELIVERY)
    bent = [token[:-1], token + "0", token.upper(), token.replace(".999999.", ".999998."), "", "é" * 60]
    others = [Links("https://a.example", b"k" * 32, "b"), Links("https://a.example", b"l" * 32, "tests")]
    bent += [other.delivery(*DELIVERY) for other in others]
    bent.append(f"u0123456789abcdef0123.1.7.{LINKS.reading(*DELIVERY)[-16:]}")
    assert [LINKS.returned_delivery(one) for one in bent] == [None] * len(bent)


def blanks(*entries, reason=REASON):
    digest = Digest(Channel("email"), entries, HORIZON)
    who = Personal(digest, 7, "o@example.org", LINKS, HORIZON, reason, NEXT, batch=17)
    return digest, CHANNELS[Channel("email")].blanks(rendering_settings(), who)


def slack_blanks(post, *, reason, next_slot):
    digest = Digest(Channel("slack"), (Entry("a", 1, Change.NEW),), HORIZON)
    who = Personal(digest, 7, "T1/C1", LINKS, HORIZON, reason, next_slot, post, 17)
    made = CHANNELS[digest.channel].blanks(rendering_settings(), who)
    assert made.pop("page") == LINKS.reading(digest.id, 17, 7)
    return made


def test_the_blanks_of_one_person():
    digest, made = blanks(Entry("ua-ru-talks", 2, Change.UPDATED, since=1))
    assert made == {
        "to": "o@example.org",
        "date": "Mon, 28 Mar 2022 17:00:00 +0000",
        "message_id": f"<{LINKS.delivery(digest.id, 17, 7)}@example.org>",
        "references": "<t.ua-ru-talks.7@example.org>",
        "unsubscribe": LINKS.unsubscribe("o@example.org"),
        "delivery": LINKS.delivery(digest.id, 17, 7),
        "list_id": "<situation-updates.alerts.example.org>",
        "leave": LINKS.leaving("o@example.org", ()),
        "lists": "Leave this list",
        "page": LINKS.reading(digest.id, 17, 7),
        "reason": REASON,
        "next": NEXT,
    }


def test_all_that_is_told_about_one_update_shares_a_thread():
    first, second = blanks(Entry("a", 1, Change.NEW))[1], blanks(Entry("a", 2, Change.CLOSED, since=1))[1]
    assert first["references"] == second["references"]
    assert first["message_id"] != second["message_id"]


def test_a_digest_of_several_is_a_thread_of_its_own():
    digest, made = blanks(Entry("a", 1, Change.NEW), Entry("b", 1, Change.NEW))
    assert made["references"] == f"<d.{digest.id}.7@example.org>"


def test_a_reason_with_something_hidden_in_it_is_cleaned():
    assert blanks(Entry("a", 1, Change.NEW), reason="a\x00\u202eb\ud800")[1]["reason"] == "ab"


def test_a_slack_channel_is_told_why_and_when_next():
    assert slack_blanks(None, reason="Why.", next_slot="") == {"reason": "Why."}
    assert slack_blanks(None, reason="Why.", next_slot="Next.") == {"reason": "Why. Next."}


def test_the_place_of_an_earlier_post_is_handed_to_the_sender():
    made = slack_blanks(Post("C1", "12.3"), reason="Why.", next_slot="")
    assert made == {"reason": "Why.", "post_channel": "C1", "thread_ts": "12.3"}
