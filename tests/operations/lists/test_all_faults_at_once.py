"""Whatever is wrong with a file is named in one round, be it fields, regions or tags that are wrong."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from house import OPERATOR
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from alerts import ingest
from alerts import operations as do
from alerts.errors import BadInput
from alerts.operations import Actor, NamedReading
from alerts.services import Services

GOOD: dict[str, Any] = {
    "headline": "Flood in Budalangi",
    "regions": ["Kenya"],
    "tags": ["flood"],
    "body": "Rain.",
}


@dataclass(frozen=True)
class Seed:
    """A fault: what it does to the fields of a good file, and what must be said of it."""

    fields: dict[str, Any]
    said: tuple[str, ...]
    hint: str


#: None of them writes the same field in another way than another does; lists grow.
SEEDS = {
    "a date": Seed({"published_at": "31.02.2026"}, ("published_at", "31.02.2026"), "2022-03-28"),
    "an expiry": Seed({"expires_at": "soon"}, ("expires_at", "soon"), "2022-03-28"),
    "a field nobody has": Seed({"priority": "high"}, ("priority",), "leave out “priority”"),
    "another such field": Seed({"ticket": "1"}, ("ticket",), "“ticket”"),
    "a field misspelt": Seed({"sevrity": "severe"}, ("sevrity",), "severity"),
    "a word": Seed({"urgency": "now"}, ("urgency cannot be “now”",), "immediate"),
    "an address": Seed({"url": "kenya"}, ("url cannot be “kenya”",), "https://example.org/page"),
    "an id": Seed({"id": "Über uns"}, ("id cannot be",), "ua-ru-talks"),
    "a region": Seed({"regions": ["Kenia"]}, ("“Kenia”",), "Kenya"),
    "another region": Seed({"regions": ["Ugandaa"]}, ("“Ugandaa”",), "Uganda"),
    "a tag": Seed({"tags": ["wether"]}, ("“wether”",), "weather"),
    "another tag": Seed({"tags": ["floods"]}, ("“floods”",), "flood"),
    "no headline": Seed({"headline": ""}, ("It has no headline.",), "`headline`"),
}


def seeded(names: set[str]) -> dict[str, Any]:
    fields = dict(GOOD)
    for name in sorted(names):
        for field, value in SEEDS[name].fields.items():
            fields[field] = fields[field] + value if isinstance(value, list) else value
    return fields


def as_json(fields: dict[str, Any]) -> tuple[str, bytes]:
    return "update.json", json.dumps(fields).encode()


def as_markdown(fields: dict[str, Any]) -> tuple[str, bytes]:
    front = "".join(
        f"{name}: [{', '.join(value)}]\n" if isinstance(value, list) else f"{name}: {value}\n"
        for name, value in fields.items()
        if name != "body"
    )
    return "update.md", f"---\n{front}---\n\n{fields['body']}\n".encode()


@how(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sets(st.sampled_from(sorted(SEEDS)), min_size=1),
    st.sampled_from([as_json, as_markdown]),
)
def test_any_faults_together_are_named_in_one_round(
    services: Services, names: set[str], written: Callable[[dict[str, Any]], tuple[str, bytes]]
) -> None:
    """A wrong date and an unknown region were two rounds, an unlisted tag beside them a third: the format was
    asked first, then the regions, then the tags."""
    name, octets = written(seeded(names))
    [reading] = ingest.attempt_all(octets, name)
    with pytest.raises(BadInput) as refused:
        do.publish(services, OPERATOR, [NamedReading(name, reading)])
    fault = refused.value
    for seed in map(SEEDS.__getitem__, names):
        assert all(words in fault.sentence for words in seed.said), (seed, fault.sentence)
        assert seed.hint in fault.hint, (seed, fault.hint)
    innocent = [word for name in SEEDS.keys() - names for word in SEEDS[name].said]
    assert [word for word in innocent if word in fault.sentence] == []


def test_what_cannot_be_read_is_not_said_to_be_missing(services: Services) -> None:
    """A headline that is too long is there, and so are regions that are no list of texts."""
    fields = {"headline": "a" * 400, "regions": {"code": "UA"}, "body": "Kyiv and Lviv, Ukraine."}
    fault = refused(services, fields)
    assert "headline is 400 characters long" in fault.sentence
    assert "regions must be a list of texts" in fault.sentence
    assert "It has no headline" not in fault.sentence
    assert "names no region" not in fault.sentence


def test_of_several_updates_each_says_which_it_is(services: Services) -> None:
    """An unknown region in the third of ten updates was just an unknown region."""
    source = json.dumps([GOOD, seeded({"a date", "a region"}), seeded({"a tag"})]).encode()
    readings = [NamedReading("all.json", reading) for reading in ingest.attempt_all(source, "all.json")]
    with pytest.raises(BadInput) as refused:
        do.publish(services, OPERATOR, readings)
    said = refused.value.sentence
    assert (
        0
        <= said.index("Update 2: published_at")
        < said.index("“Kenia”")
        < said.index("Update 3: The tag “wether”")
    )


def test_several_files_are_named_with_all_that_is_wrong_in_each(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first file's unknown region hid what was wrong with the second."""
    for name, seeds in (("one.json", {"a region", "a word"}), ("two.json", {"a tag", "an expiry"})):
        (tmp_path / name).write_bytes(as_json(seeded(seeds))[1])
    monkeypatch.chdir(tmp_path)  # a long path would be cut
    files = ["one.json", "two.json"]
    with pytest.raises(BadInput) as refused:
        do.publish(services, OPERATOR, do.read_files(files, io.BytesIO()))
    first, second = refused.value.sentence.split(f"{files[1]}: ")
    assert first.startswith(f"{files[0]}: urgency")
    assert "“Kenia”" in first
    assert "expires_at" in second
    assert "“wether”" in second


def test_a_file_that_is_none_is_named_beside_one_that_has_faults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no server need be asked, none is: a path is mistyped more often than a field."""
    (tmp_path / "one.json").write_bytes(as_json(seeded({"a word"}))[1])
    monkeypatch.chdir(tmp_path)
    files = ["one.json", "two.json"]
    with pytest.raises(BadInput) as refused:
        do.read_files(files, io.BytesIO())
    assert f"There is no file “{files[1]}”." in refused.value.sentence
    assert f"{files[0]}: urgency cannot be “now”" in refused.value.sentence


def test_an_update_that_is_over_and_in_no_known_region_is_told_both(services: Services) -> None:
    fault = refused(services, seeded({"a region"}) | {"expires_at": "2020-01-01"})
    assert "It expired at 2020-01-01" in fault.sentence
    assert "“Kenia”" in fault.sentence


def test_whoever_may_not_read_is_not_told_which_tags_there_are(services: Services) -> None:
    """`read` needs no permission, for it shows nothing that is kept."""
    name, octets = as_json(seeded({"a tag", "a word"}))
    readings = [NamedReading(name, reading) for reading in ingest.attempt_all(octets, name)]
    stranger = Actor("somebody", "test", frozenset())
    with pytest.raises(BadInput, match="urgency") as refused:
        do.require_sound(services, stranger, readings)
    assert "weather" not in refused.value.hint


def refused(services: Services, fields: dict[str, Any]) -> BadInput:
    name, octets = as_json(fields)
    [reading] = ingest.attempt_all(octets, name)
    with pytest.raises(BadInput) as fault:
        do.publish(services, OPERATOR, [NamedReading(name, reading)])
    return fault.value
