"""What is still owed, to whom, since when and what it waits for: what `alerts work` lists."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from alerts.channels import masked
from alerts.model import Change, Channel, Digest, Instant, State, Step, Work
from alerts.operations.acting import Actor, Permission
from alerts.operations.instants import utc_text
from alerts.rules.cadence import Clock
from alerts.services import Services
from alerts.store import DueEntry, SendingPause
from alerts.texts import number_of

#: What a step does that waits for nothing but its turn.
_TURN = {
    Step.MATCH: "who gets it at once has yet to be found",
    Step.GATHER: "who was told before has yet to be found, as far as that is still on its way",
    Step.RENDER: "it has yet to be rendered",
    Step.FAN_OUT: "its recipients are being put into batches",
    Step.SEND: "it has yet to be sent",
    Step.LINK: "a link that works once has yet to be mailed",
}
#: What is looked at by then waits for a worker, where none is running (ms); other entries, for their time.
SOON_MS = 15_000
#: The same of steps whose entry names somebody.
_OF_A_PERSON = {
    Step.CATCH_UP: "{} has come back or subscribes otherwise: where things stand is owed to them",
    Step.RESUME: "the pause of {} is over",
    Step.UNMUTE: "{} hears again of what they had muted: where it stands is owed to them",
    Step.TRY_AGAIN: "{} gave mail back for a reason that may be over: they are sent to again",
}
#: The same of what is for no digest, by what it is for.
_OF_NO_DIGEST = {
    Step.ANSWER: "who sent a mail for publication has yet to be answered",
    Step.POLL: "the feed {} has yet to be polled",
    Step.END_DRAFT: "the draft {} ends, or operators are to be notified that it does",
}
#: Steps whose entry names a digest.
_OF_A_DIGEST = (Step.GATHER, Step.RENDER, Step.FAN_OUT, Step.SEND)


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """One entry of work: what, to how many people, what it waits for, and since when it is owed."""

    work: Work
    due: bool
    look_ms: Instant  #: when it is looked at next
    since_ms: Instant | None  #: as far as that is known
    reason: str
    updates: tuple[str, ...] = ()
    channel: Channel | None = None
    people: int | None = None  #: as far as that is known

    def to_dict(self) -> dict[str, object]:
        return {
            "entry": str(self.work),
            "step": self.work.step.value,
            "updates": list(self.updates),
            "channel": self.channel,
            "people": self.people,
            "reason": self.reason,
            "about": self.work.key,
            "urgent": self.work.urgent,
            "due": self.due,
            "look_at": utc_text(self.look_ms),
            "since": utc_text(self.since_ms),
        }


@dataclass(frozen=True, slots=True)
class Pending:
    """What is owed, the longest due first: at most 1,000 entries of `total`.

    Clocks that wait for their slot and pauses that wait for their end owe nothing until then: they are
    `standing`, and not among them.
    """

    entries: tuple[PendingEntry, ...]
    total: int
    standing: int


def pending(services: Services, actor: Actor) -> Pending:
    """What is owed, the longest due first."""
    actor.require(Permission.READ)
    now_ms = services.server.now_ms()
    found = services.due.owed_work(now_ms)
    standing = services.due.count_standing(now_ms)
    describe = _Describing(services, found, now_ms)
    entries = tuple(describe.entry(owed) for owed in found)
    return Pending(entries, services.due.count() - standing, standing)


@dataclass(frozen=True, slots=True)
class _About:
    """What one entry is about."""

    reason: str
    since_ms: Instant | None = None
    updates: tuple[str, ...] = ()
    channel: Channel | None = None
    people: int | None = None


@dataclass(slots=True)
class _Describing:
    """Says of entries what they are about; what they share is looked up once."""

    services: Services
    found: Iterable[DueEntry]
    now_ms: Instant
    digests: Mapping[str, Digest] = field(init=False)
    down: Mapping[str, str] = field(init=False)
    paused: Mapping[Channel, SendingPause] = field(init=False)
    working: bool = field(init=False)

    def __post_init__(self) -> None:
        names = {owed.work.digest for owed in self.found if owed.work.step in _OF_A_DIGEST}
        self.digests = self.services.digests.get_all(list(names))
        self.down = self.services.breakers.tripped()
        self.paused = self.services.pauses.standing()
        self.working = bool(self.services.workers.live())

    def entry(self, owed: DueEntry) -> PendingEntry:
        work, due = owed.work, owed.look_ms <= self.now_ms
        if work.step is Step.MATCH:
            about = self._match(owed)
        elif work.step is Step.OPEN:
            about = self._open(work)
        elif work.step is Step.INQUIRE:
            about = _About("somebody is to be told that it broke, or works again")
        elif work.step is Step.NOTIFY:
            about = self._notify(work)
        elif work.step is Step.LINK:
            about = self._link(work)
        elif work.step in _OF_A_PERSON:
            about = self._person(work)
        elif work.step in _OF_NO_DIGEST:
            about = _About(_OF_NO_DIGEST[work.step].format(work.key))
        else:
            about = self._digest(work)
        idle = not self.working and owed.look_ms <= self.now_ms + SOON_MS
        reason = f"no worker is running; {about.reason}" if idle else about.reason
        return PendingEntry(
            work, due, owed.look_ms, about.since_ms, reason, about.updates, about.channel, about.people
        )

    def _match(self, owed: DueEntry) -> _About:
        ref = owed.work.ref
        accepted_ms = self.services.updates.revision(ref).accepted_ms
        held = accepted_ms is None and owed.look_ms > self.now_ms
        reason = f"it is held until {utc_text(owed.look_ms)}" if held else _TURN[Step.MATCH]
        return _About(reason, accepted_ms, (ref.update,))

    def _open(self, work: Work) -> _About:
        people = sum(self.services.audiences.sizes(self.services.clocks.audiences(Clock.parse(work.key))))
        return _About(f"the slot of {work.key} has yet to be opened", people=people)

    def _notify(self, work: Work) -> _About:
        contacts = self.services.contacts.load([work.outage.contact])
        who = ", ".join(masked(contact.address) for contact in contacts.values())
        return _About(f"{who} is told of outages at most once an hour", people=1)

    def _link(self, work: Work) -> _About:
        link = self.services.one_time_links.find(work.key)
        if link is None:
            return _About("its link is over: it will be dropped")
        down = self.down.get(link.channel)
        reason = f"the route is down: {down}" if down else _TURN[Step.LINK]
        return _About(reason, link.asked_ms, channel=link.channel, people=1)

    def _person(self, work: Work) -> _About:
        [person] = self.services.subscribers.destinations([work.person.sid])
        who = masked(person.address) or f"subscriber {person.sid}, who was removed,"
        return _About(_OF_A_PERSON[work.step].format(who), work.person.at_ms, people=1)

    def _digest(self, work: Work) -> _About:
        digest = self.digests.get(work.digest)
        if digest is None:
            return _About("its digest is kept no more: it will be dropped")
        updates = tuple(entry.update for entry in digest.entries if entry.change is not Change.TOLD)
        if work.step is Step.SEND:
            reason, people = self._batch(work, digest)
        else:
            reason, people = _TURN[work.step], self.services.recipients.expected(work.digest)
        return _About(reason, digest.horizon_ms, updates, digest.channel, people)

    def _batch(self, work: Work, digest: Digest) -> tuple[str, int]:
        """What a batch waits for, and how many of it are still owed."""
        records = self.services.ledger.records(digest.id, [work.batch.number])
        owed = {sid: record.state for sid, record in records.items() if record.state.owed}
        if digest.channel in self.down:
            return f"the route is down: {self.down[digest.channel]}", len(owed)
        if not work.urgent and digest.channel in self.paused:
            return f"routine sending is paused: {self.paused[digest.channel].why}", len(owed)
        if self.services.leases.in_hand([work]):
            return "a worker is sending it", len(owed)
        tried = [sid for sid, state in owed.items() if state is not State.QUEUED]
        words = self.services.ledger.notes(digest.id, tried)
        if not tried:
            return _TURN[Step.SEND], len(owed)
        people = number_of(len(tried), "person", "people")
        return f"tried again for {people}: {next(iter(words.values()), 'no answer yet')}", len(owed)
