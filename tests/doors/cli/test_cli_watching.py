"""`alerts watch` and `alerts up --watch` as they are typed."""

import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_runs import Process, Runs
from test_cli_processes import free_port

from alerts.doors.cli.watch import Watching
from alerts.ingest.hot_folder import SETTLED_S, Dropped, HotFolder
from alerts.operations import FolderDefaults
from alerts.services import Services

TALKS = "---\nid: talks\nregions: [Ukraine]\nseverity: severe\n---\n# Talks go on\n"

linux = pytest.mark.skipif(sys.platform != "linux", reason="looks for left-over processes in /proc")


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder of a short name, for sockets, with a hot folder in it."""
    made = Path(tempfile.mkdtemp(prefix="alerts-", dir="/tmp"))
    (made / "in").mkdir()
    yield made
    shutil.rmtree(made, ignore_errors=True)


def test_once_deals_with_what_is_there_and_says_each(alerts: Runs, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "good.md").write_text(TALKS)
    assert alerts("watch", "in", "--once").code == 0
    (tmp_path / "in" / "bad.md").write_text("# Talks\n")
    said = alerts("watch", "in", "--once")
    assert (said.code, "✗ bad.md → refused/bad.md: It names no region." in said.err) == (1, True)
    assert sorted(str(p.relative_to(tmp_path / "in")) for p in (tmp_path / "in").glob("*/*")) == [
        "done/good.md",
        "refused/bad.md",
        "refused/bad.md.reason.txt",
    ]


class Spoilt(HotFolder):
    """A folder with a file on which something fails that nobody foresaw."""

    def read(self, name: str) -> Dropped | None:
        if name == "a.md":
            raise ZeroDivisionError
        return super().read(name)


def test_a_file_on_which_something_unforeseen_fails_keeps_no_other_from_being_published(
    services: Services, alerts: Runs, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The watcher died of it and was started again, for ever, and took nothing else."""
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(TALKS)
    watching = Watching(services, Spoilt(tmp_path), FolderDefaults())
    watching.look(0)
    watching.look(SETTLED_S)
    assert (tmp_path / "done" / "b.md").exists()
    assert (tmp_path / "a.md").exists()
    assert (watching.all_well, watching.at_rest) == (False, True)
    assert "nobody foresaw (ZeroDivisionError)" in capsys.readouterr().err


def test_who_is_asked_to_end_ends_after_the_file_that_is_dealt_with(
    services: Services, alerts: Runs, tmp_path: Path
) -> None:
    """A hundred long documents took longer than the grace there is: it was killed among them."""
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(TALKS)
    watching = Watching(services, HotFolder(tmp_path), FolderDefaults())
    watching.look(0)
    watching.look(SETTLED_S, stop=(tmp_path / "done" / "a.md").exists)
    assert [path.name for path in (tmp_path / "done").iterdir()] == ["a.md"]
    assert (tmp_path / "b.md").exists()


def test_an_empty_folder_is_done_with_at_once(alerts: Runs, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    assert alerts("watch", "in", "--once").code == 0


def test_a_folder_that_is_none_is_refused_by_both_ways_to_watch(alerts: Runs, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for words in (["watch", "nowhere"], ["watch", "file"], ["up", "--watch", "nowhere"]):
        said = alerts(*words)
        assert (said.code, "hint: " in said.err) == (2, True)


@linux
def test_up_watches_too_and_nothing_is_left_of_it(home: Path) -> None:
    up = Process(home, "up", "--workers", "1", "--port", str(free_port()), "--watch", "in", cwd=home)
    up.says("watching", "stderr")
    (home / "in" / "a.md").write_text(TALKS)
    up.says("✓ a.md → done/a.md: talks.r1 is accepted", "stderr")
    up.child.send_signal(signal.SIGINT)
    assert up.ends()[0] == 0
    assert up.left_behind() == []


@linux
def test_a_watcher_ends_when_it_is_asked_to(home: Path) -> None:
    watch = Process(home, "watch", "in", cwd=home)
    watch.says("watching", "stderr")
    watch.child.send_signal(signal.SIGTERM)
    assert watch.ends()[0] == 0
    assert watch.left_behind() == []


@linux
def test_a_watcher_that_was_killed_is_followed_by_another(home: Path) -> None:
    for number in range(3):
        watch = Process(home, "watch", "in", cwd=home)
        watch.says("watching", "stderr")
        (home / "in" / f"{number}.md").write_text(TALKS.replace("talks", f"talks-{number}"))
        watch.child.kill()
        watch.ends()
    last = Process(home, "watch", "in", "--once", cwd=home)
    assert last.ends()[0] == 0
    assert sorted(path.name for path in (home / "in" / "done").iterdir()) == ["0.md", "1.md", "2.md"]
