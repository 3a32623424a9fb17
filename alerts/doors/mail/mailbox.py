"""The mailbox of what comes back, read as it fills: `python -m alerts.doors.mail.mailbox`, until SIGTERM.

One process reads at a time, however many are started: the others wait until it is gone.
"""

import logging
import random
import secrets
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

from alerts import logs
from alerts import operations as do
from alerts.errors import AlertsError
from alerts.logs import log
from alerts.mailbox import Mailbox, MailboxAddress, MailboxFault
from alerts.operations import Actor, Permission
from alerts.runtime.whole import load_whole
from alerts.services import Services, connect
from alerts.settings import load

#: Whoever fills the mailbox: no more than `alerts receive` may.
READER = Actor("mailbox", "mailbox", frozenset({Permission.MANAGE}))
#: Seconds of one wait: the lease is renewed in between, and a connection that is gone is noticed.
SLICE_S = 20.0
#: How often a server without IDLE is asked, and one with it all the same (s), give or take a fifth.
POLL_S, IDLE_S = 60.0, 300.0
#: Seconds until the next try, doubled from the first to the last. Of what somebody has to mend longer ones: a
#: login that is refused every second gets the whole address locked out.
PASSES_S, MENDED_S = (2.0, 300.0), (30.0, 600.0)


class MailboxReader:
    """Reads one mailbox: `read` once, `run` for ever.

    `chance` gives numbers from 0 to 1, `sleep` waits, in seconds.
    """

    def __init__(
        self,
        services: Services,
        address: MailboxAddress,
        chance: Callable[[], float] = random.random,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._services = services
        self._address = address
        self._chance = chance
        self._sleep = sleep
        self._token = secrets.token_hex(8)
        self._failures = 0
        self._said = ""

    def run(self) -> None:
        """Read until somebody stops the process; whatever fails is tried again."""
        while True:
            self._pause(self.read())

    def read(self) -> float:
        """Read as long as it goes well, if nobody else does. Seconds until the next try."""
        try:
            if not self._services.mailbox.hold(self._token):
                return self._about(SLICE_S)
            with Mailbox.open(self._address) as box:
                while self._services.mailbox.hold(self._token):
                    self._read_to_its_end(box)
                    self._wait(box)
            return self._about(SLICE_S)
        except MailboxFault as fault:
            return self._failed(fault, PASSES_S if fault.cause.passes else MENDED_S)
        except AlertsError as fault:  # ours is away: nothing can be noted there
            return self._failed(fault, PASSES_S)

    def stop(self) -> None:
        """Let another process read, at once."""
        self._services.mailbox.let_go(self._token)

    def _read_to_its_end(self, box: Mailbox) -> None:
        for _ in do.collect(self._services, READER, box):
            if not self._services.mailbox.hold(self._token):  # this one was frozen: another reads
                return
        self._services.mailbox.restored()
        if self._said:
            log.warning("the mailbox is read again")
        self._failures, self._said = 0, ""

    def _wait(self, box: Mailbox) -> None:
        """Return when there may be something new, or somebody else reads."""
        until, waited = self._about(IDLE_S), 0.0
        while waited < until and self._services.mailbox.hold(self._token):
            came = box.wait(min(SLICE_S, until - waited))
            if came is None:
                self._pause(self._about(POLL_S))
                return
            if came:
                return
            waited += SLICE_S

    def _failed(self, fault: AlertsError, bounds: tuple[float, float]) -> float:
        first, most = bounds
        pause = self._about(min(most, first * 2 ** min(self._failures, 10)))
        self._failures += 1
        cause = str(fault.cause) if isinstance(fault, MailboxFault) else fault.code
        if cause != self._said:  # said once: it may last for hours
            log.warning("the mailbox is not read", why=fault.sentence, hint=fault.hint)
        self._said = cause
        if isinstance(fault, MailboxFault):
            try:
                self._services.mailbox.trouble(fault.cause, fault.sentence, passes=fault.cause.passes)
            except AlertsError:
                log.warning("nothing can be noted of it: our own server is away")
        return pause

    def _pause(self, seconds: float) -> None:
        """Wait, and stay the reader if this is the one."""
        while seconds > 0:
            self._sleep(min(seconds, SLICE_S))
            seconds -= SLICE_S
            if seconds > 0:
                self._stay()

    def _stay(self) -> None:
        try:
            self._services.mailbox.hold(self._token)
        except AlertsError as fault:
            log.debug("the lease was not renewed", why=fault.sentence)

    def _about(self, seconds: float) -> float:
        """As long, give or take a fifth: readers that began together must not ask together."""
        return seconds * (0.8 + 0.4 * self._chance())


def _end(_number: int, _frame: FrameType | None) -> None:
    """End wherever it is: nothing is lost with that, only a few mails are taken in twice."""
    raise SystemExit(0)


def main() -> None:
    """Read the configured mailbox until SIGTERM or Ctrl-C."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    settings = load()
    address = do.bounces_mailbox(settings)
    if address is None:
        sys.exit("ALERTS_BOUNCES_URL is not set.")
    load_whole()
    services = connect(settings)
    reader = MailboxReader(services, address)
    try:
        reader.run()
    finally:
        try:
            reader.stop()
        except AlertsError:
            log.warning("the lease runs out by itself")
        services.close()


if __name__ == "__main__":
    logs.to_stderr(logging.WARNING)
    main()
