"""What is told to who reads another language: in theirs, or marked; compared in what they were told in."""

import json
import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from rendering_samples import HORIZON, html_of, mail, post, renderer, text_of

from alerts.model import Change, Channel, Digest, Draft, Entry, Kind, Message, Revision, Translation
from alerts.regions import load
from alerts.rendering.cap import cap_message

EMAIL, SLACK, WEBHOOK = Channel("email"), Channel("slack"), Channel("webhook")
UKRAINIAN = Translation("uk", "Мости закрито", ("Метро працює",), "Закрито **три** мости.")
BRIDGES = Draft(
    "Bridges are closed",
    ("UA",),
    "bridges",
    key_points=("The metro runs",),
    body="Three bridges are closed.",
    language="en",
    translations=(Translation("ar", "الجسور مغلقة"), UKRAINIAN),
)
ABOUT: Any = {"tree": load(), "sender_name": "Desk", "page": "https://e.org/s/x", "listed": True}


def told(channel: Channel, reads: str, now: Draft, before: Draft | None = None, **more: Any) -> Message:
    """A message about `now` for who was told `before`, in a language."""
    known = [Revision("bridges", 1, before, HORIZON)] if before else []
    known.append(Revision("bridges", len(known) + 1, now, HORIZON))
    change = more.pop("change", Change.UPDATED if before else Change.NEW)
    entry = Entry("bridges", len(known), change, len(known) - 1)
    digest = Digest(channel, (entry,), HORIZON, **more)
    return renderer().render(digest, {r.ref: r for r in known}, reads)


def read(reads: str, now: Draft, before: Draft | None = None) -> tuple[str, str]:
    found = mail(told(EMAIL, reads, now, before))
    return html_of(found), text_of(found)


def flat(text: str) -> str:
    """Without line breaks, and the isolates around what is quoted."""
    return re.sub(r"\s+", " ", re.sub("[\u2068\u2069]", "", text))


def test_a_mail_in_the_language_of_its_reader_is_marked_as_that_and_nothing_else() -> None:
    found = mail(told(EMAIL, "uk", BRIDGES))
    html, text = html_of(found), text_of(found)
    assert found["Content-Language"] == "uk"
    assert "Мости закрито" in found["Subject"]
    for words in ("Мости закрито", "Метро працює", "Закрито три мости."):
        assert words in text
    assert "Bridges" not in html + text
    assert "мова:" not in html + text
    assert re.search(r'<h1 [^>]*lang="uk"', html)
    assert re.search(r'<ul [^>]*lang="uk"', html)
    assert re.search(r'<div class="body" lang="uk"', html)


def test_who_does_not_read_it_is_told_in_which_language_it_is() -> None:
    """A Persian headline in an English mail: its reader could not tell what to have translated from what."""
    html, text = read("en", replace(BRIDGES, language="fa", translations=()))
    assert "in Persian" in text
    assert "in Persian" in html
    assert "мова: перська" in flat(read("uk", replace(BRIDGES, language="fa", translations=()))[1])
    blocks = json.dumps(post(told(SLACK, "en", replace(BRIDGES, language="uk", translations=()))))
    assert "in Ukrainian" in blocks


@pytest.mark.parametrize("reads", ["en", "en-GB", ""])
def test_who_reads_it_is_told_nothing_of_languages(reads: str) -> None:
    assert "in English" not in "".join(read(reads, BRIDGES))


def test_an_update_of_which_nobody_said_the_language_is_not_marked() -> None:
    assert "мова" not in "".join(read("uk", replace(BRIDGES, language="", translations=())))


def test_each_block_has_the_language_that_it_is_in() -> None:
    """Of what is translated in part, the rest was said to be in the language of its headline."""
    html, text = read("ar", BRIDGES)
    assert re.search(r'<h1 [^>]*dir="rtl" lang="ar"', html)
    assert re.search(r'<ul [^>]*lang="en" dir="ltr"', html)
    assert re.search(r'<div class="body" lang="en"', html)
    assert "لغة النص: الإنجليزية" in flat(text)
    assert "Three bridges are closed." in text
    assert mail(told(EMAIL, "ar", BRIDGES))["Content-Language"] is None


def test_a_line_of_a_digest_says_the_language_behind_the_headline() -> None:
    drafts = [replace(BRIDGES, id=name, language="uk", translations=()) for name in ("a", "b")]
    known = [Revision(d.id, 1, d, HORIZON) for d in drafts]
    entries = (Entry("a", 1, Change.NEW), Entry("b", 1, Change.TOLD, at_ms=HORIZON))
    digest = Digest(EMAIL, entries, HORIZON, clock="daily 08:00 UTC")
    text = text_of(mail(renderer().render(digest, {r.ref: r for r in known}, "en")))
    assert "(in Ukrainian)" in flat(text)


def test_changes_are_those_of_the_words_that_its_reader_has_read() -> None:
    """A correction in English was compared for everybody in English."""
    now = replace(
        BRIDGES,
        headline="Bridges are open",
        translations=(replace(UKRAINIAN, headline="Мости відкрито"),),
    )
    text = read("uk", now, BRIDGES)[1]
    assert "Попередній заголовок: Мости закрито" in flat(text)
    assert "Bridges" not in text


def test_sentences_of_two_languages_are_not_compared() -> None:
    """What was in English before and is translated now would be all new, and all of before gone."""
    before = replace(BRIDGES, translations=(), severity=BRIDGES.severity)
    text = read("uk", BRIDGES, before)[1]
    assert "Попередня мова: англійська" in text
    assert "Bridges are closed" not in text
    assert "The metro runs" not in text
    assert "Текст змінено" not in text
    assert "Текст змінено" in read("uk", replace(BRIDGES, body="Two."), before)[1]
    assert "Попередня мова: не вказана" in read("uk", BRIDGES, replace(before, language=""))[1]


def test_a_translation_is_no_news_to_who_does_not_read_it() -> None:
    text = read("en", BRIDGES, replace(BRIDGES, translations=()))[1]
    assert "Nothing: it is as it was told before" in text


def test_a_webhook_has_the_words_and_the_language_of_its_receiver() -> None:
    plain, *_ = told(WEBHOOK, "uk", BRIDGES).fill({"reason": "", "page": ""}).decode().splitlines()
    [entry] = json.loads(plain)["data"]["entries"]
    assert (entry["headline"], entry["language"]) == ("Мости закрито", "uk")


def test_a_message_of_cap_has_a_block_for_each_language() -> None:
    """What came in with several languages went out with one, and said that nobody knew which."""
    revision = Revision("bridges", 1, BRIDGES, HORIZON)
    written = cap_message(revision, [], **ABOUT)
    spaces = {"c": "urn:oasis:names:tc:emergency:cap:1.2"}
    infos = ET.fromstring(written).findall("c:info", spaces)
    assert [(i.findtext("c:language", "", spaces), i.findtext("c:headline", "", spaces)) for i in infos] == [
        ("en", "Bridges are closed"),
        ("ar", "الجسور مغلقة"),
        ("uk", "Мости закрито"),
    ]
    assert all(i.find("c:area", spaces) is not None for i in infos)
    assert "три" in infos[2].findtext("c:description", "", spaces)


def test_an_end_is_said_in_each_language_under_the_headline_of_before() -> None:
    before = Revision("bridges", 1, BRIDGES, HORIZON)
    over = replace(
        BRIDGES, kind=Kind.CANCEL, headline="Over", translations=(replace(UKRAINIAN, headline="Кінець"),)
    )
    after = Revision("bridges", 2, over, HORIZON)
    written = cap_message(after, [before], **ABOUT).decode()
    assert "<headline>Мости закрито</headline>" in written
    text = text_of(mail(told(EMAIL, "uk", over, BRIDGES, change=Change.CLOSED)))
    assert "Мости закрито" in text
    assert "Кінець" in text
    assert "Over" not in text
