"""What breaks is told to its owner, or to the operators: once an hour, truly, and again when it works."""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import pairwise
from typing import Any

import pytest
from clocked import clocked, move_to
from dying import Died, Mortal, bury
from house import OPERATOR, draft, subscribe, tell, walk
from hypothesis import HealthCheck, given
from hypothesis import settings as settled
from hypothesis import strategies as st
from pydantic import SecretStr
from slack_server import TOKEN, SlackServer

from alerts.channels import CHANNELS, Stop, read_outbox
from alerts.model import Channel, Message, Outcome, Receipt, Recipient, RouteDown, Sent, Verdict
from alerts.operations import unsuppress
from alerts.rules.backing_off import HOUR_MS
from alerts.services import Services, connect
from alerts.settings import Settings
from alerts.walk import steps
from alerts.walk.batch_sender import BatchSender
from alerts.walk.receive import receive

pytestmark = pytest.mark.long

EMAIL, SLACK, NOON = Channel("email"), Channel("slack"), "2026-06-10T12:00Z"
DESK, OLGA = "desk@example.org", "olga@example.org"
ARCHIVED = "Slack refuses this channel: is_archived"


@pytest.fixture
def house(settings: Settings) -> Services:
    """One operator, and a Slack channel that is Olga's."""
    services = clocked(settings.model_copy(update={"operators": DESK}), NOON)
    channel = subscribe(services, "T1/C1", "UA", name="Ukraine")
    services.subscribers.save(replace(channel, owner=OLGA), channel)
    return services


def messages(services: Services, address: str) -> list[EmailMessage]:
    """What has gone to an address, the oldest first."""
    mails = [item for item in read_outbox(services.settings.outbox) if item.address == address]
    found = [message_from_bytes(item.raw, policy=policy.default) for item in mails]
    return sorted(found, key=lambda mail: mail["Date"].datetime)


def subjects(services: Services, address: str) -> list[str]:
    return [str(mail["Subject"]) for mail in messages(services, address)]


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body
    return body.get_content()


def breaks(services: Services, address: str = "T1/C1", why: str = ARCHIVED) -> None:
    channel = EMAIL if "@" in address else SLACK
    services.suppressions.add(channel, address, why, channel)
    walk(services)


def works(services: Services, address: str = "T1/C1") -> None:
    services.suppressions.lift(EMAIL if "@" in address else SLACK, address)
    walk(services)


def later(services: Services, hours: float) -> None:
    move_to(services, services.server.now_ms() + int(hours * HOUR_MS))
    walk(services)


def test_an_owner_is_told_what_broke_since_when_in_whose_words_and_what_it_misses(house: Services) -> None:
    """A channel was archived, and a silent channel was taken for a quiet week."""
    breaks(house)
    [mail] = messages(house, OLGA)
    assert mail["Subject"] == "No alerts reach T1/C1 any more"
    said = " ".join(text(mail).split())
    assert f"T1/C1, since Wed 10 Jun 12:00 UTC, in these words: “{ARCHIVED}”. It misses: Ukraine." in said
    assert "Unarchive the channel" in said
    assert "alerts unsuppress T1/C1" in said
    assert messages(house, DESK) == [], "who has an owner is theirs"


def test_nobody_unsubscribes_by_a_message_about_an_outage(house: Services) -> None:
    """It would have ended what they subscribe to themselves; and no filter takes it for a newsletter."""
    breaks(house)
    [mail] = messages(house, OLGA)
    assert not [name for name in mail if name.startswith("List-")]
    assert "nsubscribe from all" not in mail.as_string()


def test_whose_nobody_is_is_told_to_the_operators(house: Services) -> None:
    subscribe(house, "kyiv@example.org", "UA")
    breaks(house, "kyiv@example.org", "550 5.1.1 no such user")
    assert subjects(house, DESK) == ["No alerts reach kyiv@example.org any more"]


def test_without_an_operator_there_are_notices_alone(settings: Settings) -> None:
    services = clocked(settings, NOON)
    subscribe(services, "kyiv@example.org", "UA")
    breaks(services, "kyiv@example.org")
    assert (list(read_outbox(settings.outbox)), services.due.count()) == ([], 0)


def test_it_is_said_again_when_it_works_in_the_same_thread_and_what_was_missed_comes_once(
    house: Services,
) -> None:
    breaks(house)
    tell(house, draft())
    later(house, 2)
    unsuppress(house, OPERATOR, "T1/C1")
    walk(house)
    posts = [item for item in read_outbox(house.settings.outbox) if item.address == "T1/C1"]
    assert [b"Talks go on between" in post.raw for post in posts] == [True]
    assert subjects(house, OLGA) == ["No alerts reach T1/C1 any more", "Alerts reach T1/C1 again"]
    first, second = messages(house, OLGA)
    assert first["References"] == second["References"]
    assert first["Message-ID"] != second["Message-ID"]


def test_five_hundred_addresses_that_bounce_in_an_hour_are_one_message(house: Services) -> None:
    """The first is told at once, the others together an hour later: counted, and ten of them named."""
    people = [subscribe(house, f"p{n}@example.org", "UA", name="All") for n in range(500)]
    tell(house, draft())
    [digest] = [d for d in house.updates.digests("ua-talks") if house.digests.get(d).channel is EMAIL]
    receipts = []
    for k in range(1, 5):
        for sid in house.ledger.records(digest, [k]):
            token = house.links.delivery(digest, k, sid)
            receipts.append(Receipt(Verdict.HARD, "5.1.1", "550 5.1.1 gone", (token,)))
    receive(house, house.links, receipts[:1], "test")
    walk(house)
    assert len(subjects(house, DESK)) == 1
    receive(house, house.links, receipts[1:], "test")
    later(house, 0.5)
    assert subjects(house, DESK)[1:] == ["Routine sending by email is paused"]
    later(house, 0.51)
    [mail] = messages(house, DESK)[2:]
    assert mail["Subject"] == "No alerts reach 499 people any more"
    said = " ".join(text(mail).split())
    assert (said.count("550 5.1.1 gone"), "and 489 more" in said) == (10, True)
    assert "1 other as before" in said
    assert len(people) == 500


def test_at_most_one_an_hour_and_what_came_and_went_in_between_is_not_told(house: Services) -> None:
    breaks(house)
    works(house)
    breaks(house)
    assert len(subjects(house, OLGA)) == 1
    later(house, 0.9)
    works(house)
    later(house, 0.2)
    assert subjects(house, OLGA) == ["No alerts reach T1/C1 any more", "Alerts reach T1/C1 again"]


def test_an_owner_whom_nothing_reaches_is_told_of_to_the_operators_and_so_is_what_is_theirs(
    house: Services,
) -> None:
    breaks(house)
    breaks(house, OLGA, "550 5.1.1 no such user")
    later(house, 1)
    assert subjects(house, DESK) == ["No alerts reach olga@example.org any more"]
    subscribed = subscribe(house, "T1/C2", "UA")
    house.subscribers.save(replace(subscribed, owner=OLGA), subscribed)
    breaks(house, "T1/C2")
    assert subjects(house, DESK)[1:] == ["No alerts reach T1/C2 any more"]


def test_an_operator_who_is_told_by_an_address_that_breaks_itself_makes_no_loop(
    settings: Settings,
) -> None:
    """Their only way bounces: that is told to nobody, and nothing goes round."""
    services = clocked(settings.model_copy(update={"operators": DESK}), NOON)
    subscribe(services, "kyiv@example.org", "UA")
    breaks(services, "kyiv@example.org")
    breaks(services, DESK, "550 5.1.1 no such user")
    for _ in range(5):
        later(services, 1)
    assert (len(subjects(services, DESK)), services.due.count()) == (1, 0)


def test_a_pause_of_routine_sending_is_told_to_the_operators_although_it_is_paused(house: Services) -> None:
    house.pauses.pause(EMAIL, "6 of 120 (5 %) bounced")
    walk(house)
    [mail] = messages(house, DESK)
    assert mail["Subject"] == "Routine sending by email is paused"
    assert "6 of 120 (5 %) bounced" in text(mail)
    assert "alerts resume-sending email" in text(mail)
    later(house, 2)
    house.pauses.resume(EMAIL, {})
    walk(house)
    assert subjects(house, DESK)[1:] == ["Routine sending by email goes on"]


def test_an_owner_who_is_named_for_what_is_broken_already_is_told(house: Services) -> None:
    """The operators were told, and asked whose it is; whoever that was heard nothing of it."""
    channel = subscribe(house, "T1/C2", "UA")
    breaks(house, "T1/C2")
    assert subjects(house, DESK) == ["No alerts reach T1/C2 any more"]
    house.subscribers.save(replace(channel, owner=OLGA), channel)
    later(house, 1)
    assert subjects(house, OLGA) == ["No alerts reach T1/C2 any more"]
    works(house, "T1/C2")
    later(house, 1)
    assert subjects(house, OLGA)[1:] == ["Alerts reach T1/C2 again"]
    assert len(subjects(house, DESK)) == 1


@pytest.mark.parametrize("error", ["is_archived", "not_in_channel", "channel_not_found"])
def test_a_channel_that_slack_refuses_is_told_to_its_owner_by_mail(
    settings: Settings, services: Services, error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Archived, the bot removed, made private: over real HTTP, and through the whole walk."""
    shutil.rmtree(settings.outbox, ignore_errors=True)
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    with SlackServer() as slack:
        slack.trouble(error, channel="C1")
        found = {"slack_bot_token": SecretStr(TOKEN), "slack_api_url": slack.url}
        ready = connect(settings.model_copy(update=found))
        channel = subscribe(ready, "T1/C1", "UA")
        ready.subscribers.save(replace(channel, owner=OLGA), channel)
        tell(ready, draft())
        walk(ready)  # what was found due only while the first went on
        [mail] = messages(ready, OLGA)
        assert f"Slack refuses this channel: {error}" in " ".join(text(mail).split())
        ready.close()


def test_what_an_operator_or_a_person_ended_is_no_outage(house: Services) -> None:
    for by in ("operator", "subscriber"):
        house.suppressions.add(SLACK, "T1/C1", "on purpose", by)
        walk(house)
        house.suppressions.lift(SLACK, "T1/C1")
        later(house, 2)
    assert (subjects(house, OLGA), house.due.count()) == ([], 0)


def test_a_bell_that_rings_before_the_hour_is_over_says_nothing(house: Services) -> None:
    """A worker rings for what it leaves: “works again” came twenty seconds after “broken”."""
    breaks(house)
    house.suppressions.lift(SLACK, "T1/C1")
    batch_sender = BatchSender(house)
    bells = [owed.work for owed in house.due.owed()]
    while bells:
        bells += steps.step(batch_sender, bells.pop(0))
    assert subjects(house, OLGA) == ["No alerts reach T1/C1 any more"]
    later(house, 1)
    assert subjects(house, OLGA)[1:] == ["Alerts reach T1/C1 again"]


def test_a_message_that_did_not_get_out_is_told_by_the_next_one_or_by_none(house: Services) -> None:
    """The relay was away while a channel broke and was mended: both messages came, the wrong one last."""
    house.breakers.trip(EMAIL, "the relay is away", 5400)
    breaks(house)
    works(house)
    later(house, 1.1)
    later(house, 1.1)
    assert subjects(house, OLGA) == []
    house.breakers.trip(EMAIL, "the relay is away", 5400)
    breaks(house)
    later(house, 0.5)
    channel = subscribe(house, "T1/C2", "UA")
    house.subscribers.save(replace(channel, owner=OLGA), channel)
    breaks(house, "T1/C2")
    later(house, 1.1)
    later(house, 1.1)
    assert subjects(house, OLGA) == ["No alerts reach 2 Slack channels any more"]


def test_somebody_who_was_removed_or_has_another_owner_is_not_said_to_work_again(house: Services) -> None:
    breaks(house)
    [channel] = house.subscribers.named("T1/C1")
    house.subscribers.remove(channel)
    house.suppressions.lift(SLACK, "T1/C1")
    other = subscribe(house, "T1/C2", "UA")
    house.subscribers.save(replace(other, owner=OLGA), other)
    later(house, 2)
    breaks(house, "T1/C2")
    said = text(messages(house, OLGA)[-1])
    assert "T1/C1" not in said
    assert "as before" not in said


@pytest.mark.parametrize("broken", [True, False])
def test_whichever_command_is_a_workers_last_it_is_told_once(settings: Settings, broken: bool) -> None:
    """When it breaks, and when it works again: nothing is lost with a worker, and nothing is said twice."""
    command, ended = 0, False
    while not ended:
        services = clocked(settings.model_copy(update={"operators": f"{DESK}, T1/C9"}), NOON)
        subscribe(services, "kyiv@example.org", "UA")
        if not broken:
            breaks(services, "kyiv@example.org")
            move_to(services, services.server.now_ms() + 2 * HOUR_MS)
        mortal = Mortal(services)
        mortal.left = command
        try:
            (breaks if broken else works)(services, "kyiv@example.org")
            ended = True
        except Died:
            services.server.client.connection_pool.disconnect()
        mortal.left = float("inf")
        bury(services)
        later(services, 1)
        if broken and not services.suppressions.find(EMAIL, ["kyiv@example.org"]):
            breaks(services, "kyiv@example.org")  # it died before anything was so
        if not broken and services.suppressions.find(EMAIL, ["kyiv@example.org"]):
            works(services, "kyiv@example.org")
        found = Counter(item.address for item in read_outbox(settings.outbox))
        told = 1 if broken else 2
        assert (found[DESK], found["T1/C9"]) == (told, told), f"killed after command {command}"
        assert services.due.count() == 0
        services.close()
        command += 3
    assert command > 20


class Watched:
    """Sends nothing, and remembers what came to its contact, and when each was said."""

    in_flight = 1

    def __init__(self, services: Services) -> None:
        self._services = services
        self.heard: list[tuple[int, str]] = []

    def send(
        self, message: Message, recipients: Sequence[Recipient], stop: Stop
    ) -> Iterator[tuple[int, Outcome]]:
        for recipient in recipients:
            if self._services.breakers.back_off(EMAIL):
                yield recipient.sid, RouteDown("away", 1)
                return
            digest = self._services.digests.get(message.digest)
            [revision] = self._services.updates.revisions([digest.entries[0].ref]).values()
            self.heard.append((digest.horizon_ms, str(revision.draft)))
            yield recipient.sid, Sent()

    def close(self) -> None: ...


#: What may happen in an hour: a channel breaks or is mended, the relay is away for a while, time passes.
HAPPENINGS = st.one_of(
    st.tuples(st.just("break"), st.sampled_from(["T1/C1", "T1/C2"])),
    st.tuples(st.just("mend"), st.sampled_from(["T1/C1", "T1/C2"])),
    st.tuples(st.just("away"), st.integers(60, 3 * 3600)),
    st.tuples(st.just("pass"), st.integers(1, 90)),
)


@settled(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happenings=st.lists(HAPPENINGS, max_size=14))
def test_however_causes_come_and_go_one_message_an_hour_and_the_last_word_is_true(
    settings: Settings, happenings: list[tuple[str, Any]]
) -> None:
    services = clocked(settings, NOON)
    watched = Watched(services)
    services.own_senders = dict.fromkeys(CHANNELS, watched)
    for address in ("T1/C1", "T1/C2"):
        person = subscribe(services, address, "UA")
        services.subscribers.save(replace(person, owner=OLGA), person)
    broken: set[str] = set()
    for what, much in happenings:
        if what == "break":
            broken.add(much)
            breaks(services, much)
        elif what == "mend":
            broken.discard(much)
            works(services, much)
        elif what == "away":
            services.breakers.trip(EMAIL, "away", much)
        else:
            later(services, much / 60)
    for _ in range(20):
        later(services, 0.3)
    services.close()
    said = dict.fromkeys(("T1/C1", "T1/C2"), "")
    for _, words in watched.heard:
        for address in said:
            if f"{address}, since" in words:
                said[address] = "broken"
            if f"{address}: alerts reach it again" in words:
                said[address] = "mended"
    assert {address for address, word in said.items() if word == "broken"} == broken
    for (one, _), (other, _) in pairwise(watched.heard):
        assert other - one >= HOUR_MS
