"""Of one update, the delivery that counts for each person: of its latest revision, the one that says most."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from alerts.model import Channel, Digest, DigestState, Instant, State, Work
from alerts.operations.following.progress import of_update
from alerts.operations.following.waiting import everybody_waiting
from alerts.operations.lists.person_codes import PersonCodes
from alerts.services import Services
from alerts.store import Delivery

#: Batches that are read in one round trip when an update's deliveries are looked through.
BATCHES_AT_ONCE = 100

_STATES = tuple(State)
_PLACES = {state: place for place, state in enumerate(_STATES)}
#: What is noted of one person: the place of the source, then of the state, in this many bits.
_STATE_BITS = 4
#: Noted of who was named, so that nobody is twice.
_NAMED = 1 << 31


@dataclass(frozen=True, slots=True)
class Source:
    """Where some people have theirs from: a digest, or the slot for which a revision waits."""

    channel: Channel
    revision: int
    digest: Digest | None = None
    slot_ms: Instant = 0  #: where there is no digest yet


@dataclass(frozen=True, slots=True)
class PeopleCount:
    """How many people have theirs of one channel in one revision and state; no state: it waits for a slot."""

    channel: Channel
    revision: int
    state: State | None
    slot_ms: Instant
    people: int


@dataclass(frozen=True, slots=True)
class Portion:
    """Some of those who have theirs from one source. Without a record, it waits for a slot."""

    source: Source
    records: Mapping[int, Delivery | None]
    frozen_ms: Instant | None = None


class LatestDeliveries:
    """Everybody whom an update was, is or will be delivered to, each once.

    A person may have several deliveries of an update: one a revision, or one that failed and the catch-up
    after it. What counts is the latest revision; of several deliveries of that, one that reached them before
    one that may have, that before one that is owed, and any of them before a slot that is still to come.

    One number a person is kept (`PersonCodes`), and nothing that grows with them in memory.
    """

    def __init__(self, services: Services, update: str, revision: int | None = None) -> None:
        self._services = services
        self._update = update
        self._revision = revision
        self._codes = PersonCodes()
        self._sources: list[Source] = []
        self._numbers: dict[Source, int] = {}  #: from 1
        self.first_ms: Instant | None = None  #: when the first of all deliveries reached somebody
        self.last_ms: Instant | None = None
        for portion in self._portions():
            self._note(portion)

    def counts(self) -> list[PeopleCount]:
        """How many people there are, by channel, revision and state; the latest revision first."""
        found = Counter[tuple[int, Channel, int, Instant, State | None]]()
        for code, people in self._codes.counts().items():
            if code:
                source, state = self._read(code & ~_NAMED)
                order = len(_STATES) if state is None else _PLACES[state]
                found[-source.revision, source.channel, order, source.slot_ms, state] += people
        return [
            PeopleCount(channel, -revision, state, slot_ms, people)
            for (revision, channel, _, slot_ms, state), people in sorted(
                found.items(), key=lambda f: f[0][:4]
            )
        ]

    def of(self, sid: int) -> tuple[Source, State | None] | None:
        """What counts for one person, as it was read; None for who has nothing of it."""
        code = self._codes[sid] & ~_NAMED
        return self._read(code) if code else None

    def portions(self) -> Iterator[Portion]:
        """Everybody once with what counts for them, read once more, as it is by then. Works once."""
        for portion in self._portions():
            number = self._numbers.get(portion.source, -1)
            records = {}
            for first, codes, sids in self._codes.pages(portion.records):
                for sid in sids:
                    if codes[sid - first] >> _STATE_BITS == number:  # not so any more once they are named
                        codes[sid - first] |= _NAMED
                        records[sid] = portion.records[sid]
            if records:
                yield Portion(portion.source, records, portion.frozen_ms)

    def _portions(self) -> Iterator[Portion]:
        """All deliveries there are, and all that wait, some thousands at a time; some come twice."""
        services = self._services
        for name, digest in of_update(services, self._update).items():
            number = digest.tells(self._update)
            if self._revision in (None, number):
                source = Source(digest.channel, number, digest)
                for frozen_ms, records in _recorded(services, name):
                    yield Portion(source, records, frozen_ms)
        for waiting in everybody_waiting(services, self._update):
            if self._revision in (None, waiting.revision):
                source = Source(waiting.channel, waiting.revision, None, waiting.slot_ms)
                yield Portion(source, dict.fromkeys(waiting.sids))

    def _note(self, portion: Portion) -> None:
        """Note of each person what counts, of what was noted before and this."""
        source = portion.source
        if source not in self._numbers:
            self._sources.append(source)
            self._numbers[source] = len(self._sources)
        base = self._numbers[source] << _STATE_BITS
        for first, codes, sids in self._codes.pages(portion.records):
            for sid in sids:
                record, held = portion.records[sid], codes[sid - first]
                code = base + (_PLACES[record.state] if record else 0)
                if not held or self._weight(code) >= self._weight(held):
                    codes[sid - first] = code
        reached = [r.offset_s for r in portion.records.values() if r and r.state.reached]
        if reached and portion.frozen_ms is not None:
            first_ms, last_ms = (portion.frozen_ms + 1000 * at(reached) for at in (min, max))
            self.first_ms = first_ms if self.first_ms is None else min(self.first_ms, first_ms)
            self.last_ms = last_ms if self.last_ms is None else max(self.last_ms, last_ms)

    def _weight(self, code: int) -> tuple[int, int]:
        source, state = self._read(code)
        return source.revision, -1 if state is None else weight(state)

    def _read(self, code: int) -> tuple[Source, State | None]:
        source = self._sources[(code >> _STATE_BITS) - 1]
        return source, _STATES[code % (1 << _STATE_BITS)] if source.digest else None


def weight(state: State) -> int:
    """Of several deliveries of one revision, one that reached somebody says more than one that did not."""
    return 3 if state.reached else 2 if state.in_doubt else 1 if state.owed else 0


def _recorded(services: Services, digest: str) -> Iterator[tuple[Instant | None, dict[int, Delivery]]]:
    """The deliveries of a digest with the instant of its freezing; what a worker holds is being sent.

    Who is not in a batch yet is read before the batches are: whoever moves meanwhile comes twice.
    """
    [progress] = services.digests.progress([digest]).values() or [None]
    if progress is None:
        return
    if progress.state in (DigestState.OPEN, DigestState.FROZEN):
        for sids in services.recipients.not_in_batches(digest):
            yield progress.frozen_ms, dict.fromkeys(sids, Delivery(State.QUEUED))
        [progress] = services.digests.progress([digest]).values() or [progress]
    for start in range(1, progress.batches + 1, BATCHES_AT_ONCE):
        batches = range(start, min(start + BATCHES_AT_ONCE, progress.batches + 1))
        in_hand: set[int] = set()
        if progress.state is not DigestState.DONE:
            sends = [Work.send(digest, k) for k in batches]
            in_hand = {work.batch.number for work in services.leases.in_hand(sends)}
        yield progress.frozen_ms, services.ledger.records(digest, [k for k in batches if k not in in_hand])
        for k in in_hand:
            yield progress.frozen_ms, _being_sent(services.ledger.records(digest, [k]))


def _being_sent(records: Mapping[int, Delivery]) -> dict[int, Delivery]:
    return {
        sid: record._replace(state=State.SENDING) if record.state.owed else record
        for sid, record in records.items()
    }
