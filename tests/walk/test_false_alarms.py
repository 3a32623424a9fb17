"""A worker dies with accepted mails on the wire; what they told is overtaken before anybody knows of them.

Real mails to a real relay. For every command that may be the last of the worker that sends, a newer revision
is published before, while and after somebody else takes the batch up. The judge reads what the relay took.
"""

import os
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from itertools import count
from math import inf

import pytest
from dying import IN_FLIGHT, Died, Interrupted, Mortal, bury
from house import draft, due, told, walk
from pydantic import SecretStr
from smtp_server import SmtpServer

from alerts.model import Channel, Draft, Filter, Kind, Step, Subscriber, Subscription
from alerts.services import connect
from alerts.settings import Settings
from alerts.walk import steps
from alerts.walk.batch_sender import BatchSender
from alerts.walk.outcome_buffer import RECORDED_AT_ONCE

pytestmark = pytest.mark.long

#: Usually each revision meets every seventh command, at each instant other ones; in full, all.
STRIDE = 1 if os.environ.get("ALERTS_TEST_YEAR") == "full" else 7
#: Sent and not recorded at any instant, at most.
W = IN_FLIGHT + RECORDED_AT_ONCE
#: Enough for every step that can follow from a match; only a gathering may still have to go on.
ROUNDS = 8
#: Three windows of mail: one recorded, one on the wire, one not begun. One half wants Russia, one Ukraine.
EVERYBODY = {f"p{n}@example.org": ("RU", "UA")[n % 2] for n in range(40)}
RUSSIA = {address for address, region in EVERYBODY.items() if region == "RU"}


def second(**changes: object) -> Draft:
    return draft(headline="Talks, revision 2", **changes)


#: What is published next, and who of those who were told the first revision must hear of it.
NEWER = {
    "cancel": (second(kind=Kind.CANCEL), EVERYBODY.keys()),
    "retraction": (second(kind=Kind.RETRACTION), EVERYBODY.keys()),
    "correction": (second(kind=Kind.CORRECTION), EVERYBODY.keys()),
    "correction elsewhere": (second(kind=Kind.CORRECTION, regions=("FR",)), EVERYBODY.keys()),
    "update": (second(), EVERYBODY.keys()),
    "update for some": (second(regions=("RU",)), RUSSIA),
}


class Scene:
    """A crowd is told by a worker that may die; another one goes on."""

    def __init__(self, settings: Settings, smtp: SmtpServer) -> None:
        relay = {"smtp_url": SecretStr(smtp.url), "mail_from": "Desk <desk@alerts.test>"}
        chosen = settings.model_copy(update=relay)
        self.smtp, self.services, self.other = smtp, connect(chosen), connect(chosen)
        self.newer, self.dice = draft(), random.Random("instants")
        self.mortal = Mortal(self.services)
        self.interrupted = Interrupted(self.other, lambda: self.overtake(self.newer))

    def begin(self) -> None:
        """Everything is done but the sending."""
        self.services.server.client.flushall()
        self.smtp.arrived.clear()
        rows = [
            Subscriber(0, Channel("email"), address, "UTC", (Subscription(Filter((region,))),), 0)
            for address, region in EVERYBODY.items()
        ]
        self.services.subscribers.save_all([(row, None) for row in rows])
        steps.publish(self.services, draft(headline="Talks, revision 1"))
        walk(self.services, lambda work: work.step is not Step.SEND)
        [owed] = self.services.due.owed()
        self.batch = owed.work

    def die(self, commands: int) -> bool:
        """Send with a worker that has that many commands left. Whether that killed it."""
        self.mortal.left = commands
        try:
            walk(self.services)
        except Died:
            return True
        finally:
            self.mortal.left = inf
            self.services.server.client.connection_pool.disconnect()
            self.hang_up()
        return False

    def overtake(self, newer: Draft) -> None:
        """Publish, and do what can be done about it but for the first batch."""
        steps.publish(self.services, newer)
        batch_sender, now_ms = BatchSender(self.services), self.services.server.now_ms()
        for _ in range(ROUNDS):
            for work in due(self.services.due.owed(), now_ms):
                if work != self.batch:
                    steps.step(batch_sender, work)

    def hang_up(self) -> None:
        for services in (self.services, self.other):
            services.senders[Channel("email")].close()
        self.smtp.drain()

    def close(self) -> None:
        self.services.close()
        self.other.close()

    def got(self) -> dict[str, list[int]]:
        """The revisions that the relay took for each address, in order."""
        found = defaultdict(list)
        for mail in list(self.smtp.arrived):
            subject = message_from_bytes(mail.data, policy=policy.default)["Subject"]
            [address] = mail.recipients
            found[address].append(number_of(subject))
        return found


def number_of(subject: str) -> int:
    """The revision that a mail tells. What is over keeps the headline that it was told by."""
    ends = re.search("Closed|Retracted", subject)
    return 2 if ends else int(re.findall(r"revision (\d)", subject)[0])


@pytest.fixture
def scene(settings: Settings) -> Iterator[Scene]:
    with SmtpServer() as smtp:
        made = Scene(settings, smtp)
        yield made
        made.close()


def while_the_lease_lasts(it: Scene) -> None:
    """The dead worker's batch cannot be told from a living one's yet."""
    it.overtake(it.newer)


def before_anybody_takes_it_up(it: Scene) -> None:
    """Its lease has run out: the correction is gathered, and sent, before the batch is looked at."""
    bury(it.services)
    it.overtake(it.newer)


def just_taken_up(it: Scene) -> None:
    """Between any two commands of its next holder, who hears of it with its next record."""
    bury(it.services)
    it.interrupted.left = it.dice.randrange(20)
    walk(it.other, it.batch.__eq__)
    if it.interrupted.left < inf:  # it had fewer
        it.interrupted.end()


def taken_up_and_sent(it: Scene) -> None:
    bury(it.services)
    walk(it.services)
    it.overtake(it.newer)


INSTANTS = (while_the_lease_lasts, before_anybody_takes_it_up, just_taken_up, taken_up_and_sent)


@pytest.mark.parametrize("publish", INSTANTS, ids=lambda instant: instant.__name__)
@pytest.mark.parametrize("newer", NEWER)
def test_whoever_was_told_hears_that_it_was_wrong(
    scene: Scene, newer: str, publish: Callable[[Scene], None]
) -> None:
    """Those whose mail the relay had accepted, and nobody had recorded, ended as withdrawn: they never heard
    of the cancel, of a correction that went elsewhere. And a holder went on with its whole batch of what a
    plain update had taken the place of."""
    scene.newer, wanted = NEWER[newer]
    first = (INSTANTS.index(publish) + list(NEWER).index(newer)) % STRIDE
    died_with_mail = 0
    for commands in count(first, STRIDE):
        scene.begin()
        if not scene.die(commands):
            break
        told_first = set(scene.got())
        died_with_mail += bool(told_first)
        publish(scene)
        bury(scene.services)
        walk(scene.services)
        scene.hang_up()
        judge(scene, told_first & wanted, in_hand=publish is just_taken_up)
        assert scene.services.due.count() == 0
        assert not any(state.owed for states in told(scene.services, "ua-talks").values() for state in states)
    assert died_with_mail


def judge(it: Scene, must_hear: set[str], *, in_hand: bool) -> None:
    """`in_hand`: a living holder had the first revision on the wire when the second was published."""
    got, kind = it.got(), it.newer.kind
    for address, numbers in got.items():
        assert numbers.count(2) <= 1, f"{address} got {numbers}"
    for address in must_hear:
        assert got[address].count(2) == 1, f"{address} got {got[address]}"
    ends = kind is not None and kind.ends
    if not ends:
        elsewhere = EVERYBODY.keys() if kind is Kind.CORRECTION else RUSSIA
        wanted = EVERYBODY.keys() if "UA" in it.newer.regions else elsewhere
        assert {address for address, numbers in got.items() if 2 in numbers} == wanted
    late = sum(numbers != sorted(numbers) for numbers in got.values())
    assert late <= (W if in_hand and not ends else 0), got
    assert sum(numbers.count(1) - 1 for numbers in got.values() if 1 in numbers) <= W
