"""`alerts subscribers invite`: shown before, asked about, and done by whoever means it."""

from pathlib import Path

import pytest
from cli_runs import Runs

ANNA = "anna@example.org"
TABLE = f"address,name,regions\n{ANNA},Anna,UA\nbob@example.net,Bob,Moldova\n"


@pytest.fixture(autouse=True)
def by_invitation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALERTS_JOIN", "invited")


def listed(alerts: Runs) -> list[str]:
    return [one["address"] for one in alerts("subscribers", "invitations", "list", "-o", "json").json]


def test_nobody_is_mailed_before_somebody_said_yes(alerts: Runs) -> None:
    shown = alerts("subscribers", "invite", "-", "--dry-run", stdin=TABLE)
    assert "2 would be invited: anna@example.org, bob@example.net" in shown.out
    asked = alerts("subscribers", "invite", "-", stdin=TABLE)
    assert (asked.code, "Give --yes" in asked.err) == (2, True)
    assert listed(alerts) == []


def test_a_file_is_invited_and_run_again_nobody_is(alerts: Runs, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(f"{TABLE}nobody,,UA\n")
    done = alerts("subscribers", "invite", str(file), "--yes")
    assert (done.code, "✓ 2 invited" in done.out) == (1, True)
    assert "line 4: " in done.err
    assert sorted(listed(alerts)) == [ANNA, "bob@example.net"]
    again = alerts("subscribers", "invite", str(file), "--yes", "-o", "json")
    assert (again.json["invited"], again.json["open"], again.json["bad"]) == (0, 2, 1)


def test_some_addresses_are_all_offered_the_same_and_it_is_taken_back(alerts: Runs) -> None:
    done = alerts("subscribers", "invite", ANNA, "bob@example.net", "--region", "Ukraine", "--yes")
    assert (done.code, done.out.splitlines()[-1]) == (0, "✓ 2 invited")
    assert alerts("subscribers", "invitations", "cancel", ANNA).code == 0
    assert listed(alerts) == ["bob@example.net"]
    assert alerts("subscribers", "invitations", "cancel", ANNA).code == 4


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([ANNA], "not said what they are offered"),
        ([ANNA, "people.csv", "--region", "UA"], "“people.csv” is no address"),
        (["people.csv", "--region", "UA"], "A file says itself"),
        (["nowhere.csv"], "nowhere.csv cannot be read"),
        ([ANNA, "--region", "Atlantis", "--yes"], "No region is called “Atlantis”"),
        ([ANNA, "--region", "UA", "--again", "--confirmed"], "not both"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(alerts: Runs, words: list[str], says: str) -> None:
    refused = alerts("subscribers", "invite", *words)
    assert refused.code == 2
    assert says in refused.err
    assert listed(alerts) == []


def test_who_is_vouched_for_is_a_subscriber_at_once(alerts: Runs) -> None:
    done = alerts("subscribers", "invite", ANNA, "--region", "UA", "--confirmed", "--yes")
    assert done.out.splitlines()[-1] == "✓ 1 added"
    assert alerts("subscribers", "show", ANNA).code == 0


def test_a_long_list_that_is_run_again_is_not_read_out(alerts: Runs) -> None:
    """Ten thousand lines said each that its person was invited already."""
    table = "address,regions\n" + "".join(f"p{n}@example.org,UA\n" for n in range(30))
    alerts("subscribers", "invite", "-", "--yes", stdin=table)
    again = alerts("subscribers", "invite", "-", "--yes", stdin=table)
    assert again.err.count("Invited already") == 20
    assert "30 invited already, whose link still works: p0@example.org" in again.out
    every = alerts("subscribers", "invite", "-", "--yes", "-o", "json", stdin=table)
    assert len(every.json["remarks"]) == 30
