"""Text that runs from right to left, alone and among words of ours, is laid out as it runs."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from renderers import rendering_settings
from rendering_samples import (
    HORIZON,
    HOUR,
    LINKS,
    TALKS,
    alone,
    html_of,
    mail,
    post,
    renderer,
    revisions,
    said,
    text_of,
)

from alerts.channels.contract import Personal
from alerts.channels.email.blanks import blanks
from alerts.model import Change, Channel, Digest, Entry, Kind, Message, Severity, Status
from alerts.rendering.directions import direction, isolated
from alerts.rendering.markdown import to_html, to_lines, to_plain

HEADLINE = "إغلاق الطريق الساحلي (يومان)."
POINT = "النقطة الأولى: 50%."
ARABIC = replace(
    TALKS,
    id="road",
    headline=HEADLINE,
    key_points=(POINT, "אזור החוף (48)."),
    body="أعلنت السلطات الإغلاق!\n\n- أولاً (1)\n- ثانياً\n\n> بيان رسمي.\n\n## عنوان\n\n"
    "| المنطقة | المستوى |\n|---|---|\n| الشمال | 3 |",
    author="مكتب المخاطر",
    source="مكتب المخاطر",
    severity=Severity.SEVERE,
    note="",
)
AGAIN = replace(
    ARABIC,
    kind=Kind.UPDATE,
    note="فُتح جزئياً.",
    key_points=("نقطة جديدة (2).",),
    headline="فتح الطريق (جزئياً).",
)


class _Layout(HTMLParser):
    """Every text with the attributes of the elements around it, the nearest first."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self._open: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, list[tuple[str, dict[str, str | None]]]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):  # type: ignore[no-untyped-def]
        if tag not in ("meta", "br", "hr"):
            self._open.append((tag, dict(attrs)))

    def handle_endtag(self, tag):  # type: ignore[no-untyped-def]
        if self._open and tag not in ("meta", "br", "hr"):
            self._open.pop()

    def handle_data(self, data):  # type: ignore[no-untyped-def]
        if data.strip():
            self.texts.append((data.strip(), self._open[::-1]))

    def nearest(self, around: list[tuple[str, dict[str, str | None]]], name: str) -> str | None:
        return next((attributes[name] for _, attributes in around if name in attributes), None)


RTL = re.compile(r"[\u0590-\u06ff]")
ISOLATED = re.compile("\u2068[^\u2068\u2069]*\u2069")


def digest_of_many(channel: Channel) -> Message:
    drafts = [ARABIC, TALKS, *(replace(ARABIC, id=f"d-{n}", body="نص " * 300) for n in range(60))]
    drafts += [replace(ARABIC, id="drill", status=Status.EXERCISE), replace(ARABIC, id="told")]
    entries = [Entry(draft.id, 1, Change.NEW) for draft in drafts[:-1]]
    entries.append(Entry("told", 1, Change.TOLD, at_ms=HORIZON - 3 * HOUR))
    slot = {"clock": "daily 20:00 Europe/Kyiv", "from_ms": HORIZON - 24 * HOUR}
    return renderer().render(Digest(channel, tuple(entries), HORIZON, **slot), revisions(*drafts))


def messages(channel: Channel) -> dict[str, Message]:
    return {
        "one": alone(channel, ARABIC),
        "changed": alone(channel, AGAIN, Change.UPDATED, before=ARABIC),
        "corrected": alone(channel, AGAIN, Change.CORRECTED, before=ARABIC),
        "many": digest_of_many(channel),
    }


@pytest.mark.parametrize("kind", ["one", "changed", "corrected", "many"])
def test_every_text_in_the_page_goes_its_own_way_and_claims_no_language(kind: str) -> None:
    """“(يومان).” was laid out left to right, its full stop on the wrong side, and announced as English."""
    layout = _Layout(html_of(mail(messages(Channel("email"))[kind])))
    found = [(text, around) for text, around in layout.texts if RTL.search(text) and around[0][0] != "title"]
    assert len(found) > 8
    for text, around in found:
        own = layout.nearest(around, "dir") == "auto" and not re.search("[A-Za-z]{4}", text)
        assert own or RTL.search(ISOLATED.sub("", text)) is None, text
        assert layout.nearest(around, "lang") == "", text
    lists = [
        attributes["dir"]
        for _, around in found
        for tag, attributes in around
        if tag in ("ul", "ol") and "dir" in attributes
    ]
    assert set(lists) <= {"rtl"}


@pytest.mark.parametrize("kind", ["one", "changed", "corrected", "many"])
def test_a_line_of_ours_in_text_or_slack_isolates_what_runs_the_other_way(kind: str) -> None:
    shown = (
        text_of(mail(messages(Channel("email"))[kind])) + "\n" + said_lines(messages(Channel("slack"))[kind])
    )
    lines = [" ".join(line.split()) for line in shown.split("\n") if RTL.search(line)]
    assert len(lines) > 8
    for line in lines:
        if re.search("[A-Za-z]{3}", line.replace("https://", "")):  # words of ours on the same line
            assert not RTL.search(re.sub("\u2068[^\u2069]*\u2069?|^[^\u2068]*\u2069", "", line)), line


def said_lines(message: Message) -> str:
    """The texts of a post as lines: spans of one section stand in one line."""
    arguments = post(message)
    blocks = [*arguments["blocks"], *(b for reply in arguments["replies"] for b in reply["blocks"])]
    sections = [section for block in blocks for section in block.get("elements", [block])]
    rows = [row for section in sections for row in section.get("elements", [section])]
    return "\n".join([arguments["text"], *(said(row).replace("\n", " ") for row in rows)])


def test_a_notification_isolates_the_headline_and_the_subject_of_a_mail_does_not() -> None:
    assert post(alone(Channel("slack"), ARABIC))["text"] == f"SEVERE · \u2068{HEADLINE}\u2069"
    assert post(alone(Channel("slack"), replace(ARABIC, severity=Severity.MINOR)))["text"] == HEADLINE
    assert mail(alone(Channel("email"), ARABIC))["Subject"] == f"[SEVERE] {HEADLINE}"


def test_what_runs_left_to_right_is_left_as_it_is() -> None:
    shown = text_of(mail(alone(Channel("email"), TALKS))) + html_of(mail(alone(Channel("email"), TALKS)))
    assert not re.search("[\u2066-\u2069]", shown)


def test_the_name_of_a_subscription_is_isolated_in_the_reason() -> None:
    digest = Digest(Channel("email"), (Entry("a", 1, Change.NEW),), HORIZON)
    reason = "You get this because your subscription “مكتب كييف (1)” wants Egypt."
    made = blanks(rendering_settings(), Personal(digest, 7, "o@example.org", LINKS, HORIZON, reason, ""))
    assert "“\u2068مكتب كييف (1)\u2069” wants" in made["reason"]


@pytest.mark.parametrize(
    ("texts", "way"),
    [([], "ltr"), (["1. (…)"], "ltr"), (["12", "٣", "نص"], "rtl"), (["a נ"], "ltr"), (["(נ a"], "rtl")],
)
def test_the_first_letter_says_which_way(texts: list[str], way: str) -> None:
    assert direction(texts) == way


@given(st.text())
def test_isolating_adds_nothing_but_a_pair_around_it(text: str) -> None:
    assert isolated(text) in (text, f"\u2068{text}\u2069")


OVERRIDES = ["&#8238;", "&#x202E;", "&#8236;", "&#8294;", "&#x2067;", "\u202e", "&#1564;"]


@pytest.mark.parametrize("override", OVERRIDES)
@pytest.mark.parametrize(
    "where",
    ["Pay to {}gro.elpmaxe", "[a{}b](https://e.example)", "**{}x**", "- {}x", "| a |\n|---|\n| {}x |"],
)
def test_an_override_is_gone_however_it_is_spelt(override: str, where: str) -> None:
    """`&#8238;` passed where the character itself was stripped: cleaned before it was decoded."""
    source = where.format(override)
    spans = "".join(span["text"] for line in to_lines(source) for span in line.spans)
    for shown in (to_html(source), to_plain(source), spans):
        assert not re.search("[\u061c\u202a-\u202e\u2066-\u2069]|&#", shown)


def test_an_address_decodes_to_nothing_unseen_either() -> None:
    assert "\u202e" not in to_html("<https://e.example/%E2%80%AEgpj.exe>") + to_plain(
        "<https://e.example/%E2%80%AEx>"
    )


def test_an_entity_that_is_code_is_shown_as_it_was_typed() -> None:
    assert to_plain("`&#8238;`") == "&#8238;"


def test_an_entity_for_a_line_break_breaks_no_line() -> None:
    source = "Line&#13;&#10;.&#13;&#10;MAIL FROM:<x>&#10;.&#133;&#8232;end"
    assert len(to_plain(source).split("\n")) == 1
    [line] = to_lines(source)
    assert "\n" not in "".join(span["text"] for span in line.spans)


def test_a_bullet_has_room_on_the_side_on_which_its_line_begins() -> None:
    """“New: …” begins on the left in an Arabic list, and its bullet stood off the edge of a phone."""
    now = replace(ARABIC, key_points=(*ARABIC.key_points, "تعليق الدراسة يوم الخميس"), kind=Kind.UPDATE)
    page = html_of(mail(alone(Channel("email"), now, Change.UPDATED, before=ARABIC)))
    [(style, points)] = re.findall(r'<ul class="points"[^>]*dir="rtl" style="([^"]*)">(.*?)</ul>', page, re.S)
    assert '<li dir="auto" style="margin: 0 0 6px;">New: ' in points
    assert "padding: 0 22px;" in style
