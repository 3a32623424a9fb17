"""Messages that nobody has thought of, made by the grammar of CAP: each is read, or refused in a sentence."""

from contextlib import suppress

from cap_writer import ALERT, CAP_12, INFO, elements, refers
from hypothesis import given
from hypothesis import strategies as st

from alerts import ingest
from alerts.errors import BadInput
from alerts.ingest import Reading, read_all
from alerts.ingest.cleaning import one_line
from alerts.model import Draft
from alerts.regions import load

TREE = load()
#: What XML can hold: no control characters, no surrogates.
words = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=30
)
times = st.one_of(
    st.datetimes(timezones=st.timezones() | st.none()).map(lambda when: when.isoformat()),
    st.sampled_from(
        [
            "2094-03-01T08:00:00-00:00",
            "2568-02-25T17:13:00+07:00",
            "9999-12-31T23:59:59-14:00",
            "0001-01-01T00:00:00+14:00",
        ]
    ),
    words,
)
degrees = st.floats(-200, 200, width=32).map(str) | words
points = st.builds("{},{}".format, degrees, degrees)
polygons = st.lists(points, max_size=6).map(" ".join)
circles = st.builds("{} {}".format, points, degrees)
SCHEMES = ["SAME", "FIPS6", "UGC", "EMMA_ID", "NUTS2", "WARNCELLID", "ISO 3166-2", "Taiwan_Geocode_103"]
SCHEMES += ["profile:CAP-CP:Location:0.3", "UN M49"]
geocodes = st.tuples(
    st.sampled_from(SCHEMES) | words, st.from_regex(r"[A-Z0-9-]{0,9}", fullmatch=True) | words
)
descriptions = words | st.sampled_from(
    ["Tirol", "Gro,Oax", "Aswan in Egypt", "x, y and z", "", "State of MI"]
)
DEGREES = [
    "Extreme",
    "Severe",
    "Moderate",
    "Minor",
    "Unknown",
    "Past",
    "Future",
    "Unlikely",
    "Very Likely",
    "",
]
degree = st.sampled_from(DEGREES) | words


@st.composite
def areas(draw: st.DrawFn) -> str:
    drawn = [("polygon", text) for text in draw(st.lists(polygons, max_size=2))]
    drawn += [("circle", text) for text in draw(st.lists(circles, max_size=2))]
    shapes = "".join(elements({name: text}) for name, text in drawn)
    codes = "".join(
        f"<geocode>{elements({'valueName': scheme, 'value': value})}</geocode>"
        for scheme, value in draw(st.lists(geocodes, max_size=3))
    )
    return f"<area>{elements({'areaDesc': draw(descriptions)})}{shapes}{codes}</area>"


@st.composite
def blocks(draw: st.DrawFn) -> str:
    changed = {
        "language": draw(st.sampled_from(["en", "de-AT", "english", "xx-YY-zz", "", "zh-mo"]) | words),
        "category": draw(st.sampled_from(["Met", "Geo", "Other"]) | words),
        "responseType": draw(st.sampled_from(["AllClear", "None", "Monitor", ""]) | words),
        "onset": draw(times),
        "expires": draw(times),
        "web": draw(st.sampled_from(["https://example.org", "http://[", "example.org", ""]) | words),
    }
    changed |= {name: draw(degree) for name in ("urgency", "severity", "certainty")}
    changed |= {name: draw(words) for name in ("event", "headline", "description", "instruction", "contact")}
    said = draw(st.permutations(list((INFO | changed).items())))
    return f"<info>{elements(dict(said))}{''.join(draw(st.lists(areas(), max_size=3)))}</info>"


@st.composite
def messages(draw: st.DrawFn) -> bytes:
    changed = {
        "sent": draw(st.just(ALERT["sent"]) | times),
        "status": draw(st.sampled_from(["Actual", "Exercise", "Test", "Draft", "System", "Real"])),
        "msgType": draw(st.sampled_from(["Alert", "Update", "Cancel", "Ack", "Error", "News"])),
        "scope": draw(st.sampled_from(["Public", "Public", "Private", "Restricted", ""])),
        "identifier": draw(words | st.just("2.49.0.1.124.a")),
        "sender": draw(words | st.sampled_from(["a@b.at", "https://x.gov/y"])),
        "references": draw(words | st.lists(words, max_size=3).map(lambda names: refers(*names))),
        "incidents": draw(words),
        "note": draw(words),
    }
    namespace = draw(st.sampled_from([CAP_12, "http://www.incident.com/cap/1.0", "", "urn:x"]))
    body = elements(dict(draw(st.permutations(list((ALERT | changed).items())))))
    said = body + "".join(draw(st.lists(blocks(), max_size=3)))
    return f'<alert xmlns="{namespace}">{said}</alert>'.encode()


def readings_of(source: bytes) -> list[Reading]:
    """What it is read as; nothing for what is refused, with a sentence fit to be shown."""
    try:
        return read_all(source, "x.cap", ("private", "restricted", "draft", "system"))
    except BadInput as caught:
        refused = caught
    assert refused.sentence.endswith((".", "?"))
    assert refused.sentence == one_line(refused.sentence)
    return []


def answered(source: bytes) -> None:
    """Each of its updates is what updates are, and can be completed, unless it ends before it begins."""
    for reading in readings_of(source):
        assert Draft.from_dict(reading.draft.to_dict()) == reading.draft
        assert all(code in TREE for code in reading.draft.regions)
        assert all(one_line(note) == note for note in reading.notes)
        with suppress(BadInput):
            ingest.complete(reading, find_region=TREE.find)


@given(messages())
def test_any_message_is_read_or_refused(source: bytes) -> None:
    answered(source)


@given(messages(), st.data())
def test_any_damaged_message_is_read_or_refused(source: bytes, data: st.DataObject) -> None:
    """Octets are lost, doubled, and flipped on the way."""
    damaged = bytearray(source)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    answered(bytes(damaged) or b"<alert>")
