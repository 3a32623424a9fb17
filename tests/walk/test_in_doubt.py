"""Somebody may have been told, and nobody knows: whatever becomes of that, they hear that it was wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from clocked import at, clocked, move_to
from dying import Died, Heard, bury
from house import OPERATOR, draft, subscribe, tell, told, walk

from alerts.channels import CHANNELS, Stop
from alerts.errors import BadInput
from alerts.model import (
    Cadence,
    Change,
    Failed,
    Kind,
    Message,
    Outcome,
    Recipient,
    Standing,
    State,
    Step,
)
from alerts.operations import explain, retry, status, trace
from alerts.rules.retries import DEATHS_MOST
from alerts.services import Services
from alerts.settings import Settings
from alerts.walk import steps

KYIV, SLACK = "kyiv@example.org", "T1/C1"


class Dying(Heard):
    """Tells everybody and dies, as often as it is to."""

    def __init__(self, deaths: int = 1) -> None:
        super().__init__()
        self.deaths = deaths

    def send(
        self, message: Message, recipients: Sequence[Recipient], stop: Stop
    ) -> Iterator[tuple[int, Outcome]]:
        accepted = list(super().send(message, recipients, stop))
        if self.deaths:
            self.deaths -= 1
            raise Died
        yield from accepted


class Refusing(Heard):
    """Nobody gets anything."""

    def send(
        self, message: Message, recipients: Sequence[Recipient], stop: Stop
    ) -> Iterator[tuple[int, Outcome]]:
        yield from ((recipient.sid, Failed("not today")) for recipient in recipients)


def in_doubt(services: Services, address: str, deaths: int = 1, **wishes: object) -> Dying:
    """Somebody whom a worker told before it died, as often as it is said; nobody has looked since."""
    sender = Dying(deaths)
    services.own_senders = dict.fromkeys(CHANNELS, sender)
    subscribe(services, address, "UA", **wishes)
    steps.publish(services, draft())
    for _ in range(deaths):
        with pytest.raises(Died):
            walk(services)
        bury(services)
        for owed in services.due.owed():
            services.due.postpone(owed.work, services.server.now_ms())  # however long it is to rest
    return sender


def told_last(services: Services, sender: Heard, address: str) -> list[Change]:
    """What an address heard by the sender's account, each digest once."""
    [person] = services.subscribers.named(address)
    return [services.digests.get(name).entries[0].change for name, sid in sender.heard if sid == person.sid]


@pytest.mark.parametrize("address", [KYIV, SLACK])
def test_a_batch_that_its_next_holder_finds_stopped_ends_unconfirmed_and_its_people_hear(
    services: Services, address: str
) -> None:
    """It ended as withdrawn, “not sent”. So did an unknown Slack post."""
    sender = in_doubt(services, address)
    _, [match] = steps.publish(services, draft(kind=Kind.CANCEL))
    steps.match(services, match)
    walk(services, lambda work: work.step is not Step.GATHER)
    assert told(services, "ua-talks") == {address: [State.UNCONFIRMED]}
    walk(services)
    assert told_last(services, sender, address) == [Change.NEW, Change.CLOSED]
    assert set(told(services, "ua-talks")[address]) == {State.SENT, State.UNCONFIRMED}
    assert status(services, OPERATOR, "ua-talks").to_dict()["deliveries"] == {
        "slack" if address is SLACK else "email": {"sent": 1}  # one person, by their latest revision
    }
    [row] = [row for row in trace(services, OPERATOR, address) if row.state == "unconfirmed"]
    assert "may have been accepted" in row.note


def test_who_is_unconfirmed_is_not_said_not_to_have_got_it(services: Services) -> None:
    in_doubt(services, KYIV)
    [person] = services.subscribers.named(KYIV)
    services.subscribers.save(replace(person, standing=Standing.PAUSED), person)
    walk(services)
    found = explain(services, OPERATOR, KYIV, "ua-talks")
    assert (found.verdict, found.state, found.note) == (
        "now",
        State.UNCONFIRMED,
        "the subscriber is paused",
    )


@pytest.mark.parametrize("cancelled", [True, False])
def test_who_pauses_in_doubt_and_comes_back_hears_how_it_stands(services: Services, cancelled: bool) -> None:
    """Of a cancel they did not hear: by the ledger they had never been told."""
    sender = in_doubt(services, KYIV)
    [person] = services.subscribers.named(KYIV)
    paused = services.subscribers.save(replace(person, standing=Standing.PAUSED), person)
    walk(services)
    if cancelled:
        tell(services, draft(kind=Kind.CANCEL))
    services.subscribers.save(replace(paused, standing=Standing.ACTIVE), paused, catch_up=True)
    walk(services)
    assert told_last(services, sender, KYIV) == [Change.NEW, Change.CLOSED if cancelled else Change.NEW]


def test_who_is_given_up_in_doubt_hears_that_it_was_wrong(services: Services) -> None:
    """It failed for the deaths of its workers, each of which may have told them."""
    sender = in_doubt(services, KYIV, DEATHS_MOST)
    walk(services)
    assert told(services, "ua-talks") == {KYIV: [State.FAILED]}
    tell(services, draft(kind=Kind.CANCEL))
    assert told_last(services, sender, KYIV) == [Change.NEW, Change.CLOSED]


@pytest.fixture
def morning(settings: Settings) -> Iterator[Services]:
    ready = clocked(settings, "2026-03-02T07:00Z")
    yield ready
    ready.close()


class Broken:
    """Templates that fail."""

    def render(self, *_given: object) -> None:
        raise BadInput("There is no such variable.", "Mend the template.")


@pytest.mark.parametrize("fault", ["refused", "not rendered"])
def test_what_is_retried_after_it_was_closed_is_followed_by_the_cancel(morning: Services, fault: str) -> None:
    """The digest of a morning tells two updates, so closing one does not stop it. Its gathering was over."""
    sender = Heard()
    morning.own_senders = dict.fromkeys(CHANNELS, sender)
    subscribe(morning, KYIV, "UA", cadence=Cadence.parse("daily 08:00"))
    walk(morning)
    at(morning, "2026-03-02T07:30Z")
    steps.publish(morning, draft())
    steps.publish(morning, draft("ua-other"))
    walk(morning)
    move_to(morning, "2026-03-02T08:00Z")
    if fault == "refused":
        morning.own_senders = dict.fromkeys(CHANNELS, Refusing())
        walk(morning)
        morning.own_senders = dict.fromkeys(CHANNELS, sender)
    else:
        whole = morning.renderer
        morning.own_renderer = Broken()
        walk(morning)
        morning.own_renderer = whole
    at(morning, "2026-03-02T08:10Z")
    tell(morning, draft(kind=Kind.CANCEL))
    assert morning.due.count() == 1  # the clock's next slot
    assert not sender.heard
    retry(morning, OPERATOR, "ua-other")
    walk(morning)
    at(morning, "2026-03-02T08:20Z")
    assert told_last(morning, sender, KYIV) == [Change.NEW, Change.CLOSED]
