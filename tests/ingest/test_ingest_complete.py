"""From a reading to a draft that can be published: options, limits, regions, ids."""

import json
import re
from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.errors import BadInput, UnknownRegion
from alerts.ingest import complete, read
from alerts.ingest.cleaning import one_line, prose
from alerts.model import HEADLINE_MAX, SLUG, Certainty, Draft, Kind, Severity, Status, Urgency

CODES = {"ukraine": "UA", "ua": "UA", "russia": "RU", "ru": "RU", "mali": "ML", "ml": "ML"}


def find(text):
    try:
        return CODES[text.lower()]
    except KeyError:
        raise UnknownRegion(text) from None


def finished(fields, **options):
    reading = read(json.dumps({"headline": "Talks", "regions": ["UA"]} | fields).encode(), "-")
    return complete(reading, find_region=find, **options)


def test_options_stand_in_place_of_what_the_file_says():
    fields = {"regions": ["Mali"], "tags": ["a"], "severity": "minor", "id": "mine", "author": "W"}
    draft = finished(fields, regions=["ukraine"], tags=["b"], severity="severe", id="yours")
    assert (draft.regions, draft.tags, draft.severity, draft.id) == (
        ("UA",),
        ("b",),
        Severity.SEVERE,
        "yours",
    )
    assert draft.author == "W"
    kept = finished(fields)
    assert (kept.regions, kept.tags, kept.severity, kept.id) == (("ML",), ("a",), Severity.MINOR, "mine")


def test_regions_become_codes_in_their_authors_order_and_tags_are_sorted_without_repeats():
    """They were sorted by code: an earthquake “in Hatay, Syria” stood under Syria in every digest."""
    draft = finished({"regions": ["Ukraine", "RU", "ua"], "tags": ["Peace Talks", "b", "peace-talks"]})
    assert draft.regions == ("UA", "RU")
    assert draft.tags == ("b", "peace-talks")


def test_the_same_regions_in_another_order_are_the_same_content():
    """Else who sorts the regions of a file publishes a revision that says nothing new."""
    one, other = (finished({"regions": regions}) for regions in (["UA", "RU"], ["RU", "UA"]))
    assert one.fingerprint == other.fingerprint
    assert one.id == other.id


def test_an_unknown_region_is_told_as_the_tree_tells_it():
    with pytest.raises(UnknownRegion):
        finished({"regions": ["Ukrane"]})


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [({"regions": []}, "It names no region."), ({"headline": " \u200b"}, "It has no headline.")],
)
def test_a_headline_and_a_region_are_required(fields, sentence):
    with pytest.raises(BadInput, match=re.escape(sentence)) as refused:
        finished(fields)
    assert refused.value.hint


@pytest.mark.parametrize(
    ("fields", "sentence", "hint"),
    [
        ({"headline": "x" * 300}, "headline is 300 characters long; the limit is 250.", "Shorten it"),
        ({"headline": 7}, "headline must be text.", "quotes"),
        (
            {"severity": "sever"},
            "severity cannot be “sever”.",
            "Did you mean severe? It is one of extreme, severe,",
        ),
        ({"severity": "huge"}, "severity cannot be “huge”.", "It is one of extreme, severe,"),
        ({"kind": "newest"}, "kind cannot be “newest”.", "Did you mean new?"),
        ({"hedline": "x"}, "An update has no field “hedline”.", "Did you mean headline?"),
        ({"zzz": 1}, "An update has no field “zzz”.", "An update has headline, regions,"),
        ({"tags": ["évacuation!"]}, "tags cannot hold “évacuation!”.", "letters a-z"),
        ({"tags": {"a": 1}}, "tags must be a list of texts.", "["),
        ({"tags": [["a"]]}, "tags must be text.", "quotes"),
        ({"tags": ["t"] * 51}, "tags has 51 entries; the limit is 50.", "Keep"),
        ({"regions": ["UA"] * 51}, "regions has 51 entries; the limit is 50.", "Keep"),
        ({"key_points": ["k"] * 21}, "key_points has 21 entries; the limit is 20.", "Keep"),
        ({"key_points": ["k" * 501]}, "key_points is 501 characters long; the limit is 500.", "Shorten"),
        ({"body": "b" * 100_001}, "body is 100,001 characters long; the limit is 100,000.", "Shorten"),
        ({"url": "javascript:alert(1)"}, "url cannot be “javascript:alert(1)”.", "https://"),
        ({"url": "https://"}, "url cannot be “https://”.", "https://"),
        ({"url": "https://[::1"}, "url cannot be “https://[::1”.", "https://"),
        ({"url": "https://a b.org"}, "url cannot be “https://a b.org”.", "https://"),
        ({"id": "Ünder_score"}, "id cannot be “Ünder_score”.", "ua-ru-talks"),
        ({"id": "a" * 65}, "id cannot be “" + "a" * 65 + "”.", "64"),
        ({"published_at": "yesterday"}, "published_at cannot be “yesterday”.", "2022-03-28"),
        ({"published_at": 1648425600}, "published_at must be text.", ""),
        ({"published_at": "0001-01-01T00:00:00+23:59"}, "published_at cannot be", ""),
        ({"published_at": "31 February 2022"}, "published_at cannot be", ""),
        (
            {"published_at": "2022-03-28", "expires_at": "2022-03-27"},
            "expires_at must be later than published_at.",
            "",
        ),
        ({"id": "-", "url": "x"}, "id cannot be “-”; url cannot be “x”.", "hyphens"),
        ({"severity": "\x1b[31m" + "x" * 500}, "severity cannot be “[31m" + "x" * 75 + "…”.", ""),
    ],
)
def test_each_fault_is_a_sentence_that_names_its_field(fields, sentence, hint):
    with pytest.raises(BadInput) as refused:
        finished(fields)
    assert sentence in refused.value.sentence
    assert hint in refused.value.hint


@pytest.mark.parametrize(
    ("headline", "slug"),
    [
        ("Negotiations ongoing between Ukraine and Russia", "negotiations-ongoing-between-ukraine-and"),
        ("Côte d'Ivoire: São Tomé!", "cote-divoire-sao-tome"),
        ("Переговоры", "update"),
        ("x" * 60, "x" * 40),
    ],
)
def test_a_missing_id_is_a_readable_slug_and_a_hash(headline, slug):
    assert re.fullmatch(f"{slug}-[0-9a-f]{{6}}", finished({"headline": headline}).id)


def test_a_derived_id_is_stable_for_the_same_content_and_options_only():
    assert finished({"regions": ["UA", "RU"]}).id == finished({"regions": ["Russia", "Ukraine"]}).id
    assert finished({}).id != finished({"body": "More."}).id
    assert finished({}).id != finished({}, severity="severe").id


def line(limit, **kwargs):
    return st.text(max_size=limit, **kwargs).map(one_line).filter(lambda text: len(text) <= limit)


moments = st.datetimes(timezones=st.just(UTC))
slugs = st.from_regex(SLUG, fullmatch=True)
drafts = st.builds(
    Draft,
    headline=line(HEADLINE_MAX).filter(bool),
    regions=st.lists(st.sampled_from(["UA", "RU", "ML"]), min_size=1, unique=True).map(tuple),
    id=slugs,
    kind=st.none() | st.sampled_from(Kind),
    key_points=st.lists(line(500).filter(bool), max_size=20).map(tuple),
    body=st.text().map(prose),
    tags=st.sets(slugs, max_size=50).map(lambda s: tuple(sorted(s))),
    severity=st.sampled_from(Severity),
    urgency=st.sampled_from(Urgency),
    certainty=st.sampled_from(Certainty),
    status=st.sampled_from(Status),
    note=line(500),
    author=line(500),
    source=line(500),
    url=st.sampled_from(["", "https://example.org/a?b=c#d", "http://[::1]:8000/"]),
    published_at=st.none() | moments,
).flatmap(
    lambda draft: (
        st.just(draft)
        | st.timedeltas(min_value=timedelta(microseconds=1), max_value=timedelta(days=900)).map(
            lambda later: _expiring(draft, later)
        )
    )
)


def _expiring(draft, later):
    data = draft.to_dict()
    try:
        data["expires_at"] = draft.published_at and (draft.published_at + later).isoformat()
    except OverflowError:
        return draft
    return Draft.from_dict(data)


@given(drafts)
def test_a_draft_written_as_json_reads_back_as_itself(draft):
    reading = read(json.dumps(draft.to_dict()).encode(), "draft.json")
    assert complete(reading, find_region=find) == draft


@given(st.text() | st.text("a \u0301\u0323\u200d\u200b\u1100\u1161\ufb2c\r\n\t\u2028"))
def test_cleaning_twice_changes_nothing_more(text):
    assert one_line(one_line(text)) == one_line(text)
    assert prose(prose(text)) == prose(text)
    assert len(one_line(text).splitlines()) <= 1


def test_times_are_told_in_utc():
    east = timezone(timedelta(hours=3))
    draft = finished({"published_at": "2022-03-28T17:00:00+03:00", "expires_at": "2022-03-28 15:00"})
    assert draft.published_at.astimezone(east).hour == 17
    assert [draft.published_at.tzinfo, draft.expires_at.tzinfo] == [UTC, UTC]
    assert (draft.published_at.hour, draft.expires_at.hour) == (14, 15)
