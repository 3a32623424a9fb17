"""Places as people type them in their own languages, and how many have a name in each."""

import re
import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

import pytest

from alerts.errors import UnknownRegion
from alerts.locales import CATALOGS, locale_for
from alerts.locales.subdivisions import subdivisions
from alerts.operations.people.subscription_form import places_in
from alerts.regions import PlaceFinder, load
from alerts.regions.likeness import likest

TREE = load()
#: Of 5,046 parts of countries, those that have a name in a language. Fewer is a loss, and more is to be said.
NAMED = {"ar": 4_070, "es": 4_491, "fr": 4_563, "uk": 4_292}


def finder(tag: str) -> PlaceFinder:
    return PlaceFinder(TREE, locale_for(tag))


@pytest.mark.parametrize("tag", CATALOGS)
def test_names_of_parts_of_countries_are_of_parts_that_there_are(tag: str) -> None:
    """What is drawn from an older table must name nothing that the tree has not, and no two parts alike."""
    names = subdivisions(tag)
    assert len(names) == NAMED[tag]
    assert {TREE.region(code).kind for code in names} == {"subdivision"}
    assert list(names) == sorted(names)
    assert all(
        name == " ".join(name.split()) and name.isprintable() and "²" not in name for name in names.values()
    )
    for code, name in names.items():
        for other in TREE.parts(TREE.region(code).parents[0]):
            assert code == other or names.get(other) != name, (code, other)


@pytest.mark.parametrize("tag", CATALOGS)
def test_all_of_ukraine_has_a_name(tag: str) -> None:
    assert set(TREE.parts("UA")) <= set(subdivisions(tag))


@pytest.mark.parametrize(
    ("code", "uk", "ar"),
    [
        ("IR-07", "Фарс", "فارس"),  # its number was Tehran's before 2020
        ("KZ-75", "Алмати", "ألماتي"),  # letters before 2022
        ("MA-06", "Casablanca-Settat", "Casablanca-Settat"),  # the number was of a region that is no more
        ("UG-221", "Butaleja", "Butaleja"),  # some of Uganda's are other districts' there
        ("TD-GR", "Guéra", "منطقة قيرا"),  # “Mbarara” in one language only
        ("UA-32", "Київська область", "أوبلاست كييف"),
    ],
)
def test_names_are_of_the_places_that_have_the_codes_now(code: str, uk: str, ar: str) -> None:
    """CLDR has codes of before: a reader in Shiraz would have been told of Tehran."""
    assert (TREE.name(code, locale_for("uk")), TREE.name(code, locale_for("ar"))) == (uk, ar)


@pytest.mark.parametrize(
    ("tag", "typed", "code"),
    [
        ("uk", "Київ", "UA-30"),
        ("uk", "київська область", "UA-32"),
        ("uk", "Donetsk", "UA-14"),  # an English name, on a Ukrainian page
        ("en", "Київ", "UA-30"),  # and the other way round
        ("ar", "كييف", "UA-30"),
        ("ar", "المانيا", "DE"),  # without the hamza, as most type it
        ("es", "baviera", "DE-BY"),
        ("fr", "Allemagne", "DE"),
        ("en", "Allemagne", "DE"),
        ("de", "Allemagne", "DE"),  # whose language we do not speak
        ("fr", "OTAN", "nato"),  # a town in Nigeria, too
        ("uk", "Сахель", "sahel"),  # a region of Burkina Faso, too
        ("es", "Georgia", "GE"),
        ("uk", "UA-14", "UA-14"),
        ("uk", "Київ, Україна (UA-30)", "UA-30"),
        ("uk", "Kyiv, Ukraine (UA-30)", "UA-30"),
    ],
)
def test_a_place_is_found_by_its_name_in_a_language_that_we_speak(tag: str, typed: str, code: str) -> None:
    assert finder(tag).called(typed) == finder(tag).find(typed) == code


@pytest.mark.parametrize(
    ("tag", "typed", "offered"),
    [
        ("fr", "Mexico", {"MX", "MX-CMX"}),  # the country in English, its capital in French
        ("fr", "Vienne", {"AT-9", "FR-86"}),
        ("es", "Granada", {"GD", "ES-GR", "NI-GR"}),
        ("es", "Corea", {"KR", "KP"}),
        ("uk", "Київська", {"UA-32"}),
        ("en", "Донецьк", {"UA-14"}),
        ("uk", "Донецкая", {"UA-14"}),
        ("uk", "Укаріна", {"UA"}),
        ("fr", "Alemagne", {"DE"}),
        ("ar", "القاهرة", {"EG-C"}),
    ],
)
def test_what_is_not_certain_is_offered_and_taken_for_none(tag: str, typed: str, offered: set[str]) -> None:
    assert finder(tag).called(typed) is None
    assert offered <= {region.code for region in finder(tag).search(typed, 8)}


def test_a_hint_is_in_the_words_of_its_reader_and_can_be_typed_as_it_stands() -> None:
    uk = finder("uk")
    with pytest.raises(UnknownRegion, match="Донецкая") as fault:
        uk.find("Донецкая")
    assert "Донецька область, Україна (UA-14)" in fault.value.hint
    assert [uk.find(label) for label in uk.labels("Донецкая")] == ["UA-14"]


@pytest.mark.parametrize("typed", ["", " ", "-", "()", "(UA)", "¡¿", "x" * 100_000, "Ж" * 100_000, "\ud800"])
def test_what_is_no_name_finds_nothing(typed: str) -> None:
    assert all(finder(tag).called(typed) is None for tag in ("en", "uk"))
    finder("uk").search(typed)


@pytest.mark.parametrize("tag", CATALOGS)
def test_every_name_that_is_shown_is_found_or_offered_when_it_is_typed(tag: str) -> None:
    """Somebody who types what stands on their page is served, wherever it stands: one in 150, here."""
    place, locale = finder(tag), locale_for(tag)
    for code in list(subdivisions(tag))[::150]:
        name = TREE.name(code, locale)
        assert place.called(name) == code or code in {r.code for r in place.search(name, 50)}, (code, name)
        assert place.called(TREE.label(code, locale)) == code


def test_a_list_is_in_the_order_of_the_alphabet_of_its_reader() -> None:
    """In Unicode і and є come after я: Ireland would have stood below Japan."""
    uk = locale_for("uk")
    named = sorted(
        ["Японія", "Ірландія", "Йорданія", "Італія", "Єгипет", "Естонія", "Гана", "Ґ"], key=uk.in_alphabet
    )
    assert named == ["Гана", "Ґ", "Естонія", "Єгипет", "Ірландія", "Італія", "Йорданія", "Японія"]
    assert sorted(["Zambie", "Égypte", "Fidji"], key=locale_for("fr").in_alphabet) == [
        "Égypte",
        "Fidji",
        "Zambie",
    ]


@pytest.mark.parametrize("tag", ["en", *CATALOGS])
def test_places_that_a_form_gives_as_examples_are_found_as_it_writes_them(tag: str) -> None:
    """An empty field said “Kyiv; Poland; Sahel” in every language; hints said Europe to who writes Європа."""
    place, locale = finder(tag), locale_for(tag)
    assert all(map(place.called, places_in(locale.gettext("Kyiv; Poland; Sahel"))))
    for hint in (
        "Name larger ones, such as Europe.",
        "Name one or more, such as UA or Europe; `001` is the world.",
    ):
        words = re.findall(r"\w+", locale.gettext(hint))
        assert "150" in map(place.called, words), hint


def compared(look: Callable[[], object]) -> int:
    """How often what is typed is compared with names: that, not a clock, tells how long it takes."""
    calls = 0

    def profile(frame: FrameType, event: str, _arg: object) -> None:
        nonlocal calls
        calls += event == "call" and frame.f_code is likest.__code__

    sys.setprofile(profile)
    try:
        look()
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("typed", ["щщщщщщ", "kharkivsky oblas", "محافظة ججججج"])
def test_a_word_that_nobody_knows_is_looked_for_once(typed: str) -> None:
    """A form with sixty took three seconds: each was compared when settled, when read, when drawn."""
    form, again = finder("uk"), finder("uk")

    def whole_form() -> None:
        form.search(typed, 8)
        with suppress(UnknownRegion):
            form.find(typed)
        form.search(typed, 8)

    def read_alone() -> None:
        with suppress(UnknownRegion):
            again.find(typed)

    assert compared(whole_form) == compared(read_alone) > 0
