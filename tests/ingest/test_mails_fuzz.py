"""No mail, however it is made, raises anything but BadInput; and what waits is read as what came."""

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st
from mail_grammar import BODIES, MAILS

from alerts.errors import BadInput
from alerts.ingest.formats import attempt_all
from alerts.ingest.mails.envelopes import MailHead, secrets_in
from alerts.ingest.mails.reading import read
from alerts.ingest.mails.slimming import slim
from alerts.ingest.mails.words import own_words


@given(MAILS, st.sampled_from(["\n", "\r\n"]))
def test_any_mail_is_read_or_refused(mail: str, ends: str) -> None:
    source = mail.replace("\n", ends).encode("utf-8", "surrogatepass")
    head = MailHead.of(source)
    assert isinstance((head.author, head.message_id, head.made_by_program, secrets_in(source, ())), tuple)
    with suppress(BadInput):
        attempt_all(source, "mail.eml")
        assert read(slim(source)) == read(source)


@given(st.lists(BODIES, max_size=30), st.booleans())
def test_what_is_left_of_words_are_words_that_were_there(lines: list[str], forwarded: bool) -> None:
    """Nothing is made up; and where nothing is noted, nothing was left out."""
    words = own_words("\n".join(lines), forwarded=forwarded)
    there = [line.lstrip("> ") for line in "\n".join(lines).split("\n")]
    for line in words.lines:
        assert line.lstrip("> ") in there
    if not words.notes:
        assert full(words.text) == full("\n".join(lines))


def full(text: str) -> list[str]:
    """The lines that say anything; an empty signature does not."""
    return [line for line in text.split("\n") if line.strip() not in ("", "--")]
