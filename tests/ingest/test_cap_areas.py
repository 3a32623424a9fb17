"""Which regions a message is about: by codes, by words, by what is drawn, at last by its sender's country."""

import pytest
from cap_writer import cap, info

from alerts.ingest import Reading, read
from alerts.ingest.cap import abbreviations
from alerts.ingest.cap.geocodes import region_of
from alerts.regions import load

TREE = load()


def about(*areas: str, sender: str = "desk@example.org", **changes: str) -> Reading:
    return read(cap(info(*areas, language="en"), sender=sender, **changes), "x.cap")


def area(words: str = "", *codes: str, drawn: str = "") -> str:
    listed = "".join(
        f"<geocode><valueName>{code.partition('=')[0]}</valueName><value>{code.partition('=')[2]}</value></geocode>"
        for code in codes
    )
    return f"<areaDesc>{words}</areaDesc>{drawn}{listed}"


def why(reading: Reading) -> str:
    return " ".join(note for note in reading.notes if note.startswith("is about"))


CODES = [
    ("ISO 3166-2", "TH-80", "TH-80"),
    ("urn:oasis:names:tc:emergency:cap:1.2:profile:CAP-AU:1.0:ISO3166-2", "AU-NSW", "AU-NSW"),
    ("http://www.iso.org/iso/country_codes.html", "AU-NSW", "AU-NSW"),
    ("ISO 3166-1", "UA", "UA"),
    ("UN M49", "150", "150"),
    ("SAME", "006037", "US-CA"),
    ("SAME", "000000", "US"),
    ("FIPS6", "072001", "US-PR"),
    ("FIPS", "FL0124", "US-FL"),
    ("UGC", "MDZ021", "US-MD"),
    ("UGC", "AMZ650", ""),
    ("UGC", "PHZ117", "US-HI"),
    ("UGC", "LOZ042", "US-NY"),
    ("UGC", "XXZ650", "US"),
    ("EMMA_ID", "AT003", "AT"),
    ("emma_id", "EI807", "IE"),
    ("EMMA_ID", "UK001", "GB"),
    ("NUTS2", "DE8", "DE-MV"),
    ("NUTS", "AT33", "AT-7"),
    ("NUTS3", "EL301", "GR"),
    ("WARNCELLID", "112060000", "DE-BB"),
    ("WARNCELLID", "501000000", "DE"),
    ("profile:CAP-CP:Location:0.3", "3537001", "CA-ON"),
    ("Taiwan_Geocode_100", "1000512", "TW-MIA"),
    ("Taiwan_Geocode_103", "6300100", "TW-TPE"),
    ("TargetAreaCode", "053FWFSTEEP4", ""),
    ("SAME", "099001", "US"),
    ("ISO 3166-2", "nowhere", ""),
]


@pytest.mark.parametrize(("scheme", "value", "code"), CODES)
def test_a_code_is_a_region(scheme: str, value: str, code: str) -> None:
    assert region_of(scheme, value, TREE) == code


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("UGC=AMZ650", "a zone at sea, off several states"),
        ("EMMA_ID=AT007", "of it the country alone is known"),
        ("TargetAreaCode=053FWFSTEEP4", "in no table here"),
    ],
)
def test_a_code_that_says_less_than_it_could_is_named_with_the_reason(code: str, why: str) -> None:
    assert why in " ".join(about(area("x", code), sender="a@b.at").notes)
    assert not any("has the code" in note for note in about(area("x", "SAME=020001")).notes)


def test_codes_of_subdivisions_are_taken_alone() -> None:
    reading = about(area("Kansas, not Missouri", "SAME=020001", "SAME=029001"))
    assert reading.draft.regions == ("US-KS", "US-MO")
    assert "its codes (SAME)" in why(reading)


def test_the_code_of_a_country_is_narrowed_by_words() -> None:
    assert about(area("Tirol", "EMMA_ID=AT007")).draft.regions == ("AT-7",)
    assert about(area("Tal der Wunder", "EMMA_ID=AT007")).draft.regions == ("AT",)


WORDS = [
    ("Tirol", "a@b.at", ("AT-7",)),
    ("All of Valais", "info@alertswiss.ch", ("CH-VS",)),
    ("State of MI", "a@fema.dhs.gov", ("US-MI",)),
    ("Gro,Oax", "smn.cna.gob.mx", ("MX-GRO", "MX-OAX")),
    ("Mich,Chis, DF, Col.", "smn.cna.gob.mx", ("MX-MIC", "MX-CHP", "MX-CMX", "MX-COL")),
    ("BC, B.C.S., Q. Roo,Q Roo", "smn.cna.gob.mx", ("MX-BCN", "MX-BCS", "MX-ROO")),
    ("Mich., N. Dak., Calif", "w-nws.webmaster@noaa.gov", ("US-MI", "US-ND", "US-CA")),
    ("OÖ, Stmk", "a@b.at", ("AT-4", "AT-6")),
    ("Mich", "a@b.org", ()),
    ("Ukraine", "a@b.org", ("UA",)),
    ("Sverige", "https://www.krisinformation.se/", ("SE",)),
    ("Brawley, CA", "trinet@caltech.edu", ()),
    ("Aswan in Egypt", "a@redcross.org", ("EG-ASN",)),
    ("Salzburg und Tirol", "a@b.at", ("AT-5", "AT-7")),
]


@pytest.mark.parametrize(("words", "sender", "codes"), WORDS)
def test_words_are_looked_up_in_the_senders_country(words: str, sender: str, codes: tuple[str, ...]) -> None:
    assert about(area(words), sender=sender).draft.regions == codes


def test_every_abbreviation_is_of_a_state_that_there_is() -> None:
    """Of 179 bulletins of a season that list states, 135 went to all of Mexico: “Mich” was unknown."""
    for country, written in abbreviations._WRITTEN.items():
        for pair in written.split(", "):
            code, _, short = pair.partition(" ")
            assert abbreviations.abbreviated(f" {short.upper()}.", country) == f"{country}-{code}"
            assert f"{country}-{code}" in TREE


def test_a_list_of_which_not_all_is_known_is_about_the_whole_country() -> None:
    """“Costa Chica” is in no table: nobody there would have been told of the storm."""
    reading = about(area("Gro,Costa Chica"), sender="smn.cna.gob.mx")
    assert reading.draft.regions == ("MX-GRO", "MX")
    assert "of which not all is known" in why(reading)


def test_a_part_of_a_name_is_no_place() -> None:
    """“Central” of “Central and Southern Lewis and Clark” was taken for a town in another state."""
    assert about(area("Central and Southern Lewis and Clark"), sender="w@noaa.gov").draft.regions == ("US",)


def test_what_is_drawn_is_about_the_towns_in_it() -> None:
    reading = about(area("The valley", drawn="<circle>48.14,11.58 10</circle>"))
    assert reading.draft.regions == ("DE-BY",)
    assert "within what is drawn" in why(reading)
    assert reading.draft.shapes == ("circle 48.14,11.58 10",)


def test_a_name_that_is_far_from_what_is_drawn_is_not_meant() -> None:
    """“The valley” is the capital of Anguilla, too."""
    reading = about(area("The Valley", drawn="<circle>48.14,11.58 10</circle>"))
    assert reading.draft.regions == ("DE-BY",)
    assert about(area("The Valley")).draft.regions == ("AI",)
    border = about(area("Dibba in Oman", drawn="<circle>25.6,56.26 5</circle>"))
    assert "OM" in border.draft.regions


def test_a_shape_without_a_town_is_about_what_those_around_it_have_in_common() -> None:
    reading = about(area("A lake", drawn="<circle>47.69,12.66 1</circle>"), sender="a@b.de")
    assert reading.draft.regions == ("DE-BY",)
    assert "near what is drawn" in why(reading)
    assert about(area("The open sea", drawn="<circle>-40,-120 10</circle>")).draft.regions == ()


def test_only_towns_of_the_country_count_where_one_is_known() -> None:
    """A polygon drawn generously along a border warned the neighbours."""
    drawn = "<circle>47.58,7.60 15</circle>"  # Basel, Lörrach, Saint-Louis
    assert {code[:2] for code in about(area("x", drawn=drawn)).draft.regions} >= {"CH", "DE", "FR"}
    swiss = about(area("x", drawn=drawn), sender="a@meteo.ch").draft.regions
    assert {code[:2] for code in swiss} == {"CH"}


def test_a_sender_that_watches_the_world_is_not_where_it_sends_from() -> None:
    """An earthquake in El Salvador was told to readers of the United States."""
    reading = about(area("47 miles SSW of Usulután, El Salvador"), sender="http://earthquake.usgs.gov/neic/")
    assert {code[:2] for code in reading.draft.regions} == {"SV"}


def test_coordinates_in_the_wrong_order_are_put_right_where_there_is_one_reading() -> None:
    """Thailand's service writes longitude first; east of 90° that is no latitude."""
    drawn = "<polygon>100.4,13.6 100.6,13.6 100.6,13.9 100.4,13.6</polygon>"
    reading = about(area("x", drawn=drawn))
    assert reading.draft.shapes == ("polygon 13.6,100.4 13.6,100.6 13.9,100.6 13.6,100.4",)
    assert {code[:2] for code in reading.draft.regions} == {"TH"}
    assert any("longitude, latitude" in note for note in reading.notes)


def test_what_cannot_be_drawn_is_left_out_with_a_note() -> None:
    reading = about(
        area("Tirol", drawn="<polygon></polygon><polygon>1,2 3</polygon><circle/>"), sender="a@b.at"
    )
    assert reading.draft.shapes == ()
    assert any("cannot be drawn" in note for note in reading.notes)


ORIGINS = [
    ({"sender": "a@met.ie"}, "IE"),
    ({"sender": "www.gov.uk/environment-agency"}, "GB"),
    ({"sender": "w@noaa.gov"}, "US"),
    ({"identifier": "2.49.0.1.124.6bddbc91.2012"}, "CA"),
    ({"identifier": "urn:oid:2.49.0.1.840.0.1"}, "US"),
    ({"sender": "a@example.io"}, ""),
]


@pytest.mark.parametrize(("names", "country"), ORIGINS)
def test_where_nothing_is_known_of_the_place_it_is_the_senders_country(
    names: dict[str, str], country: str
) -> None:
    reading = about(area("Somewhere"), **names)
    assert reading.draft.regions == ((country,) if country else ())
    assert not country or "nothing nearer is known" in why(reading)


def test_more_regions_than_an_update_has_room_for_are_their_countries() -> None:
    codes = [f"ISO 3166-2={region.code}" for region in TREE if region.code.startswith("TR-")]
    assert about(area("Türkiye", *codes)).draft.regions == ("TR",)
