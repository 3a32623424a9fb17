"""Sentences without gaps: in the code that writes them, and in what commands answer to what makes no sense.

Whatever a test of the command line hears on standard error is looked through as well (`cli_runs.Said`).
"""

import ast
import re
from collections.abc import Iterator

import pytest
from checkout import ROOT
from sentences import GAPS, gaps

#: What is counted in sentences, in the plural.
THINGS = (
    "addresses|attempts|batches|cells|channels|characters|clocks|columns|days|deliveries|digests|entries|hours|keys|"
    "lines|messages|minutes|notices|octets|people|persons|regions|renderings|revisions|rows|seconds|subscribers|"
    "subscriptions|tags|things|updates|workers"
)
_COUNTED = re.compile(rf"\{{([^{{}}]*)\}} (?:[a-z]+ )?(?:{THINGS})\b")
#: A number of which there are always several: a limit of ours, or what is over one.
SEVERAL = {
    "people:,": "`1 person gets` is said otherwise",
    "unknown:,": "`1 person gets` is said otherwise",
    "self._timeout:g": "seconds that a relay is waited for; a setting, 5 at least",
    "len(text):,": "a text that is too long has more than one character",
    "len(items):,": "a list that is too long has more than one entry",
    "len(readings)": "said where there are more updates than one",
    "len(name)": "a name that is too long",
    "len(faults)": "said where there are several faults",
    "GIVE_UP_S / 3600:.0f": "24",
    "claim.deaths": "two workers at least",
    "SECONDS_MAX:g": "a limit",
    "self._bounds.pieces:,": "a limit",
}


def sentences() -> Iterator[tuple[str, str]]:
    """Every f-string of the code, as it is written there: what is filled in stands in braces."""
    for path in sorted((ROOT / "alerts").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", "".join(map(_written, node.values))


def _written(part: ast.expr) -> str:
    if isinstance(part, ast.FormattedValue):
        form = f":{''.join(map(_written, part.format_spec.values))}" if part.format_spec else ""  # type: ignore[attr-defined]
        return f"{{{ast.unparse(part.value)}{form}}}"
    return str(part.value) if isinstance(part, ast.Constant) else ""


def test_what_is_counted_in_a_sentence_may_be_one() -> None:
    """“1 deliveries that it missed are sent now”, “1 subscribers, 1 rows”, “1 bad lines do not say …”."""
    found = {
        where: text
        for where, text in sentences()
        for number in _COUNTED.findall(text)
        if number not in SEVERAL and not re.search(r"\b_?[A-Z][A-Z_]+\b", number)
    }
    assert found == {}


def test_no_sentence_has_a_space_before_its_stop_or_two_stops() -> None:
    kinds = ("a gap before a stop", "two stops")
    found = {
        where: text
        for where, text in sentences()
        if "(?" not in text  # else it is a pattern
        and any(GAPS[kind].search(re.sub(r"\{[^{}]*\}", "x", text)) for kind in kinds)
    }
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "It is held until None.",
        "No region is called “”.",
        "It is  there.",
        "Give --yes .",
        "It is over..",
        "1 people are told.",
        "1 lines left out",
        "It was resent 0 s ago.",
        "Write {address}.",
    ],
)
def test_each_kind_of_gap_is_seen(text: str) -> None:
    assert len(gaps(text)) == 1


def test_what_is_well_said_is_no_gap() -> None:
    well = (
        "1 person gets it; 21 people, 1 of 2 lines. Give -o json. r1 is sent. It takes 10 s… 0.5 s, at 08:00."
    )
    assert gaps(well) == []
