"""`alerts deliveries`, and what `status` says of people: who was told, who was not, and why."""

import csv
import io
import json
from pathlib import Path

import pytest
from cli_runs import Runs
from house import draft, subscribe, tell

from alerts.model import Cadence, Channel
from alerts.services import Services


@pytest.fixture
def house(services: Services, alerts: Runs) -> Services:
    """Two who were told, one whose address is gone, one who waits for a slot."""
    for name in ("ann", "bob", "gone"):
        subscribe(services, f"{name}@example.org", "UA")
    subscribe(services, "daily@example.org", "UA", cadence=Cadence.parse("daily 08:00"))
    services.suppressions.add(Channel("email"), "gone@example.org", "550 no such user", "email")
    tell(services, draft())
    return services


def test_who_was_not_told_is_one_command(house: Services, alerts: Runs) -> None:
    said = alerts("deliveries", "ua-talks", "--state", "suppressed")
    assert (said.code, said.out.count("@example.org"), said.err) == (0, 1, "")
    assert "gone@example.org" in said.out
    assert "550 no such user" in said.out


def test_every_format_has_the_same_people(house: Services, alerts: Runs) -> None:
    listed = alerts("deliveries", "ua-talks", "-o", "json").json
    lines = [json.loads(line) for line in alerts("deliveries", "ua-talks", "-o", "jsonl").out.splitlines()]
    table = list(csv.DictReader(io.StringIO(alerts("deliveries", "ua-talks", "-o", "csv").out)))
    ids = alerts("deliveries", "ua-talks", "-q").out.splitlines()
    assert listed == lines
    people = [(row["address"], row["state"]) for row in lines]
    assert [(row["address"], row["state"]) for row in table] == people
    assert ids == [address for address, _ in people]
    assert len(people) == 4


def test_nobody_is_an_empty_list_in_json(alerts: Runs, house: Services) -> None:
    said = alerts("deliveries", "ua-talks", "--state", "failed", "-o", "json")
    assert (said.code, said.out) == (0, "[]\n")


def test_a_table_shows_some_and_says_how_many_there_are(house: Services, alerts: Runs) -> None:
    said = alerts("deliveries", "ua-talks", "--limit", "1")
    assert said.out.count("@example.org") == 1
    assert said.err == "1 of 4; see all with `alerts deliveries ua-talks -o jsonl`.\n"


def test_status_counts_people_and_says_where_they_are_listed(house: Services, alerts: Runs) -> None:
    """Three revisions of one update to 28 people were “78 sent, 2 failed”, and nobody waited for anything."""
    tell(house, draft(headline="Talks end"))
    said = alerts("status", "ua-talks").out
    assert "  4 people: 2 were sent r2, 1 suppressed, 1 waits for a slot\n" in said
    assert "  email: 2 sent, 1 suppressed\n" in said
    assert "  email: 1 person, r2 with the digest of " in said
    assert "`alerts deliveries ua-talks --state suppressed`" in said
    found = alerts("status", "ua-talks", "-o", "json").json
    assert found["deliveries"] == {"email": {"sent": 2, "suppressed": 1}}
    assert [(row["revision"], row["state"], row["people"]) for row in found["latest"]] == [
        (2, "sent", 2),
        (2, "suppressed", 1),
    ]
    assert [(row["people"], row["slot"][-10:]) for row in found["slots"]] == [(1, "T08:00:00Z")]


def test_everybody_is_explained_at_once_and_so_is_a_list(
    house: Services, alerts: Runs, tmp_path: Path
) -> None:
    """76 people took 76 starts of `explain`."""
    verdicts = {
        row["address"]: row["verdict"] for row in alerts("explain", "ua-talks", "--all", "-o", "json").json
    }
    assert verdicts == {
        "ann@example.org": "now",
        "bob@example.org": "now",
        "gone@example.org": "no",
        "daily@example.org": "slot",
    }
    (tmp_path / "list.txt").write_text("ann@example.org\nnobody@example.org\n", encoding="utf-8")
    said = alerts("explain", "ua-talks", "--file", "list.txt", "-o", "csv")
    assert (said.code, said.out.count("\n")) == (1, 3)
    said = alerts("explain", "ua-talks", "--file", "-", stdin="ann@example.org")
    assert (said.code, "ann@example.org" in said.out) == (0, True)


@pytest.mark.parametrize(
    "words", [["ua-talks"], ["a@example.org", "ua-talks", "--all"], ["ua-talks", "--all", "--file", "-"]]
)
def test_who_is_meant_is_said_once(house: Services, alerts: Runs, words: list[str]) -> None:
    said = alerts("explain", *words)
    assert (said.code, "either --all or --file" in said.err) == (2, True)
