"""A hot folder: only whole files are taken, nothing is overwritten, and nothing leads out of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from alerts.errors import BadInput
from alerts.ingest.hot_folder import DONE, REASON, REFUSED, SETTLED_S, HotFolder

LATER = SETTLED_S + 0.5


@pytest.fixture
def folder(tmp_path: Path) -> HotFolder:
    return HotFolder(tmp_path)


def drop(folder: HotFolder, name: str, content: str = "Flood\n\nIt rains.\n") -> Path:
    path = folder.path / name
    path.write_text(content)
    return path


def names(folder: HotFolder, where: str) -> list[str]:
    return sorted(path.name for path in (folder.path / where).iterdir())


def test_a_file_is_whole_once_it_has_not_changed_for_a_while(folder: HotFolder) -> None:
    """A copy over a network comes in pieces: half an update would be published as a whole one."""
    path = drop(folder, "a.txt", "Flo")
    assert folder.settled(100) == []
    path.write_text("Flood")
    assert folder.settled(100 + LATER) == [], "it grew meanwhile"
    assert folder.settled(100 + LATER + 1) == []
    assert folder.settled(100 + 2 * LATER) == ["a.txt"]


def test_a_file_of_the_same_size_written_anew_settles_anew(folder: HotFolder) -> None:
    path = drop(folder, "a.txt", "one")
    folder.settled(100)
    path.write_text("two")
    os.utime(path, ns=(1, 1))
    assert folder.settled(100 + LATER) == []


def test_files_come_in_the_order_in_which_they_were_saved(folder: HotFolder) -> None:
    """`b.md` was the first revision and `a.md` its correction: by name they came the other way round."""
    for name, at in (("a.md", 3), ("c.md", 2), ("b.md", 1)):
        os.utime(drop(folder, name), ns=(at, at))
    folder.settled(100)
    assert folder.settled(100 + LATER) == ["b.md", "c.md", "a.md"]


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.md", "~$report.docx", "a.md~", "a.md.part", "a.md.PART", "a.tmp", "a.md.crdownload",
        "a.filepart", ".a.md.swp", "a.md" + REASON, "Thumbs.db", "desktop.ini",
    ],
)  # fmt: skip
def test_what_is_unfinished_or_no_file_of_a_person_is_left(folder: HotFolder, name: str) -> None:
    drop(folder, name)
    folder.settled(100)
    assert folder.settled(100 + LATER) == []


def test_folders_are_left_and_what_is_put_away_is_not_taken_again(folder: HotFolder) -> None:
    (folder.path / "archive").mkdir()
    drop(folder, "done/a.md")
    folder.settled(100)
    assert folder.settled(100 + LATER) == []


def test_a_file_that_somebody_still_writes_is_left_however_long_they_pause(folder: HotFolder) -> None:
    """A copy that stalls for longer than a file takes to settle was read as it was then."""
    with (folder.path / "a.md").open("w") as writer:
        writer.write("Flood\n")
        writer.flush()
        assert folder.read("a.md") is None
    assert folder.read("a.md") is not None


def test_nothing_is_read_through_a_link_or_a_device(folder: HotFolder, tmp_path: Path) -> None:
    """A link in the folder made anybody who could write there a reader of every file of the desk."""
    secret = tmp_path.parent / "secret.md"
    secret.write_text("Staff list")
    (folder.path / "link.md").symlink_to(secret)
    (folder.path / "loop.md").symlink_to("loop.md")
    os.mkfifo(folder.path / "pipe.md")
    for name in ("link.md", "loop.md", "pipe.md"):
        with pytest.raises(BadInput, match="link or a device"):
            folder.read(name)
        assert folder.put_away(name, REFUSED, lambda _: "why")
    assert names(folder, REFUSED) == sorted(
        n + end for n in ("link.md", "loop.md", "pipe.md") for end in ("", REASON)
    )
    assert secret.read_text() == "Staff list"


def test_a_huge_file_is_refused_unread(folder: HotFolder) -> None:
    with (folder.path / "big.txt").open("wb") as big:
        big.truncate(10**12)
    with pytest.raises(BadInput, match="larger than"):
        folder.read("big.txt")


def test_what_was_put_away_before_is_never_overwritten(folder: HotFolder) -> None:
    for content in ("one", "two", "three"):
        drop(folder, "a.b.md", content)
        assert folder.put_away("a.b.md", DONE)
    assert names(folder, DONE) == ["a.b-2.md", "a.b-3.md", "a.b.md"]
    assert (folder.path / DONE / "a.b.md").read_text() == "one"


def test_a_reason_stands_beside_the_file_and_says_where_that_is(folder: HotFolder) -> None:
    for _ in range(2):
        drop(folder, "a.md")
        folder.put_away("a.md", REFUSED, lambda path: f"See {path.name}.")
    assert (folder.path / REFUSED / f"a-2.md{REASON}").read_text() == "See a-2.md."


def test_a_reason_is_written_through_no_link(folder: HotFolder, tmp_path: Path) -> None:
    """Whoever may write to the folder could have had any file of the watcher's overwritten."""
    victim = tmp_path.parent / "victim"
    victim.write_text("mine")
    (folder.path / REFUSED / f"a.md{REASON}").symlink_to(victim)
    drop(folder, "a.md")
    folder.put_away("a.md", REFUSED, lambda _: "why")
    assert victim.read_text() == "mine"
    assert (folder.path / REFUSED / f"a.md{REASON}").read_text() == "why"


def test_a_folder_to_put_away_into_that_became_a_link_is_refused(folder: HotFolder, tmp_path: Path) -> None:
    (folder.path / DONE).rmdir()
    (folder.path / DONE).symlink_to(tmp_path.parent)
    drop(folder, "a.md")
    with pytest.raises(BadInput, match="is no folder"):
        folder.put_away("a.md", DONE)
    assert (folder.path / "a.md").exists()


def test_what_is_written_between_reading_and_putting_away_is_read_again(folder: HotFolder) -> None:
    """Somebody saved it once more in that moment: the later words went into done/ unpublished."""
    path = drop(folder, "a.md", "old")
    read = folder.read("a.md")
    assert read
    path.write_text("new words")
    assert not folder.holds(read)
    assert folder.put_away("a.md", DONE, None, read.stamp) is None
    assert (path.read_text(), names(folder, DONE)) == ("new words", [])


def test_of_what_another_watcher_took_nothing_is_left(folder: HotFolder) -> None:
    assert folder.read("gone.md") is None
    assert folder.put_away("gone.md", REFUSED, lambda _: "why") is None
    assert names(folder, REFUSED) == []


def test_a_name_that_is_no_text_can_be_put_away(folder: HotFolder) -> None:
    name = os.fsdecode(b"caf\xe9.txt")
    drop(folder, name)
    assert folder.put_away(name, DONE)


@pytest.mark.parametrize("name", ["ü" * 125 + ".txt", "a" * 100 + "." + "b" * 154])
def test_a_name_with_no_room_for_its_reason_is_put_away_under_a_shorter_one(
    folder: HotFolder, name: str
) -> None:
    """It could be neither published nor refused, and was said every half minute."""
    for _ in range(2):
        drop(folder, name)
        assert folder.put_away(name, REFUSED, lambda _: "why")
    assert len(names(folder, REFUSED)) == 4


def test_whoever_begins_to_write_while_it_is_looked_at_does_not_end_us(folder: HotFolder) -> None:
    """The system tells of a lease that is broken by SIGIO, which ends a process that does not expect it."""
    drop(folder, "a.md")
    writing = "import sys\nfor _ in range(20_000):\n    open(sys.argv[1], 'r+').close()\n"
    with subprocess.Popen([sys.executable, "-c", writing, folder.path / "a.md"]) as writer:
        while writer.poll() is None:
            folder.read("a.md")
    assert folder.read("a.md")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may do everything")
def test_a_file_that_may_not_be_read_is_told_so(folder: HotFolder) -> None:
    drop(folder, "a.md").chmod(0)
    with pytest.raises(BadInput, match="cannot be read: Permission denied"):
        folder.read("a.md")


def test_a_folder_that_is_none_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "missing", tmp_path / "file"):
        with pytest.raises(BadInput) as fault:
            HotFolder(path)
        assert fault.value.hint


def test_a_folder_that_goes_away_is_told_so_at_each_look(folder: HotFolder) -> None:
    """A share that was unmounted ended the watcher with a traceback."""
    folder.path.rename(folder.path.with_name("elsewhere"))
    with pytest.raises(BadInput, match="cannot be looked at"):
        folder.settled(100)
