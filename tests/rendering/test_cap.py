"""A revision is a message of CAP 1.2, whatever somebody wrote into it."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from cap_model import NAMESPACE, faults
from hypothesis import given, settings
from hypothesis import strategies as st
from xmlschema import XMLSchema

from alerts.model import Certainty, Draft, Kind, Revision, Severity, Status, Urgency
from alerts.regions import load
from alerts.rendering.cap import cap_message

TREE = load()
PAGE = "https://alerts.example.org/s/ua-talks"
BEGIN_MS = 1_648_486_800_000  # 2022-03-28T17:00:00Z
SCHEMA = Path(__file__).parents[2].parent / "shared/corpora/cap/schema_cap12.xsd"
TRIANGLE = "polygon 50.4,30.5 50.5,30.5 50.5,30.6 50.4,30.5"
TALKS = Draft(
    "Talks go on in Istanbul",
    ("UA", "TR-34", "sahel", "150"),
    "ua-talks",
    key_points=("Both sides came back", "The strait is open"),
    body="They **sat down** at noon.\n\n- for an hour",
    tags=("negotiations", "maritime"),
    severity=Severity.SEVERE,
    urgency=Urgency.EXPECTED,
    certainty=Certainty.LIKELY,
    source="Reuters",
    expires_at=datetime(2022, 4, 2, 9, tzinfo=UTC),
)


def revision(number: int = 1, kind: Kind | None = None, draft: Draft = TALKS, **changes: object) -> Revision:
    written = replace(draft, kind=kind, **changes)
    return Revision("ua-talks", number, written, BEGIN_MS + (number - 1) * 3_600_000)


def message(one: Revision, *earlier: Revision, listed: bool = True) -> bytes:
    return cap_message(one, earlier, tree=TREE, sender_name="Risk Desk", page=PAGE, listed=listed)


def texts(cap: bytes, name: str) -> list[str]:
    return [found.text or "" for found in ET.fromstring(cap).iter(f"{NAMESPACE}{name}")]


def said(cap: bytes, name: str) -> str:
    [text] = texts(cap, name)
    return text


@pytest.fixture(scope="module")
def schema() -> XMLSchema:
    """The schema of OASIS, which is theirs to give: it is in no checkout."""
    if not SCHEMA.exists():
        pytest.skip("the schema is not part of the project")
    return XMLSchema(str(SCHEMA), allow="local")


FIRST, SECOND = revision(), revision(2)
#: Every kind of message there is, and what it says of itself.
MESSAGES = {
    "a first": (message(FIRST), "Alert", "Actual"),
    "its next": (message(SECOND, FIRST), "Update", "Actual"),
    "one whose first nobody may read": (message(SECOND), "Alert", "Actual"),
    "a correction": (message(revision(3, Kind.CORRECTION), FIRST, SECOND), "Update", "Actual"),
    "its closing": (message(revision(3, Kind.CANCEL), FIRST, SECOND), "Cancel", "Actual"),
    "its retraction": (message(revision(3, Kind.RETRACTION), FIRST, SECOND), "Error", "Actual"),
    "an exercise": (message(revision(status=Status.EXERCISE, public=True)), "Alert", "Exercise"),
    "a test": (message(revision(status=Status.TEST, public=True)), "Alert", "Test"),
    "one by its link": (message(FIRST, listed=False), "Alert", "Actual"),
    "one that says little": (message(revision(draft=Draft("Flood", ("UA",), "ua-talks"))), "Alert", "Actual"),
    "one that is drawn": (message(revision(shapes=("circle 50.45,30.52 20", TRIANGLE))), "Alert", "Actual"),
    "one of a region that is no more": (message(revision(regions=("old-group",))), "Alert", "Actual"),
}


@pytest.mark.parametrize("what", MESSAGES)
def test_a_message_is_what_cap_says_one_is(what: str) -> None:
    cap, kind, status = MESSAGES[what]
    assert faults(cap) == []
    assert (said(cap, "msgType"), said(cap, "status")) == (kind, status)


@pytest.mark.parametrize("what", MESSAGES)
def test_a_message_is_valid_against_the_schema_of_oasis(what: str, schema: XMLSchema) -> None:
    cap = MESSAGES[what][0]
    assert schema.is_valid(cap.decode())
    assert not schema.is_valid(cap.decode().replace("<scope>", "<scope>X"))


def test_the_model_of_these_tests_finds_what_is_wrong() -> None:
    cap = message(FIRST)
    for good, bad in (
        (b"<status>Actual", b"<status>Real"),
        (b"-00:00</sent>", b"Z</sent>"),
        (b"<scope>Public</scope>", b""),
        (b"<headline>", b"<title>x</title><headline>"),
        (b"<identifier>ua", b"<identifier>u a"),
    ):
        assert good in cap
        assert faults(cap.replace(good, bad))


def test_who_reads_it_knows_what_it_is_about() -> None:
    cap = message(SECOND, FIRST)
    assert said(cap, "identifier") == "ua-talks.r2"
    assert said(cap, "sender") == "alerts.example.org"
    assert said(cap, "sent") == "2022-03-28T18:00:00-00:00"
    assert said(cap, "references") == "alerts.example.org,ua-talks.r1,2022-03-28T17:00:00-00:00"
    assert said(cap, "incidents") == "ua-talks"
    assert said(cap, "language") == "und"
    assert texts(cap, "category") == ["Other", "Transport"]
    assert said(cap, "event") == "negotiations"
    assert (said(cap, "urgency"), said(cap, "severity"), said(cap, "certainty")) == (
        *("Expected", "Severe", "Likely"),
    )
    assert said(cap, "expires") == "2022-04-02T09:00:00-00:00"
    assert said(cap, "senderName") == "Risk Desk"
    assert said(cap, "description").startswith(
        "• Both sides came back\n• The strait is open\n\nThey sat down"
    )
    assert said(cap, "web") == PAGE


def test_what_is_drawn_goes_out_as_it_came_in() -> None:
    cap = message(revision(shapes=("circle 50.45,30.52 20", TRIANGLE)))
    area = ET.fromstring(cap).findall(f".//{NAMESPACE}area")[-1]
    assert [f"{child.tag.removeprefix(NAMESPACE)} {child.text}" for child in area][1:] == [
        TRIANGLE,
        "circle 50.45,30.52 20",
    ]


def test_each_region_is_an_area_with_the_codes_of_whoever_gave_them() -> None:
    areas = ET.fromstring(message(FIRST)).findall(f".//{NAMESPACE}area")
    ukraine, istanbul, sahel, europe = (
        (
            area.findtext(f"{NAMESPACE}areaDesc"),
            {(g[0].text, g[1].text) for g in area.findall(f"{NAMESPACE}geocode")},
        )
        for area in areas
    )
    assert ukraine == ("Ukraine", {("ISO 3166-1", "UA")})
    assert istanbul[1] == {("ISO 3166-2", "TR-34")}
    assert istanbul[0] == "Istanbul, Türkiye"
    assert {("ISO 3166-1", "ML"), ("ISO 3166-1", "NE")} < sahel[1]
    assert europe == ("Europe", {("UN M49", "150")})


def test_what_was_wrong_and_what_is_over_say_so_in_the_note() -> None:
    wrong = message(revision(2, Kind.RETRACTION, note="There never were talks."), FIRST)
    assert said(wrong, "note") == "Retracted: this was wrong: There never were talks."
    assert not texts(wrong, "responseType")
    assert not texts(wrong, "description"), "what was wrong is not told again"
    over = message(revision(2, Kind.CANCEL), FIRST)
    assert said(over, "responseType") == "AllClear"
    assert "closed" in said(over, "note")
    assert said(message(revision(2, Kind.CORRECTION), FIRST), "note").startswith("Correction:")
    assert "Take no action" in said(message(revision(status=Status.EXERCISE)), "note")


def test_a_long_story_refers_to_its_latest_messages() -> None:
    earlier = [revision(number) for number in range(1, 200)]
    named = said(message(revision(200), *earlier), "references").split(" ")
    assert len(named) == 50
    assert named[-1].split(",")[1] == "ua-talks.r199"


@settings(deadline=None)
@given(st.text(), st.text(min_size=1))
def test_no_text_breaks_a_message(body: str, headline: str) -> None:
    """A control character, which XML cannot hold; `]]>` or `</info>`, which must end nothing."""
    cap = message(revision(body=body, headline=headline, note=body, key_points=(headline,)))
    ET.fromstring(cap)
    assert not [fault for fault in faults(cap) if "headline" not in fault]
