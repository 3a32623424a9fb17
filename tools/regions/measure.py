"""Measure the gazetteer on real texts: `python tools/regions/measure.py CORPORA [-v]` (docs/regions.md)."""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from alerts.errors import UnknownRegion
from alerts.regions import Tree, load, suggest


def main(corpora: Path) -> None:
    tree = load()
    texts = corpora / "situation_updates"
    whole = list(pages(texts, tree))
    report("FCDO pages, whole", whole, tree)
    report("FCDO pages without their title", [(code, text.split("\n", 1)[1]) for code, text in whole], tree)
    report("FCDO change notes that name a place", list(notes(texts, tree)), tree)


def pages(texts: Path, tree: Tree) -> Iterator[tuple[str, str]]:
    """Country and text of each FCDO page; the country is in the file's name."""
    for path in sorted(texts.glob("fcdo_*.md")):
        if code := country(path.stem.removeprefix("fcdo_").replace("-", " "), tree):
            yield code, path.read_text(encoding="utf-8")


def notes(texts: Path, tree: Tree) -> Iterator[tuple[str, str]]:
    for line in (texts / "fcdo_change_notes_open.jsonl").read_text(encoding="utf-8").splitlines():
        note = json.loads(line)
        if (code := country(note["slug"].replace("-", " "), tree)) and suggest(note["text"], tree):
            yield code, note["text"]


def country(slug: str, tree: Tree) -> str | None:
    try:
        return tree.find(slug)
    except UnknownRegion:
        return None


def report(what: str, cases: list[tuple[str, str]], tree: Tree) -> None:
    began = time.perf_counter()
    answers = [(code, [s.code for s in suggest(text, tree)]) for code, text in cases]
    seconds = time.perf_counter() - began
    first = sum(found[:1] == [code] for code, found in answers)
    named = sum(code in found for code, found in answers)
    size = sum(len(text) for _, text in cases)
    print(
        f"{what}: {first} of {len(cases)} first ({first / len(cases):.1%}), "
        f"{first / named:.1%} of the {named} that name it; {size / seconds / 1e6:.1f} MB/s"
    )
    if "-v" in sys.argv:
        for (code, text), (_, found) in zip(cases, answers, strict=True):
            if found[:1] != [code]:
                print("   ", code, found[:4], text[:110].replace("\n", " "))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
