"""Whose language is known is marked with it, for programs that read aloud; nothing else is."""

import re
from dataclasses import replace

import pytest
from rendering_samples import TALKS, alone, html_of, mail, several

from alerts.model import Change, Channel, Draft
from alerts.rendering.directions import direction_of

EMAIL = Channel("email")
#: What TALKS was known by before updates had a language.
FINGERPRINT = "9c543994395a6457b85b"
PERSIAN = replace(
    TALKS, headline="WHO: وبا", key_points=("WHO: ۲۴ مورد",), body="WHO می‌گوید", language="fa", id="wba"
)


@pytest.mark.parametrize(
    ("language", "direction"),
    [
        ("", "auto"),
        ("en", "ltr"),
        ("fa", "rtl"),
        ("he", "rtl"),
        ("ckb", "rtl"),
        ("az-Arab", "rtl"),
        ("ur-Latn", "ltr"),
    ],
)
def test_a_language_runs_as_it_is_written(language: str, direction: str) -> None:
    assert direction_of(language) == direction


def test_a_headline_that_begins_in_other_letters_runs_as_its_language_does() -> None:
    """“WHO” was read as the language of all that follows."""
    html = html_of(mail(alone(EMAIL, PERSIAN), PERSIAN))
    assert re.search(r'<h1 [^>]*lang="fa"', html)
    assert re.search(r'<h1 [^>]*dir="rtl"', html)
    assert re.search(r'<ul [^>]*lang="fa"', html)
    assert re.search(r'<div class="body" lang="fa"', html)
    assert '<html lang="en"' in html


def test_of_a_language_that_nobody_named_nothing_is_claimed() -> None:
    html = html_of(mail(alone(EMAIL, TALKS)))
    assert re.search(r'<h1 [^>]*lang=""', html)
    assert re.search(r'<h1 [^>]*dir="auto"', html)


@pytest.mark.parametrize(
    ("drafts", "said"),
    [
        ([PERSIAN], "fa"),
        ([PERSIAN, replace(PERSIAN, id="b")], "fa"),
        ([PERSIAN, replace(PERSIAN, id="b", language="ar")], None),
        ([PERSIAN, replace(PERSIAN, id="b", language="")], None),
        ([TALKS], None),
    ],
)
def test_a_mail_says_its_language_where_all_of_it_is_in_one(drafts: list[Draft], said: str | None) -> None:
    made = several(EMAIL, drafts) if len(drafts) > 1 else alone(EMAIL, drafts[0])
    assert mail(made, drafts[0])["Content-Language"] == said


def test_what_is_over_keeps_the_language_of_what_was_told() -> None:
    end = replace(PERSIAN, note="Over.", language="en")
    html = html_of(mail(alone(EMAIL, end, Change.CLOSED, before=PERSIAN), end))
    assert re.search(r'<h1 [^>]*lang=""', html), "the headline is the old one, and in another language"


def test_a_language_of_its_own_is_no_other_content() -> None:
    """What was published before updates had languages would have been told once more."""
    assert TALKS.fingerprint == FINGERPRINT
    assert TALKS.fingerprint != replace(TALKS, language="uk").fingerprint
    assert Draft.from_dict({k: v for k, v in TALKS.to_dict().items() if k != "language"}) == TALKS
