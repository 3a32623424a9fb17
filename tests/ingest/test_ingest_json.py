"""JSON in its three shapes, and what JSON itself leaves open."""

import json

import pytest

from alerts.errors import BadInput
from alerts.ingest import read, read_all


@pytest.mark.parametrize(
    ("text", "headlines"),
    [
        ('{"headline": "a"}', ["a"]),
        (' [{"headline": "a"}, {"headline": "b"}]\n', ["a", "b"]),
        ('{"headline": "a"}\n{"headline": "b"}\n', ["a", "b"]),
        ('{"headline":\r "a"}\r\r{"headline": "b"}', ["a", "b"]),
    ],
)
def test_one_update_an_array_and_json_lines_are_read(text, headlines):
    readings = read_all(text.encode(), "-")
    assert [r.draft.headline for r in readings] == headlines
    assert {r.format for r in readings} == {"json"}


def test_where_one_update_is_wanted_several_are_refused():
    with pytest.raises(BadInput, match="2 updates"):
        read(b"[{}, {}]", "-")


def test_null_and_empty_fields_count_as_missing():
    reading = read(b'{"headline": "a", "severity": null, "kind": "", "regions": [], "url": ""}', "-")
    assert reading.draft.severity == "unknown"
    assert reading.notes == ("names no region", "names no tag")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"headline": "a",\n "x": }', "line 2, column 7"),
        ('{"headline": "a"} and more', "line 1, column 19"),
        ('{"headline": "a", "headline": "b"}', "“headline” stands twice"),
        ('{"headline": NaN}', "NaN is not a value of JSON"),
        ('{"headline": -Infinity}', "-Infinity is not a value of JSON"),
        ('{"headline": ' + "9" * 5000 + "}", "absurd length"),
        ('{"a":' * 100_000, "nested too deeply"),
        ("[" * 100_000, "nested too deeply"),
        ('["a"]', "Item 1 is not an update"),
        ("[]", "no update"),
        ("{}" * 1001, "more than 1,000"),
        ('[{"headline": "a"}, {"headline": 7}]', "Update 2: headline must be text"),
        ('{"tags": "a", "tags\\u0000": "b"}', "“tags” stands twice"),
    ],
)
def test_what_is_not_an_update_in_json_is_refused_in_a_sentence(text, sentence):
    with pytest.raises(BadInput) as refused:
        read_all(text.encode(), "-")
    assert sentence in refused.value.sentence
    assert refused.value.hint
    assert len(refused.value.sentence) < 200


def test_a_file_named_as_json_must_be_json():
    with pytest.raises(BadInput, match="not valid JSON"):
        read(b"Talks resume", "update.json")


def test_lone_surrogates_controls_and_strange_line_breaks_do_not_reach_the_draft():
    headline = "\ud800 Talks\u2028resume\u0000 \u202etoday\u202c\u0085now\ufeff \u200d"
    body = "One\u2028two\x00\u202e\r\n\tthree\x1f\ud83d"
    draft = read(json.dumps({"headline": headline, "body": body}).encode(), "-").draft
    assert draft.headline == "Talks resume today now"
    assert draft.body == "One\ntwo\n\tthree"


@pytest.mark.parametrize("around", ["{}", '{{"alert": {}}}', "[{}]"])
def test_a_message_of_a_warning_system_as_json_is_called_so(around: str) -> None:
    """It was refused for twenty fields that an update does not have, one by one."""
    message = (
        '{"identifier": "1", "sender": "a@b.ch", "sent": "2026-11-26T08:00:00Z", "title": "x", "areas": []}'
    )
    with pytest.raises(BadInput, match="a message of a warning system, as JSON") as refused:
        read(around.format(message).encode(), "x.json")
    assert "CAP 1.2" in refused.value.hint
