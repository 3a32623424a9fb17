"""`alerts watch`: a hot folder, until Ctrl-C or until what is there is dealt with."""

import secrets
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.failing import crashed
from alerts.doors.cli.output import tell
from alerts.doors.cli.running import wait_for_server
from alerts.doors.cli.shell import shell_user
from alerts.errors import AlertsError, BadInput, ExitCode, Refused, Unreachable
from alerts.ingest.hot_folder import HotFolder, shown
from alerts.model import Severity
from alerts.operations import Actor, DroppedState, FolderDefaults, Permission
from alerts.runtime import doorbell
from alerts.runtime.supervisor import ENDING
from alerts.services import Services

#: How often the folder is looked at (s): less than it takes a file to settle.
LOOK_EVERY_S = 1.0
#: What cannot be put away is tried again after this long (s); what nobody foresaw why, after that.
AGAIN_S, CRASHED_AGAIN_S = 30.0, 3600.0
#: With --once, what somebody still writes is waited for at most this long (s).
ONCE_S = 60.0
#: As many of them are named.
_NAMED = 10


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--region", "regions", multiple=True, metavar="REGION", help="Where a file names none.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Where a file names none.")
@click.option(
    "--severity",
    type=click.Choice([severity.value for severity in Severity]),
    default=Severity.UNKNOWN.value,
    help="Where a file does not say.",
)
@click.option(
    "--accept-suggestions",
    is_flag=True,
    help="Where no region is named, take those the text speaks of at least twice, at most five.",
)
@click.option("--once", is_flag=True, help="Deal with what is there, then end: with 1 if a file was refused.")
def watch(
    folder: Path,
    *,
    regions: tuple[str, ...],
    tags: tuple[str, ...],
    severity: str,
    accept_suggestions: bool,
    once: bool,
) -> ExitCode:
    """Publish what is put into a folder, until Ctrl-C; then it is in done/ there, or in refused/ with why.

    A file is taken once it has not changed for 2 seconds; names that begin with . or ~ or end as unfinished
    ones do (.part, .tmp, .crdownload) are left. Nobody can be asked: what a terminal would be asked about
    is refused. Several may watch one folder: each file is published once.
    """
    defaults = FolderDefaults(regions, tags, Severity(severity), accept_suggestions)
    watched = HotFolder(folder)
    with frame.services() as services, _asked_to_end() as asked:
        wait_for_server(services)
        watching = Watching(services, watched, defaults)
        tell(f"✓ watching {shown(str(folder))}: what is put there is published")
        while True:
            watching.look(time.monotonic(), stop=lambda: not asked.empty())
            if once and time.monotonic() - watching.latest_s > ONCE_S:
                tell(f"! Somebody still writes {', '.join(map(shown, sorted(watched.seen)[:_NAMED]))}.")
                return ExitCode.FAILED
            if once and watching.at_rest:
                return ExitCode.DONE if watching.all_well else ExitCode.FAILED
            try:
                asked.get(timeout=LOOK_EVERY_S)
            except Empty:
                continue
            return ExitCode.DONE


class Watching:
    """One watcher: what it does with the folder at each look, and what it has said already."""

    def __init__(self, services: Services, folder: HotFolder, defaults: FolderDefaults) -> None:
        self._services = services
        self._folder = folder
        self._defaults = defaults
        self._actor = Actor(shell_user().name, "folder", frozenset({Permission.PUBLISH}))
        self._token = secrets.token_hex(8)
        self._again_s: dict[str, float] = {}
        self._said = ""
        self.all_well = True
        self.at_rest = False
        self.latest_s = time.monotonic()  #: when a file was last dealt with

    def look(self, now_s: float, stop: Callable[[], bool] = lambda: False) -> None:
        """Deal with every file that is whole, until asked to `stop` between two of them.

        What cannot be done now is said once, and tried again.
        """
        try:
            names = self._folder.settled(now_s)
            for name in names:
                if stop():
                    return
                if now_s >= self._again_s.get(name, 0):
                    self._deal_with(name, now_s)
        except (BadInput, Unreachable, Refused) as fault:
            self._say_once(f"… {fault.sentence} {fault.hint}")
            self.at_rest = False
        else:
            self._again_s = {name: at_s for name, at_s in self._again_s.items() if name in names}
            self.at_rest = self._folder.seen == self._again_s.keys()

    def _deal_with(self, name: str, now_s: float) -> None:
        try:
            found = do.publish_dropped(
                self._services, self._actor, self._folder, name, defaults=self._defaults, token=self._token
            )
        except BadInput as fault:  # it stays where it is
            self._leave(name, now_s + AGAIN_S, fault)
            return
        except (Unreachable, Refused):
            raise
        except Exception as unforeseen:  # noqa: BLE001 - one file must not keep all others from being read
            self._leave(name, now_s + CRASHED_AGAIN_S, crashed(unforeseen))
            return
        if found is None:
            return
        self._folder.forget(name)
        self._said, self.latest_s = "", time.monotonic()
        published = found.state is DroppedState.PUBLISHED
        self.all_well = self.all_well and published
        where = found.path or "put away by another"
        tell(f"{'✓' if published else '✗'} {found.file} → {where}: {' '.join(found.said)}")
        if found.work:
            doorbell.ring(found.work)
            if not do.live_workers(self._services, shell_user()):
                tell("! No worker is running: it goes out once `alerts up` or `alerts worker` does.")

    def _leave(self, name: str, until_s: float, fault: AlertsError) -> None:
        self._again_s[name] = until_s
        self.all_well = False
        self._say_once(f"! {shown(name)} stays where it is: {fault.sentence} {fault.hint}")

    def _say_once(self, text: str) -> None:
        if text != self._said:
            tell(text)
        self._said = text


@contextmanager
def _asked_to_end() -> Iterator[SimpleQueue[int]]:
    """What is told once SIGINT, SIGTERM or SIGHUP asks to end: the file that is dealt with is ended first."""
    asked: SimpleQueue[int] = SimpleQueue()

    def ask(number: int, _frame: FrameType | None) -> None:
        asked.put(number)

    ends = [number for number in ENDING if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, ask) for number in ends}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
