"""What the commands answer, for people and for programs."""

import csv
import io
import json
from pathlib import Path

import pytest
from cli_runs import Runs
from house import draft, subscribe, tell

from alerts.model import Cadence, Change, Digest, Entry, Step, Work
from alerts.services import Services

#: Every command that prints data, over a house with one update told to one of two subscribers.
COMMANDS = [
    ["read", "talks.md"],
    ["preview", "talks.md"],
    ["preview", "talks.md", "--recipients"],
    ["publish", "talks.md"],
    ["status"],
    ["status", "told"],
    ["explain", "kyiv@example.org", "told"],
    ["trace", "kyiv@example.org"],
    ["work"],
    ["check"],
    ["check", "--index"],
    ["outbox"],
]


@pytest.fixture
def house(services: Services, alerts: Runs) -> Services:
    services.tags.add(["negotiations"])
    subscribe(services, "kyiv@example.org", "UA")
    subscribe(services, "daily@example.org", "UA", cadence=Cadence.parse("daily 08:00"))
    tell(services, draft("told"))
    return services


def test_what_an_update_names_is_shown_with_its_country(alerts: Runs, tmp_path: Path) -> None:
    """A blast in Guadalajara told Spain, and nothing on the way said so."""
    text = "---\nregions: [{}]\ntags: [negotiations]\nid: blast\n---\n# Blast\n\nText.\n"
    (tmp_path / "blast.md").write_text(text.format("Jalisco"), encoding="utf-8")
    label = "Jalisco, Mexico (MX-JAL)"
    assert f"  Jalisco: {label}" in alerts("read", "blast.md").out
    assert f"It is about {label}." in alerts("preview", "blast.md").out
    taken = [{"text": "MX-JAL", "code": "MX-JAL", "label": label}]
    assert alerts("preview", "blast.md", "-o", "json").json["regions"] == taken
    assert f"It is about {label}." in alerts("publish", "blast.md").err
    assert alerts("publish", "blast.md", "-o", "json").json["regions"] == taken


def test_an_update_about_one_of_several_places_is_refused_and_told_as_read(
    alerts: Runs, tmp_path: Path
) -> None:
    text = "---\nregions: [Guadalajara, Ukrane]\nid: blast\n---\n# Blast\n\nText.\n"
    (tmp_path / "blast.md").write_text(text, encoding="utf-8")
    refusal = "Did you mean Jalisco, Mexico (MX-JAL) or Guadalajara, Spain (ES-GU)?"
    assert refusal in alerts("read", "blast.md").out
    assert alerts("read", "blast.md", "-o", "json").json["regions"][0]["code"] == ""
    for command in ("preview", "publish"):
        said = alerts(command, "blast.md")
        assert (said.code, refusal in said.err) == (2, True)
        assert "Did you mean Ukraine (UA)" in said.err, "every fault is told at once"


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_answer_is_json_json_lines_csv_and_ids(
    alerts: Runs, house: Services, update: str, words: list[str]
) -> None:
    said = alerts(*words, "-o", "json")
    assert (said.code, said.err.count("error")) == (0, 0)
    count = len(said.json) if isinstance(said.json, list) else 1
    lines = [json.loads(line) for line in alerts(*words, "-o", "jsonl").out.splitlines()]
    table = list(csv.reader(io.StringIO(alerts(*words, "-o", "csv").out)))
    assert (len(lines), len(table)) == (count, count + 1)
    assert all(len(row) == len(table[0]) for row in table)
    assert len(alerts(*words, "--quiet").out.splitlines()) == count
    assert "\x1b" not in alerts(*words).out


def test_a_reading_says_its_format_and_suggests_regions(alerts: Runs) -> None:
    text = "Talks resume\n\nUkraine and Russia meet. Ukraine is hopeful, Russia is not."
    said = alerts("read", "-", "-o", "json", stdin=text)
    assert (said.json["format"], said.json["update"]["headline"]) == ("text", "Talks resume")
    assert said.json["suggestions"] == [
        {"code": "UA", "name": "Ukraine", "count": 2},
        {"code": "RU", "name": "Russia", "count": 2},
    ]
    assert "It speaks of UA ×2, RU ×2:" in alerts("read", "-", stdin=text).out


def test_without_a_region_it_is_refused_with_suggestions_that_can_be_accepted(
    alerts: Runs, services: Services
) -> None:
    text = "Talks resume\n\nUkraine and Russia meet. Ukraine is hopeful, Russia is not, nor is France."
    refused = alerts("publish", "-", stdin=text)
    assert (refused.code, "UA ×2, RU ×2" in refused.sentence) == (2, True)
    accepted = alerts("publish", "-", "--accept-suggestions", "--id", "talks", "-o", "json", stdin=text)
    assert (accepted.code, accepted.json["created"]) == (0, True)
    assert services.updates.revision("talks.r1").draft.regions == ("UA", "RU")


def test_the_same_again_is_the_same_revision(alerts: Runs, update: str) -> None:
    first = alerts("publish", update, "--new-tag", "-o", "json").json
    second = alerts("publish", update, "-o", "json").json
    assert (first["update"], first["revision"], first["created"], first["urgent"]) == (
        "ua-talks",
        1,
        True,
        False,
    )
    assert first["accepted_at"].endswith("Z")
    assert (second["revision"], second["created"]) == (1, False)
    assert alerts("publish", update, "--quiet").out == "ua-talks\n"


def test_recipients_are_one_line_each(alerts: Runs, house: Services, update: str) -> None:
    said = alerts("preview", update, "--recipients", "-o", "jsonl")
    [now, slot] = [json.loads(line) for line in said.out.splitlines()]
    assert now == {
        "update": "ua-talks",
        "channel": "email",
        "address": "kyiv@example.org",
        "verdict": "now",
        "slot": None,
        "reasons": ["it is about Ukraine", "moderate is at least minor"],
    }
    assert (slot["address"], slot["verdict"]) == ("daily@example.org", "slot")
    assert slot["slot"].endswith("T08:00:00Z")


def test_a_plan_is_kept_or_refused(alerts: Runs, house: Services, update: str) -> None:
    plan = alerts("preview", update, "-o", "json").json["plan"]
    subscribe(house, "new@example.org", "UA")
    refused = alerts("publish", update, "--plan", plan)
    assert (refused.code, "2 get it now and 1 later" in refused.sentence) == (4, True)
    plan = alerts("preview", update, "--quiet").out.strip()
    assert alerts("publish", update, "--plan", plan).code == 0


@pytest.mark.parametrize(
    ("kind", "text"),
    [("text", "Subject: Talks go on"), ("email", "To: kyiv@example.org"), ("slack", '"blocks"')],
)
def test_a_sample_can_be_seen(alerts: Runs, house: Services, update: str, kind: str, text: str) -> None:
    subscribe(house, "T1/C1", "UA")
    assert text in alerts("preview", update, "--render", kind).out


def test_a_held_update_is_taken_back(alerts: Runs, update: str) -> None:
    held = alerts("publish", update, "--new-tag", "--at", "2040-01-01T00:00:00Z", "-o", "json").json
    assert (held["accepted_at"], held["held_until"]) == (None, "2040-01-01T00:00:00Z")
    assert alerts("withdraw", "ua-talks", "-o", "json").json == {
        "update": "ua-talks",
        "revision": 1,
        "taken_back": True,
        "cancel": None,
        "digests_going_out": 0,
    }
    assert alerts("withdraw", "ua-talks").code == 4


def test_an_explanation_reads_clause_by_clause(alerts: Runs, house: Services) -> None:
    subscribe(house, "sport@example.org", "UA", any_tags=("sport",))
    tell(house, draft("second", headline="More"))
    said = alerts("explain", "sport@example.org", "second").out.splitlines()
    assert said == [
        "second.r1: sport@example.org does not get it",
        "  subscription 1 does not want it",
        "    ✓ region: it is about Ukraine",
        "    ✗ any tag: it is not tagged sport",
        "    ✓ severity: moderate is at least minor",
    ]


def test_nothing_in_an_answer_steers_a_terminal_or_a_spreadsheet(alerts: Runs, house: Services) -> None:
    tell(house, draft("evil", headline='=HYPERLINK("x")\x1b[2J\u202e'))
    assert "\x1b" not in alerts("status", "evil").out
    assert "\u202e" not in alerts("trace", "kyiv@example.org").out
    assert """"'=HYPERLINK(""" in alerts("trace", "kyiv@example.org", "-o", "csv").out
    tell(house, draft("wide", headline="＝1+1"))
    assert ",'＝1+1," in alerts("trace", "kyiv@example.org", "-o", "csv").out


def test_what_is_not_there_is_exit_code_4(alerts: Runs) -> None:
    assert [alerts(*words).code for words in (["status", "x"], ["withdraw", "x"], ["retry", "x"])] == [4] * 3
    assert alerts("explain", "nobody@example.org", "x", "-o", "json").fault["error"] == "not-found"


def test_what_failed_is_tried_again(alerts: Runs, house: Services) -> None:
    [digest] = house.updates.digests("told")
    house.digests.note_fault(digest, "a template is broken")
    assert alerts("status", "told", "-o", "json").json["failed_digests"] == {digest: "a template is broken"}
    tried = {"name": "told", "deliveries": 0, "renderings": 1, "suppressed": {}, "delivered_since": 0}
    assert alerts("retry", "told", "-o", "json").json == tried
    assert alerts("work", "--quiet").out.splitlines()[0] == f"render:{digest}"
    again = alerts("retry", "told")
    assert (again.code, "has failed" in again.sentence) == (4, True)


def test_check_finds_a_damaged_index_on_request_and_repairs_it(alerts: Runs, house: Services) -> None:
    house.server.client.delete("alerts:clocks")
    assert alerts("check", "-q").out == ""
    said = alerts("check", "--index", "-o", "json")
    assert (said.code, [(row["id"], row["level"]) for row in said.json]) == (1, [("index.clocks", "error")])
    assert said.json[0]["hint"] == "Run `alerts check --repair`."
    said = alerts("check", "--repair", "-o", "json")
    assert (said.code, [(row["id"], row["level"]) for row in said.json]) == (
        0,
        [("index.clocks", "repaired")],
    )
    assert alerts("check", "--repair", "-q").out == ""


def test_what_is_held_is_not_given_another_time_in_silence(alerts: Runs, update: str) -> None:
    """It answered “was published before; nothing new is sent”, and as JSON the new time as its own."""
    alerts("publish", update, "--new-tag", "--at", "2040-01-01T00:00:00Z")
    again = alerts("publish", update, "--at", "2041-01-01T00:00:00Z", "-o", "json").json
    assert (again["created"], again["held_until"]) == (False, "2040-01-01T00:00:00Z")
    said = alerts("publish", update, "--at", "2041-01-01T00:00:00Z")
    assert (
        "is held until 2040-01-01T00:00:00Z already; to give it another time, `alerts undo ua-talks` first"
        in said.out
    )
    assert "and not before its time" in said.err
    assert alerts("publish", update, "-o", "json").json["held_until"] == "2040-01-01T00:00:00Z"
    [revision] = alerts("status", "ua-talks", "-o", "json").json["revisions"]
    assert (revision["accepted_at"], revision["held_until"]) == (None, "2040-01-01T00:00:00Z")
    assert "2040-01-01T00:00:00Z" in alerts("status", "ua-talks").out
    alerts("withdraw", "ua-talks")
    assert alerts("publish", update, "--at", "2041-01-01T00:00:00Z", "-o", "json").json["created"] is True


def test_earlier_words_again_are_said_to_be_replaced(
    alerts: Runs, services: Services, update: str, tmp_path: Path
) -> None:
    """A desk that went back to its first words was told only that they were published before."""
    first = (tmp_path / update).read_text("utf-8")
    alerts("publish", update, "--new-tag")
    (tmp_path / update).write_text(first.replace("tomorrow", "on Monday"), "utf-8")
    alerts("publish", update)
    (tmp_path / update).write_text(first, "utf-8")
    said = alerts("publish", update)
    assert "ua-talks.r1 was published before, and revision 2 has replaced it since" in said.out
    assert "change the note or a word to publish it as a new revision" in said.err
    assert alerts("publish", update, "-o", "json").json["replaced_by"] == 2


def test_a_withdrawal_says_what_still_goes_out(alerts: Runs, house: Services) -> None:
    [daily] = house.subscribers.named("daily@example.org")
    entries = tuple(Entry(update, 1, Change.NEW) for update in ("told", "other"))
    digest = Digest(daily.channel, entries, house.server.now_ms(), clock="daily 08:00 UTC")
    house.digests.create(Work(Step.OPEN, "daily 08:00 UTC"), [digest])
    said = alerts("withdraw", "told")
    assert "1 digest of several updates still goes out with it, followed by “Closed”." in said.err


def test_numbers_are_of_all_that_is_owed_and_what_is_left_out_is_said(alerts: Runs, house: Services) -> None:
    """Of 2,500 entries 1,000 were counted as due, and 1,000 listed as if there were no others."""
    later = house.server.now_ms() + 3_600_000
    entries = {f"send:r0/{n}": 0 if n < 1_700 else later for n in range(2_500)}
    house.server.client.zadd(house.server.keys("due"), entries)
    all_of_it = len(entries)  # the clock that waits for its slot is not owed
    totals = alerts("status", "-o", "json").json
    assert (totals["owed"], totals["overdue"]) == (all_of_it, 1_700)
    said = alerts("work", "-o", "json")
    more, clocks = said.err.splitlines()
    assert (len(said.json), more) == (1_000, f"… and {all_of_it - 1_000} more")
    assert clocks == "Not owed, for their hour has yet to come: 1 clock or pause."


def test_all_that_an_update_owes_is_found_behind_any_backlog(alerts: Runs, house: Services) -> None:
    """Only the first 1,000 entries of all were looked through: it read as if nothing was owed."""
    [digest] = [d for d in house.updates.digests("told") if house.digests.get(d).channel == "email"]
    backlog = {f"send:r0/{n}": n for n in range(1_500)}
    house.server.client.zadd(
        house.server.keys("due"), backlog | {f"send:{digest}/{k}": 9e12 for k in range(1, 31)}
    )
    house.server.client.hset(house.server.keys("digest", digest), "batches", 30)
    assert len(alerts("status", "told", "-o", "json").json["owed"]) == 30
    shown = alerts("status", "told").out
    assert shown.count("still owed: ") == 20
    assert "and 10 more" in shown
