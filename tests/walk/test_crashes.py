"""A worker may die after any command it sends to the server. Whatever is owed is then still owed, once.

The dying worker is a client that stops after its n-th command; for every n, sweeps then go on with a healthy
one until nothing is owed. Nobody may be missed, nobody told twice unless they were in flight at the crash.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import redis
from walking import draft, told, walk

from alerts import pipeline
from alerts.channels import Sender, Stop
from alerts.model import Channel, Filter, Message, Outcome, Recipient, Sent, State, Subscriber, Subscription
from alerts.sending import RECORDED_AT_ONCE
from alerts.services import Services, connect
from alerts.settings import Settings

IN_FLIGHT = 16


class Died(BaseException):
    """The process is gone: not an Exception, so that nothing cleans up after it."""


class Mortal:
    """Counts the commands of one client, and dies after the last one it is allowed: executed, or not."""

    def __init__(self, connection: type[redis.Connection]) -> None:
        self.left: float = float("inf")
        mortal = self

        class Counted(connection):  # type: ignore[misc, valid-type]
            def send_packed_command(self, command: Any, check_health: bool = True) -> None:
                if mortal.left <= 0:
                    raise Died
                super().send_packed_command(command, check_health)

            def read_response(self, *args: Any, **kwargs: Any) -> Any:
                answer = super().read_response(*args, **kwargs)
                mortal.left -= 1
                return answer

        self.connection = Counted


class Heard(Sender):
    """A way out that remembers who was told what, with as many in flight as a real one."""

    in_flight = IN_FLIGHT

    def __init__(self) -> None:
        self.heard: Counter[tuple[str, int]] = Counter()

    def send(
        self, message: Message, recipients: Sequence[Recipient], stop: Stop
    ) -> Iterator[tuple[int, Outcome]]:
        waiting: list[int] = []
        for recipient in recipients:
            if stop():
                break
            message.fill(recipient.blanks)
            self.heard[message.digest, recipient.sid] += 1
            waiting.append(recipient.sid)
            if len(waiting) == self.in_flight:
                yield waiting.pop(0), Sent()
        yield from ((sid, Sent()) for sid in waiting)

    def close(self) -> None:
        pass


@pytest.fixture
def mortal(settings: Settings) -> Iterator[tuple[Services, Mortal]]:
    ready = connect(settings)
    pool = ready.server.client.connection_pool
    dying = Mortal(pool.connection_class)
    pool.connection_class = dying.connection
    ready.server.client.flushall()
    yield ready, dying
    dying.left = float("inf")
    ready.close()


def a_crowd_is_owed_an_update(services: Services) -> None:
    """Enough people for two batches, on both channels, and one update for all of them."""
    services.server.client.flushall()
    wish = (Subscription(Filter(("UA",))),)
    people = [Subscriber(0, Channel.EMAIL, f"p{n}@example.org", "UTC", wish, 0) for n in range(140)]
    people.append(Subscriber(0, Channel.SLACK, "T1/C1", "UTC", wish, 0))
    services.subscribers.save_all([(person, None) for person in people])
    pipeline.publish(services, draft())


def go_on(services: Services) -> None:
    """What the sweep of a healthy worker does, once the dead one's leases have run out."""
    services.server.client.connection_pool.disconnect()
    for lease in services.server.client.scan_iter("alerts:lease:*"):
        services.server.client.delete(lease)
    for owed in services.work.owed():
        services.work.postpone(owed.work, 0)
    walk(services)


def counters_equal_the_ledger(services: Services, update: str) -> None:
    for digest, how in services.digests.progress(services.updates.digests(update)).items():
        records = services.ledger.records(digest, range(1, how.batches + 1))
        assert how.counts == Counter(record.state for record in records.values())
        assert how.state == "done"


@pytest.mark.parametrize("part", range(4))
def test_whichever_command_is_a_workers_last_everybody_is_told_and_few_twice(
    mortal: tuple[Services, Mortal], part: int
) -> None:
    services, dying = mortal
    heard = Heard()
    services.__dict__["senders"] = dict.fromkeys(Channel, heard)
    survived, n, deaths_in_sending = False, part + 1, 0
    while not survived:
        a_crowd_is_owed_an_update(services)
        heard.heard.clear()
        dying.left = n
        try:
            walk(services)
            survived = True
        except Died:
            deaths_in_sending += bool(heard.heard)
        dying.left = float("inf")
        go_on(services)
        assert services.work.count() == 0, f"owed for ever after dying at command {n}"
        states = told(services, "ua-talks")
        assert len(states) == 141
        assert all(found == [State.SENT] for found in states.values())
        counters_equal_the_ledger(services, "ua-talks")
        assert sum(times - 1 for times in heard.heard.values()) <= IN_FLIGHT + RECORDED_AT_ONCE
        n += 4
    assert deaths_in_sending > 2
