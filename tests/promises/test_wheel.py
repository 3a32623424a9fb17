"""What is installed is complete, and nothing more than the package."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from checkout import ROOT

#: Asked of a fresh interpreter that sees the unpacked wheel and not the checkout.
QUESTION = """
import json
from importlib.resources import files
import alerts, alerts.regions, alerts.store.tags
from alerts.rendering.environment import shipped_templates
print(json.dumps({
    "at": alerts.__file__,
    "templates": str(shipped_templates()),
    "region": alerts.regions.load().find("Kyiv"),
    "tags": len(alerts.store.tags.shipped()),
    "scripts": sorted(
        f"{group.name}/{path.name}"
        for group in files("alerts.store").joinpath("scripts").iterdir()
        for path in group.iterdir()
    ),
}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ZipFile]:
    """The wheel of this checkout, as `pip install .` makes it."""
    place = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(place), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    [built] = place.glob("*.whl")
    with ZipFile(built) as opened:
        yield opened


def beneath(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_everything_of_the_package_and_every_template_is_in_the_wheel_and_nothing_else(
    wheel: ZipFile,
) -> None:
    files = {name for name in wheel.namelist() if ".dist-info/" not in name}
    package = {f"alerts/{name}" for name in beneath(ROOT / "alerts")}
    templates = {f"alerts/templates/{name}" for name in beneath(ROOT / "templates")}
    assert files == package | templates


def test_the_licence_and_the_sources_of_the_data_go_with_it(wheel: ZipFile) -> None:
    names = {Path(name).name for name in wheel.namelist() if ".dist-info/licenses/" in name}
    assert names == {"LICENSE", "NOTICE"}


def test_what_is_installed_finds_its_templates_its_regions_and_its_scripts(
    wheel: ZipFile, tmp_path: Path
) -> None:
    wheel.extractall(tmp_path)
    ask = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{QUESTION}"]
    done = subprocess.run(ask, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["at"] == str(tmp_path / "alerts" / "__init__.py")
    assert found["templates"] == str(tmp_path / "alerts" / "templates")
    assert found["region"] == "UA-30"
    assert found["tags"] > 10
    scripts = ROOT / "alerts" / "store" / "scripts"
    assert found["scripts"] == sorted(f"{path.parent.name}/{path.name}" for path in scripts.glob("*/*"))
