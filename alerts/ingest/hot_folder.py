"""A hot folder: which of its files are whole, what they hold, and where they go once they are dealt with.

Looked at again and again, for no share tells of what another machine writes there (ADR 53). Nothing in it is
ever overwritten or followed out of it.
"""

import errno
import fcntl
import os
import signal
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from alerts.documents.bounded import OCTETS_MAX
from alerts.errors import BadInput
from alerts.ingest.cleaning import excerpt

DONE, REFUSED = "done", "refused"
#: What says why stands beside what it is about, under its name and this.
REASON = ".reason.txt"
#: Seconds in which a file must not change to be whole.
SETTLED_S = 2.0
#: As many are dealt with before the folder is looked at again.
_AT_ONCE = 100
#: As many files of one name are told apart by a number.
_NUMBERED = 1_000
#: Octets of a name, and of its ending, so that a number and REASON have room in the 255 of most systems.
_STEM_MAX, _ENDING_MAX = 200, 20

#: How names begin and end that programs give to what they have not finished, or keep for themselves.
_UNFINISHED = (".", "~")
_UNFINISHED_ENDS = (
    "~", ".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".download", ".swp", ".lock",
    REASON,
)  # fmt: skip
_OF_SYSTEMS = ("thumbs.db", "desktop.ini")
#: What is open for writing on this machine refuses a lease for reading (fcntl(2)); not every system knows.
_LEASE = getattr(fcntl, "F_SETLEASE", None)


@dataclass(frozen=True, slots=True)
class Stamp:
    """By what a change of a file is known. Its number is not part of it: shares make those up."""

    size: int
    changed_ns: int
    mode: int

    @classmethod
    def of(cls, known: os.stat_result) -> "Stamp":
        return cls(known.st_size, known.st_mtime_ns, stat.S_IFMT(known.st_mode))


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file as it was read, and what it was then."""

    name: str
    stamp: Stamp
    content: bytes


class HotFolder:
    """One folder, and what was seen in it. `done/` and `refused/` are made within. Raises BadInput."""

    def __init__(self, path: Path, octets_max: int = OCTETS_MAX) -> None:
        self._path = path
        self._octets_max = octets_max
        self._seen: dict[str, tuple[Stamp, float]] = {}
        _require_folder(path, linked=True)
        for name in (DONE, REFUSED):
            with _explained(path / name, "made"), suppress(FileExistsError):
                (path / name).mkdir()
            _require_folder(path / name, linked=False)
            if not os.access(path / name, os.W_OK | os.X_OK):
                raise _unusable(path / name, "written to", "Permission denied")

    @property
    def path(self) -> Path:
        return self._path

    @property
    def seen(self) -> frozenset[str]:
        """The names that the last look found, and that were not forgotten since."""
        return frozenset(self._seen)

    def settled(self, now_s: float) -> list[str]:
        """The names of files that have not changed for SETTLED_S, the oldest first. `now_s` is monotonic.

        Raises BadInput where the folder cannot be looked at now.
        """
        with _explained(self._path, "looked at"):
            there = dict(self._there())
        seen = {
            name: (stamp, before[1] if (before := self._seen.get(name)) and before[0] == stamp else now_s)
            for name, stamp in there.items()
        }
        self._seen = seen
        whole = [name for name, (_, since) in seen.items() if now_s - since >= SETTLED_S]
        return sorted(whole, key=lambda name: (seen[name][0].changed_ns, name))[:_AT_ONCE]

    def read(self, name: str) -> Dropped | None:
        """Read a file; None where it is gone, or somebody still writes it.

        Raises BadInput for what is no file, cannot be read, or is larger than any update.
        """
        try:
            if not stat.S_ISREG((self._path / name).lstat().st_mode):
                raise _no_file()
            # Whatever took its place meanwhile is neither followed nor waited for.
            number = os.open(self._path / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        except OSError as fault:
            if fault.errno == errno.ELOOP:
                raise _no_file() from None
            raise _unreadable(fault) from None
        with os.fdopen(number, "rb") as file:
            known = os.fstat(number)
            if not stat.S_ISREG(known.st_mode):
                raise _no_file()
            if _is_being_written(number):
                return None
            if known.st_size > self._octets_max:
                raise BadInput(
                    f"It is larger than {self._octets_max // 1_000_000} MB.",
                    "An update is a short text: shorten it, or split what holds several.",
                )
            try:
                content = file.read(self._octets_max + 1)
            except OSError as fault:
                raise _unreadable(fault) from None
            whole = Stamp.of(os.fstat(number)) == Stamp.of(known)
        return Dropped(name, Stamp.of(known), content) if whole else None

    def holds(self, dropped: Dropped) -> bool:
        """Whether the file is still there as it was read: another may have dealt with it."""
        return self._stamp(self._path / dropped.name) == dropped.stamp

    def put_away(
        self, name: str, where: str, reason: Callable[[Path], str] | None = None, stamp: Stamp | None = None
    ) -> Path | None:
        """Move a file to `done/` or `refused/`, its reason, which is told where that is, beside it.

        Where it is then; None where it is gone, or was written to since it had that `stamp`: then it stays,
        to be read again. Killed in between, it is still in the folder. Raises BadInput where it cannot be
        moved.
        """
        source = self._path / name
        _require_folder(self._path / where, linked=False)
        with _explained(source, "put away"):
            if (known := self._stamp(source)) is None:
                return None
            target = _reserved(self._path / where, name, reason)
            try:
                source.rename(target)
            except OSError as fault:
                _free(target)
                if isinstance(fault, FileNotFoundError):  # another was quicker
                    return None
                raise
            if self._stamp(target) != (stamp or known):
                target.rename(_reserved(self._path, name, None))
                _free(target)
                return None
        return target

    def forget(self, name: str) -> None:
        """Let a file settle anew before it is looked at again."""
        self._seen.pop(name, None)

    def _there(self) -> Iterator[tuple[str, Stamp]]:
        with os.scandir(self._path) as entries:
            for entry in entries:
                name = entry.name
                if name.startswith(_UNFINISHED) or name.lower().endswith(_UNFINISHED_ENDS):
                    continue
                if name.lower() in _OF_SYSTEMS:
                    continue
                with suppress(FileNotFoundError):  # it was taken meanwhile
                    known = entry.stat(follow_symlinks=False)
                    if not stat.S_ISDIR(known.st_mode):
                        yield name, Stamp.of(known)

    @staticmethod
    def _stamp(path: Path) -> Stamp | None:
        try:
            return Stamp.of(path.lstat())
        except FileNotFoundError:
            return None


def shown(name: str) -> str:
    """A file's name as it can be printed and written: bytes that are no text are replaced."""
    return os.fsencode(name).decode("utf-8", "replace")


def _reserved(folder: Path, name: str, reason: Callable[[Path], str] | None) -> Path:
    """A name in the folder that nothing had, with the reason beside it. Whoever reserved it may replace it.

    By a file of no size and not by a link: many shares have none. Raises OSError, with nothing left behind.
    """
    stem, ending = (
        os.fsdecode(os.fsencode(part)[:most])
        for part, most in zip(os.path.splitext(name), (_STEM_MAX, _ENDING_MAX), strict=True)
    )
    for number in range(1, _NUMBERED + 1):
        target = folder / (f"{stem}{ending}" if number == 1 else f"{stem}-{number}{ending}")
        try:
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        except FileExistsError:
            continue
        if reason:
            try:
                _write_new(_reason_of(target), reason(target))
            except OSError:
                _free(target)
                raise
        return target
    raise OSError(errno.EEXIST, f"{_NUMBERED:,} files of its name are there")


def _write_new(path: Path, text: str) -> None:
    """Write a file in place of a reason that was left there, through no link. Raises OSError."""
    path.unlink(missing_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)


def _reason_of(target: Path) -> Path:
    return target.with_name(target.name + REASON)


def _free(target: Path) -> None:
    """Give up what was reserved."""
    for path in (target, _reason_of(target)):
        with suppress(OSError):
            path.unlink()


def _is_being_written(number: int) -> bool:
    """Whether somebody on this machine has it open for writing, as far as the system tells us."""
    if _LEASE is None:
        return False
    try:
        # Whoever begins to write right now has a signal sent to us: one that ends nobody, in place of SIGIO.
        fcntl.fcntl(number, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(number, _LEASE, fcntl.F_RDLCK)
        fcntl.fcntl(number, _LEASE, fcntl.F_UNLCK)
    except OSError as fault:  # another's file, or a share: it has settled, and that must do
        return fault.errno == errno.EAGAIN
    return False


@contextmanager
def _explained(path: Path, what: str) -> Iterator[None]:
    """Say what could not be done with a path, for whatever reason the system has. Raises BadInput."""
    try:
        yield
    except OSError as fault:
        raise _unusable(path, what, fault.strerror or str(fault)) from None


def _require_folder(path: Path, *, linked: bool) -> None:
    """Raise BadInput unless it is a folder; one that is `linked` may be a link to one."""
    with _explained(path, "looked at"):
        mode = path.stat(follow_symlinks=linked).st_mode
    if not stat.S_ISDIR(mode):
        raise BadInput(f"{excerpt(shown(str(path)))} is no folder.", "Move what has its name out of the way.")


def _unusable(path: Path, what: str, why: str) -> BadInput:
    return BadInput(
        f"{excerpt(shown(str(path)))} cannot be {what}: {why}.",
        "Check its permissions, whether the share is there, and whether the disk is full.",
    )


def _no_file() -> BadInput:
    return BadInput(
        "It is no plain file, but a link or a device, and nothing is read through those.",
        "Put a copy of the file itself into the folder.",
    )


def _unreadable(fault: OSError) -> BadInput:
    return BadInput(f"It cannot be read: {fault.strerror}.", "Let whoever runs `alerts watch` read it.")
