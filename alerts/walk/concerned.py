"""Whom an outage concerns: the owner of what is broken, else the operators; and what is broken now."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from alerts import channels
from alerts.errors import BadInput
from alerts.model import SENDING, Channel, Outage, OutageKey, Subscriber
from alerts.services import Services
from alerts.store import Contact, Suppression
from alerts.walk.receive import COMPLAINT


class Looked(NamedTuple):
    """What is broken now, what works, and who they are, by subject."""

    broken: Mapping[str, Outage]
    working: frozenset[str]
    parties: Mapping[str, Contact | Subscriber]


@dataclass(slots=True)
class Concerned:
    """Answers for one message or inquiry; what is asked about twice is looked up once."""

    services: Services
    operators: tuple[Contact, ...] = field(init=False)
    _owners: dict[str, Contact | None] = field(default_factory=dict)
    _suppressed: dict[tuple[Channel, str], bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        named = (self._contact(typed) for typed in (self.services.settings.operators or "").split(","))
        self.operators = tuple(dict.fromkeys(contact for contact in named if contact))

    def keys(self, subject: str) -> list[OutageKey]:
        """Who is to be told of a subject, and among what. Nobody: it is nobody's, or there is no operator."""
        if subject == SENDING:
            return [OutageKey.of(contact.number, SENDING) for contact in self.operators]
        return [key for one in self._parties([int(subject)]).values() for key in self._told_of(one)]

    def look(self, key: OutageKey, subjects: Iterable[str]) -> "Looked":
        """What of these concerns a contact, and how it is now."""
        if key.kind == SENDING:
            paused = self.services.pauses.standing()
            mine = key.contact in {contact.number for contact in self.operators}
            broken = {str(c): Outage(p.since_ms, p.why) for c, p in paused.items() if mine}
            return Looked(broken, frozenset(subjects) - broken.keys(), {})
        parties = {
            str(number): party
            for number, party in self._parties(sorted(map(int, subjects))).items()
            if key in self._told_of(party)
        }
        addresses = [party.address for party in parties.values()]
        standing = self.services.suppressions.find(Channel(key.kind), addresses)
        found = {subject: standing.get(party.address) for subject, party in parties.items()}
        broken = {
            s: Outage(why.since_ms, why.reason) for s, why in found.items() if why and breaks(why, key.kind)
        }
        return Looked(broken, frozenset(s for s, why in found.items() if why is None), parties)

    def _parties(self, numbers: Sequence[int]) -> dict[int, Contact | Subscriber]:
        """The contacts and subscribers of these numbers; those who were removed are left out."""
        people = {person.sid: person for person in self.services.subscribers.load(numbers)}
        return {**self.services.contacts.load(numbers), **people}

    def _told_of(self, party: Contact | Subscriber) -> list[OutageKey]:
        """Who is to be told when nothing reaches somebody: of a contact, the operators but for itself."""
        told = self._of(party) if isinstance(party, Subscriber) else iter(self.operators)
        return [OutageKey.of(one.number, party.channel) for one in told if one != party]

    def _of(self, person: Subscriber) -> Iterator[Contact]:
        """The owner of a subscriber; the operators where there is none, or where nothing reaches that one."""
        owner = self._contact(person.owner)
        if owner is not None:
            yield owner
        if owner is None or self._is_suppressed(owner):
            yield from (one for one in self.operators if one != owner)

    def _contact(self, typed: str) -> Contact | None:
        """The contact with an address; None for what is none: `alerts check` says that."""
        if typed not in self._owners:
            try:
                known = channels.destination(typed.strip()) if typed.strip() else None
            except BadInput:
                known = None
            self._owners[typed] = self.services.contacts.number(*known) if known else None
        return self._owners[typed]

    def _is_suppressed(self, contact: Contact) -> bool:
        where = contact.channel, contact.address
        if where not in self._suppressed:
            self._suppressed[where] = bool(self.services.suppressions.find(where[0], [where[1]]))
        return self._suppressed[where]


def breaks(standing: Suppression, channel: str) -> bool:
    """Whether a reason not to send is an outage: given by a provider or a complaint, and for good.

    What people or operators asked for themselves is none, and a back-off may pass by itself.
    """
    return standing.until_ms is None and standing.by in (channel, COMPLAINT)
