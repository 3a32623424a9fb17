"""A first file: it says what is missing, all at once, and is taken once it is filled in."""

import json
import re

import pytest

from alerts import ingest
from alerts.errors import BadInput
from alerts.ingest.described import UPDATE_FIELDS
from alerts.ingest.fields import UpdateIn, draft_of
from alerts.ingest.skeletons import SKELETONS, blanks_of

FILLED = {
    "headline": "Bridges are closed in Kyiv",
    "regions": "Ukraine",
    "body": "Three bridges are closed.",
    "author": "Risk Desk Kyiv",
    "key points": "The metro runs",
}


#: One more than an update may be translated into.
LANGUAGES = "ar be bg cs da de el es et fa fi fr he hi hr hu it ja ka ko lt lv nl pl pt".split()  # noqa: SIM905


def filled(text: str, *names: str) -> str:
    return re.sub(
        r"<fill in ([a-z_ ]+):[^<>]*>",
        lambda found: FILLED[found[1]] if found[1] in names else found[0],
        text,
    )


@pytest.mark.parametrize("suffix", SKELETONS)
def test_a_skeleton_names_all_that_is_missing_and_is_taken_once_it_is_filled_in(suffix: str) -> None:
    """A newcomer's first file took one round for each field that it lacked."""
    text, name = SKELETONS[suffix](), f"update{suffix}"
    left = blanks_of(text)
    assert {"headline", "body"} <= set(left)
    assert ("regions" in left) == (suffix != ".txt"), "a text has no room for them: --region does"
    with pytest.raises(BadInput) as refused:
        ingest.read(text.encode(), name)
    assert all(blank in refused.value.sentence for blank in left)
    with pytest.raises(BadInput) as refused:
        ingest.read(filled(text, *(set(left) - {"body"})).encode(), name)
    assert refused.value.sentence == "It is not filled in yet: body."

    draft = ingest.read(filled(text, *left).encode(), name).draft
    assert (draft.headline, draft.body) == (FILLED["headline"], FILLED["body"])
    assert draft.regions == (() if suffix == ".txt" else ("Ukraine",))
    if suffix == ".txt":
        assert (draft.author, draft.key_points) == (FILLED["author"], (FILLED["key points"],))


@pytest.mark.parametrize(
    "name", [name for name in UPDATE_FIELDS if name not in ("headline", "regions", "body")]
)
def test_every_other_field_is_a_remark_that_can_be_made_to_speak(name: str) -> None:
    values = {"id": "a-b", "url": "https://example.org/x", "tags": "[conflict]", "key_points": "[One]"}
    values |= {"published_at": "2026-11-26", "expires_at": "2026-11-27", "kind": "update", "language": "uk"}
    values |= {"severity": "severe", "urgency": "expected", "certainty": "likely", "status": "exercise"}
    values |= {"public": "true", "shapes": '["circle 50.45,30.52 15"]'}
    values |= {"translations": "\n  uk:\n    headline: Слова"}
    value = values.get(name, "Words")
    text = filled(SKELETONS[".md"](), "headline", "regions", "body")
    assert f"# {name}: \n" in text
    assert getattr(
        ingest.read(text.replace(f"# {name}: \n", f"{name}: {value}\n").encode(), "a.md").draft, name
    )
    remarks = json.loads(SKELETONS[".json"]())
    assert UPDATE_FIELDS[name].meaning in remarks[f"#{name}"]


def test_a_remark_in_json_says_nothing_and_may_stand_twice() -> None:
    text = '{"#": "one", "#": "two", "headline": "Bridges are closed", "#body": "x"}'
    draft = ingest.read(text.encode(), "a.json").draft
    assert (draft.headline, draft.body) == ("Bridges are closed", "")


def test_every_field_of_the_model_is_described_and_no_other() -> None:
    assert list(UPDATE_FIELDS) == list(UpdateIn.model_fields)


@pytest.mark.parametrize("name", UPDATE_FIELDS)
def test_the_bound_that_is_written_down_is_the_one_that_holds(name: str) -> None:
    """What the page promises to take is taken, and one more is refused."""
    numbers = [int(n.replace(",", "")) for n in re.findall(r"at most ([\d,]+)", UPDATE_FIELDS[name].bounds)]
    if not numbers:
        return
    make = {
        "url": lambda n: "https://e.org/" + "a" * (n - 14),
        "tags": lambda n: [f"t{i}" for i in range(n)],
        "regions": lambda n: [f"R{i}" for i in range(n)],
        "key_points": lambda n: [f"P{i}" for i in range(n)],
        "translations": lambda n: {tag: {"headline": "a"} for tag in LANGUAGES[:n]},
        "shapes": lambda n: [f"circle {i / 10},0 1" for i in range(n)],
    }.get(name, lambda n: "a" * n)
    draft_of({name: make(numbers[0])})
    with pytest.raises(BadInput, match=name):
        draft_of({name: make(numbers[0] + 1)})
    for length in numbers[1:]:
        draft_of({name: ["a" * length]})
        with pytest.raises(BadInput, match=name):
            draft_of({name: ["a" * (length + 1)]})


def test_all_that_is_wrong_with_several_updates_is_told_at_once() -> None:
    """One mistake a round: three updates with three mistakes took four."""
    text = '[{"headline": 5}, {"headline": "Fine"}, {"severity": "bad", "tags": ["a b!", "c%"]}, 7]'
    with pytest.raises(BadInput) as refused:
        ingest.read_all(text.encode(), "a.json")
    assert "Item 4" in refused.value.sentence
    with pytest.raises(BadInput) as refused:
        ingest.read_all(text.replace(", 7]", "]").encode(), "a.json")
    for part in ("Update 1", "Update 3", "severity", "a b!", "c%"):
        assert part in refused.value.sentence


def test_what_an_update_lacks_is_told_with_what_is_wrong_with_it() -> None:
    reading = ingest.read(
        b"---\nregions: [Atlantis, Utopia]\npublished_at: 2026-11-26\nexpires_at: 2026-11-20\n---\n", "a.md"
    )

    def find(text: str) -> str:
        raise BadInput(f"No region is called {text}.", "Look it up.")

    with pytest.raises(BadInput) as refused:
        ingest.complete(reading, find_region=find)
    for part in ("no headline", "Atlantis", "later than published_at"):
        assert part in refused.value.sentence
