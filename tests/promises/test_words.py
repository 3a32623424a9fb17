"""One concept, one word: `docs/words.md` is held against the code."""

import ast
import io
import re
import tokenize
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from checkout import ROOT, text

PAGE = text("docs/words.md")
GLOSSARY, _, _ = PAGE.partition("## Given up")
MODULES = sorted((ROOT / "alerts").rglob("*.py"))
SOURCE = "\n".join(path.read_text("utf-8") for path in MODULES)

#: Names that came to stand for something else, or for several things; each was replaced everywhere.
RETIRED_NAMES = {
    "apart", "desk", "book", "hindrance", "overruled", "spared", "spare", "wish", "wishes", "telling",
    "rest_s", "works", "opening",
}  # fmt: skip
#: What no comment, docstring, message or page says any more.
RETIRED_PHRASES = ["way out", "ways out", "stands in redis", "so many"]


def rows(table: str) -> list[tuple[str, str]]:
    found = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", table, re.MULTILINE)
    return [row for row in found if row[0] not in ("word", "---")]


def names(path: Path) -> Iterator[str]:
    """The identifiers of a module, cut into their words."""
    with io.StringIO(path.read_text("utf-8")) as lines:
        for token in tokenize.generate_tokens(lines.readline):
            if token.type == tokenize.NAME:
                yield token.string
                yield from re.split(r"_+", token.string.lower())


@pytest.mark.parametrize("word", [word for word, _ in rows(GLOSSARY)])
def test_every_word_of_the_glossary_is_used_in_the_code(word: str) -> None:
    spelled = re.escape(word).replace(r"\ ", r"[ _\n]+(?:#:? )?").replace(r"\-", "[-_ ]")
    assert re.search(rf"(?<![a-z]){spelled}", SOURCE, re.IGNORECASE), f"nothing in alerts/ is called {word}"


def test_no_type_has_the_name_of_another() -> None:
    """`Owed` was an entry of the due set and a list of people; `Line` was of the ledger and of a post."""
    places = defaultdict(list)
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(str(path.relative_to(ROOT)))
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def test_no_name_that_was_given_up_comes_back() -> None:
    back = {
        str(path.relative_to(ROOT)): sorted(RETIRED_NAMES & set(names(path)))
        for path in MODULES
        if RETIRED_NAMES & set(names(path))
    }
    assert back == {}


@pytest.mark.parametrize("phrase", RETIRED_PHRASES)
def test_no_phrase_that_was_given_up_comes_back(phrase: str) -> None:
    pages = [*MODULES, *(ROOT / "docs").glob("*.md"), ROOT / "README.md", *(ROOT / "templates").rglob("*.j2")]
    spelled = re.compile(phrase.replace(" ", r"\s+(?:# ?)?"), re.IGNORECASE)
    back = [
        str(path.relative_to(ROOT))
        for path in pages
        if path.name != "words.md" and spelled.search(path.read_text("utf-8"))
    ]
    assert back == []
