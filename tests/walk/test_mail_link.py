"""A link that works once is mailed to whom it may be, once at a time, until it is over."""

from collections.abc import Iterator, Sequence

import pytest
from house import subscribe

from alerts.channels import CHANNELS, Renderer, Stop
from alerts.errors import BadInput
from alerts.model import (
    Channel,
    Deferred,
    Errand,
    Failed,
    Filter,
    Message,
    OneTimeLink,
    Outcome,
    Recipient,
    RouteDown,
    Sent,
    Step,
    Subscription,
    Unsure,
    Work,
)
from alerts.services import Services
from alerts.walk.mail_link import mail_link
from alerts.walk.single_mail import PAUSE_MAX_MS, PAUSE_MIN_MS, TURN_MS

EMAIL = Channel("email")
HOUR_MS = 3600 * 1000


class Relay:
    """Answers each mail with what it was told to, the last answer for ever."""

    in_flight = 1

    def __init__(self, *outcomes: Outcome) -> None:
        self._outcomes = list(outcomes)
        self.took: list[tuple[bytes, str]] = []

    def send(
        self, message: Message, recipients: Sequence[Recipient], _stop: Stop
    ) -> Iterator[tuple[int, Outcome]]:
        for recipient in recipients:
            self.took.append((message.fill(recipient.blanks), recipient.address))
            outcome = self._outcomes[0] if len(self._outcomes) == 1 else self._outcomes.pop(0)
            yield recipient.sid, outcome

    def close(self) -> None:
        pass


def asked(services: Services, address: str = "anna@example.org", errand: Errand = Errand.JOIN) -> Work:
    now_ms = services.server.now_ms()
    wanted = (Subscription(Filter(("UA",))),)
    link = OneTimeLink("ab" * 16, errand, EMAIL, address, now_ms, now_ms + HOUR_MS, wanted)
    assert services.one_time_links.ask(link)
    return Work(Step.LINK, link.id)


@pytest.fixture
def open_door(services: Services) -> Services:
    services.settings = services.settings.model_copy(update={"join": "open"})
    return services


def through(services: Services, relay: Relay) -> Relay:
    services.own_senders = {EMAIL: relay}
    return relay


def waits_ms(services: Services, work: Work) -> int:
    [entry] = [owed for owed in services.due.owed() if owed.work == work]
    return entry.look_ms - services.server.now_ms()


def test_it_is_mailed_once(open_door: Services) -> None:
    relay, work = through(open_door, Relay(Sent())), asked(open_door)
    assert mail_link(open_door, work) == []
    assert [address for _, address in relay.took] == ["anna@example.org"]
    assert not open_door.due.is_owed(work)


@pytest.mark.parametrize(
    "outcome", [Deferred("later"), RouteDown("away"), Unsure("lost", 60.0), Deferred("greylisted", 300.0)]
)
def test_what_the_relay_does_not_take_is_tried_again_with_the_same_name(
    open_door: Services, outcome: Outcome
) -> None:
    relay, work = through(open_door, Relay(outcome, Sent())), asked(open_door)
    mail_link(open_door, work)
    waits = max(PAUSE_MIN_MS, round((getattr(outcome, "after_s", 0) or 0) * 1000))
    assert waits - 10_000 < waits_ms(open_door, work) <= waits
    mail_link(open_door, work)
    (first, _), (second, _) = relay.took
    assert [line for line in first.split(b"\r\n") if line.startswith(b"Message-ID")] == [
        line for line in second.split(b"\r\n") if line.startswith(b"Message-ID")
    ]
    assert not open_door.due.is_owed(work)


def test_it_is_not_tried_for_longer_than_its_link_works(open_door: Services) -> None:
    relay, work = through(open_door, Relay(RouteDown("away"))), asked(open_door)
    mail_link(open_door, work)
    assert open_door.due.is_owed(work)
    open_door.server.client.delete(open_door.server.keys("one_time", work.key))  # as the server does
    mail_link(open_door, work)
    assert not open_door.due.is_owed(work)
    assert len(relay.took) == 1


def test_two_workers_at_once_are_one_mail(open_door: Services) -> None:
    relay, work = through(open_door, Relay(Sent())), asked(open_door)
    assert open_door.one_time_links.take_turn(work.key, "other", TURN_MS)  # who is at it
    mail_link(open_door, work)
    assert relay.took == []
    assert open_door.due.is_owed(work)  # for the other may die


def test_who_took_too_long_leaves_the_next_one_their_turn(open_door: Services) -> None:
    """The first worker's turn was over; it gave the second one's back, and a third mailed the same link."""
    links, work = open_door.one_time_links, asked(open_door)

    class Slow(Relay):
        def send(
            self, message: Message, recipients: Sequence[Recipient], stop: Stop
        ) -> Iterator[tuple[int, Outcome]]:
            open_door.server.client.delete(open_door.server.keys("one_time_turn", work.key))  # it is over
            assert links.take_turn(work.key, "second", TURN_MS)
            return super().send(message, recipients, stop)

    through(open_door, Slow(Deferred("later")))
    mail_link(open_door, work)
    assert not links.take_turn(work.key, "third", TURN_MS)
    links.give_turn(work.key, "second")
    assert links.take_turn(work.key, "third", TURN_MS)


def test_an_address_that_nobody_has_ends_it_and_operators_hear_of_it(open_door: Services) -> None:
    through(open_door, Relay(Failed("550 5.1.1 no such user", "bounced")))
    work = asked(open_door)
    mail_link(open_door, work)
    assert not open_door.due.is_owed(work)
    [notice] = open_door.notices.latest()
    assert "anna" not in str(notice)


@pytest.mark.parametrize("by", ["bounced", "complaint", "operator"])
def test_nobody_is_mailed_at_a_strangers_word_whom_nothing_is_sent_to(open_door: Services, by: str) -> None:
    relay, work = through(open_door, Relay(Sent())), asked(open_door)
    open_door.suppressions.add(EMAIL, "anna@example.org", by, by)
    mail_link(open_door, work)
    assert relay.took == []
    assert not open_door.due.is_owed(work)


@pytest.mark.parametrize("join", ["closed", "domains:example.net", "domains:ple.org,example.org.evil.net"])
def test_an_address_that_may_not_join_is_not_mailed(open_door: Services, join: str) -> None:
    open_door.settings = open_door.settings.model_copy(update={"join": join})
    relay, work = through(open_door, Relay(Sent())), asked(open_door)
    mail_link(open_door, work)
    assert relay.took == []


def test_who_comes_in_must_subscribe_and_need_not_be_let_join(services: Services) -> None:
    relay = through(services, Relay(Sent()))
    mail_link(services, asked(services, errand=Errand.COME_IN))
    assert relay.took == []
    subscribe(services, "anna@example.org", "UA")
    services.server.client.delete(services.server.keys("one_time", "ab" * 16))
    mail_link(services, asked(services, errand=Errand.COME_IN))
    assert len(relay.took) == 1


class Torn(Renderer):
    """Templates that fail."""

    def one_time(self, *_: object) -> Message:
        raise BadInput("The template email/one_time.txt.j2, line 3, cannot be used.")


def test_a_template_that_fails_is_one_notice_and_is_not_tried_for_ever(open_door: Services) -> None:
    open_door.own_renderer = Torn(CHANNELS, open_door.settings, lambda code: code)
    relay, work = through(open_door, Relay(Sent())), asked(open_door)
    mail_link(open_door, work)
    assert relay.took == []
    assert not open_door.due.is_owed(work)
    [notice] = open_door.notices.latest()
    assert "one_time.txt.j2" in notice["why"]


def test_pauses_grow_with_the_time_it_was_tried_for_up_to_a_quarter_of_an_hour(open_door: Services) -> None:
    through(open_door, Relay(RouteDown("away")))
    now_ms = open_door.server.now_ms()
    for tried_ms in (0, 60_000, 300_000, 50 * 60_000):
        link = OneTimeLink(
            f"{tried_ms:032x}",
            Errand.JOIN,
            EMAIL,
            f"a{tried_ms}@example.org",
            now_ms - tried_ms,
            now_ms + HOUR_MS,
        )
        assert open_door.one_time_links.ask(link)
        mail_link(open_door, Work(Step.LINK, link.id))
        right = min(max(tried_ms, PAUSE_MIN_MS), PAUSE_MAX_MS)
        assert abs(waits_ms(open_door, Work(Step.LINK, link.id)) - right) < 10_000
