"""What is written about the code is what the code does."""

import re
import runpy
import shlex
import tomllib
from importlib.metadata import version

import pytest
from checkout import ROOT, command, text

from alerts.channels.slack.answers import refusal
from alerts.model import Deferred, Failed, RouteDown, State, Unsure
from alerts.rules import retries
from alerts.runtime.celery_app import QUEUES
from alerts.runtime.sweep import BELLS_MOST
from alerts.runtime.worker import app

PROJECT = tomllib.loads(text("pyproject.toml"))["project"]
PAGES = runpy.run_path(str(ROOT / "tools" / "document.py"))["PAGES"]
#: The commands that set everything up on a fresh machine, as they were promised.
DEMO = "python3 -m venv .venv && .venv/bin/pip install -q -e . && .venv/bin/alerts demo"
TEST = "python3 -m venv .venv && .venv/bin/pip install -q -e '.[test]' && .venv/bin/pytest -q"
CELERY = "0002-the-due-set-instead-of-broker-timers.md"
DECISIONS = sorted((ROOT / "docs" / "adr").glob("*.md"))


def recipe(target: str) -> str:
    """What `make` would run for a target, its variables filled in."""
    found = re.search(rf"^{target}:[^\n]*\n((?:\t[^\n]*\n)+)", text("Makefile"), re.MULTILINE)
    assert found
    filled = found[1]
    for name, value in (("BIN", "$(VENV)/bin"), ("VENV", ".venv"), ("PYTHON", "python3"), ("MAKE", "make")):
        filled = filled.replace(f"$({name})", value)
    return filled


def shell_lines() -> list[str]:
    """What the README tells people to type."""
    blocks = re.findall(r"```sh\n(.*?)```", text("README.md"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


@pytest.mark.parametrize("page", sorted(PAGES))
def test_a_generated_page_is_as_the_code_would_write_it_now(page: str) -> None:
    assert text(f"docs/{page}") == PAGES[page](), "run `make docs`"


def test_whatever_contributors_are_sent_to_is_there() -> None:
    named = set(re.findall(r"`((?:alerts|tests|templates|docs)/[\w./]*)`", text("CONTRIBUTING.md")))
    assert len(named) > 15
    assert {path for path in named if not (ROOT / path).exists()} == set()


def test_the_readme_has_the_two_commands_and_make_wraps_the_same() -> None:
    assert DEMO in shell_lines()
    assert TEST in shell_lines()
    assert recipe("demo").strip() == DEMO
    assert recipe("test").strip() == TEST


def test_ci_runs_what_people_run() -> None:
    assert text(".ci/run").splitlines()[-1] == "make check"
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
    assert recipe("check").splitlines()[-1] == "\tmake test"


@pytest.mark.parametrize("page", ["README.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))])
def test_every_link_to_a_file_leads_somewhere(page: str) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)[^)]*\)", text(page))
    missing = [link for link in links if not ((ROOT / page).parent / link).exists()]
    assert missing == []


def test_the_changelog_begins_with_this_version() -> None:
    assert PROJECT["version"] == version("alerts")
    headings = re.findall(r"^## (\S+)", text("CHANGELOG.md"), re.MULTILINE)
    assert headings[0] == PROJECT["version"]


def test_every_command_in_the_readme_is_one_with_its_options() -> None:
    lines = [line for line in shell_lines() if line.startswith(".venv/bin/alerts ")]
    called = [command(shlex.split(line, comments=True)[1:]) for line in lines]
    assert {"alerts up", "alerts subscribers add", "alerts publish", "alerts explain"} <= set(called)


def test_decisions_are_numbered_without_a_gap_and_each_says_what_was_rejected() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    for path in DECISIONS:
        lines = path.read_text(encoding="utf-8")
        assert lines.startswith(f"# {int(path.name[:4])}. ")
        for part in ("Context", "Decision", "Consequences", "Rejected"):
            assert f"**{part}.**" in lines, path.name


def test_the_decision_about_celery_has_every_setting_with_its_value() -> None:
    rows = re.findall(r"^\| (`.+?) \| (`.+?) \| .*\|$", text(f"docs/adr/{CELERY}"), re.MULTILINE)
    decided = dict(pair for names, values in rows for pair in zip(ticked(names), ticked(values), strict=True))
    configured = app.conf.broker_transport_options | {
        name: app.conf[name] for name in decided if name not in app.conf.broker_transport_options
    }
    assert decided == {name: str(value) for name, value in configured.items()}
    assert f"where {BELLS_MOST:,} wait unheard" in text(f"docs/adr/{CELERY}")
    assert all(f"`{queue}`" in text(f"docs/adr/{CELERY}") for queue in QUEUES)


def ticked(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_what_is_written_about_deliveries_is_what_the_code_does() -> None:
    page = text("docs/delivery.md")
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == [state.name.lower() for state in State]
    for lane, waits in (("urgent", retries.URGENT_S), ("routine", retries.ROUTINE_S)):
        written = ", ".join(
            f"{s:.0f} s" if s < 60 else f"{s / 60:.0f} min" if s < 3600 else f"{s / 3600:.0f} h"
            for s in waits
        )
        assert f"| {lane} | {written} | after {retries.GIVE_UP_S / 3600:.0f} h" in page
    for words, outcome in re.findall(
        r"^\| (.+?) \| (.+?) \|$", page.partition("## What Slack's")[2], re.MULTILINE
    ):
        for code in re.findall(r"`([a-z_]+)", words):
            assert meant(refusal(200, code).outcome) in outcome, code


def meant(outcome: Deferred | Failed | Unsure | RouteDown) -> str:
    """What the page calls an outcome."""
    match outcome:
        case Failed(suppress="channel"):
            return "the channel is suppressed"
        case Failed():
            return "plain text"
        case Deferred(blameless=True):
            return "that channel waits"
        case Unsure():
            return "`unknown`"
        case RouteDown():
            return "the route rests"
    return "`deferred`"
