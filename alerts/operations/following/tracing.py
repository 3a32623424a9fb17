"""Everything that somebody is owed, was sent or was not sent, and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter

from alerts.model import Change, Digest, Entry, Instant, Revision, State, Subscriber
from alerts.operations.acting import Actor, Permission
from alerts.operations.following.explaining import explain_all_to
from alerts.operations.following.recorded_reasons import recorded_reasons
from alerts.operations.following.waiting import waiting_for_slot
from alerts.operations.instants import utc_text
from alerts.operations.subscribing.subscriber_details import find
from alerts.rules.cadence import clock_of
from alerts.rules.translations import edition
from alerts.services import Services
from alerts.store import Delivery
from alerts.texts import Sayable, Text

#: The latest revisions whose updates are looked through for what was not for somebody.
EXCLUDED_REVISIONS = 200
#: The latest updates that are looked through, and the lines that are made of one look.
TRACED_UPDATES, TRACED_AT_ONCE = 1_000, 50


@dataclass(frozen=True, slots=True)
class Traced:
    """What became of one revision for one subscriber: what waits for a slot has no digest yet."""

    at_ms: Instant
    update: str
    revision: int
    change: str
    headline: str
    language: str  #: of the headline; empty: not known
    how: str  #: the occasion: its clock, or `at once`, `catch-up`, `correction`, `resent`
    state: str  #: of the delivery; `slot` while it waits; `excluded` where there is none
    attempts: int
    digest: str | None
    note: str  #: the provider's words, for what did not simply succeed
    to_reader: tuple[Sayable, ...] = ()  #: the same to whom it was for, in parts

    def to_dict(self) -> dict[str, object]:
        return {
            "at": utc_text(self.at_ms),
            "update": self.update,
            "revision": self.revision,
            "change": self.change,
            "headline": self.headline,
            "how": self.how,
            "state": self.state,
            "attempts": self.attempts,
            "digest": self.digest,
            "note": self.note,
        }


def trace(services: Services, actor: Actor, address: str, *, excluded: bool = False) -> Iterator[Traced]:
    """What a subscriber is owed, was sent, or was not sent of the latest updates, newest first.

    With `excluded` also which of the latest were not for them, and why: last of all. Raises Forbidden,
    NotFound.
    """
    actor.require(Permission.READ)
    person = find(services, address)
    return traced_with_excluded(services, person) if excluded else traced(services, person)


def traced_with_excluded(services: Services, person: Subscriber) -> Iterator[Traced]:
    """The same for a reader whose link was checked, with what was not for them, in the words of `explain`."""
    found: set[str] = set()
    for one in traced(services, person):
        found.add(one.update)
        yield one
    histories = services.updates.histories(services.updates.revised_since(0, EXCLUDED_REVISIONS))
    latest = [h.accepted for u, h in histories.items() if u not in found and h.accepted is not None]
    for why in explain_all_to(services, person, latest):
        if why.verdict == "no":
            revision = why.revision
            about = revision.number, revision.kind.value, *_read(services, revision, person)
            at_ms = revision.accepted_ms or 0
            said = why.because, why.to_reader
            yield Traced(at_ms, revision.update, *about, "", "excluded", 0, None, *said)


def traced(services: Services, person: Subscriber) -> Iterator[Traced]:
    """What somebody is owed, was sent, or was not sent, newest first."""
    yield from _waiting(services, person)
    updates = services.updates.recent(TRACED_UPDATES)
    recent = frozenset(updates)
    names = list(dict.fromkeys(chain.from_iterable(services.updates.digests_of(updates).values())))
    found = services.ledger.find(person.sid, names)
    digests = services.digests.get_all(list(found))
    frozen = {name: p.frozen_ms for name, p in services.digests.progress(list(digests)).items()}
    rows = [
        (frozen.get(name) or digest.horizon_ms, name, entry)
        for name, digest in digests.items()
        if any(map(digest.tells, recent.intersection(entry.update for entry in digest.entries)))
        for entry in digest.entries
        if entry.change is not Change.TOLD
    ]
    rows.sort(reverse=True, key=itemgetter(0, 1))
    for start in range(0, len(rows), TRACED_AT_ONCE):
        some = rows[start : start + TRACED_AT_ONCE]
        headlines = _headlines(services, [entry for _, _, entry in some], person)
        notes = services.ledger.notes_to(person.sid, [name for _, name, _ in some])
        for at_ms, name, entry in some:
            record = found[name]
            yield Traced(
                at_ms + record.offset_s * 1000,
                entry.update,
                entry.number,
                entry.change.value,
                *headlines[entry.ref],
                _how(digests[name]),
                record.state.name.lower(),
                record.attempt,
                name,
                notes[name],
                _to_reader(record, notes[name]),
            )


def _to_reader(record: Delivery, note: str) -> tuple[Sayable, ...]:
    reasons = recorded_reasons(note)
    if reasons == (note,) and record.state is State.FAILED and record.attempt == 0:
        return (Text("it could not be made into a message"),)  # what a template lacks is for operators
    return reasons


def _waiting(services: Services, person: Subscriber) -> Iterator[Traced]:
    slot_ms, waiting = waiting_for_slot(services, person)
    how, headlines = str(clock_of(person.audience)), _headlines(services, waiting, person)
    for entry in waiting:
        about = entry.update, entry.number, entry.change.value, *headlines[entry.ref]
        yield Traced(slot_ms, *about, how, "slot", 0, None, "")


def _headlines(
    services: Services, entries: Iterable[Entry], person: Subscriber
) -> dict[str, tuple[str, str]]:
    found = services.updates.revisions(entry.ref for entry in entries)
    return {ref: _read(services, revision, person) for ref, revision in found.items()}


def _read(services: Services, revision: Revision, person: Subscriber) -> tuple[str, str]:
    """Its headline as they read it, and the language that it is in."""
    read = edition(revision.draft, person.language or services.settings.language)
    return read.draft.headline, read.headline


def _how(digest: Digest) -> str:
    """The occasion of a digest, in words for a table: its clock, if it has one."""
    if digest.clock:
        return digest.clock
    if digest.catch_up:
        return "catch-up"
    if digest.resent_to:
        return "resent"
    return "correction" if digest.correcting else "at once"
