"""From what people type to a code: the table is the specification."""

import json
import time
from pathlib import Path

import pytest

from alerts.errors import UnknownRegion
from alerts.regions import load
from alerts.regions.names import compact

TREE = load()
SHARED = Path(__file__).parents[3] / "shared" / "corpora"

FOUND = [
    ("UA", "UA", "a code in capitals"),
    (" UA ", "UA", "with spaces around it"),
    ("UKR", "UA", "the alpha-3 code"),
    ("804", "UA", "the M49 number of a country"),
    ("010", "AQ", "a number with its zero"),
    ("001", "001", "the world"),
    ("150", "150", "an M49 area by number"),
    ("europe", "150", "an area by name"),
    ("South-Eastern Asia", "035", "hyphens do not matter"),
    ("southeast asia", "035", "nor which English one writes"),
    ("West Africa", "011", "everyday name of Western Africa"),
    ("UA-30", "UA-30", "a subdivision by code"),
    ("EU", "eu", "a group by its slug in capitals"),
    ("european union", "eu", "a group by name"),
    ("horn of africa", "horn-of-africa", "a group of several words"),
    ("GCC", "gulf", "a group by the organisation's name"),
    ("nordics", "nordics", "a slug as it is"),
    ("Russia", "RU", "the common name"),
    ("Russian Federation", "RU", "the official name"),
    ("Россия", "RU", "in its own script"),
    ("Turkey", "TR", "the former English name"),
    ("Türkiye", "TR", "the present one"),
    ("turkiye", "TR", "without its dots"),
    ("Burma", "MM", "the former name"),
    ("Myanmar", "MM", "the present one"),
    ("Ivory Coast", "CI", "in English"),
    ("Côte d'Ivoire", "CI", "in French"),
    ("cote d’ivoire", "CI", "with a curly apostrophe and no accent"),
    ("Cote d Ivoire", "CI", "as an address of a web page has it"),
    ("Swaziland", "SZ", "the former name"),
    ("Eswatini", "SZ", "the present one"),
    ("Czechia", "CZ", "the short name"),
    ("Czech Republic", "CZ", "the long one"),
    ("Macedonia", "MK", "before 2019"),
    ("Cape Verde", "CV", "in English"),
    ("Cabo Verde", "CV", "as it asks to be called"),
    ("East Timor", "TL", "in English"),
    ("Holland", "NL", "a part for the whole"),
    ("the netherlands", "NL", "with its article"),
    ("The Gambia", "GM", "an article that belongs to the name"),
    ("UK", "GB", "what no ISO table says"),
    ("Great Britain", "GB", "an island for the state"),
    ("USA", "US", "also its alpha-3"),
    ("U.S.", "US", "with points"),
    ("America", "US", "the country, not the continent"),
    ("UAE", "AE", "an acronym"),
    ("DRC", "CD", "an acronym"),
    ("Congo-Kinshasa", "CD", "by its capital"),
    ("Congo (Brazzaville)", "CG", "by its capital in brackets"),
    ("Republic of Korea", "KR", "the official name"),
    ("DPRK", "KP", "an acronym"),
    ("Bolivia", "BO", "the short name"),
    ("Bolivia, Plurinational State of", "BO", "as ISO lists it"),
    ("Plurinational State of Bolivia", "BO", "as it calls itself"),
    ("Iran", "IR", "the short name"),
    ("Syrian Arab Republic", "SY", "as the UN has it"),
    ("Viet Nam", "VN", "as the UN has it"),
    ("Laos", "LA", "the short name"),
    ("Palestinian territories", "PS", "one of its names"),
    ("Occupied Palestinian Territories", "PS", "another"),
    ("Gaza", "gaza-strip", "the strip, not the governorate nor the province of Mozambique"),
    ("Taiwan", "TW", "which the UN table may lack"),
    ("Kosovo", "XK", "which ISO lacks"),
    ("St Lucia", "LC", "Saint, shortened"),
    ("St. Kitts & Nevis", "KN", "with an ampersand"),
    ("Sao Tome and Principe", "ST", "without accents"),
    ("Deutschland", "DE", "in its own language"),
    ("Georgia", "GE", "the country before the US state"),
    ("Luxembourg", "LU", "the country before the Belgian province"),
    ("Niger", "NE", "the country before the Nigerian state"),
    ("Micronesia", "FM", "the country before the M49 area"),
    ("Kyiv", "UA-30", "the city, not the oblast around it"),
    ("Kiev", "UA-30", "its former name"),
    ("Kyivska oblast", "UA-32", "as ISO lists it"),
    ("Kharkiv", "UA-63", "without the ending of the oblast"),
    ("Crimea", "UA-43", "in English"),
    ("Aleppo", "SY-HL", "an English name that ISO does not list"),
    ("Halab", "SY-HL", "as ISO lists it, without the dot under the H"),
    ("Madrid", "ES-MD", "the community, which contains the province"),
    ("Principado de Asturias", "ES-AS", "a name that ISO lists with its head first"),
    ("Lérida", "ES-L", "a second language, listed in brackets"),
    ("Bavaria", "DE-BY", "an English name that ISO does not list"),
    ("Kurdistan Region", "IQ-KR", "an English name that ISO does not list"),
    ("Kashmir", "kashmir", "a group across three borders of control"),
]


@pytest.mark.parametrize(("typed", "code", "why"), FOUND, ids=[f"{typed} ({why})" for typed, _, why in FOUND])
def test_what_people_type_is_found(typed: str, code: str, why: str) -> None:
    assert TREE.find(typed) == code


NAMES = [
    ("RU", "Russia"),
    ("TR", "Türkiye"),
    ("IR", "Iran"),
    ("SY", "Syria"),
    ("BO", "Bolivia"),
    ("KR", "South Korea"),
    ("GB", "United Kingdom"),
    ("TZ", "Tanzania"),
    ("UA-30", "Kyiv"),
    ("UA-32", "Kyivska oblast"),
    ("UA-43", "Crimea"),
    ("SY-HL", "Aleppo"),
    ("MK-811", "Saraj"),
    ("CF-HS", "Haute-Sangha / Mambéré-Kadéï"),
    ("SE-AB", "Stockholms län"),
    ("MA-12", "Dakhla-Oued Ed-Dahab"),
    ("150", "Europe"),
    ("eu", "European Union"),
]


@pytest.mark.parametrize(("code", "name"), NAMES)
def test_names_shown_are_the_common_ones(code: str, name: str) -> None:
    assert TREE.name(code) == name


UNKNOWN = [
    ("Ukrane", "Ukraine (UA)", "a letter is missing"),
    ("Ukrainee", "Ukraine (UA)", "one too many"),
    ("Germny", "Germany (DE)", "a vowel is missing"),
    ("Sudna", "Sudan (SD)", "two letters changed places"),
    ("Luhnsk", "Luhanska oblast, Ukraine (UA-09)", "nothing greater than a subdivision is written like it"),
    ("Sahell", "Sahel (sahel)", "a group, too"),
    ("Nairobi", "Kenya (KE)", "a town is no region, but lies in one"),
]


@pytest.mark.parametrize(("typed", "meant", "why"), UNKNOWN, ids=[row[0] for row in UNKNOWN])
def test_a_slip_is_answered_with_what_was_meant(typed: str, meant: str, why: str) -> None:
    with pytest.raises(UnknownRegion) as unknown:
        TREE.find(typed)
    assert meant in unknown.value.hint


AMBIGUOUS = [
    ("Punjab", ["Punjab, India (IN-PB)", "Punjab, Pakistan (PK-PB)"]),
    ("Congo", ["DR Congo (CD)", "Republic of the Congo (CG)"]),
    ("Korea", ["North Korea (KP)", "South Korea (KR)"]),
    ("Jerusalem", ["Jerusalem, Israel (IL-JM)", "Jerusalem, Palestine (PS-JEM)"]),
    ("La Rioja", ["La Rioja, Argentina (AR-F)", "La Rioja, Spain (ES-RI)"]),
]


@pytest.mark.parametrize(("typed", "all_it_may_be"), AMBIGUOUS, ids=[row[0] for row in AMBIGUOUS])
def test_a_name_that_several_own_is_asked_back(typed: str, all_it_may_be: list[str]) -> None:
    with pytest.raises(UnknownRegion) as unknown:
        TREE.find(typed)
    assert all(label in unknown.value.hint for label in all_it_may_be)


@pytest.mark.parametrize("typed", ["", " ", "!!!", "zzzzzzzz", "🦀", "x" * 50])
def test_what_resembles_nothing_points_to_the_look_up(typed: str) -> None:
    with pytest.raises(UnknownRegion) as unknown:
        TREE.find(typed)
    assert "alerts regions find" in unknown.value.hint


def test_an_exact_code_that_does_not_exist_is_refused_by_every_question() -> None:
    for question in (TREE.name, TREE.region, TREE.lineage, lambda code: TREE.related([code])):
        with pytest.raises(UnknownRegion):
            question("UA-99")


SEARCHES = [
    ("georgia", ["GE", "US-GA"], "the country, then the state"),
    ("ua-30", ["UA-30"], "a code"),
    ("kyiv", ["UA-30", "UA-32"], "the whole name before its beginning"),
    ("guinea", ["GN", "GW"], "the whole name before its beginning"),
    ("korea", ["KP", "KR"], "all who own the name"),
    ("cairo", ["EG"], "the country of a town"),
    ("ukrane", ["UA"], "what is written alike, when nothing else is found"),
]


@pytest.mark.parametrize(("typed", "first", "why"), SEARCHES, ids=[row[0] for row in SEARCHES])
def test_a_search_lists_the_surest_first(typed: str, first: list[str], why: str) -> None:
    assert [region.code for region in TREE.search(typed)][: len(first)] == first


def test_a_search_lists_words_within_names_and_no_more_than_asked() -> None:
    assert {"SD", "SS"} <= {region.code for region in TREE.search("sudan")}
    assert len(TREE.search("a", limit=7)) == 7
    assert TREE.search("zzzzzzzz") == []


def test_every_region_is_found_by_its_own_code() -> None:
    assert all(TREE.find(region.code) == region.code for region in TREE)


def test_every_country_is_found_by_the_name_it_is_shown_with() -> None:
    countries = [region for region in TREE if region.kind == "country"]
    assert [TREE.find(region.name) for region in countries] == [region.code for region in countries]


def test_names_are_compared_without_case_accents_and_punctuation() -> None:
    assert compact("Les Îles d’Éparses") == compact("LES ILES D'EPARSES") == "lesilesdeparses"
    assert compact("The") == "the"
    assert compact("Łódź & Ærø") == "lodzandaero"


HUGE = ["a" * 100_000, "a b" * 50_000, "ﷺ" * 100_000, "Ukraine" * 20_000, "\u0301" * 100_000, "-" * 100_000]


@pytest.mark.parametrize("typed", HUGE, ids=["letters", "words", "ligatures", "names", "accents", "hyphens"])
def test_a_pasted_document_costs_no_more_than_a_name(typed: str) -> None:
    with pytest.raises(UnknownRegion):
        TREE.find("warm")
    began = time.process_time()
    with pytest.raises(UnknownRegion):
        TREE.find(typed)
    TREE.search(typed)
    assert time.process_time() - began < 0.5, "far more than the milliseconds it takes: the cut is gone"


@pytest.mark.skipif(not SHARED.exists(), reason="the corpora are not here")
def test_naughty_strings_are_found_or_refused_and_never_crash() -> None:
    naughty = json.loads((SHARED / "hostile_text" / "blns_open.json").read_text(encoding="utf-8"))
    assert len(naughty) > 300
    for text in naughty:
        TREE.search(text)
        try:
            assert TREE.find(text) in TREE
        except UnknownRegion:
            continue
