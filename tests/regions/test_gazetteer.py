"""Place names in text: every row is a sentence and the countries it is about, the first first."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.regions import load, suggest

TREE = load()

SENTENCES = [
    ("Russian troops shelled Kharkiv.", ["UA", "RU"], "where it happens, before who did it"),
    ("Russian strikes hit Kharkiv", ["UA", "RU"], "in a headline, too"),
    ("Israel bombs Beirut", ["LB", "IL"], "a country that acts elsewhere"),
    ("Russia shells eastern Ukraine", ["UA", "RU"], "with a word between"),
    ("Ukraine strikes kill ten, Russia says", ["UA", "RU"], "but strikes in a country are there"),
    ("Russian forces withdrew.", ["RU"], "who acts counts where nobody else is named"),
    ("Protests in Tbilisi and across Georgia continued.", ["GE"], "Georgia is the country"),
    ("A storm hit Atlanta, Savannah and much of Georgia.", ["US"], "beside Atlanta it is the state"),
    ("The US ambassador to Georgia spoke.", ["GE", "US"], "naming the US does not make it the state"),
    ("Washington pledged aid to Georgia.", ["GE", "US"], "nor does naming its government"),
    ("Clashes resumed in South Sudan near Malakal.", ["SS"], "South Sudan is not Sudan"),
    ("Fighting in Sudan has spread to South Sudan.", ["SD", "SS"], "unless both are meant"),
    ("A coup attempt in Guinea-Bissau failed.", ["GW"], "not Guinea"),
    ("Malabo is the capital of Equatorial Guinea.", ["GQ"], "not Guinea either"),
    ("Landslides in Papua New Guinea buried villages.", ["PG"], "nor this"),
    ("Goma, in the Democratic Republic of the Congo, fell.", ["CD"], "one name of six words"),
    ("Brazzaville: Congo votes on Sunday.", ["CG"], "the capital tells which Congo"),
    ("Kinshasa accused rebels; Congolese troops withdrew.", ["CD"], "and which Congolese"),
    ("North Korea fired a missile.", ["KP"], "not South Korea"),
    ("Wildfires burn across New Mexico.", ["US"], "not Mexico"),
    ("Police in Northern Ireland made arrests.", ["GB"], "not Ireland"),
    ("Travellers to Nice will find delays at Paris airports.", ["FR"], "Paris counts, Nice needs not"),
    ("Reading the report on a Nice day in March, most police agreed.", [], "ordinary words"),
    ("The Best Mobile Split Bath is Of Most Use.", [], "ordinary words in a headline"),
    ("Michael Jordan praised Jordan Peterson.", [], "persons"),
    ("Jordan Peterson spoke. Later Jordan left.", [], "a person's first name, alone the second time"),
    ("Jordan closes its airspace; flights from Amman stop.", ["JO"], "the country"),
    ("Jordan Valley farms were hit.", ["JO"], "a landscape, no surname"),
    ("Chad Smith plays the drums.", [], "a person"),
    ("Rebels crossed from Chad into Darfur.", ["TD", "SD"], "the country"),
    ("George Washington slept here.", [], "a person"),
    ("Turkey and Greece agreed on talks.", ["TR", "GR"], "the country"),
    ("we ate turkey and drank from fine china", [], "small letters are no names"),
    ("Ships were attacked in the Gulf of Guinea.", [], "a sea is no country"),
    ("Tension in the South China Sea rises.", [], "nor is this one"),
    ("Latin American leaders met South American ministers.", [], "continents, not the US"),
    ("UK travellers in Kenya should register.", ["KE", "GB"], "who is spoken to comes last"),
    ("The British embassy in Kabul has closed.", ["AF", "GB"], "an embassy stands elsewhere"),
    ("The Kremlin denied the report.", ["RU"], "a seat of government"),
    ("Give us the details; let us know.", [], "us is not the US"),
    ("U.S. forces left; the US said so.", ["US"], "with points and without"),
    ("JOIN US TODAY AND TELL US MORE", [], "in a line of capitals US is a pronoun"),
    ("UKRAINE: MISSILES HIT KYIV", ["UA"], "capitals are read"),
    ("St. Petersburg and St Petersburg are one city.", ["RU"], "with a full stop or none"),
    ("Strikes at Port-au-Prince and N’Djamena airports.", ["HT", "TD"], "hyphens and apostrophes"),
    ("Flooding in Sana'a, Hodeidah and Aden.", ["YE"], "three cities of one country"),
    ("Aid reached Côte d’Ivoire and Sao Tome and Principe.", ["CI", "ST"], "accents or none"),
    ("Ukraine's army, the Kyiv-based staff said.", ["UA"], "possessives and compounds"),
    (
        "Flights to Mexico City, Guatemala City and Panama City.",
        ["MX", "GT", "PA"],
        "cities called after countries",
    ),
    ("An outbreak of Japanese encephalitis and Crimean-Congo haemorrhagic fever.", [], "diseases"),
    ("A quake struck near Tapachula.", ["MX"], "a town from the table, unmistakable"),
    ("Gunfire was heard in San Cristobal.", [], "a town of many countries says nothing alone"),
    ("Venezuela: gunfire was heard in San Cristobal.", ["VE"], "and something in company"),
    ("Troops from South\nSudan crossed.", ["SS"], "a name may be broken over a line"),
    ("", [], "nothing"),
]


@pytest.mark.parametrize(("text", "codes", "why"), SENTENCES, ids=[row[2] for row in SENTENCES])
def test_sentences_are_about_the_countries_they_name(text: str, codes: list[str], why: str) -> None:
    assert [found.code for found in suggest(text, TREE)] == codes


NAMESAKES = ["Kenya", "Jordan", "Chad", "Georgia", "Israel", "India", "Cuba", "Ireland", "Paris", "London"]


@given(st.sampled_from(NAMESAKES), st.from_regex(r"[A-Z][a-z]{2,9}( [A-Z][a-z]{3,9})?", fullmatch=True))
def test_no_heading_silences_a_place_that_persons_are_called_after(place: str, word: str) -> None:
    """“Kenya Floods” was read as a person's name, and Kenya was silent in the whole text."""
    body = f"Heavy rain in {place} has killed 40. Roads across {place} are cut."
    (first, *_) = suggest(f"{place} {word}\n\n{body}", TREE)
    assert first.count >= 2
    assert place in first.words


def test_a_suggestion_says_how_often_and_in_which_words() -> None:
    (found,) = suggest("Kyiv, Kyiv and Ukrainian officials in Lviv.", TREE)
    assert (found.code, found.name, found.count) == ("UA", "Ukraine", 4)
    assert found.words == ("Kyiv", "Ukrainian", "Lviv")


def test_the_headline_weighs_more_than_the_body() -> None:
    text = "Chile: earthquake\n\n" + "lead\n" * 5 + "Tremors were felt in Peru. Peru and Peru again: Peru.\n"
    assert [found.code for found in suggest(text, TREE)] == ["CL", "PE"]


def test_a_text_without_lines_has_a_headline_that_ends() -> None:
    text = "Chile: earthquake. " + "More follows. " * 20 + "Peru " * 40
    assert suggest(text, TREE)[0].code == "PE"


LONG = [
    ("prose", "Russian forces shelled Kharkiv while talks in Istanbul went on, the Kremlin said. ", 1),
    ("one name", "Ukraine ", 1),
    ("the beginning of many names", "San Santa Saint New Al ", 0),
    ("a name that never ends", "Democratic Republic of the ", 0),
    ("capitals", "A", 0),
    ("points", "U.", 0),
    ("lines", "\n", 0),
    ("accents", "E\u0301", 0),
    ("persons", "Jordan Chad Georgia Paris ", 1),
]


@pytest.mark.parametrize(("what", "piece", "at_least"), LONG, ids=[row[0] for row in LONG])
def test_a_megabyte_is_read_in_seconds(what: str, piece: str, at_least: int) -> None:
    text = piece * (1_000_000 // len(piece))
    suggest("warm", TREE)
    began = time.process_time()
    found = suggest(text, TREE)
    assert time.process_time() - began < 20, "a second of a quiet machine; what is quadratic takes minutes"
    assert len(found) >= at_least
