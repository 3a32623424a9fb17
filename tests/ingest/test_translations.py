"""The words of an update in other languages: in JSON, in front matter, and all that is wrong at once."""

import json

import pytest

from alerts.errors import BadInput
from alerts.ingest import read
from alerts.model import Draft, Translation

WRITTEN = {
    "headline": "Bridges are closed",
    "regions": ["UA"],
    "language": "en",
    "translations": {
        "uk": {
            "headline": "Мости закрито",
            "key_points": ["Метро працює"],
            "body": "**З** 06:00",
            "note": "Ще один",
        },
        "pt_br": {"headline": "Pontes fechadas"},
    },
}
READ = (
    Translation("pt-BR", "Pontes fechadas"),
    Translation("uk", "Мости закрито", ("Метро працює",), "**З** 06:00", "Ще один"),
)
FRONT = """---
headline: Bridges are closed
regions: [UA]
language: en
translations:
  # by the tag of each language
  uk:
    headline: Мости закрито
    key_points:
      - Метро працює
    body: |
      **З** 06:00
    note: Ще один
  pt-br:
    headline: Pontes fechadas
---
"""


def of(**fields: object) -> Draft:
    return read(json.dumps(WRITTEN | fields).encode(), "x.json").draft


def refused(**fields: object) -> BadInput:
    with pytest.raises(BadInput) as fault:
        of(**fields)
    return fault.value


def test_translations_are_read_and_kept() -> None:
    draft = of()
    assert draft.translations == READ
    assert Draft.from_dict(json.loads(json.dumps(draft.to_dict()))) == draft


def test_front_matter_has_them_as_yaml_has() -> None:
    assert read(FRONT.encode(), "x.md").draft.translations == READ


def test_all_that_is_wrong_is_told_at_once() -> None:
    fault = refused(
        severity="bad",
        translations={
            "ua": {"headline": "x" * 300},
            "uk": {"title": "y", "severity": "severe", "body": 7},
            "fr": "Ponts",
            "en": {"headline": "again"},
            "UK": {"headline": "twice"},
        },
    )
    for said in ("severity", "“ua”", "ua headline is 300", "uk has no field “title”", "uk has no headline"):
        assert said in fault.sentence
    for said in ("“severity”", "uk body must be text", "fr must be an object", "“uk” twice"):
        assert said in fault.sentence
    assert "“und”" in refused(translations={"und": {"headline": "x"}}).sentence
    assert len(refused(translations={"x" * 90_000: {}}).sentence) < 1_000
    for hint in ("Did you mean uk?", "Did you mean headline?", "the same in every language"):
        assert hint in fault.hint


def test_an_update_is_not_translated_into_its_own_language() -> None:
    assert "the language it is written in" in refused(translations={"en": {"headline": "x"}}).sentence


@pytest.mark.parametrize(
    ("translations", "said"),
    [
        (["uk"], "must be an object by language"),
        (
            {f"x{chr(97 + n // 26)}{chr(97 + n % 26)}": {"headline": "x"} for n in range(25)},
            "has 25 languages",
        ),
        (
            {tag: {"headline": "x", "body": "y" * 90_000} for tag in ("de", "es", "fr", "it", "pl")},
            "together",
        ),
    ],
)
def test_they_have_bounds(translations: object, said: str) -> None:
    assert said in refused(translations=translations).sentence


def test_without_translations_an_update_is_what_it_was() -> None:
    """What was published before there were any would have been told once more."""
    draft = of(translations={})
    assert draft == of(translations=None)
    assert draft.fingerprint != of().fingerprint


def test_who_translates_and_says_no_language_is_told_so() -> None:
    reading = read(json.dumps(WRITTEN | {"language": ""}).encode(), "x.json")
    assert "does not say in which language it is written" in reading.notes
    assert (
        "does not say in which language it is written"
        not in read(json.dumps(WRITTEN).encode(), "x.json").notes
    )


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        ("a:\n  b:\n    c:\n      d: e", 5),  # deeper than anything here is
        ("a:\n  b: x\n c: y", 3),
        ("a: |\n  text\nb: {", 4),
        ("a:\n  b: 1\n  b: 2", 4),
    ],
)
def test_what_stands_further_in_is_refused_by_its_line(lines: str, number: int) -> None:
    with pytest.raises(BadInput, match=f"Line {number}\\b"):
        read(f"---\n{lines}\n---\n".encode(), "x.md")
