"""Reports of 25 years are read as those who collected them say; `docs/bounces.md` names the misses."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from alerts.model import Unasked, Verdict
from alerts.returns import read

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpora" / "bounces"
PAGE = Path(__file__).parents[2] / "docs" / "bounces.md"

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the corpora are not part of the project")

#: A mail by which somebody asks for nothing more; sisimai has it among the complaints.
LEAVING = "leaving"
#: What each kind that is expected may be read as. Sisimai tells only what is gone for good from the rest;
#: flufl.bounce only what failed from what is still being tried.
READ_AS: dict[str, set[str]] = {
    "gone": {Verdict.HARD},
    "not gone": {Verdict.SOFT, Verdict.BLOCKED, Verdict.DELAYED},
    "failed": {Verdict.HARD, Verdict.SOFT, Verdict.BLOCKED},
    "tried again": {Verdict.DELAYED, Verdict.SOFT},
    "complaint": {Verdict.COMPLAINED, LEAVING},
    "delivered": {Verdict.DELIVERED},
    "auto-reply": {Unasked.AUTO_REPLY},
    "ordinary": {Unasked.ORDINARY, Unasked.AUTO_REPLY},
}
#: Those that say something of a delivery.
REPORTS = ("gone", "not gone", "failed", "tried again", "complaint", "delivered")


def expected() -> dict[str, str]:
    """What each mail is, by its name."""
    rows = defaultdict(list)
    with open(CORPUS / "_expected.csv", encoding="utf-8") as table:
        for row in csv.DictReader(table):
            rows[row["file"]].append(row)
    ordinary = {path.name: "ordinary" for path in CORPUS.glob("inbound_*.eml")}
    return ordinary | {name: _kind(of_one) for name, of_one in rows.items()}


def _kind(rows: list[dict[str, str]]) -> str:
    named = {
        "feedback": "complaint",
        "vacation": "auto-reply",
        "delivered": "delivered",
        "NOT-A-BOUNCE": "ordinary",
        "permanent": "failed",
        "temporary": "tried again",
    }
    found = {named.get(row["reason"], "gone" if row["hardbounce"] == "True" else "not gone") for row in rows}
    # Several people behind one address of ours: it is gone only if all of them are.
    [kind] = found - {"gone"} or found
    return kind


def results() -> dict[str, list[tuple[str, str]]]:
    """Of each kind, every mail by name, and as what it was read if that is a miss."""
    found = defaultdict(list)
    for name, kind in sorted(expected().items()):
        seen = read((CORPUS / name).read_bytes())
        said = getattr(seen, "verdict", getattr(seen, "kind", LEAVING))
        found[kind].append((name, "" if said in READ_AS[kind] else said))
    return found


def test_reports_are_read_as_expected_and_nothing_else_is_taken_for_one() -> None:
    found = results()
    reports = [miss for kind in REPORTS for _, miss in found[kind]]
    assert sum(not miss for miss in reports) >= 0.98 * len(reports) > 100
    assert [miss for kind in ("auto-reply", "ordinary") for miss in found[kind] if miss[1]] == []


def test_the_page_counts_them_by_kind_and_names_every_miss() -> None:
    page, found = PAGE.read_text("utf-8"), results()
    reports = [miss for kind in REPORTS for _, miss in found[kind]]
    right, others = sum(not miss for miss in reports), sum(map(len, found.values())) - len(reports)
    share = f"{right} of {len(reports)} reports\n({100 * right / len(reports):.1f} %) are read as expected"
    assert share in page
    assert f"of {others} auto-replies and ordinary mails none is taken for a report" in page
    assert page.count(".eml` |") == sum(bool(miss) for mails in found.values() for _, miss in mails)
    for kind, mails in found.items():
        misses = [(name, miss) for name, miss in mails if miss]
        assert f"| {kind} | {len(mails)} | {len(mails) - len(misses)} |" in page, kind
        for name, miss in misses:
            assert f"| `{name}` | {kind} | {miss} |" in page, name
