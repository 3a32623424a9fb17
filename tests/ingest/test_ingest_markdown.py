"""Markdown with front matter and without, and the part of YAML that is understood."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from alerts.errors import BadInput
from alerts.ingest import read
from alerts.ingest.front_matter import split

CORPUS = Path(__file__).parents[2].parent / "shared/corpora/situation_updates"


def test_front_matter_gives_the_fields_and_what_is_below_is_the_body():
    reading = read(
        b"""---
headline: "Talks: day 2"   # quoted, for the colon
regions: [UA, 'Russia']
tags:
  - negotiations
  - conflict
severity: Moderate
expires_at: null
published_at: 2022-03-28T19:00:00+02:00
author:
---
# Not the headline

Body.
""",
        "update.txt",
    )
    draft = reading.draft
    assert reading.format == "markdown"
    assert reading.notes == ()
    assert (draft.headline, draft.regions, draft.tags) == (
        "Talks: day 2",
        ("UA", "Russia"),
        ("conflict", "negotiations"),
    )
    assert draft.published_at == datetime(2022, 3, 28, 17, tzinfo=UTC)
    assert (draft.severity, draft.expires_at, draft.author) == ("moderate", None, "")
    assert draft.body == "# Not the headline\n\nBody."


@pytest.mark.parametrize(
    ("text", "headline", "body"),
    [
        ("# Mali\n\nBody.", "Mali", "Body."),
        ("Intro.\n\n# Mali #\n\nBody.", "Mali", "Intro.\n\n\nBody."),
        ("# **Mali** & [C\\*te](https://x.org) `x` #1\n", "Mali & C*te x #1", ""),
        ("```\n# comment\n```\n# Mali\n", "Mali", "```\n# comment\n```"),
        ("## Smaller\n\n#hashtag\n", "", "## Smaller\n\n#hashtag"),
        ("---\nregions: ML\n---\n# Mali\nBody.", "Mali", "Body."),
    ],
)
def test_without_a_headline_the_first_heading_is_it_and_leaves_the_body(text, headline, body):
    draft = read(text.encode(), "update.MD").draft
    assert (draft.headline, draft.body) == (headline, body)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("k: plain text: with a colon", "plain text: with a colon"),
        ("k: it's # a comment", "it's"),
        ("k: C#", "C#"),
        ("k: 'it''s'", "it's"),
        (r'k: "tab\t \u00e9 # no comment" # a comment', "tab\t é # no comment"),
        ("k: ~", []),
        ("k:", []),
        ("k: # nothing", []),
        ("k: [a, \"b, c\", 'd''e', f g , ]", ["a", "b, c", "d'e", "f g"]),
        ("k: []", []),
        ("k: [a] # one", ["a"]),
        ("k: |\n  one\n\n    two\n", "one\n\n  two"),
        ("k:\n  a: b\n  c:\n    - d", {"a": "b", "c": ["d"]}),
        ("k:\n# between\n\n- a\n  - 'b: c'", ["a", "b: c"]),
    ],
)
def test_the_plain_part_of_yaml_is_understood(line, value):
    text = f"---\n{line}\n---\nbody"
    found = split(text)
    assert (found.fields, text.split("\n")[found.below - 1 :]) == ({"k": value}, ["body"])


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        ("a: b\n  nested: c", 3),
        ("just words", 2),
        ("a: >-", 2),
        ("a: {b: c}", 2),
        ("a: &anchor b", 2),
        ("a: *alias", 2),
        ("a: !!python/object x", 2),
        ("a: [b, [c]]", 2),
        ("a: [b", 2),
        ("a: [b,, c]", 2),
        ('a: "b', 2),
        (r'a: "b\q"', 2),
        ("a: 'b' c", 2),
        ("a: b\n- c", 3),
        ("a: b\n\na: c", 4),
        ("a:b", 2),
    ],
)
def test_the_rest_of_yaml_is_refused_naming_the_line(lines, number):
    with pytest.raises(BadInput, match=f"Line {number}\\b") as refused:
        split(f"---\n{lines}\n---\n")
    assert refused.value.hint


@pytest.mark.parametrize("text", ["---\nheadline: x\n", "---\nbody: a\n---\nb"])
def test_front_matter_without_an_end_or_with_a_second_body_is_refused(text):
    with pytest.raises(BadInput):
        read(text.encode(), "x.md")


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpora are not part of the project")
def test_travel_advice_as_it_is_published_gives_the_country_and_the_advice():
    pages = sorted(CORPUS.glob("fcdo_*.md"))
    readings = {page.stem: read(page.read_bytes(), page.name) for page in pages}
    assert len(readings) > 30
    assert all(r.format == "markdown" and r.draft.headline and r.draft.body for r in readings.values())
    ukraine = readings["fcdo_ukraine"].draft
    assert ukraine.headline == "Ukraine ⚠️"
    assert ukraine.body.startswith("FCDO advises against")


def test_all_faults_of_front_matter_are_told_at_once():
    """One line was named at each try: a file with three slips took four."""
    source = (
        "---\nheadline: Flood\nregions [Kenya]\ntags: {a: b}\nseverity: minor\nseverity: severe\n---\nText.\n"
    )
    with pytest.raises(BadInput) as refused:
        read(source.encode(), "flood.md")
    assert [f"Line {n}" in refused.value.sentence for n in (3, 4, 6)] == [True] * 3
    assert "quote odd texts" in refused.value.hint
    assert "Keep one of them" in refused.value.hint


def test_a_title_that_stands_in_front_matter_and_text_is_said_once():
    """Wikis export it in both places, and readers got it twice."""
    draft = read(b"---\nheadline: Haiti\nregions: [Haiti]\n---\n# Haiti\n\nText.", "wiki.md").draft
    assert (draft.headline, draft.body) == ("Haiti", "Text.")
