"""A reader may read what we do not speak: then only the fixed texts are in another language."""

import pickle

import pytest

from alerts.locales import locale_for


@pytest.mark.parametrize(
    ("tags", "spoken", "reads"),
    [
        (("pl", "uk"), "uk", "pl"),
        (("pl",), "en", "pl"),
        (("", "fr"), "fr", "fr"),
        (("en-GB",), "en", "en-GB"),
        ((), "en", "en"),
    ],
)
def test_what_is_spoken_and_what_is_read(tags: tuple[str, ...], spoken: str, reads: str) -> None:
    locale = locale_for(*tags)
    assert (locale.tag, locale.reads) == (spoken, reads)
    again = pickle.loads(pickle.dumps(locale))
    assert (again.tag, again.reads) == (spoken, reads)


@pytest.mark.parametrize(
    ("spoken", "tag", "name"),
    [
        ("en", "uk", "Ukrainian"),
        ("en", "pt-BR", "Brazilian Portuguese"),
        ("uk", "en", "англійська"),
        ("en", "tlh", "Klingon"),
        ("en", "qaa", "qaa"),
    ],
)
def test_a_language_has_a_name_in_each_that_is_spoken(spoken: str, tag: str, name: str) -> None:
    assert locale_for(spoken).language(tag) == name
