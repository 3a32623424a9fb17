"""Whatever XML comes, it is read or refused with a sentence: soon, in little memory, nothing fetched."""

import sys
import tracemalloc
from pathlib import Path

import pytest
from cap_writer import CAP_12, cap, info

from alerts.errors import BadInput
from alerts.ingest import read_all
from alerts.ingest.cap.messages import CapAlert

HOSTILE = Path(__file__).parents[2].parent / "shared/corpora/hostile_xml"
FILES = sorted(path for path in HOSTILE.glob("*") if path.name != "_index.jsonl") if HOSTILE.exists() else []
#: Those of the corpus that say something clear, though not as the schema has it, and one that does no harm as
#: the text it could be; all others are refused.
UNDERSTOOD = {
    "dxml_simple.xml",
    "cpl_noaa_errors_variant.cap",
    "cpl_sweden_order.cap",
    "goog_noaa_errors.cap",
    "goog_weather_invalid.atom",
    "uk_blank_area_names.xml",
    "uk_cancel_missing_references.xml",
}
#: Far below the 100 MB that a file may cost.
MEMORY_MAX = 60_000_000
#: Calls and lines of Python that a file may cost: about a second's worth on the slowest machine, which a test
#: cannot measure by the clock.
STEPS_MAX = 12_000_000


def refusal(source: bytes) -> BadInput:
    with pytest.raises(BadInput) as refused:
        read_all(source, "x.xml")
    assert refused.value.sentence.endswith(".")
    assert len(refused.value.sentence) < 700
    assert refused.value.hint
    return refused.value


BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
DECLARED = {
    "a bomb": f'<!DOCTYPE alert [<!ENTITY a0 "boom">{BOMB}]><alert xmlns="{CAP_12}">&a8;</alert>',
    "a quadratic bomb": f'<!DOCTYPE alert [<!ENTITY a "{"x" * 50_000}">]><alert>{"&a;" * 10_000}</alert>',
    "a file": '<!DOCTYPE alert [<!ENTITY a SYSTEM "file:///etc/passwd">]><alert>&a;</alert>',
    "a server": '<!DOCTYPE alert [<!ENTITY a SYSTEM "http://127.0.0.1:9/">]><alert>&a;</alert>',
    "a parameter": '<!DOCTYPE alert [<!ENTITY % a SYSTEM "http://127.0.0.1:9/">%a;]><alert/>',
    "a definition elsewhere": '<!DOCTYPE alert SYSTEM "http://127.0.0.1:9/x.dtd"><alert/>',
    "an empty one": "<!DOCTYPE alert><alert/>",
}


@pytest.mark.parametrize("what", DECLARED)
@pytest.mark.parametrize("prolog", ["", '<?xml version="1.0" encoding="UTF-8"?>'])
def test_every_document_type_is_refused(what: str, prolog: str) -> None:
    assert "DOCTYPE" in refusal((prolog + DECLARED[what]).encode()).sentence


def test_a_file_of_100_mb_is_refused_by_its_length() -> None:
    source = b'<?xml version="1.0"?><alert>' + b" " * 100_000_000
    tracemalloc.start()
    assert "larger than 1 MB" in refusal(source).sentence
    assert tracemalloc.get_traced_memory()[1] < MEMORY_MAX
    tracemalloc.stop()


LARGE = {
    "deep": b"<?xml version='1.0'?>" + b"<a>" * 300_000,
    "wide": b"<alert>" + b"<a/>" * 240_000 + b"</alert>",
    "full of attributes": b"<alert " + b" ".join(b'a%d="1"' % n for n in range(90_000)) + b"/>",
    "full of namespaces": b"<alert " + b" ".join(b'xmlns:a%d="u"' % n for n in range(20_000)) + b"/>",
    "one long text": cap(info(description="word " * 190_000)),
    "full of references": cap(references="a,b,2094-03-01T08:00:00 " * 30_000),
    "full of false references": cap(references="a,b,c,d, " * 100_000),
    "full of areas": cap(info(*[f"<areaDesc>Nowhere {n}</areaDesc>" for n in range(12_000)])),
    "full of names": cap(
        info("<areaDesc>" + ", ".join(f"Nowhere {n}" for n in range(50_000)) + "</areaDesc>")
    ),
    "full of blocks": cap(*[info()] * 1_500),
    "full of outlines": cap(
        info("<areaDesc>x</areaDesc>" + "<polygon>-80,-170 80,-170 80,170 -80,170</polygon>" * 3_000)
    ),
    "one fine outline": cap(
        info(f"<polygon>{' '.join(f'{n / 1000},{n % 90}' for n in range(20_000))}</polygon>")
    ),
    "full of incidents": cap(incidents='"a ' * 200_000),
    "full of brackets": cap(info(description="<b " * 150_000)),
    "full of sentences": cap(info(instruction="No. " * 200_000)),
    "full of codes": cap(info("<geocode>SAME=006037</geocode>" * 15_000)),
}


@pytest.mark.parametrize("what", LARGE)
def test_whatever_is_large_is_answered_within_bounds(what: str) -> None:
    """Each of these is below the limit of length, and is meant to take as long as it can."""
    read_all(cap(), "x.cap")  # tables are read once
    steps = 0

    def count(*_: object) -> object:
        nonlocal steps
        steps += 1
        assert steps < STEPS_MAX
        return count

    tracemalloc.start()
    sys.settrace(count)  # type: ignore[arg-type]
    try:
        read_all(LARGE[what], "x.xml")
    except BadInput:
        pass
    finally:
        sys.settrace(None)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < MEMORY_MAX


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "iso-8859-1"])
def test_a_message_is_read_in_the_encoding_it_is_in(encoding: str) -> None:
    declared = "ISO-8859-1" if encoding == "iso-8859-1" else "UTF-8"
    text = f'<?xml version="1.0" encoding="{declared}"?>' + cap(info(headline="Böen über Tirol")).decode()
    if encoding.startswith("utf-16") or encoding == "utf-32":
        text = text.replace(' encoding="UTF-8"', "")
    [reading] = read_all(text.encode(encoding), "x.cap")
    assert reading.draft.headline == "Böen über Tirol"


@pytest.mark.parametrize("encoding", ["big5", "shift_jis", "koi8-r", "windows-1251", "gb18030"])
def test_an_encoding_that_the_parser_does_not_know_is_read(encoding: str) -> None:
    headline = "Ветер" if encoding in ("koi8-r", "windows-1251") else "水"
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + cap(info(headline=headline)).decode()
    [reading] = read_all(text.encode(encoding), "x.cap")
    assert reading.draft.headline == headline


@pytest.mark.parametrize("name", ["idna", "punycode", "unicode_escape", "utf-7", "rot13", "zlib", "bogus"])
def test_what_is_no_encoding_of_text_is_refused(name: str) -> None:
    """Some that Python knows take quadratic time, or are no encodings at all."""
    text = f'<?xml version="1.0" encoding="{name}"?>' + cap().decode()
    assert "which is not read" in refusal(text.encode()).sentence


def test_xml_that_is_no_message_is_refused() -> None:
    """A schema was read as a text, with its first line as headline."""
    for source in (
        b'<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema"/>',
        b"<?xml version='1.0'?><note/>",
    ):
        assert "XML" in refusal(source).sentence


def test_a_message_in_another_encoding_than_it_says_is_refused() -> None:
    source = cap(info(headline="Böen")).decode().encode("latin-1")
    assert "not in UTF-8" in refusal(source).sentence


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_hostile_file_is_refused_or_survived(path: Path) -> None:
    source = path.read_bytes()
    if path.name in UNDERSTOOD:
        assert all(reading.draft.headline for reading in read_all(source, path.name))
    else:
        refusal(source)


def test_a_message_keeps_no_element_of_its_file() -> None:
    """A tree that outlives its message would hold a megabyte for each."""
    assert not any("Element" in str(kind) for kind in CapAlert.__annotations__.values())
