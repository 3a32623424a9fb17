"""Whatever the bytes, the answer is a reading or a refusal, soon."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.errors import BadInput
from alerts.ingest import read
from alerts.ingest.cleaning import one_line

HOSTILE = Path(__file__).parents[2].parent / "shared/corpora/hostile_text"
NAMES = st.sampled_from(["-", "x.txt", "x.md", "x.json"])
MARKS = (
    r"---|k: |headline: |[|]|{|}|'|\|- |# |,|null|```|<|&amp;|*|_|x's |Situation Update - |SITUATION UPDATE "
)
MARKS += '|28 March 2022| Back|Banner image|• |1. |Will Crouch|"|\n|\r| |\u2028|\u202e|\u0301|\u200d'


def answer(source, name):
    """The reading, or the refusal, which must be fit to be shown."""
    try:
        return read(source, name)
    except BadInput as caught:
        refused = caught
    assert refused.sentence.endswith(".")
    assert len(refused.sentence) < 700
    assert refused.sentence == one_line(refused.sentence)
    return refused


@given(st.binary(max_size=500) | st.text().map(lambda t: t.encode("utf-8", "surrogatepass")), NAMES)
def test_any_bytes_are_read_or_refused(source, name):
    answer(source, name)


@given(st.lists(st.sampled_from(MARKS.split("|")), max_size=40).map("".join), NAMES)
def test_any_shuffle_of_the_marks_is_read_or_refused(text, name):
    answer(text.encode(), name)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
FIELDS = [
    "headline",
    "tags",
    "regions",
    "body",
    "severity",
    "url",
    "published_at",
    "id",
    "expires_at",
    "oddity",
]


@given(st.dictionaries(st.sampled_from(FIELDS), json_values))
def test_any_value_in_any_field_is_read_or_refused(fields):
    answer(json.dumps(fields).encode(), "-")


N = 999_000


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (b"x" * N, "one line"),
        (b"x" + b" " * N + b"y", "white space"),
        (b"x\n" * (N // 2), "lines"),
        (("a" + "\u0301\u0323" * (N // 4)).encode(), "marks stacked on one letter"),
        (b"h\n\n" + b"*" * N, "stars"),
        (b"h\n\n- a\n" + b"  b\n" * (N // 4), "an item wrapped for ever"),
        (b"h\n\n- a\n" + b"- b\n" * (N // 4), "items"),
        (b"Situation update - " + b"a a" * (N // 3 - 10), "a label and no end"),
        (b"a's situation update - " + b" a" * (N // 2 - 20), "a site named again and again"),
        (b"[" * N, "brackets"),
        (b"[" + b"{}," * (N // 3 - 1) + b"{}]", "a thousand thousand nothings"),
        (b'{"tags": [' + b'"t",' * (N // 4 - 9) + b'"t"]}', "tags"),
        (b"{" + b",".join(b'"k%d":1' % i for i in range(90_000)) + b"}", "fields"),
        (b"---\ntags: [" + b"a," * (N // 2 - 20) + b"]\n---\n", "a list in front matter"),
        (b"---\nheadline: x" + b" \t" * (N // 2 - 20) + b"y\n---\n", "white space in front matter"),
        (b'---\nheadline: "' + b"\\\\" * (N // 2 - 20) + b"\n---\n", "a quote without an end"),
        (b"---\n---\n# " + b"[a](" * (N // 4 - 9), "links in a heading"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_megabyte_of_anything_is_answered_soon(source, name):
    assert len(source) <= 1_000_000
    began = time.process_time()
    answer(source, "-")
    # Ten times what it takes here; what is quadratic takes minutes.
    assert time.process_time() - began < 20


@pytest.mark.skipif(not HOSTILE.exists(), reason="the corpora are not part of the project")
def test_naughty_strings_are_read_or_refused_in_every_place():
    strings = json.loads((HOSTILE / "blns_open.json").read_text())
    assert len(strings) > 300
    for text in strings:
        for fields in ({"headline": text}, {"headline": "x", "tags": [text]}, {"headline": "x", "url": text}):
            answer(json.dumps(fields).encode(), "-")
        for name in ("x.md", "x.txt"):
            answer(text.encode(), name)
            answer(f"---\nheadline: {text}\n---\n{text}".encode(), name)


@pytest.mark.skipif(not HOSTILE.exists(), reason="the corpora are not part of the project")
def test_files_that_are_no_updates_are_read_or_refused():
    for path in HOSTILE.iterdir():
        answer(path.read_bytes(), path.name)
