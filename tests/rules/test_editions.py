"""In whose words an update is read: a translation, in part if that is all there is, else the original."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.languages import closest
from alerts.model import Draft, Translation
from alerts.rules.translations import edition

UKRAINIAN = Translation("uk", "Мости закрито", ("Метро працює",), "Тіло", "Ще один")
PORTUGUESE = Translation("pt", "Pontes fechadas")
DRAFT = Draft(
    "Bridges are closed",
    ("UA",),
    key_points=("The metro runs",),
    body="Body",
    note="One more",
    language="en",
    translations=(PORTUGUESE, UKRAINIAN),
)


@pytest.mark.parametrize(
    ("reads", "headline", "languages"),
    [
        pytest.param("en", "Bridges are closed", ("en",) * 4, id="as it was written"),
        pytest.param("en-GB", "Bridges are closed", ("en",) * 4, id="in a variety of that"),
        pytest.param("uk", "Мости закрито", ("uk",) * 4, id="translated"),
        pytest.param("pt-BR", "Pontes fechadas", ("pt", "en", "en", "en"), id="translated in part"),
        pytest.param("ru", "Bridges are closed", ("en",) * 4, id="not in a language that is like theirs"),
        pytest.param("", "Bridges are closed", ("en",) * 4, id="nobody said what they read"),
    ],
)
def test_a_reader_gets_their_words(reads: str, headline: str, languages: tuple[str, ...]) -> None:
    read = edition(DRAFT, reads)
    assert (read.draft.headline, read.languages) == (headline, languages)
    assert read.draft.language == languages[0]
    assert read.original == DRAFT


def test_what_a_translation_lacks_is_read_in_the_original() -> None:
    """A headline translated in a hurry must not take the text away from who reads it."""
    read = edition(DRAFT, "pt-BR").draft
    assert (read.key_points, read.body, read.note) == (("The metro runs",), "Body", "One more")


def test_what_the_original_lacks_too_is_in_no_other_language() -> None:
    bare = replace(DRAFT, key_points=(), body="", note="")
    assert edition(bare, "pt").languages == ("pt",) * 4


TAGS = st.sampled_from(["", "en", "en-GB", "uk", "ru", "pt", "pt-BR", "zh-Hans", "zh-TW", "ar", "fa"])
TEXTS = st.text("abc", max_size=3)


@given(
    reads=TAGS,
    own=TAGS,
    words=st.dictionaries(TAGS.filter(bool), st.tuples(TEXTS.filter(bool), TEXTS, TEXTS), max_size=5),
)
def test_no_word_is_lost_and_none_is_in_a_language_that_it_is_not_in(
    reads: str, own: str, words: dict[str, tuple[str, str, str]]
) -> None:
    translations = tuple(
        Translation(tag, headline, body=body, note=note) for tag, (headline, body, note) in words.items()
    )
    draft = Draft("original", ("UA",), body="whole", note="why", language=own, translations=translations)
    read = edition(draft, reads)
    by_tag = {own: ("original", "whole", "why")}
    by_tag = {t.language: (t.headline, t.body, t.note) for t in translations if t.language != own} | by_tag
    said = read.draft.headline, read.draft.body, read.draft.note
    for place, tag in enumerate((read.headline, read.body, read.note)):
        assert said[place] == by_tag[tag][place] != ""
    best = closest(reads, [own, *words])
    assert read.headline == (best or own)
