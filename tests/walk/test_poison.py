"""One delivery of a batch that every worker dies of: the others get theirs, and it is not owed for ever."""

import random

import pytest
from dying import Died, Heard
from house import draft, told, walk

from alerts.channels import CHANNELS
from alerts.model import Channel, Filter, State, Subscriber, Subscription
from alerts.rules.retries import DEATHS_MOST, DEATHS_TOLD
from alerts.services import Services
from alerts.walk import steps


class Deadly(Heard):
    """Kills the worker that fills this one's message in, before anybody of the batch is told."""

    def __init__(self, poison: int) -> None:
        super().__init__()
        self.poison = poison
        self.deaths = 0

    def send(self, message, recipients, stop):  # type: ignore[no-untyped-def]
        if any(recipient.sid == self.poison for recipient in recipients):
            self.deaths += 1
            raise Died
        yield from super().send(message, recipients, stop)


def crowd(services: Services, people: int) -> list[int]:
    wish = (Subscription(Filter(("UA",))),)
    rows = [Subscriber(0, Channel("email"), f"p{n}@example.org", "UTC", wish, 0) for n in range(people)]
    return [person.sid for person in services.subscribers.save_all([(row, None) for row in rows])]


def let_the_rest_be_over(services: Services) -> None:
    """The dead worker's leases have run out, and what it held is due again, however long that takes."""
    services.server.client.connection_pool.disconnect()
    for owed in services.due.owed():
        services.server.client.delete(services.server.keys("lease", owed.work.key))
        services.due.postpone(owed.work, services.server.now_ms())


def go_on_until_nothing_is_owed(services: Services, most: int) -> None:
    for _ in range(most):
        try:
            walk(services)
        except Died:
            let_the_rest_be_over(services)
        if services.due.count() == 0:
            return
    raise AssertionError("owed for ever")


@pytest.mark.parametrize("people", [1, 2, 100])
def test_the_others_get_theirs_and_the_deadly_one_is_given_up_with_a_reason(
    services: Services, people: int
) -> None:
    services.jitter = random.Random(people)
    sids = crowd(services, people)
    deadly = Deadly(sids[-1])
    services.own_senders = dict.fromkeys(CHANNELS, deadly)
    steps.publish(services, draft())
    go_on_until_nothing_is_owed(services, 100)
    states = told(services, "ua-talks")
    assert states.pop(f"p{people - 1}@example.org") == [State.FAILED]
    assert list(states.values()) == [[State.SENT]] * (people - 1)
    assert set(deadly.heard.values()) <= {1}
    [digest] = services.updates.digests("ua-talks")
    assert "broke down" in services.ledger.note(digest, sids[-1])
    said = {notice["what"] for notice in services.notices.latest()}
    assert said == {"batch keeps breaking workers", "batch given up"}
    assert services.digests.progress([digest])[digest].state == "done"


def test_each_death_with_nothing_to_show_for_it_lets_the_batch_rest_longer(services: Services) -> None:
    [sid] = crowd(services, 1)
    services.own_senders = dict.fromkeys(CHANNELS, Deadly(sid))
    steps.publish(services, draft())
    rests = []
    for _ in range(DEATHS_MOST):
        with pytest.raises(Died):
            walk(services)
        [owed] = services.due.owed()
        rests.append(round((owed.look_ms - services.server.now_ms()) / 12_000))
        let_the_rest_be_over(services)
    assert rests == [1, 1, 2, 4, 8, 16, 32, 64, 75, 75]


def test_a_worker_killed_for_other_reasons_costs_the_batch_nothing(services: Services) -> None:
    """Whoever recorded an outcome before it died did not die of the batch: the next one takes all of it."""
    crowd(services, 100)
    out = Heard()
    services.own_senders = dict.fromkeys(CHANNELS, out)
    steps.publish(services, draft())
    kills = iter(range(DEATHS_TOLD + 2))

    def killed_in_mid_batch(message, recipients, stop):  # type: ignore[no-untyped-def]
        for tried, outcome in enumerate(Heard.send(out, message, recipients, stop)):
            if tried == 17 and next(kills, None) is not None:
                raise Died
            yield outcome

    out.send = killed_in_mid_batch  # type: ignore[method-assign]
    go_on_until_nothing_is_owed(services, 20)
    assert set(map(tuple, told(services, "ua-talks").values())) == {(State.SENT,)}
    assert services.notices.latest() == []
