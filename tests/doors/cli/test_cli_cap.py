"""A message of CAP at the command line: what it says, and what came of it."""

from pathlib import Path

from cap_writer import cap, info, refers
from cli_runs import Runs
from house import subscribe

from alerts.services import Services


def test_read_says_what_was_understood_and_from_which_words(alerts: Runs, tmp_path: Path) -> None:
    drawn = "<areaDesc>Tirol</areaDesc><circle>47.26,11.39 5</circle>"
    (tmp_path / "storm.cap").write_bytes(
        cap(info(drawn), identifier="m2", msgType="Update", references=refers("m1"))
    )
    said = alerts("read", "storm.cap", "-o", "table").out
    assert "storm.cap: cap" in said
    assert "message: m2 of desk@weather.example.at, update" in said
    assert "refers to: m1" in said
    assert "the area “Tirol”" in said
    assert "1 polygon or circle" in said
    read = alerts("read", "storm.cap", "-o", "json").json
    assert read["update"]["regions"] == ["AT-7"]
    assert read["message"]["references"] == ["m1"]


def test_a_message_is_published_as_a_revision_and_nothing_of_an_older_one(
    alerts: Runs, services: Services, tmp_path: Path
) -> None:
    subscribe(services, "ann@example.org", "AT")
    (tmp_path / "one.cap").write_bytes(cap())
    second = cap(identifier="m2", sent="2094-03-01T10:00:00+01:00", msgType="Update", references=refers("m1"))
    (tmp_path / "two.cap").write_bytes(second)
    assert ".r1 accepted" in alerts("publish", "two.cap", "-o", "table").out
    late = alerts("publish", "one.cap", "-o", "table")
    assert (late.code, "nothing is published of a message about gales-over-tyrol" in late.out) == (0, True)
    assert "worker" not in late.err
    assert alerts("publish", "one.cap", "-o", "json").json["passed_over"]


def test_what_is_not_for_everybody_is_read_and_published_only_if_it_is_allowed(
    alerts: Runs, tmp_path: Path
) -> None:
    (tmp_path / "secret.cap").write_bytes(cap(scope="Restricted"))
    for command in ("read", "preview", "publish"):
        refused = alerts(command, "secret.cap")
        assert (refused.code, "--allow restricted" in refused.sentence) == (2, True)
    assert alerts("publish", "secret.cap", "--allow", "restricted", "-o", "json").json["created"]


def test_an_end_of_what_is_not_known_is_told_by_preview_and_noted_by_publish(
    alerts: Runs, tmp_path: Path
) -> None:
    (tmp_path / "end.cap").write_bytes(cap("", msgType="Cancel", references=refers("m0")))
    foreseen = alerts("preview", "end.cap")
    assert (foreseen.code, "never published here" in foreseen.sentence) == (3, True)
    assert "never published here" in alerts("publish", "end.cap", "-o", "table").out
