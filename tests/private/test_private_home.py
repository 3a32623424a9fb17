"""The home and all that is in it: whichever command makes it first, only its owner enters and reads it."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from house import draft as update
from house import subscribe, tell
from pydantic import SecretStr

from alerts import private
from alerts.doors.cli import failing
from alerts.doors.cli.outbox import draw_outbox
from alerts.runtime import attach
from alerts.services import Services, connect
from alerts.settings import Settings, signing_key

Act = Callable[[Settings], object]


def deliver(settings: Settings) -> None:
    services = connect(settings)
    subscribe(services, "kyiv@example.org", "UA")
    subscribe(services, "T1/C1", "UA")
    tell(services, update())
    services.close()


def draw(settings: Settings) -> None:
    deliver(settings)
    draw_outbox(settings)
    draw_outbox(settings)


def crash(settings: Settings) -> None:
    """As the last line before the user does it."""
    os.environ["ALERTS_HOME"] = str(settings.home)  # the fixture puts it back
    failing.crashed(RuntimeError("nobody foresaw it"))


def bundle(settings: Settings) -> None:
    with attach(settings.model_copy(update={"redis_url": None})):
        deliver(settings.model_copy(update={"redis_url": None}))


WAYS: dict[str, Act] = {
    "the signing key": signing_key,
    "the first message": deliver,
    "the gallery": draw,
    "a crash": crash,
    "the bundled server": bundle,
}


@pytest.fixture
def elsewhere(services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings of a server that somebody else runs, and a home that is not there; no rights are masked."""
    monkeypatch.setenv("ALERTS_HOME", "put back in the end")
    with tempfile.TemporaryDirectory(prefix="alerts-", dir="/tmp") as folder:
        before = os.umask(0)
        url = SecretStr(services.settings.state_url)
        yield Settings(home=Path(folder) / "new" / "home", redis_url=url)
        os.umask(before)


def open_to_others(home: Path) -> list[str]:
    """What of a home others could enter or read."""
    loose = [home, *home.rglob("*")]
    return [f"{path}: {path.stat().st_mode:o}" for path in loose if path.lstat().st_mode & 0o077]


@pytest.mark.parametrize("way", WAYS)
def test_whatever_makes_the_home_first_makes_it_for_its_owner_alone(elsewhere: Settings, way: str) -> None:
    """Beside a server of one's own everybody on the machine could read every message: 0755, 0644."""
    WAYS[way](elsewhere)
    assert elsewhere.home.is_dir()
    assert open_to_others(elsewhere.home.parent) == []


def test_a_home_that_others_could_enter_is_closed_by_the_first_who_uses_it(elsewhere: Settings) -> None:
    elsewhere.home.mkdir(parents=True, mode=0o755)
    connect(elsewhere).close()
    assert open_to_others(elsewhere.home) == []


def test_a_folder_for_everybody_is_left_as_it_is(tmp_path: Path) -> None:
    """ALERTS_HOME=/tmp must not take /tmp from everybody else."""
    tmp_path.chmod(0o1777)
    private.close(tmp_path)
    assert tmp_path.stat().st_mode & 0o7777 == 0o1777


def test_a_page_that_is_written_again_is_never_half_there(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("old, and readable by all")
    private.write_text(tmp_path / "index.html", "new")
    assert (tmp_path / "index.html").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]
    assert open_to_others(tmp_path / "index.html") == []
