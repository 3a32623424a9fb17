"""Signed links, and the values of the blanks."""

from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rendering_samples import HORIZON, LINKS, NEXT, REASON

from alerts.errors import NotFound
from alerts.model import Change, Channel, Digest, Entry, Post
from alerts.rendering import Links, Purpose, email_blanks, slack_blanks


class Other(StrEnum):
    """A purpose that there is not yet."""

    PREFERENCES = "p"


TOKEN = LINKS.token(Purpose.UNSUBSCRIBE, 1234)


@given(st.integers(0, 2**53), st.sampled_from([*Purpose, *Other]))
def test_a_token_reads_back(sid, purpose):
    assert LINKS.read(purpose, LINKS.token(purpose, sid)) == sid


def test_a_link_stands_under_the_public_url():
    assert Links("https://a.example/", b"k").unsubscribe(36).startswith("https://a.example/u/v1.u.10.")
    assert LINKS.unsubscribe(1234) == f"https://alerts.example.org/u/{TOKEN}"


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
        ("made for another purpose", LINKS.token(Other.PREFERENCES, 1234)),
        ("made with another key", Links("https://a.example", b"other").token(Purpose.UNSUBSCRIBE, 1234)),
        ("nothing", ""),
        ("only dots", "..."),
        ("cut short", TOKEN[:-1]),
        ("with more behind", TOKEN + "A"),
        ("with padding", TOKEN + "=="),
        ("a leading zero in the number", TOKEN.replace(".ya.", ".0ya.")),
        ("not ASCII", TOKEN[:-1] + "ä"),
        ("half a character", TOKEN[:-1] + "\ud800"),
        ("very long", "v1.u." + "z" * 100_000),
    ],
)
def test_a_token_is_refused_that_was(sentence, token):
    with pytest.raises(NotFound):
        LINKS.read(Purpose.UNSUBSCRIBE, token)


def blanks(*entries, reason=REASON):
    digest = Digest(Channel.EMAIL, entries, HORIZON)
    made = email_blanks(digest, 7, "o@example.org", LINKS, "example.org", reason=reason, next_slot=NEXT)
    return digest, made


def test_the_blanks_of_one_person():
    digest, made = blanks(Entry("ua-ru-talks", 2, Change.UPDATED, since=1))
    assert made == {
        "to": "o@example.org",
        "message_id": f"<{digest.id}.7@example.org>",
        "references": "<t.ua-ru-talks.7@example.org>",
        "unsubscribe": LINKS.unsubscribe(7),
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
