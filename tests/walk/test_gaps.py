"""What a catch-up tells, row by row: what was published, what the ledger says of it, and what is missing."""

from dataclasses import dataclass, field, replace

import pytest
from clocked import clocked, move_to, ms
from house import draft

from alerts.model import (
    Cadence,
    Change,
    Channel,
    Digest,
    Entry,
    Filter,
    Kind,
    Revision,
    State,
    Step,
    Subscriber,
    Subscription,
    Work,
)
from alerts.rules.cadence import clock_of
from alerts.services import Services
from alerts.settings import Settings
from alerts.store import Delivery, LedgerLine
from alerts.walk import recipients, steps

#: The present subscriptions begin now; every hour of a row is counted from there.
NOW = ms("2026-06-10T12:00Z")
HOUR = 3_600_000
DAY = 24
UPDATE = "ua-talks"


def wants(*regions: str, cadence: str = "immediate") -> Subscription:
    return Subscription(Filter(regions), Cadence.parse(cadence))


UKRAINE, BOTH = wants("UA"), wants("UA", "KE")


@dataclass(frozen=True)
class Published:
    """A revision, when it was accepted, and how its delivery to the subscriber stands, if there is one."""

    hour: int
    delivery: State | None = None
    kind: Kind = Kind.NEW
    regions: tuple[str, ...] = ("UA",)
    gathered: bool = False  #: of a correction: whoever has what it corrects was found


@dataclass(frozen=True)
class Row:
    sentence: str
    published: tuple[Published, ...]
    expected: Entry | None
    old: Subscription | None = UKRAINE
    new: Subscription = BOTH
    slot_hour: int | None = None  #: when the old subscriptions had their last slot
    keep_days: int = 90


def tells(number: int, change: Change, since: int = 0) -> Entry:
    return Entry(UPDATE, number, change, since)


NEW, UPDATED = tells(1, Change.NEW), tells(2, Change.UPDATED, 1)
KENYA = ("KE",)
CORRECTION = {"kind": Kind.CORRECTION}
CANCEL = {"kind": Kind.CANCEL}

ROWS = [
    Row("who is new is told where things stand", (Published(-DAY),), NEW, old=None),
    Row(
        "that is the latest revision, whole",
        (Published(-2 * DAY), Published(-DAY)),
        tells(2, Change.NEW),
        old=None,
    ),
    Row("what nothing was said of for a week is no news", (Published(-8 * DAY),), None, old=None),
    Row(
        "a revision of this week is, however old its update",
        (Published(-9 * DAY), Published(-DAY)),
        tells(2, Change.NEW),
        old=None,
    ),
    Row("what they do not ask for is left out", (Published(-DAY, regions=("TR",)),), None, old=None),
    Row("what came after they began is not missing", (Published(1),), None, old=None),
    Row(
        "of what goes on since, they are told how it stood when they began",
        (Published(-DAY), Published(1)),
        NEW,
        old=None,
    ),
    Row(
        "what was closed before they heard of it never was",
        (Published(-2 * DAY), Published(-DAY, **CANCEL)),
        None,
        old=None,
    ),
    Row("what was delivered is not missing", (Published(-DAY, State.SENT),), None),
    Row("what is on its way is not missing", (Published(-DAY, State.QUEUED),), None),
    Row("what is tried again later is on its way", (Published(-DAY, State.DEFERRED),), None),
    Row("what failed is missing", (Published(-DAY, State.FAILED),), NEW),
    Row("what was suppressed is missing", (Published(-DAY, State.SUPPRESSED),), NEW),
    Row("what was over when it was their turn is left so", (Published(-DAY, State.EXPIRED),), None),
    Row("what nobody knows the fate of is sent", (Published(-DAY, State.UNCONFIRMED),), NEW),
    Row(
        "a revision of what was delivered says what has changed since",
        (Published(-2 * DAY, State.SENT), Published(-DAY)),
        UPDATED,
    ),
    Row(
        "a revision of what failed is new to them",
        (Published(-2 * DAY, State.FAILED), Published(-DAY)),
        tells(2, Change.NEW),
    ),
    Row(
        "a correction that still looks for its readers will find them",
        (Published(-2 * DAY, State.SENT), Published(-DAY, **CORRECTION)),
        None,
    ),
    Row(
        "one that has found all and not them is missing",
        (Published(-2 * DAY, State.SENT), Published(-DAY, gathered=True, **CORRECTION)),
        tells(2, Change.CORRECTED, 1),
    ),
    Row(
        "whoever may have what is wrong is told as if they had",
        (Published(-2 * DAY, State.UNCONFIRMED), Published(-DAY, gathered=True, **CORRECTION)),
        tells(2, Change.CORRECTED, 1),
    ),
    Row(
        "that something is closed is told to whoever has it",
        (Published(-2 * DAY, State.SENT), Published(-DAY, gathered=True, **CANCEL)),
        tells(2, Change.CLOSED, 1),
    ),
    Row(
        "what only the new subscriptions want goes back as far as the last slot of the old ones",
        (Published(-2, regions=KENYA),),
        NEW,
        old=wants("UA", cadence="daily 08:00"),
        slot_hour=-4,
    ),
    Row(
        "and no further: before, it was not asked for",
        (Published(-5, regions=KENYA),),
        None,
        old=wants("UA", cadence="daily 08:00"),
        slot_hour=-4,
    ),
    Row(
        "what the last slot of the old subscriptions has for them is on its way",
        (Published(-5),),
        None,
        old=wants("UA", cadence="daily 08:00"),
        slot_hour=-4,
    ),
    Row(
        "what waited for their next slot is missing: they will have no such slot",
        (Published(-2),),
        NEW,
        old=wants("UA", cadence="daily 08:00"),
        slot_hour=-4,
    ),
    Row(
        "what is too old for the ledger was delivered if the rules say so",
        (Published(-3 * DAY),),
        None,
        keep_days=1,
    ),
    Row(
        "and is missing if the rules had it wait for a slot to come",
        (Published(-3 * DAY),),
        NEW,
        old=wants("UA", cadence="weekly thu 08:00"),
        keep_days=1,
    ),
]


def person(*subscriptions: Subscription) -> Subscriber:
    return Subscriber(0, Channel("email"), "anna@example.org", "UTC", subscriptions, 0)


@dataclass
class Stage:
    """Sets up what a row says, by the store alone: nothing is walked."""

    services: Services
    digests: dict[int, Digest] = field(default_factory=dict)

    def publish(self, number: int, published: Published) -> Digest:
        """Accept one revision; its digest waits to be frozen."""
        move_to(self.services, NOW + published.hour * HOUR)
        content = draft(regions=published.regions, kind=published.kind, body=f"The {number}th day of talks.")
        work = Work(Step.MATCH, self.services.updates.publish(content).revision.ref)
        revision = self.services.updates.accept(work.key)
        assert revision is not None
        digest = self._digest(revision)
        self.services.digests.create(work, [digest])
        return digest

    def _digest(self, revision: Revision) -> Digest:
        corrective = revision.kind.corrective
        change = Change.CORRECTED if corrective else Change.NEW
        entry = Entry(revision.update, revision.number, change)
        return Digest(Channel("email"), (entry,), revision.accepted_ms or 0, correcting=corrective)

    def deliver(self, digest: Digest, sid: int, state: State) -> None:
        """Have the ledger say this of one delivery."""
        services = self.services
        services.recipients.include(digest.id, [sid])
        _, fan = services.digests.freeze(digest, Work(Step.RENDER, digest.id))
        send = services.digests.fan(digest.id, fan)
        assert send is not None
        claim = services.ledger.claim(send)
        if state is not State.QUEUED:
            services.ledger.record(claim, [LedgerLine(sid, Delivery(state, 1, 60 if state.owed else 0))])
        services.ledger.settle(claim)


@pytest.mark.parametrize("row", ROWS, ids=[row.sentence for row in ROWS])
def test_what_is_missing(settings: Settings, row: Row) -> None:
    services = clocked(settings.model_copy(update={"keep_days": row.keep_days}), "2026-05-01T00:00Z")
    stage = Stage(services)
    before = services.subscribers.save(person(row.old), None) if row.old else None
    events = [(number, published) for number, published in enumerate(row.published, 1)]
    for number, published in events:
        if published.hour < 0:
            digest = stage.publish(number, published)
            if published.delivery is not None and before:
                stage.deliver(digest, before.sid, published.delivery)
            if published.gathered:
                services.digests.all_gathered(Work(Step.GATHER, digest.id))
    if row.slot_hour is not None and before:
        move_to(services, NOW + row.slot_hour * HOUR)
        steps.open_slot(services, Work(Step.OPEN, str(clock_of(before.audience))))
    move_to(services, NOW)
    after = replace(before, subscriptions=(row.new,)) if before else person(row.new)
    saved = services.subscribers.save(after, before, catch_up=True)
    for number, published in events:
        if published.hour >= 0:
            stage.publish(number, published)
    assert recipients.gap(services, saved) == ((row.expected,) if row.expected else ())
    services.close()
