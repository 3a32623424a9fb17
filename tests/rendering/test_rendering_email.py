"""An email as mail programs read it: parsed back with the standard library, never compared with ourselves."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
import renderers
from hypothesis import given, settings
from hypothesis import strategies as st
from rendering_samples import (
    FLOOD,
    HORIZON,
    HOUR,
    LINKS,
    MARCH,
    NEXT,
    READING,
    REASON,
    STALL,
    TALKS,
    alone,
    html_of,
    mail,
    raw,
    renderer,
    revisions,
    several,
    text_of,
)

from alerts.errors import BadInput
from alerts.model import Change, Channel, Digest, Entry, Fill, Status
from alerts.rendering.mail_from import mail_from

EMAIL = Channel("email")
SHARED = Path(__file__).parents[2].parent / "shared"


def test_the_headers_say_who_to_whom_what_and_how_to_leave():
    found = mail(alone(EMAIL, TALKS))
    assert found["From"] == "Situation Desk <desk@alerts.example.org>"
    assert found["To"] == "olena@example.org"
    assert found["Subject"] == TALKS.headline
    assert found["Date"] == "Mon, 28 Mar 2022 17:00:00 +0000"
    assert re.fullmatch(r"<r[0-9a-f]{20}\.1\.7\.[0-9a-f]{16}@alerts\.example\.org>", found["Message-ID"])
    assert found["References"] == "<t.ua-ru-talks.7@alerts.example.org>"
    assert found["List-Unsubscribe"] == f"<{LINKS.unsubscribe('olena@example.org')}>"
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert found["Auto-Submitted"] == "auto-generated"
    assert "Content-Language" not in found  # nobody has said what an update is written in
    assert not {"Precedence", "Importance", "X-Priority"} & set(found.keys())


def test_only_a_digest_of_a_clock_is_bulk_and_only_an_urgent_one_is_important():
    assert mail(several(EMAIL, [TALKS, MARCH]))["Precedence"] == "bulk"
    urgent = mail(alone(EMAIL, FLOOD, urgent=True))
    assert (urgent["Importance"], urgent["X-Priority"], urgent["Precedence"]) == ("high", "1", None)


def test_the_parts_are_plain_text_and_html_in_quoted_printable():
    found = mail(alone(EMAIL, TALKS))
    assert found.get_content_type() == "multipart/alternative"
    parts = list(found.iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert {part["Content-Transfer-Encoding"] for part in parts} == {"quoted-printable"}
    assert {part.get_content_charset() for part in parts} == {"utf-8"}
    assert not any(part.defects for part in found.walk())


@pytest.mark.parametrize(
    ("subject", "draft", "more"),
    [
        (STALL.headline, replace(STALL, severity=TALKS.severity), {}),
        (f"[SEVERE] {STALL.headline}", STALL, {}),
        (f"[SEVERE · Updated] {STALL.headline}", STALL, {"change": Change.UPDATED, "before": TALKS}),
        (f"[Correction] {TALKS.headline}", TALKS, {"change": Change.CORRECTED, "before": TALKS}),
        (f"[Closed] {TALKS.headline}", STALL, {"change": Change.CLOSED, "before": TALKS}),
        (f"[Exercise · SEVERE] {STALL.headline}", replace(STALL, status=Status.EXERCISE), {}),
        (f"[Test] {TALKS.headline}", replace(TALKS, status=Status.TEST), {}),
    ],
    ids=str,
)
def test_the_subject_says_what_kind_of_message_it_is(subject, draft, more):
    assert mail(alone(EMAIL, draft, **more))["Subject"] == subject


def test_the_subject_of_a_digest_names_the_worst_and_counts_the_rest():
    found = mail(several(EMAIL, [MARCH, TALKS, FLOOD]))
    assert found["Subject"] == "EXTREME · Flooding in Sylhet, and 2 more · 20:00 Mon 28 Mar"


def test_a_headline_is_cut_at_250_characters_in_a_subject():
    found = mail(alone(EMAIL, replace(STALL, headline="Ω word " * 200)))
    assert len(found["Subject"].removeprefix("[SEVERE] ")) <= 250
    assert found["Subject"].endswith("…")


def test_the_same_digest_gives_the_same_bytes_twice():
    digest = Digest(EMAIL, (Entry("ua-ru-talks", 2, Change.UPDATED, since=1),), HORIZON)
    known = revisions(TALKS, STALL)
    assert renderer().render(digest, known) == renderer().render(digest, known)


def test_what_changed_is_told_in_both_parts():
    found = mail(alone(EMAIL, STALL, Change.UPDATED, before=TALKS))
    for part in (text_of(found), html_of(found)):
        assert "The round ended early." in part
        assert "Severity rose: Moderate → Severe" in part
        assert "Regions added: Türkiye" in part
        assert "Regions no longer concerned: Russia" in part
        assert "New: Delegations left Istanbul" in part
        assert "No longer mentioned: Talks in Istanbul tomorrow" in part


@pytest.mark.parametrize(
    ("sentence", "draft", "change", "more"),
    [
        ("EXERCISE", replace(TALKS, status=Status.EXERCISE), Change.NEW, {}),
        ("TEST", replace(TALKS, status=Status.TEST), Change.NEW, {}),
        ("Correction", replace(TALKS, note="It is Istanbul."), Change.CORRECTED, {"before": TALKS}),
        ("This situation is closed", TALKS, Change.CLOSED, {"before": TALKS}),
        ("This digest is late", TALKS, Change.NEW, {"late": True, "from_ms": HORIZON - HOUR}),
        ("Where things stand in your area", TALKS, Change.NEW, {"catch_up": True}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_must_not_be_overlooked_has_a_banner_in_both_parts(sentence, draft, change, more):
    found = mail(alone(EMAIL, draft, change, **more))
    assert f"*** {sentence} ***" in text_of(found)
    assert f">{sentence}</strong>" in html_of(found)


def test_an_exercise_is_marked_even_where_a_digest_folds_it():
    drafts = [replace(TALKS, id=f"u-{n}", status=Status.EXERCISE, body="long " * 200) for n in range(200)]
    found = mail(several(EMAIL, drafts))
    assert text_of(found).count("EXERCISE: ") > 50
    assert html_of(found).count("EXERCISE: ") > 50


def test_what_went_out_at_once_is_remembered_in_one_line():
    entries = (
        Entry("ke-protest", 1, Change.NEW),
        Entry("bd-flood", 1, Change.TOLD, at_ms=HORIZON - 3 * HOUR),
    )
    digest = Digest(EMAIL, entries, HORIZON, clock="daily 20:00 Europe/Kyiv", from_ms=HORIZON - 24 * HOUR)
    found = mail(renderer().render(digest, revisions(MARCH, FLOOD)))
    assert "• Flooding in Sylhet (at 17:00 Europe/Kyiv)" in text_of(found)
    assert found["Subject"] == "Protest in Nairobi · 20:00 Mon 28 Mar"


def test_severe_entries_stand_first_and_all_others_under_their_country():
    text = text_of(mail(several(EMAIL, [MARCH, replace(TALKS, regions=("UA-30",)), FLOOD])))
    places = [text.index(f"== {name} ==") for name in ("Severe and extreme", "Ukraine", "Kenya")]
    assert places == sorted(places)


def test_five_hundred_entries_fold_below_90_kb_and_every_one_is_counted():
    drafts = [
        replace(TALKS, id=f"u-{n}", headline=f"Situation {n} — " + "Ω" * 200, body="Ω text " * 500)
        for n in range(500)
    ]
    found = mail(several(EMAIL, drafts))
    html = html_of(found)
    assert len(html.encode()) <= 90_000
    also = html.split("Also</h2>")[1]
    counted = int(re.search(r"and (\d+) more", also)[1])
    shown = html.count("<h3") + also.count("<li") - 1
    assert shown + counted == 500


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("one endless paragraph", "Ω" * 400_000),
        ("a list of nothing much", "- a\n" * 50_000),
        ("nothing but brackets", "[" * 300_000),
        ("a tower of quotes", "> " * 100_000),
    ],
)
def test_a_body_of_any_size_fits(what, body):
    html = html_of(mail(alone(EMAIL, replace(TALKS, body=body))))
    assert len(html.encode()) <= 90_000
    assert f'<a href="https://alerts.example.org/r/{READING}/{TALKS.id}"' in html
    assert "Read the whole update" in html


def test_blank_lines_in_a_body_are_not_taken_for_something_left_out():
    assert "Read the whole update" not in text_of(
        mail(alone(EMAIL, replace(TALKS, body="one\n\n\n\n \n\ntwo")))
    )


NASTY = [
    "plain",
    "",
    "=",
    "=3D =\n=",
    ".",
    ".\n.\n..",
    "trailing space \nand tab\t",
    "Ω" * 500,
    "x" * 5000,
    "From here",
    "–=_–" * 40,
    "<b>&amp;</b> \"quoted\" 'single'",
    "a" * 74,
    "a" * 75,
    "a" * 76,
    "a" * 150,
    "a" * 151,
    "a" * 75 + "." + "b" * 40,
    "a" * 74 + ".." + "b" * 40,
    "a" * 75 + "." * 40,
    "line\n" * 30,
]


@pytest.mark.parametrize("value", NASTY, ids=lambda value: repr(value[:20]))
def test_a_blank_filled_in_reads_as_if_the_template_had_said_it(value):
    """Beside the value nothing changes: not a space, not a line."""
    message = alone(EMAIL, TALKS)
    found, plain = mail(message, reason=value), mail(message, reason="REASON")
    assert text_of(found) == text_of(plain).replace("REASON", value)
    written = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    written = written.replace('"', "&quot;").replace("'", "&#x27;").replace("\n", "<br>\n")
    assert html_of(found) == html_of(plain).replace("REASON", written)


@pytest.mark.parametrize("value", NASTY, ids=lambda value: repr(value[:20]))
def test_no_line_of_the_literal_text_is_longer_than_76_octets(value):
    """The last line of a value may be one octet longer: the soft break after it belongs to the message."""
    head, _, body = raw(alone(EMAIL, STALL, Change.UPDATED, before=TALKS), reason=value).partition(
        b"\r\n\r\n"
    )
    assert max(map(len, head.split(b"\r\n"))) <= 998
    assert max(map(len, body.split(b"\r\n"))) <= 77
    assert not any(line.startswith(b".") for line in body.split(b"\r\n"))
    assert b"\n" not in (head + body).replace(b"\r\n", b"")


def test_every_text_and_html_blank_stands_between_soft_line_breaks():
    pieces = alone(EMAIL, TALKS).pieces
    blanks = [(n, p) for n, p in enumerate(pieces) if not isinstance(p, bytes)]
    assert [p.name for _, p in blanks if p.fill is Fill.HEADER] == [
        "to",
        "date",
        "message_id",
        "references",
        "list_id",
        "unsubscribe",
    ]
    for place, blank in blanks:
        if blank.fill in (Fill.TEXT, Fill.HTML):
            assert pieces[place - 1].endswith(b"=\r\n")
            assert pieces[place + 1].startswith(b"=\r\n")
    in_html = {"reason", "next", "unsubscribe", "leave", "lists", "page", "published"}
    assert {p.name for _, p in blanks if p.fill is Fill.HTML} == in_html


def test_the_footer_says_why_when_next_and_how_to_leave():
    found = mail(alone(EMAIL, TALKS))
    assert f"{REASON} {NEXT}" in text_of(found)
    assert f'href="{LINKS.unsubscribe("olena@example.org")}"' in html_of(found)
    assert LINKS.unsubscribe("olena@example.org") in text_of(found)


HEADERS = sorted(name.lower() for name in mail(alone(EMAIL, TALKS, Change.UPDATED, before=TALKS)))


def blns() -> list[str]:
    path = SHARED / "corpora/hostile_text/blns_open.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def holds_as_one_mail(text: str) -> None:
    draft = replace(TALKS, headline=text, key_points=(text,), body=text, note=text, author=text, source=text)
    found = mail(alone(EMAIL, draft, Change.UPDATED, before=TALKS))
    assert sorted(name.lower() for name in found) == HEADERS
    assert len(list(found.iter_parts())) == 2
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", found["Subject"])
    assert allowed_only(html_of(found))


@settings(max_examples=60)
@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_no_text_adds_a_header_a_part_or_a_failure(text):
    holds_as_one_mail(text)


@pytest.mark.parametrize(
    "text",
    [
        "x\r\nBcc: a@b.example",
        "x\n\n<p>body",
        "x\u2028Bcc: a",
        "x\x85y\x0bz\x00",
        "\ud800 half",
        "\u202egnp.exe",
        "\x7freason-text\x7f",
        "=_r",
        "?==?utf-8?q?x?=",
    ],
    ids=repr,
)
def test_injections_known_by_name_come_to_nothing(text):
    holds_as_one_mail(text)


def test_the_list_of_naughty_strings_comes_to_nothing():
    strings = blns()
    if not strings:
        pytest.skip("the shared corpora are not here")
    holds_as_one_mail("\n\n".join(strings)[:20_000])
    for text in strings[::5]:
        holds_as_one_mail(text)


ALLOWED = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "div",
        "table",
        "tbody",
        "thead",
        "tr",
        "td",
        "th",
        "h1",
        "h2",
        "h3",
    ),
    *("p", "span", "strong", "em", "code", "pre", "ul", "ol", "li", "a", "br", "hr", "blockquote"),
}


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


def allowed_only(html: str) -> bool:
    reader = _Tags()
    reader.feed(html)
    for tag, attributes in reader.seen:
        assert tag in ALLOWED, tag
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "background")]
        if "href" in attributes:
            assert attributes["href"].lower().startswith(("https://", "http://", "mailto:")), attributes
    return True


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        '<img src="https://evil.example/p.gif" onerror=alert(1)>',
        "![beacon](https://evil.example/p.gif)",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>1</script>)",
        "[x](//evil.example)",
        "<style>*{display:none}</style>",
        "<svg/onload=alert(1)>",
        "[x](https://a.example/\"onclick='1')",
        "<a href='https://a' style='position:fixed'>x</a>",
        "<https://ok.example>",
        "[x]: javascript:1\n\n[x]",
    ],
)
def test_nothing_an_author_writes_becomes_active_html(body):
    html = html_of(mail(alone(EMAIL, replace(TALKS, body=body, url=body, key_points=(body,)))))
    assert allowed_only(html)
    assert "<script" not in html
    assert "<img" not in html


@pytest.mark.parametrize(
    "sender", ["", "Desk", "desk@", "@example.org", "a@b\r\nBcc: c", "Desk <a@b> <c@d>", "дим@example.org"]
)
def test_a_sender_mail_cannot_come_from_is_refused(sender):
    with pytest.raises(BadInput, match="ALERTS_MAIL_FROM"):
        renderers.renderer(None, mail_from=sender)


@pytest.mark.parametrize(
    "url", ["https://бюро.example", "https://a.example/é", "https://a.example/\r\nBcc: b"]
)
def test_a_public_url_no_header_can_hold_is_refused_before_anything_is_rendered(url):
    """Every mail failed as it was filled in, one by one; in the outbox the worker broke, again and again."""
    with pytest.raises(BadInput, match="ALERTS_PUBLIC_URL"):
        renderers.renderer(None, url)


@pytest.mark.parametrize(
    ("sender", "header"),
    [
        ("alerts@localhost", "alerts@localhost"),
        ("Desk <desk@alerts.example.org>", "Desk <desk@alerts.example.org>"),
        ('"Desk, Kyiv" <desk@example.org>', '"Desk, Kyiv" <desk@example.org>'),
        ("Бюро <desk@example.org>", "Бюро <desk@example.org>"),
    ],
)
def test_a_sender_stands_in_the_header_as_it_was_set(sender, header):
    digest = Digest(EMAIL, (Entry("ua-ru-talks", 1, Change.NEW),), HORIZON)
    message = renderers.renderer(None, mail_from=sender).render(digest, revisions(TALKS))
    assert mail(message)["From"] == header


def test_the_domain_of_the_sender_is_known_for_message_ids():
    assert mail_from("Desk <desk@alerts.example.org>").domain == "alerts.example.org"
