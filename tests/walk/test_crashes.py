"""A worker may die after any command it sends to the server. Whatever is owed is then still owed, once.

The dying worker is a client that stops after its n-th command; for every n, sweeps then go on with a healthy
one until nothing is owed. Nobody may be missed, nobody told twice unless they were in flight at the crash.
"""

from collections import Counter
from collections.abc import Iterator

import pytest
from dying import IN_FLIGHT, Died, Heard, Mortal, bury
from house import draft, told, walk
from thorough import usually

from alerts.channels import CHANNELS
from alerts.model import Channel, Filter, State, Subscriber, Subscription
from alerts.services import Services, connect
from alerts.settings import Settings
from alerts.walk import steps
from alerts.walk.outcome_buffer import RECORDED_AT_ONCE


@pytest.fixture
def mortal(settings: Settings) -> Iterator[tuple[Services, Mortal]]:
    ready = connect(settings)
    dying = Mortal(ready)
    ready.server.client.flushall()
    yield ready, dying
    dying.left = float("inf")
    ready.close()


def a_crowd_is_owed_an_update(services: Services) -> None:
    """Enough people for two batches, on both channels, and one update for all of them."""
    services.server.client.flushall()
    wish = (Subscription(Filter(("UA",))),)
    people = [Subscriber(0, Channel("email"), f"p{n}@example.org", "UTC", wish, 0) for n in range(140)]
    people.append(Subscriber(0, Channel("slack"), "T1/C1", "UTC", wish, 0))
    services.subscribers.save_all([(person, None) for person in people])
    steps.publish(services, draft())


def go_on(services: Services) -> None:
    """What the sweep of a healthy worker does, once the dead one's leases have run out."""
    bury(services)
    walk(services)


def counters_equal_the_ledger(services: Services, update: str) -> None:
    for digest, how in services.digests.progress(services.updates.digests(update)).items():
        records = services.ledger.records(digest, range(1, how.batches + 1))
        assert how.counts == Counter(record.state for record in records.values())
        assert how.state == "done"


#: Everywhere a worker dies after every command; usually after four of seven.
PARTS, STEP = 4, usually(7, 4)


@pytest.mark.parametrize("part", range(PARTS))
def test_whichever_command_is_a_workers_last_everybody_is_told_and_few_twice(
    mortal: tuple[Services, Mortal], part: int
) -> None:
    services, dying = mortal
    heard = Heard()
    services.own_senders = dict.fromkeys(CHANNELS, heard)
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
        assert services.due.count() == 0, f"owed for ever after dying at command {n}"
        states = told(services, "ua-talks")
        assert len(states) == 141
        assert all(found == [State.SENT] for found in states.values())
        counters_equal_the_ledger(services, "ua-talks")
        assert sum(times - 1 for times in heard.heard.values()) <= IN_FLIGHT + RECORDED_AT_ONCE
        n += STEP
    assert deaths_in_sending > 2
