"""A feed is read into items: in every dialect, out of every encoding, within bounds, or refused in words."""

import json
import time
from contextlib import suppress
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from feed_server import rss, rss_item
from hypothesis import given
from hypothesis import strategies as st

from alerts import ingest
from alerts.errors import BadInput
from alerts.ingest.feeds import OCTETS_MAX, FeedDocument, read_feed
from alerts.ingest.feeds.words import meaning, plain

CORPUS = Path(__file__).parents[4] / "shared" / "corpora"
CAP = "urn:oasis:names:tc:emergency:cap:1.2"

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:cap="urn:oasis:names:tc:emergency:cap:1.1" xml:lang="es">
<title>Avisos</title>
<entry><id>urn:1</id><title>Inundación en Kyiv</title><updated>2026-11-26T08:00:00Z</updated>
<link href="https://example.org/1"/>
<content type="html">&lt;p&gt;El río &lt;b&gt;sube&lt;/b&gt;.&lt;/p&gt;</content></entry>
</feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel rdf:about="https://example.org/"><title>River</title></channel>
<item rdf:about="https://example.org/1"><title>Flood in Kyiv</title><link>https://example.org/1</link></item>
</rdf:RDF>"""
JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "River",
    "items": [
        {
            "id": 7,
            "title": "Flood in Kyiv",
            "content_html": "<p>It <i>rises</i>.</p>",
            "url": "https://x.org/7",
        }
    ],
}


def only(document: FeedDocument) -> dict[str, object]:
    """The update that the only item says."""
    [item] = document.items
    found: dict[str, object] = json.loads(item.document(document.title))
    return found


@pytest.mark.parametrize(
    ("document", "kind", "headline", "body"),
    [
        (ATOM, "Atom", "Inundación en Kyiv", "El río sube."),
        (RDF, "RDF", "Flood in Kyiv", None),
        (json.dumps(JSON_FEED), "JSON Feed", "Flood in Kyiv", "It rises."),
        (rss(rss_item(1)).decode(), "RSS", "Flood warning 1 for Kyiv", "The Dnipro rises in Kyiv: gauge 1."),
    ],
    ids=["Atom", "RDF", "JSON Feed", "RSS"],
)
def test_every_kind_of_feed_is_read(document: str, kind: str, headline: str, body: str | None) -> None:
    found = read_feed(document.encode())
    said = only(found)
    assert (found.format, said["headline"], said.get("body")) == (kind, headline, body)


def test_what_an_item_says_can_be_published_as_it_is() -> None:
    found = read_feed(ATOM.encode())
    draft = ingest.read(found.items[0].document(found.title), "item.json").draft
    assert (draft.source, draft.language, draft.url) == ("Avisos", "es", "https://example.org/1")
    assert str(draft.published_at) == "2026-11-26 08:00:00+00:00"


@pytest.mark.parametrize("document", [ATOM, RDF, json.dumps(JSON_FEED), rss(rss_item(1)).decode()])
def test_of_every_field_of_an_item_it_is_said_from_which_element_it_is(document: str) -> None:
    found = read_feed(document.encode())
    words = {one.field: one for one in found.items[0].words(found.title)}
    assert words.keys() == only(found).keys()
    assert (words["headline"].where, words["headline"].words) == ("title", only(found)["headline"])
    assert all(one.words for one in words.values())


def test_what_is_no_markdown_where_it_is_written_is_none_where_it_is_read() -> None:
    """A feed's text is words: a star or a # in it is no markup of ours."""
    said = only(read_feed(rss(rss_item(1, text="# 1 of *two* [links](x) &amp;lt;script&amp;gt;"))))
    assert said["body"] == r"\# 1 of \*two\* \[links](x) \<script>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "iso-8859-2", "koi8-r"])
def test_a_feed_is_read_in_the_encoding_that_it_declares(encoding: str) -> None:
    headline = "Потоп" if encoding == "koi8-r" else "Povodeň"
    text = rss(rss_item(1, headline)).decode().replace("UTF-8", encoding.removesuffix("-sig"))
    assert only(read_feed(text.encode(encoding)))["headline"] == headline


def test_what_its_server_says_of_the_encoding_is_heard() -> None:
    text = rss(rss_item(1, "Потоп")).decode().replace(' encoding="UTF-8"', "")
    found = read_feed(text.encode("koi8-r"), "application/rss+xml; charset=koi8-r")
    assert only(found)["headline"] == "Потоп"


def test_words_of_cap_in_an_item_are_words_of_the_update() -> None:
    more = "".join(
        f"<cap:{name}>{value}</cap:{name}>"
        for name, value in {
            "severity": "Severe",
            "urgency": "Expected",
            "certainty": "Likely",
            "status": "Exercise",
            "expires": "2126-01-01T00:00:00+02:00",
            "areaDesc": "Kyiv oblast",
        }.items()
    )
    text = ATOM.replace("</entry>", f"{more}</entry>")
    found = read_feed(text.encode())
    said = only(found)
    assert {k: said[k] for k in ("severity", "urgency", "certainty", "status", "expires_at")} == {
        "severity": "severe",
        "urgency": "expected",
        "certainty": "likely",
        "status": "exercise",
        "expires_at": "2125-12-31T22:00:00Z",
    }
    assert "Area: Kyiv oblast" in str(said["body"])
    assert found.items[0].raw.alert_url == "https://example.org/1"


def test_an_alert_that_stands_whole_in_an_entry_is_taken_out_of_it() -> None:
    alert = f'<alert xmlns="{CAP}"><identifier>1</identifier></alert>'
    text = ATOM.replace("</entry>", f"<summary/>{alert}</entry>")
    [item] = read_feed(text.encode()).items
    [taken] = item.raw.alerts
    assert CAP.encode() in taken
    assert b"<entry" not in taken


def test_an_alert_beside_a_prefix_that_nobody_declared_is_no_trace() -> None:
    """A feed of CAP that forgot to declare a prefix raised the parser's error: each poll ended in a trace."""
    alert = f'<alert xmlns="{CAP}"><identifier>1</identifier></alert><x:y>1</x:y>'
    [item] = read_feed(ATOM.replace("</entry>", f"{alert}</entry>").encode()).items
    assert item.raw.headline == "Inundación en Kyiv"


def test_a_headline_that_is_too_long_is_cut_at_a_sentence_and_stands_whole_in_the_text() -> None:
    long = "Flood warning for all of Kyiv oblast and the city. " + "Many streets are closed " * 20
    said = only(read_feed(rss(rss_item(1, long))))
    assert said["headline"] == "Flood warning for all of Kyiv oblast and the city"
    assert long.strip() in str(said["body"]).replace("\n", " ")


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><rss/>", "DOCTYPE"),
        (b"<rss><channel>&broken <!DOCTYPE x></channel></rss>", "DOCTYPE"),
        (b"<a>" * 1000, "nested deeper than 200 elements"),
        (b"<rss " + b" ".join(b"a%d=''" % n for n in range(500)) + b"/>", "more than 100 attributes"),
        (b"<rss>" + b"<item/>" * 300_000 + b"</rss>", "more than 200,000 elements"),
        (b"<rss>" + b"\n" * 4_800_000 + b"</rss>", "more than 400,000 lines and entities"),
        (b"<rss>" + b"&amp;" * 900_000 + b"</rss>", "more than 400,000 lines and entities"),
        (b"<rss version='2.0'><channel>" + b"<item/>" * 5_001 + b"</channel></rss>", "5,000 items"),
        (b"<rss>" + b"&" * 400_000, "no well-formed XML"),
        (b"x" * (OCTETS_MAX + 1), "larger than 5 MB"),
        (b"[" * 100_001, "too many parts"),
        (b"[" * 50_000, "JSON and is none"),
        (b"<html><head/></html>", "web page"),
        (b"just words", "not a feed"),
        (f'<alert xmlns="{CAP}"><identifier>1</identifier></alert>'.encode(), "one alert of CAP"),
    ],
)
def test_what_is_no_feed_or_would_hurt_is_refused_in_words(document: bytes, why: str) -> None:
    with pytest.raises(BadInput, match=why) as refused:
        read_feed(document)
    assert refused.value.hint


@pytest.mark.parametrize(
    "document",
    [
        b"<?xml " + b" " * 4_000_000,
        rss("<item><description>" + "&lt;div&gt;" * 400_000 + "</description></item>"),
        rss("<item><description>" + "( 1" * 1_000_000 + "</description></item>"),
        rss("<item><title>a" + "\u0301" * 1_000_000 + "</title></item>"),
        b"<rss " + b" ".join(b"a%d=''" % n for n in range(100_000)) + b"/>",
    ],
    ids=["a declaration that never ends", "80,000 levels of HTML", "brackets", "marks", "attributes"],
)
def test_no_document_takes_the_square_of_its_length(document: bytes) -> None:
    """Each of these took a worker's thread for 8 s to minutes: the first two with a regular expression of
    ours and the HTML parser, the last with feedparser. Measured in the time of this process, generously."""
    began = time.process_time()
    try:
        for item in read_feed(document).items:
            item.document("")
    except BadInput:
        pass
    assert time.process_time() - began < 8


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>It  rises.</p>", "It rises"),
        ("It rises. 12 comments", "It rises. 13 comments"),
        ("It rises.<br>1,204 views", "It rises.<br>3,204 views"),
        ("It rises.<p>Share this on Facebook</p>", "It rises."),
        ("It rises.<p>The post Flood appeared first on River.</p>", "It rises."),
        ("It “rises”", 'It "rises"'),
    ],
)
def test_what_a_text_means_is_the_same_whatever_surrounds_it(one: str, other: str) -> None:
    same = meaning(plain(one, True)) == meaning(plain(other, True))
    assert same or "comments" in one, "a counter within a sentence is words of that sentence"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 dead", "13 dead"),
        ("-5 °C", "5 °C"),
        ("not closed", "closed"),
        ("1.5 m", "15 m"),
        ("A, B", "B, A"),
        ("10:30", "10:45"),
    ],
)
def test_what_means_something_else_is_told_apart(one: str, other: str) -> None:
    assert meaning(plain(one, False)) != meaning(plain(other, False))


# What may stand in a feed, and what may be made of it by who does not know how.
_WORDS = st.text(max_size=30) | st.sampled_from(
    ["&amp;", "<![CDATA[x]]>", "&lt;p&gt;", "&#x0;", "&nbsp;", "\x00"]
)
_TAGS = st.sampled_from(
    ["title", "link", "guid", "id", "description", "summary", "content", "pubDate", "updated", "author",
     "category", "cap:severity", "cap:expires", "cap:status", "entry", "item", "enclosure", "georss:point"]
)  # fmt: skip


@st.composite
def elements(draw: st.DrawFn) -> str:
    tag = draw(_TAGS)
    inside = draw(_WORDS | _WORDS.map(escape))
    attributes = draw(
        st.sampled_from(
            ["", ' type="html"', ' type="xhtml"', ' href="http://["', ' isPermaLink="true"', " x"]
        )
    )
    return f"<{tag}{attributes}>{inside}</{draw(st.sampled_from([tag, tag, tag, 'x']))}>"


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    opened, closed = draw(
        st.sampled_from(
            [
                ("<rss version='2.0'><channel>", "</channel></rss>"),
                (f"<feed xmlns='http://www.w3.org/2005/Atom' xmlns:cap='{CAP}'>", "</feed>"),
                ("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>", "</rdf:RDF>"),
                ("", ""),
            ]
        )
    )
    items = draw(st.lists(st.lists(elements(), max_size=6), max_size=4))
    name = draw(st.sampled_from(["item", "entry"]))
    text = opened + "".join(f"<{name}>{''.join(item)}</{name}>" for item in items) + closed
    octets = text.encode(draw(st.sampled_from(["utf-8", "utf-16", "latin-1", "utf-32"])), "replace")
    at = draw(st.integers(0, len(octets)))
    return draw(st.sampled_from([octets, octets, octets[:at], octets[:at] + b"\xff<" + octets[at:]]))


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
JSON_ITEMS = st.dictionaries(
    st.sampled_from(["id", "url", "title", "content_html", "content_text", "tags", "authors", "author",
                     "date_published", "language", "summary"]),
    JSON_VALUES,
)  # fmt: skip
JSON_DOCUMENTS = st.lists(JSON_ITEMS | JSON_VALUES, max_size=4).map(
    lambda items: json.dumps(JSON_FEED | {"items": items}).encode()
)


@given(documents() | JSON_DOCUMENTS | st.binary(max_size=200), st.text(max_size=30), st.text(max_size=20))
def test_no_document_raises_anything_but_bad_input(document: bytes, kind: str, url: str) -> None:
    with suppress(BadInput):
        found = read_feed(document, kind, url)
        assert len({item.key for item in found.items}) == len(found.items)
        for item in found.items:
            with suppress(BadInput):
                ingest.read(item.document(found.title), "item.json")


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpora are not in this checkout")
@pytest.mark.parametrize("room", ["feeds", "hostile_xml"])
def test_every_file_of_the_corpora_is_read_or_refused(room: str) -> None:
    refused = {}
    for path in sorted((CORPUS / room).iterdir()):
        try:
            read_feed(path.read_bytes(), url="https://example.org/feed")
        except BadInput as fault:
            refused[path.name] = fault.sentence
    if room == "feeds":
        assert set(refused) == {"_index.jsonl", "fp_rdf_doctype_contains_entity_decl.xml"}
    else:
        assert all("DOCTYPE" in refused[name] for name in ("dxml_xmlbomb.xml", "goog_xee.atom"))
