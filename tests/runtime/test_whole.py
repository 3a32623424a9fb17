"""What a process that lives long loads is there after a plain `pip install`, without any extra."""

import json
import subprocess
import sys
from importlib.metadata import packages_distributions, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from alerts.runtime import whole

#: Loads everything that a worker and the doors load, in a Python that has only some of what is installed.
LOADING = """
import json, sys
from importlib import import_module
from pkgutil import walk_packages

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ABSENT:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

ABSENT = set(json.loads(sys.argv[1]))
sys.meta_path.insert(0, Absent())
import alerts
from alerts.runtime.whole import load_whole
load_whole()
for room in ("doors", "runtime"):
    place = import_module(f"alerts.{room}")
    for found in walk_packages(place.__path__, f"alerts.{room}."):
        if not found.name.endswith("__main__"):
            import_module(found.name)
"""


def required(name: str, extras: frozenset[str], found: set[tuple[str, frozenset[str]]]) -> None:
    """All that a distribution asks for, with what that asks for."""
    if (name, extras) in found:
        return
    found.add((name, extras))
    for line in requires(name) or ():
        one = Requirement(line)
        if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in extras | {""}):
            required(canonicalize_name(one.name), frozenset(one.extras), found)


def absent() -> list[str]:
    """The modules that a plain install would not have."""
    found = set[tuple[str, frozenset[str]]]()
    required("alerts", frozenset(), found)
    there = {name for name, _ in found}
    return sorted(
        module
        for module, owners in packages_distributions().items()
        if there.isdisjoint(map(canonicalize_name, owners))
    )


def test_everything_that_is_loaded_is_required() -> None:
    """Each worker of a plain install died at its start: what reads PDFs was loaded with all the rest."""
    names = absent()
    assert {"pypdf", "docx", "hypothesis"} <= set(names)
    done = subprocess.run(
        [sys.executable, "-c", LOADING, json.dumps(names)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_what_loads_itself_is_there() -> None:
    """A name in the list that nothing has any more would excuse nothing, or the wrong file."""
    house = Path(whole.__file__).parents[2]
    assert [
        name for name in whole._BY_THEMSELVES if not (house / f"{name.replace('.', '/')}.py").is_file()
    ] == []
