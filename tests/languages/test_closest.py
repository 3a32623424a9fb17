"""Which translation serves whom, and which tags are languages."""

import pytest

from alerts.errors import BadInput
from alerts.languages import canonical, closest


@pytest.mark.parametrize(
    ("wanted", "offered", "found"),
    [
        pytest.param("uk", ["en", "uk"], "uk", id="the very tag"),
        pytest.param("uk", ["en", "uk-UA"], "uk-UA", id="a variety"),
        pytest.param("pt-BR", ["pt-PT", "pt"], "pt", id="the nearest variety"),
        pytest.param("pt-AO", ["pt", "pt-BR"], "pt", id="not the other side of the ocean"),
        pytest.param("ar", ["fa", "arb"], "arb", id="by its macrolanguage"),
        pytest.param("cmn", ["zh"], "zh", id="Mandarin is Chinese"),
        pytest.param("nb", ["no"], "no", id="Bokmål is Norwegian"),
        pytest.param("zh-TW", ["zh-Hans", "zh-Hant"], "zh-Hant", id="the script of the place"),
        pytest.param("zh-TW", ["zh-Hans"], "", id="not the other script"),
        pytest.param("pa-Arab", ["pa"], "", id="not a script nobody taught them"),
        pytest.param("sr", ["sr-Latn"], "sr-Latn", id="both scripts of Serbian are read"),
        pytest.param("uk", ["ru", "be"], "", id="not another language, though CLDR has Russian for it"),
        pytest.param("en", [""], "", id="nobody said which language it is in"),
        pytest.param("", ["en"], "", id="nobody said what they read"),
    ],
)
def test_a_reader_is_served_in_their_language_or_in_none(wanted: str, offered: list[str], found: str) -> None:
    assert closest(wanted, offered) == found
    assert closest(wanted, reversed(offered)) == found


@pytest.mark.parametrize(
    ("typed", "tag"), [(" pt_br ", "pt-BR"), ("zh-hant", "zh-Hant"), ("iw", "he"), ("und", "")]
)
def test_a_tag_is_spelt_as_the_registry_spells_it(typed: str, tag: str) -> None:
    assert canonical(typed) == tag


@pytest.mark.parametrize(("typed", "hint"), [("ua", "uk"), ("english", "BCP 47"), ("u" * 9_000, "BCP 47")])
def test_what_is_no_language_is_refused_with_a_hint(typed: str, hint: str) -> None:
    with pytest.raises(BadInput) as refused:
        canonical(typed)
    assert hint in refused.value.hint
    assert len(refused.value.sentence) < 100
