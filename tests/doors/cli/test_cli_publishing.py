"""What `publish` and `preview` say: nobody is no ✓, what is unknown is said loudly, what is over refused."""

from pathlib import Path

import pytest
from cli_runs import Runs
from house import subscribe

from alerts.model import Severity
from alerts.services import Services


def test_what_nobody_is_subscribed_to_is_no_tick(alerts: Runs, update: str) -> None:
    """“✓ accepted” was all that was said of an update that went to nobody."""
    said = alerts("publish", update, "--new-tag", "-o", "table")
    assert "! ua-talks.r1 accepted, and nobody is subscribed to it" in said.out
    assert "✓" not in said.out


def test_an_unknown_severity_is_said_before_and_after(
    alerts: Runs, services: Services, tmp_path: Path
) -> None:
    subscribe(services, "floor@example.org", "UA", min_severity=Severity.EXTREME)
    (tmp_path / "talks.md").write_text("---\nid: ua-talks\nregions: [Ukraine]\n---\n# Talks\n")
    loud = "1 person gets it only for that reason"
    assert loud in alerts("preview", "talks.md", "-o", "table").out
    assert alerts("preview", "talks.md", "-o", "json").json["by_unknown_severity"] == 1
    said = alerts("publish", "talks.md", "-o", "table")
    assert (loud in said.err, "✓" in said.out) == (True, True)


def test_what_is_over_is_refused_by_preview_and_publish(alerts: Runs, tmp_path: Path) -> None:
    """Preview said “14 would get it now”, publish ended with 0, and all 14 were `expired`."""
    (tmp_path / "old.md").write_text("---\nregions: [Ukraine]\nexpires_at: 2020-01-01\n---\n# Flood\n")
    for command in ("preview", "publish"):
        said = alerts(command, "old.md")
        assert (said.code, "nobody would be told" in said.sentence) == (2, True)


@pytest.mark.parametrize(
    "words", [("publish",), ("read",), ("preview",), ("publish", "--to-me", "a@example.org")]
)
def test_every_door_names_all_that_is_wrong_with_a_file(
    alerts: Runs, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """A wrong date, then a region, then a tag: three tries, and `read` never said a word about the tag."""
    (tmp_path / "flood.md").write_text(
        "---\nheadline: Flood\nregions: [Kenia]\ntags: [wether]\npriority: 1\npublished_at: 31.02.2026\n---\n"
    )
    command, *options = words
    said = alerts(command, "flood.md", *options)
    assert said.code == 2
    for wrong, hint in (
        ("published_at", "2022-03-28"),
        ("“priority”", "leave out"),
        ("“Kenia”", "Kenya"),
        ("“wether”", "weather"),
    ):
        assert wrong in said.err.partition("hint: ")[0]
        assert hint in said.err.partition("hint: ")[2]
