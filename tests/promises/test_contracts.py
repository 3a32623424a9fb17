"""The direction of imports is checked, and no room is left out of it."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from checkout import ROOT, text

CONTRACTS = {
    contract["id"]: contract
    for contract in tomllib.loads(text("pyproject.toml"))["tool"]["importlinter"]["contracts"]
}
ROOMS = {
    path.name.removesuffix(".py")
    for path in (ROOT / "alerts").iterdir()
    if path.suffix == ".py" or (path / "__init__.py").exists()
} - {"__init__", "__main__"}

#: Who alone may use what: Celery, Redis, Jinja, connections to the world.
OWNERS = {
    "celery": {"runtime"},
    "redis": {"store", "runtime"},
    "jinja": {"rendering"},
    "imap": {"mailbox"},
    "signatures": {"returns"},
    "sockets": {"channels", "doors", "mailbox", "outbound"},  # the web door, for the names of statuses
}


def test_no_import_goes_up_the_house() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("contract", sorted(OWNERS))
def test_what_one_room_may_use_is_forbidden_to_every_other(contract: str) -> None:
    assert CONTRACTS[contract]["source_modules"] == ["alerts"]
    excused = {arrow.split(".")[1].split()[0] for arrow in CONTRACTS[contract]["ignore_imports"]}
    assert excused == OWNERS[contract]


def test_the_map_names_every_room_once() -> None:
    named = re.findall(r"^(\w+) {2,}\S", text("alerts/__init__.py"), re.MULTILINE)
    assert sorted(named) == sorted(ROOMS)


def test_no_module_is_longer_than_can_be_read_at_once() -> None:
    long = {
        str(p): n for p in (ROOT / "alerts").rglob("*.py") if (n := p.read_text("utf-8").count("\n")) > 300
    }
    assert long == {}
