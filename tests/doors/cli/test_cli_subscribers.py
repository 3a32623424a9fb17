"""What operators type to manage subscribers, and what they are answered."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_runs import Runs, Said
from house import of_old

from alerts.model import Channel
from alerts.operations.subscribing.subscriber_details import find
from alerts.services import Services

Run = Callable[..., Said]


@pytest.fixture
def run(alerts: Runs) -> Run:
    """Runs `alerts …` and expects this exit code."""

    def expecting(*words: str, given: str = "", code: int = 0) -> Said:
        said = alerts(*words, stdin=given)
        assert said.code == code, said.out + said.err
        return said

    return expecting


def add(run: Run, address: str = "ann@example.org", *options: str) -> Said:
    return run("subscribers", "add", address, "--region", "Ukraine", *options)


def test_a_subscriber_is_added_and_shown(run: Run) -> None:
    said = add(
        run, "ann@EXAMPLE.org", "--name", "Ann", "--zone", "europe/kyiv", "--cadence", "daily 08:00"
    ).out
    assert said.splitlines() == [
        "ann@example.org (Ann), active, Europe/Kyiv",
        "  Ukraine: Ukraine · daily 08:00",
    ]
    shown = run("subscribers", "show", "ann@example.org").out
    assert "08:00 Europe/Kyiv (" in shown
    assert "UTC)" in shown


def test_every_option_of_a_wish_reaches_the_subscription(run: Run, services: Services) -> None:
    add(
        run,
        "T1/C1",
        *(
            "--channel",
            "slack",
            "--region",
            "PL",
            "--tag",
            "flood",
            "--all-tag",
            "strike",
            "--none-tag",
            "Sport",
        ),
        *("--new-tag", "--severity", "severe", "--cadence", "hourly", "--quiet-hours", "22:00-07:00"),
        *("--bypass", "extreme", "--daily-cap", "5", "--subscription", "Home"),
    )
    row = json.loads(run("subscribers", "show", "T1/C1", "-o", "json").out)
    [subscription] = row.pop("subscriptions")
    assert {"next", "words", "capped"} <= subscription.keys()
    assert {k: v for k, v in subscription.items() if k not in ("next", "words", "capped")} == {
        "name": "Home",
        "regions": ["PL", "UA"],
        "tags": ["flood"],
        "all_tags": ["strike"],
        "none_tags": ["sport"],
        "min_severity": "severe",
        "cadence": "hourly",
        "quiet_hours": "22:00-07:00",
        "bypass": "extreme",
        "daily_cap": 5,
    }
    assert (row["channel"], row["standing"], row["timezone"], row["suppressed"]) == (
        "slack",
        "active",
        "UTC",
        None,
    )
    assert "sport" in services.tags.all()


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        pytest.param(("add", "ann", "--region", "UA"), 2, "TEAM/CHANNEL", id="no address"),
        pytest.param(("add", "b@example.org"), 2, "--region", id="no region"),
        pytest.param(
            ("add", "b@example.org", "--region", "Ukrane"), 2, "Ukraine (UA)", id="a misspelt region"
        ),
        pytest.param(
            ("add", "ann@example.org", "--region", "UA"), 4, "subscriptions add", id="there already"
        ),
        pytest.param(("show", "bob@example.org"), 4, "subscribers list", id="nobody"),
        pytest.param(("set", "ann@example.org"), 2, "--zone", id="nothing to set"),
        pytest.param(
            ("set", "ann@example.org", "--zone", "Europe/Kiyv"), 2, "Europe/Kyiv", id="a misspelt zone"
        ),
        pytest.param(("import", "nowhere.csv"), 2, "nowhere.csv", id="no file"),
        pytest.param(("export", "no/folder/x.csv"), 2, "cannot be written", id="no folder"),
        pytest.param(("list", "--region", "Ukrane"), 2, "Ukraine (UA)", id="a list of a misspelt region"),
    ],
)
def test_what_cannot_be_done_is_said_with_a_hint_and_a_code(
    run: Run, args: tuple[str, ...], code: int, said: str
) -> None:
    add(run)
    told = run("subscribers", *args, code=code).err
    assert said in told
    assert "hint: " in told


def test_a_new_tag_is_not_put_on_the_list_for_a_wish_that_is_refused(run: Run, services: Services) -> None:
    run(
        "subscribers",
        "add",
        "ann@example.org",
        "--region",
        "UA",
        "--tag",
        "locusts",
        "--new-tag",
        "--bypass",
        "x",
        code=2,
    )
    assert "locusts" not in services.tags.all()


def test_all_quiet_is_asked_for_with_a_flag(run: Run) -> None:
    run("subscribers", "add", "ann@example.org", "--region", "UA", "--cadence", "daily 08:00", "--all-quiet")
    [subscription] = json.loads(run("subscribers", "show", "ann@example.org", "-o", "json").out)[
        "subscriptions"
    ]
    assert subscription["all_quiet"] is True
    assert subscription["words"] == "Ukraine · daily 08:00 · says so when all is quiet"


def test_subscriptions_are_added_listed_and_removed(run: Run) -> None:
    add(run)
    run("subscriptions", "add", "ann@example.org", "--region", "PL", "--name", "Work")
    listed = json.loads(run("subscriptions", "list", "ann@example.org", "-o", "json").out)
    assert {row["name"]: row["words"] for row in listed} == {
        "Ukraine": "Ukraine · immediate",
        "Work": "Poland · immediate",
    }
    assert (
        "asks for the same"
        in run("subscriptions", "add", "ann@example.org", "--region", "Poland", code=4).err
    )
    run("subscriptions", "remove", "ann@example.org", "work")
    assert run("subscriptions", "list", "ann@example.org", "-q").out == "Ukraine\n"
    assert "only subscription" in run("subscriptions", "remove", "ann@example.org", "Ukraine", code=4).err


def test_a_subscriber_is_renamed_paused_resumed_and_removed(run: Run, services: Services) -> None:
    add(run)
    assert "(Ann B.)" in run("subscribers", "set", "ann@example.org", "--name", "Ann B.").out
    assert ", paused," in run("subscribers", "pause", "ann@example.org").out
    assert run("subscribers", "list", "--state", "paused", "-q").out == "ann@example.org\n"
    assert ", active," in run("subscribers", "resume", "ann@example.org").out
    assert "removed" in run("subscribers", "remove", "ann@example.org", "--yes").out
    assert services.subscribers.count()[Channel("email")] == 0


def test_a_pause_with_an_end_shows_it(run: Run) -> None:
    add(run)
    paused = run("subscribers", "pause", "ann@example.org", "--until", "2100-01-04T08:00:00Z").out
    assert ", paused until Mon 4 Jan 2100 08:00 UTC," in paused
    shown = json.loads(run("subscribers", "show", "ann@example.org", "-o", "json").out)
    assert shown["paused_until"] == "2100-01-04T08:00:00Z"
    run("subscribers", "pause", "ann@example.org", "--until", "2000-01-01T08:00:00Z", code=2)


def test_a_list_is_narrowed_and_printed_for_programs(run: Run) -> None:
    add(run)
    add(run, "T1/C1")
    run("subscribers", "add", "fr@example.org", "--region", "FR")
    assert run("subscribers", "list", "--channel", "slack", "-q").out == "T1/C1\n"
    kyiv = run("subscribers", "list", "--region", "Kyiv", "-o", "jsonl").out.splitlines()
    assert {json.loads(line)["address"] for line in kyiv} == {"ann@example.org", "T1/C1"}
    assert len(run("subscribers", "list", "--limit", "2", "-q").out.splitlines()) == 2
    table = list(csv.DictReader(io.StringIO(run("subscribers", "list", "-o", "csv").out)))
    assert {row["wants"] for row in table} == {"Ukraine · immediate", "France · immediate"}


def test_a_long_table_says_how_to_see_the_rest(run: Run, services: Services) -> None:
    file = "address,regions\n" + "".join(f"p{n}@example.org,UA\n" for n in range(101))
    run("subscribers", "import", "-", given=file)
    listed = run("subscribers", "list")
    assert len(listed.out.splitlines()) == 101  # a heading and a hundred
    assert "-o jsonl" in listed.err
    assert len(run("subscribers", "list", "-o", "jsonl").out.splitlines()) == 101


def test_an_import_tells_bad_lines_keeps_good_ones_and_ends_with_1(run: Run, services: Services) -> None:
    file = "address,regions\nann@example.org,UA\nnobody,UA\nbob@example.org,Ukrane\n"
    told = run("subscribers", "import", "-", given=file, code=1)
    assert "✓ 1 added, 0 changed, 0 unchanged, 2 of 3 lines left out" in told.out
    assert "line 3: “nobody” is no address." in told.err
    assert "line 4: No region is called “Ukrane”. Did you mean Ukraine (UA)?" in told.err
    assert find(services, "ann@example.org")


def test_an_import_is_reported_to_programs_as_json(run: Run) -> None:
    file = "address,regions\nann@example.org,UA\nnobody,UA\n"
    report = json.loads(run("subscribers", "import", "-", "--dry-run", "-o", "json", given=file, code=1).out)
    assert [problem["line"] for problem in report.pop("problems")] == [3]
    assert report.pop("remarks") == []
    counts = {"lines": 2, "bad": 1, "added": 1, "changed": 0, "unchanged": 0, "suppressed": 0}
    assert report == counts | {"dry_run": True, "places": {}}


def test_what_a_name_was_taken_for_is_shown_with_its_country(run: Run) -> None:
    """Nobody saw that `Kharkiv` is the oblast, nor that `Guadalajara` had been taken for the one in Spain."""
    shown = run("subscribers", "add", "ann@example.org", "--region", "Kharkiv").out
    assert "Kharkivska oblast, Ukraine (UA-63) · immediate" in shown
    more = run("subscriptions", "add", "ann@example.org", "--region", "Guadalajara, Mexico").out
    assert "Jalisco, Mexico (MX-JAL)" in more
    file = "address,regions\nbob@example.org,Kyiv\neve@example.org,UA\njoe@example.org,Guadalajara\n"
    told = run("subscribers", "import", "-", given=file, code=1)
    assert "  Kyiv: Kyiv, Ukraine (UA-30)" in told.out.splitlines()
    assert "UA:" not in told.out
    assert (
        "line 4: Several places are called “Guadalajara”. Did you mean Jalisco, Mexico (MX-JAL)" in told.err
    )
    report = json.loads(run("subscribers", "import", "-", "-o", "json", given=file, code=1).out)
    assert report["places"] == {"Kyiv": "Kyiv, Ukraine (UA-30)"}


def test_an_unusable_file_ends_with_2(run: Run) -> None:
    assert "regions" in run("subscribers", "import", "-", given="address,region\n", code=2).err
    told = run("subscribers", "import", "-", given="address,regions\nx,UA\n", code=2)
    assert "✗ 0 added" in told.out
    assert "line 2: " in told.err


def test_what_is_exported_is_imported_unchanged(run: Run, services: Services, tmp_path: Path) -> None:
    add(run, "ann@example.org", "--name", '=cmd "Ann"')
    add(run, "T1/C1")
    first = run("subscribers", "export").out
    told = run("subscribers", "export", str(tmp_path / "all.jsonl"))
    assert "2 subscribers, 2 rows" in told.err
    assert (tmp_path / "all.jsonl").stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "all.jsonl.part").exists()
    services.server.client.flushall()
    assert "2 added" in run("subscribers", "import", str(tmp_path / "all.jsonl")).out
    assert "2 unchanged" in run("subscribers", "import", "-", given=first).out
    again = run("subscribers", "export", "-", "-o", "csv").out
    assert sorted(again.splitlines()) == sorted(first.splitlines())


def test_an_export_says_that_pauses_are_not_in_it(run: Run) -> None:
    add(run)
    run("subscribers", "pause", "ann@example.org")
    assert "Paused, which the rows do not say: 1 of them" in run("subscribers", "export").err


def test_an_address_is_suppressed_and_what_was_lifted_is_shown(run: Run, services: Services) -> None:
    assert "moved away" in run("suppress", "gone@example.org", "--reason", "moved away").out
    lifted = json.loads(run("unsuppress", "gone@EXAMPLE.org", "-o", "json").out)
    assert (lifted["address"], lifted["reason"], lifted["by"]) == (
        "gone@example.org",
        "moved away",
        "operator",
    )
    run("unsuppress", "gone@example.org", code=4)
    services.suppressions.add(Channel("email"), "angry@example.org", "reported as spam", "complaint")
    assert "--force" in run("unsuppress", "angry@example.org", code=4).err
    assert "reported as spam" in run("unsuppress", "angry@example.org", "--force").out


def test_a_suppression_is_seen_wherever_its_subscriber_is(run: Run) -> None:
    """Somebody who had left was added again with a ✓, listed as active, and never got anything."""
    run("suppress", "Ann@example.org", "--reason", "asked by phone")
    said = "Nothing is sent to this address: asked by phone (by operator, since 20"
    assert said in add(run).out
    assert said in run("subscribers", "show", "ann@example.org").out
    assert said in run("subscribers", "set", "ann@example.org", "--name", "Ann").out
    assert said in run("subscriptions", "add", "ann@example.org", "--region", "PL").out
    assert "asked by phone (by operator, since 20" in run("subscribers", "list").out
    told = run(
        "subscribers", "import", "-", given="address,regions\nbob@example.org,UA\nANN@example.org,UA\n"
    )
    assert f"line 3: {said}" in told.err
    assert "sent nothing: 1 of them" in told.out


def test_a_suppression_is_seen_by_programs(run: Run) -> None:
    run("suppress", "ann@example.org", "--reason", "asked by phone")
    file = "address,regions\nann@example.org,UA\n"
    report = json.loads(run("subscribers", "import", "-", "-o", "json", given=file).out)
    assert report["suppressed"] == 1
    assert [remark["line"] for remark in report["remarks"]] == [2]
    [listed] = json.loads(run("subscribers", "list", "-o", "json").out)
    changed = json.loads(run("subscribers", "set", "ann@example.org", "--name", "Ann", "-o", "json").out)
    for row in (listed, changed):
        assert (row["suppressed"]["reason"], row["suppressed"]["by"]) == ("asked by phone", "operator")


def test_an_import_says_who_is_one_person_spelt_twice(run: Run, services: Services) -> None:
    file = "address,regions\nAnn@example.org,UA\nbob@example.org,UA\nann@Example.ORG,PL\n"
    told = run("subscribers", "import", "-", given=file)
    assert "line 4: The same person as in line 2, spelt otherwise." in told.err
    assert "2 added" in told.out
    assert find(services, "ANN@example.org").address == "Ann@example.org"
    assert (
        "as “Ann@example.org”" in run("subscribers", "add", "ann@example.org", "--region", "UA", code=4).err
    )


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        pytest.param(("kiev",), "UA-30", "Kyiv", id="by an older name"),
        pytest.param(("UA",), "UA", "Ukraine", id="by its code"),
        pytest.param(("new", "zeal"), "NZ", "New Zealand", id="by the beginning of a name"),
    ],
)
def test_regions_are_found(run: Run, text: tuple[str, ...], code: str, name: str) -> None:
    first = json.loads(run("regions", "find", *text, "-o", "jsonl").out.splitlines()[0])
    assert (first["code"], first["name"]) == (code, name)
    assert first["where"]


def test_what_is_like_no_region_ends_with_3(run: Run) -> None:
    assert "hint: " in run("regions", "find", "xyzzyplugh", code=3).err


def test_tags_are_listed_and_added(run: Run) -> None:
    assert "flood" in run("tags", "list", "-q").out.split()
    added = json.loads(run("tags", "add", "locusts", "flood", "--meaning", "Swarms", "-o", "json").out)
    assert [(row["tag"], row["added"]) for row in added] == [("locusts", True), ("flood", False)]
    assert "Swarms" in run("tags", "list").out
    assert "dashes" in run("tags", "add", "no slug", code=2).err


@pytest.mark.parametrize(
    ("until", "standing", "served"),
    [
        ((), "paused, UTC", "→ nothing while paused"),
        (("--until", "2051-04-01T08:00:00Z"), "until Sat 1 Apr 2051 08:00 UTC", "→ at once after the pause"),
    ],
)
def test_a_pause_is_seen_in_every_line_it_concerns(
    run: Run, until: tuple[str, ...], standing: str, served: str
) -> None:
    """It said “at once” of somebody who was paused, and a day of another year without that year."""
    add(run)
    run("subscribers", "pause", "ann@example.org", *until)
    shown = run("subscribers", "show", "ann@example.org").out
    assert standing in shown
    assert served in shown


def test_subscribers_are_searched_by_a_part_of_them_a_page_at_a_time(run: Run) -> None:
    for name in ("ann", "bob", "cleo"):
        add(run, f"{name}@kyiv.example", "--tag", "flood")
    add(run, "dan@paris.example", "--name", "Dan of Kyiv")
    first = run("subscribers", "list", "KYIV", "--limit", "2")
    assert [line.split()[0] for line in first.out.splitlines()[1:]] == [
        "ann@kyiv.example",
        "bob@kyiv.example",
    ]
    assert "2 of 4." in first.err
    assert "--after bob@kyiv.example" in first.err
    rest = run("subscribers", "list", "kyiv", "--after", "bob@kyiv.example", "-q").out
    assert rest.split() == ["cleo@kyiv.example", "dan@paris.example"]
    assert run("subscribers", "list", "--tag", "flood", "-q").out.split() == [
        f"{name}@kyiv.example" for name in ("ann", "bob", "cleo")
    ]
    assert "Nobody is found." in run("subscribers", "list", "nobody").err


def test_suppressions_are_listed(run: Run) -> None:
    assert "No address is suppressed." in run("suppressions", "list").err
    run("suppress", "gone@example.org", "--reason", "moved away")
    run("suppress", "T1/C1", "--reason", "archived")
    [newest] = json.loads(run("suppressions", "list", "--limit", "1", "-o", "json").out)
    assert (newest["address"], newest["channel"], newest["reason"]) == ("T1/C1", "slack", "archived")
    assert (newest["by"], newest["since"][:2]) == ("operator", "20")
    assert run("suppressions", "list", "--channel", "email", "-q").out == "gone@example.org\n"
    assert "moved away" in run("suppressions", "list").out


def test_a_subscription_is_set_by_its_name(run: Run) -> None:
    add(run, "ann@example.org", "--tag", "flood", "--cadence", "daily 08:00")
    said = run(
        "subscriptions", "set", "ann@example.org", "ukraine · flood", "--tag", "", "--rename", "Home"
    ).out
    assert said.splitlines()[1] == "  Home: Ukraine · daily 08:00"
    assert "Nothing is to be set." in run("subscriptions", "set", "ann@example.org", "home", code=2).err
    run("subscriptions", "set", "ann@example.org", "elsewhere", "--cadence", "hourly", code=4)


def test_merging_asks_and_makes_one_of_two_spellings(alerts: Runs, services: Services) -> None:
    of_old(services, "Anna@example.org", "UA")
    of_old(services, "ANNA@example.org", "PL")
    command = ("subscribers", "merge", "Anna@example.org", "ANNA@example.org")
    asked = alerts(*command)
    assert asked.code == 2
    assert "Let Anna@example.org have all that ANNA@example.org asks for" in asked.err
    merged = alerts(*command, "--yes", "-o", "json").json
    assert (merged["address"], len(merged["subscriptions"])) == ("Anna@example.org", 2)


def test_a_language_is_given_and_shown(alerts: Runs, services: Services) -> None:
    alerts("subscribers", "add", "olga@example.org", "--region", "UA", "--language", "uk")
    assert "UTC, uk" in alerts("subscribers", "show", "olga@example.org").out
    refused = alerts("subscribers", "set", "olga@example.org", "--language", "ua")
    assert (refused.code, "uk" in refused.err) == (2, True)
    alerts("subscribers", "set", "olga@example.org", "--language", "")
    assert alerts("subscribers", "show", "olga@example.org", "-o", "json").json["language"] == ""


def test_an_owner_is_given_and_shown(alerts: Runs, services: Services) -> None:
    alerts("subscribers", "add", "T024BE7LD/C061EG9SL", "--region", "UA", "--owner", "olga@example.org")
    assert "owned by olga@example.org" in alerts("subscribers", "show", "T024BE7LD/C061EG9SL").out
    alerts("subscribers", "set", "T024BE7LD/C061EG9SL", "--owner", "")
    assert alerts("subscribers", "show", "T024BE7LD/C061EG9SL", "-o", "json").json["owner"] == ""
