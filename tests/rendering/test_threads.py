"""All mails of one situation are one conversation: by their references, and by a subject that stays."""

import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from rendering_samples import HORIZON, MARCH, STALL, TALKS, alone, mail, renderer, revisions, several

from alerts.model import Change, Channel, Digest, Draft, Entry, Kind, Severity, Status

EMAIL = Channel("email")

_BLOB = r"\[[^][]*\]\s*"


def base(subject: str) -> str:
    """The base subject by RFC 5256 §2.1, which IMAP servers and most programs thread by."""
    subject = " ".join(subject.split())
    while True:
        before = subject
        subject = re.sub(r"(?i)(\s*\(fwd\)|\s)+$", "", subject)
        subject = re.sub(rf"(?i)^(({_BLOB})*(re|fwd?)\s*({_BLOB})?:|\s)+", "", subject)
        subject = re.sub(rf"^{_BLOB}(?=\S)", "", subject)
        if subject == before:
            return subject


def story(headline: str, severities: tuple[Severity, Severity], status: Status) -> list[Draft]:
    first = replace(TALKS, headline=headline, severity=severities[0], status=status)
    return [first, replace(first, severity=severities[1], note="Another word.")]


@settings(max_examples=60)
@given(
    st.one_of(
        st.sampled_from(
            ["Flooding in Sylhet", "[Map] Flooding", "فيضانات في سيلهيت", "Ω word " * 60, "[all]"]
        ),
        st.text(st.characters(categories=("L", "N", "Zs", "Ps", "Pe")), min_size=1, max_size=300),
    ).filter(lambda text: text.strip()),
    st.tuples(st.sampled_from(Severity), st.sampled_from(Severity)),
    st.sampled_from(Status),
    st.sampled_from([Change.UPDATED, Change.CORRECTED, Change.CLOSED]),
)
def test_whatever_is_told_of_a_situation_next_has_the_base_subject_of_what_was_told_first(
    headline, severities, status, change
):
    """`SEVERE · Updated: Flooding` was another conversation than `Flooding` to Gmail, and so was its closing:
    the end of a situation stood where nobody looks who opens its beginning.
    """
    first, later = story(headline, severities, status)
    new = mail(alone(EMAIL, first))["Subject"]
    told = mail(alone(EMAIL, later, change, before=first))["Subject"]
    assert base(told) == base(new)


def test_a_headline_that_changes_is_said_though_it_parts_the_thread():
    """A subject is what is read on a locked screen: it never holds an old headline for the thread's sake,
    nor a `Re:`, which Google forbids on what is no reply.
    """
    told = mail(alone(EMAIL, STALL, Change.UPDATED, before=TALKS))
    assert told["Subject"] == f"[SEVERE · Updated] {STALL.headline}"


def test_every_mail_of_a_situation_refers_to_the_same_beginning_and_all_but_the_first_reply_to_it():
    """Programs that know one of the two fields only put replies where they belong."""
    root = "<t.ua-ru-talks.7@alerts.example.org>"
    first = mail(alone(EMAIL, TALKS))
    assert (first["References"], first["In-Reply-To"]) == (root, None)
    for change in (Change.UPDATED, Change.CORRECTED, Change.CLOSED):
        later = mail(alone(EMAIL, STALL, change, before=TALKS))
        assert (later["References"], later["In-Reply-To"]) == (root, root)


def test_a_retraction_is_in_the_thread_of_what_it_takes_back():
    known = revisions(TALKS, replace(TALKS, kind=Kind.RETRACTION))
    digest = Digest(EMAIL, (Entry("ua-ru-talks", 2, Change.CLOSED, since=1),), HORIZON)
    found = mail(renderer().render(digest, known))
    assert found["Subject"] == f"[Retracted] {TALKS.headline}"
    assert found["In-Reply-To"] == "<t.ua-ru-talks.7@alerts.example.org>"


def test_a_digest_of_many_replies_to_nothing():
    """A year of daily digests is no conversation: each stands by itself, under its own day."""
    found = mail(several(EMAIL, [TALKS, MARCH]))
    assert found["In-Reply-To"] is None
