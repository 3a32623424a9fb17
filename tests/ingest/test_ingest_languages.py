"""The language of an update: as the registry writes it, or refused with a hint."""

import pytest

from alerts.errors import BadInput
from alerts.ingest import read_all


def language(text: str) -> str:
    [reading] = read_all(f"---\nlanguage: {text}\n---\n# Talks\n".encode(), "a.md")
    return reading.draft.language


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("uk", "uk"),
        ("EN", "en"),
        ("pt_br", "pt-BR"),
        ("zh-hant", "zh-Hant"),
        ("sr-latn-rs", "sr-Latn-RS"),
        ("iw", "he"),
        ("ckb", "ckb"),
        ("und", ""),
        ("mul", ""),
        ('""', ""),
    ],
)
def test_a_tag_is_written_as_the_registry_writes_it(text: str, tag: str) -> None:
    assert language(text) == tag


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("ua", "Did you mean uk?"),
        ("jp", "Did you mean ja?"),
        ("xx", "Write its tag in BCP 47"),
        ("English", "Write its tag in BCP 47"),
        ("українська", "Write its tag in BCP 47"),
        ("en-", "Write its tag in BCP 47"),
        ("a" * 81, "Shorten it"),
        ("<script>", "Write its tag in BCP 47"),
    ],
)
def test_what_is_no_language_is_refused(text: str, hint: str) -> None:
    with pytest.raises(BadInput, match="language") as refused:
        language(f'"{text}"')
    assert hint in refused.value.hint


def test_it_is_one_fault_among_others() -> None:
    with pytest.raises(BadInput) as refused:
        read_all(b"---\nlang: ua\nseverity: bad\n---\n# Talks\n", "a.md")
    assert "language" in refused.value.sentence + refused.value.hint
    assert "severity" in refused.value.sentence
