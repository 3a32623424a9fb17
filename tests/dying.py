"""Workers that die: a client that stops after its n-th command, a sender that remembers whom it sent to."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from house import TIMED

from alerts.channels import Sender, Stop
from alerts.model import Instant, Message, Outcome, Recipient, Sent, Step
from alerts.services import Services

IN_FLIGHT = 16
#: Longer than a lease, and than the patience of any sweep here (ms).
A_WHILE_MS = 60_000


class Died(BaseException):
    """The process is gone: not an Exception, so that nothing cleans up after it."""


class Mortal:
    """Counts the commands of one client, and dies after the last one it is allowed: executed, or not."""

    def __init__(self, services: Services) -> None:
        self.left: float = float("inf")
        mortal, pool = self, services.server.client.connection_pool

        class Counted(pool.connection_class):  # type: ignore[misc, name-defined]
            def send_packed_command(self, command: Any, check_health: bool = True) -> None:
                if mortal.left <= 0:
                    mortal.end()
                super().send_packed_command(command, check_health)

            def read_response(self, *args: Any, **kwargs: Any) -> Any:
                answer = super().read_response(*args, **kwargs)
                mortal.left -= 1
                return answer

        pool.connection_class = Counted
        pool.reset()  # a connection in it is of the immortal kind

    def end(self) -> None:
        raise Died


class Interrupted(Mortal):
    """Does not die: something else happens on another connection, between two commands of the same step."""

    def __init__(self, services: Services, meanwhile: Callable[[], None]) -> None:
        super().__init__(services)
        self._meanwhile = meanwhile

    def end(self) -> None:
        self.left = float("inf")
        self._meanwhile()


def bury(services: Services) -> None:
    """Let the time pass in which a dead worker's leases run out and what it held comes due again."""
    services.server.client.connection_pool.disconnect()
    now_ms = services.server.now_ms()
    for owed in services.due.owed():
        if owed.work.step is Step.SEND:
            services.server.client.delete(services.server.keys("lease", owed.work.key))
        if owed.work.step not in TIMED and owed.look_ms <= now_ms + A_WHILE_MS:
            services.due.postpone(owed.work, now_ms)


class Heard(Sender):
    """A sender that remembers who got what, with as many in flight as a real one."""

    in_flight = IN_FLIGHT

    def __init__(self, now: Callable[[], Instant] = lambda: 0) -> None:
        self.heard: Counter[tuple[str, int]] = Counter()
        self.log: list[tuple[str, int, Instant]] = []  #: the same, in order, and when
        self.messages: dict[tuple[str, int], Message] = {}  #: the message each got first
        self._now = now

    def send(
        self, message: Message, recipients: Sequence[Recipient], stop: Stop
    ) -> Iterator[tuple[int, Outcome]]:
        waiting: list[int] = []
        for recipient in recipients:
            if stop():
                break
            message.fill(recipient.blanks)
            self.heard[message.digest, recipient.sid] += 1
            self.log.append((message.digest, recipient.sid, self._now()))
            self.messages.setdefault((message.digest, recipient.sid), message)
            waiting.append(recipient.sid)
            if len(waiting) == self.in_flight:
                yield waiting.pop(0), Sent()
        yield from ((sid, Sent()) for sid in waiting)

    def close(self) -> None:
        pass
