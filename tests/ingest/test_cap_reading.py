"""What a message of CAP says is what its update says, and what is left out is named."""

from dataclasses import replace

import pytest
from cap_writer import CAP_12, TYROL, cap, info, refers

from alerts.errors import BadInput
from alerts.ingest import Reading, read, read_all
from alerts.model import Certainty, Draft, Kind, Severity, Status, Translation, Urgency
from alerts.store.tags import shipped


def one(source: bytes, *allow: str) -> Reading:
    return read(source, "message.cap", allow)  # type: ignore[arg-type]


def draft(*infos: str, **changes: str) -> Draft:
    return one(cap(*infos, **changes)).draft


def test_a_message_becomes_an_update() -> None:
    reading = one(cap())
    assert reading.format == "cap"
    said = reading.draft
    assert (said.headline, said.regions, said.tags) == ("Gales over Tyrol", ("AT-7",), ("storm",))
    assert said.key_points == ("Stay away from trees.",)
    assert said.body == "Gusts of 100 km/h are expected.\n\n- Area: Tirol"
    assert (said.severity, said.urgency, said.certainty) == (
        Severity.MODERATE,
        Urgency.EXPECTED,
        Certainty.LIKELY,
    )
    assert (said.source, said.language, said.kind) == ("Weather Service", "en-GB", None)
    assert str(said.published_at) == "2094-03-01 07:00:00+00:00"
    assert str(said.expires_at) == "2095-03-01 07:00:00+00:00"
    assert "is about Tyrol, Austria (AT-7): the area “Tirol”" in " ".join(reading.notes).replace(
        "Tirol,", "Tyrol,"
    )


@pytest.mark.parametrize(
    "namespace",
    [
        CAP_12,
        "urn:oasis:names:tc:emergency:cap:1.1",
        "http://www.incident.com/cap/1.0",
        "urn:oasis:names:tc:emergency:CAP:1.2",
    ],
)
def test_every_version_is_read(namespace: str) -> None:
    assert one(cap(namespace=namespace)).draft == one(cap()).draft


def test_a_message_in_no_namespace_is_taken_with_a_note() -> None:
    reading = one(cap().replace(f' xmlns="{CAP_12}"'.encode(), b""))
    assert reading.draft == one(cap()).draft
    assert "is in no namespace: taken as CAP 1.2" in reading.notes


def test_elements_in_any_order_are_taken() -> None:
    """Half of the real senders do not keep to the order of the schema."""
    source = (
        cap().replace(b"<scope>Public</scope>", b"").replace(b"</alert>", b"<scope>Public</scope></alert>")
    )
    assert one(source).draft == one(cap()).draft


ENVELOPE = '<EDXLDistribution xmlns="urn:oasis:names:tc:emergency:EDXL:DE:1.0">{}</EDXLDistribution>'
EMBEDDED = (
    "<distributionStatus>{}</distributionStatus><contentObject><xmlContent><embeddedXMLContent>{}"
    "</embeddedXMLContent></xmlContent></contentObject>"
)
FEED = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>t</title><content>{}</content></entry></feed>'


@pytest.mark.parametrize(
    "around",
    [
        ENVELOPE.format(EMBEDDED.format("Actual", "{}")),
        FEED,
        "<?xml version='1.0'?><messages>{}</messages>",
        '<?xml version="1.0"?><!-- from a hub --><?xml-stylesheet href="x"?>{}',
    ],
    ids=["EDXL-DE", "Atom", "several", "prolog"],
)
def test_a_message_is_found_where_it_is_embedded(around: str) -> None:
    assert one(around.format(cap().decode()).encode()).draft == one(cap()).draft


def test_a_message_that_a_feed_has_escaped_is_found() -> None:
    escaped = cap().decode().replace("&", "&amp;").replace("<", "&lt;")
    assert one(FEED.format(escaped).encode()).draft == one(cap()).draft


def test_several_messages_are_several_updates() -> None:
    both = cap().decode() + cap(identifier="m2").decode()
    found = read_all(f"<?xml version='1.0'?><messages>{both}</messages>".encode(), "x.xml")
    assert [one.provenance and one.provenance.identifier for one in found] == ["m1", "m2"]


def test_one_message_of_several_that_cannot_be_taken_keeps_back_all() -> None:
    both = cap().decode() + cap(identifier="m2", scope="Private").decode()
    with pytest.raises(BadInput, match="Message 2: Its scope is Private"):
        read_all(f"<?xml version='1.0'?><messages>{both}</messages>".encode(), "x.xml")


@pytest.mark.parametrize(
    ("status", "ours"), [("Actual", Status.ACTUAL), ("Exercise", Status.EXERCISE), ("Test", Status.TEST)]
)
def test_an_exercise_stays_one(status: str, ours: Status) -> None:
    assert draft(status=status).status is ours


def test_a_message_in_a_test_distribution_is_a_test() -> None:
    """The envelope alone said that it was a test: everybody was told of a flood."""
    reading = one(ENVELOPE.format(EMBEDDED.format("Test", cap().decode())).encode())
    assert reading.draft.status is Status.TEST
    assert any("distribution of status test" in note for note in reading.notes)


@pytest.mark.parametrize(
    ("changes", "why", "allow"),
    [
        ({"status": "Draft"}, "a draft", "draft"),
        ({"status": "System"}, "status System", "system"),
        ({"scope": "Private"}, "scope is Private", "private"),
        ({"scope": "Restricted"}, "scope is Restricted", "restricted"),
    ],
)
def test_what_is_not_for_everybody_is_refused_unless_it_is_allowed(
    changes: dict[str, str], why: str, allow: str
) -> None:
    with pytest.raises(BadInput, match=why) as refused:
        one(cap(**changes))
    assert f"--allow {allow}" in refused.value.hint
    taken = one(cap(**changes), allow).draft
    assert taken.public is (False if "scope" in changes else None)
    assert taken.status is (Status.TEST if "status" in changes else Status.ACTUAL)


@pytest.mark.parametrize("kind", ["Ack", "Error"])
def test_what_systems_say_to_each_other_is_refused(kind: str) -> None:
    with pytest.raises(BadInput, match="from one system to another"):
        one(cap(msgType=kind))


def test_all_that_a_message_lacks_is_said_at_once() -> None:
    with pytest.raises(BadInput) as refused:
        one(cap(sender="", identifier="", sent="soon", status="Real", msgType="News", scope=""))
    for name in ("sender", "identifier", "sent", "status", "msgType", "scope"):
        assert f"`{name}`" in refused.value.sentence


SEVERITIES = [
    ("Extreme", "Immediate", "Observed", Severity.EXTREME, "as it is"),
    ("Severe", "Unknown", "Unknown", Severity.SEVERE, "what is not known takes nothing away"),
    ("Extreme", "Future", "Likely", Severity.SEVERE, "later is a degree less"),
    ("Severe", "Expected", "Possible", Severity.MODERATE, "perhaps is a degree less"),
    ("Severe", "Future", "Possible", Severity.MODERATE, "both are one degree less"),
    ("Moderate", "Future", "Possible", Severity.MODERATE, "nobody is woken by it anyway"),
    ("Extreme", "Immediate", "Unlikely", Severity.MINOR, "it will not come"),
    ("Unknown", "Immediate", "Unlikely", Severity.UNKNOWN, "nobody has said"),
    ("Severe", "Past", "Observed", Severity.SEVERE, "a quake is past when it is told of"),
]


@pytest.mark.parametrize(("severity", "urgency", "certainty", "ours", "why"), SEVERITIES)
def test_severity_is_weighed_by_urgency_and_certainty(
    severity: str, urgency: str, certainty: str, ours: Severity, why: str
) -> None:
    reading = one(cap(info(severity=severity, urgency=urgency, certainty=certainty)))
    assert reading.draft.severity is ours, why
    assert (ours == severity.lower()) is not any(note.startswith(f"is {ours}: ") for note in reading.notes)


ENDINGS = [
    ({"msgType": "Cancel"}, {}, True),
    ({"msgType": "Update"}, {"responseType": "AllClear"}, True),
    ({"msgType": "Alert"}, {"responseType": "AllClear"}, True),
    ({"msgType": "Update"}, {"certainty": "Unlikely"}, True),
    ({"msgType": "Update"}, {"urgency": "Past", "severity": "Minor"}, True),
    ({"msgType": "Update"}, {"urgency": "Past", "severity": "Severe"}, False),
    ({"msgType": "Update"}, {"urgency": "Past", "severity": "Minor", "category": "Geo"}, False),
    ({"msgType": "Alert"}, {"urgency": "Past", "severity": "Minor"}, False),
    ({"msgType": "Alert"}, {"certainty": "Unlikely"}, False),
    ({"msgType": "Update"}, {}, False),
]


@pytest.mark.parametrize(("alert", "block", "over"), ENDINGS)
def test_each_way_of_an_all_clear_ends_a_situation(
    alert: dict[str, str], block: dict[str, str], over: bool
) -> None:
    """Profiles differ in how they say that it is over; a quake is Past as soon as it is told of."""
    reading = one(cap(info(**block), **alert))
    assert reading.draft.kind is (Kind.CANCEL if over else None)
    assert bool(reading.provenance and reading.provenance.ends) is over
    assert (reading.draft.expires_at is None) is over


def test_a_part_that_is_over_does_not_end_the_whole() -> None:
    assert draft(info(responseType="AllClear"), info(), msgType="Update").kind is None


def test_the_block_in_english_leads_and_the_others_are_translations() -> None:
    """The other languages were named and left out: whoever reads German was sent the English."""
    german = info(language="de_AT", headline="Sturm über Tirol", instruction="Nicht unter Bäume stellen.")
    reading = one(cap(german, info()))
    assert (reading.draft.headline, reading.draft.language) == ("Gales over Tyrol", "en-GB")
    assert reading.draft.translations == (
        Translation(
            "de-AT",
            "Sturm über Tirol",
            ("Nicht unter Bäume stellen.",),
            "Gusts of 100 km/h are expected.\n\n- Area: Tirol",
        ),
    )
    assert "is in de-AT, too: taken as a translation" in reading.notes
    assert draft(german, info(language="it")).headline == "Sturm über Tirol"


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (info(language="de", severity="Minor"), "is in de, too, where it says something else"),
        (info(language=""), "is in another language, too, and does not say in which"),
        (info(language="klingonese"), "is in another language, too, and does not say in which"),
        (info(language="en_GB"), "is in en-GB, too, twice"),
        (info(language="de", description="Wind " * 90_000), "is in de, too, at a length that cannot be kept"),
    ],
)
def test_what_is_no_translation_is_named_and_left_out(other: str, why: str) -> None:
    """What is said to others, elsewhere, must not be read as if it were said of here."""
    reading = one(cap(info(), other))
    assert reading.draft.translations == ()
    assert f"{why}: that is left out" in reading.notes


def test_each_language_has_its_blocks_in_the_order_of_the_others() -> None:
    def both(language: str, west: str, north: str) -> tuple[str, str]:
        valley = info("<areaDesc>Vorarlberg</areaDesc>", headline=west, severity="Severe", language=language)
        return info(headline=north, language=language), valley

    said = draft(*both("en", "Gales in the west", "Gales"), *both("de", "Sturm im Westen", "Sturm"))
    [german] = said.translations
    assert (said.headline, german.headline) == ("Gales in the west", "Sturm im Westen")
    assert "**Sturm**" in german.body


def test_blocks_of_one_language_are_one_update_and_the_worst_is_first() -> None:
    valley = info("<areaDesc>Vorarlberg</areaDesc>", headline="Gales in the west", severity="Severe")
    said = draft(info(), valley)
    assert (said.headline, said.severity) == ("Gales in the west", Severity.SEVERE)
    assert said.regions == ("AT-7", "AT-8")
    assert "**Gales over Tyrol**" in said.body


def test_an_instruction_is_key_points_by_line_or_by_sentence() -> None:
    assert draft(info(instruction="- Stay in.\n- Shut the windows.")).key_points == (
        "Stay in.",
        "Shut the windows.",
    )
    sentences = ["Stay in, and shut all of the windows and doors that lead to the west. " * 4] * 3
    assert len(draft(info(instruction="\n\n".join(sentences))).key_points) == 3
    long = " ".join(f"Sentence number {n} says a little." for n in range(18))
    assert len(draft(info(instruction=long)).key_points) == 18
    treatise = " ".join(f"Sentence number {n} says a little." for n in range(60))
    assert draft(info(instruction=treatise)).key_points == ()
    assert "Sentence number 59" in draft(info(instruction=treatise)).body


def test_words_of_markdown_mean_themselves() -> None:
    assert r"\*not bold\*" in draft(info(description="*not bold*")).body


def test_a_headline_that_is_too_long_is_the_first_line_of_the_text() -> None:
    reading = one(cap(info(headline="Gales " * 50)))
    assert reading.draft.headline == "Wind: Tirol"
    assert reading.draft.body.startswith("Gales Gales")
    assert any("headline that is too long" in note for note in reading.notes)
    assert draft(info(headline="")).headline == "Wind: Tirol"


def test_html_in_a_text_is_read_as_text() -> None:
    said = draft(info(description='Call <a href="tel:118">118</a>.<br/>Stay <script>x</script>in.'))
    assert "Call 118." in said.body
    assert "script" not in said.body
    assert "href" not in said.body


def test_what_cap_has_and_an_update_has_not_is_told() -> None:
    resource = "<resource><resourceDesc>map</resourceDesc><mimeType>image/png</mimeType></resource>"
    source = cap(info().replace("<area>", f"{resource}<area>"), inside="<Signature/>")
    notes = one(source).notes
    assert "has 1 picture, sound or file: left out" in notes
    assert "has a signature: present, not verified" in notes


def test_years_of_the_buddhist_era_are_put_into_ours() -> None:
    """A storm of 2025 was sent in 2568, and would have been told for five hundred years."""
    reading = one(cap(info(expires="2568-02-26T06:00:00+07:00"), sent="2568-02-25T17:13:00+07:00"))
    assert str(reading.draft.published_at) == "2025-02-25 10:13:00+00:00"
    assert any("Buddhist" in note for note in reading.notes)


def test_references_are_read_however_they_are_written() -> None:
    odd = f"{refers('m 0', 'm2')}  broken {refers('m1')} desk@weather.example.at,m3,2094-03-01T08:00:00"
    reading = one(cap(identifier="m1", references=odd))
    assert reading.provenance
    assert list(reading.provenance.references) == ["m 0", "m2", "m3"]
    assert "refers to itself, which says nothing" in reading.notes
    alone = one(cap(references="nothing of the kind"))
    assert any("references that are none" in note for note in alone.notes)


def test_incidents_may_hold_spaces_in_quotes() -> None:
    reading = one(cap(incidents='"fire seven" 8'))
    assert reading.provenance
    assert list(reading.provenance.incidents) == ["fire seven", "8"]


def test_every_tag_is_on_the_shipped_list() -> None:
    events = [
        "Flash flood",
        "Tornado",
        "Wildfire",
        "Amber alert",
        "Tsunami",
        "911 outage",
        "Boil water",
        "Ash fall",
    ]
    events += [
        "Volcano",
        "Heat",
        "Landslide",
        "Avalanche",
        "Hurricane",
        "Civil emergency",
        "Epidemic",
        "Blackout",
    ]
    for event in events:
        tags = draft(info(event=event)).tags
        assert tags
        assert set(tags) <= set(shipped()), event
    for category in ("Met", "Fire", "Health", "Env", "Infra", "Geo", "CBRNE"):
        assert set(draft(info(event="?", category=category)).tags) <= set(shipped())


def test_a_message_without_an_offset_is_in_the_zone_of_the_desk() -> None:
    reading = one(cap(sent="2094-03-01T08:00:00"))
    assert str(reading.draft.published_at) == "2094-03-01 08:00:00"
    assert any("without an offset" in note for note in reading.notes)


def test_an_update_reads_the_same_from_its_own_json() -> None:
    said = draft(info(f"{TYROL}<circle>47.26,11.39 20</circle>"))
    assert said.shapes == ("circle 47.26,11.39 20",)
    assert Draft.from_dict(said.to_dict()) == said
    assert replace(said, shapes=()).fingerprint != said.fingerprint
