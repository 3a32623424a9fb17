"""Messages become revisions of the situations they are about, each once, in whatever order they come.

A message is named by its sender and identifier; what it refers to, and an incident it shares with another
about the same areas, make them one situation (docs/adr/0051). What is older than the newest is noted, and
nobody is told.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from alerts.errors import BadInput, Conflict, NotFound, NothingMatched, RevisedMeanwhile
from alerts.ingest import Provenance, Reading, id_of, placed
from alerts.ingest.cap.messages import MessageType
from alerts.model import Draft, Kind, Ref, Revision, Status, name_of
from alerts.services import Services
from alerts.store import END, MessageName

#: How often somebody else may be quicker before it is given up.
_TRIES = 20
LATE = "late"


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A message of which nothing is published: `update` is where it belongs, `why` a sentence."""

    update: str
    why: str


def as_revision(services: Services, reading: Reading) -> Reading:
    """Say which update a message is the next revision of, as far as is known, with what it leaves out.

    Changes nothing. Raises NothingMatched for one that ends what is not known here.
    """
    message = reading.provenance
    if message is None or reading.said.id:
        return reading
    known = services.situations.find(
        _sender(reading, message), (message.identifier, *message.references), _incident(message)
    )
    return _of(services, reading, message, known or _begun(reading, message))


def _begun(reading: Reading, message: Provenance) -> str:
    """The id of the situation that a message begins where it belongs to none: the same whenever it comes."""
    return id_of(reading.said.headline, name_of([_sender(reading, message), message.identifier]))


def publish_message(
    services: Services,
    reading: Reading,
    message: Provenance,
    *,
    begins: str,
    prepare: Callable[[Reading], Draft],
    put: Callable[[Draft, int | None], Revision],
) -> PassedOver | None:
    """Publish a message as the next revision of its situation, unless something newer was published.

    `begins` is the id that somebody wants for it, if it is the first; `prepare` makes the draft of a reading
    that has its id; `put` publishes it, after N revisions if that is given. Says why, where nothing is to be
    published. Raises BadInput where it belongs to another id, and whatever these two raise: then it may come
    again.
    """
    name = _named(services, reading, message)
    for _ in range(_TRIES):
        place = services.situations.place(name, begins or _begun(reading, message))
        if begins and place.update != begins:
            raise BadInput(
                f"The message is about {place.update}, and cannot become {begins}.", "Leave the id out."
            )
        if place.became not in ("", LATE, END):  # wherever it went on since: there it is known
            put(prepare(_of(services, reading, message, Ref(place.became).update)), None)
            return None
        if place.became == END or (message.ends and _ends_nothing(message, place.revisions)):
            services.situations.end(place.update, name)
            return PassedOver(place.update, "it ends what was never published here: nobody is told")
        if place.late:
            services.situations.note(name, LATE)
            return PassedOver(
                place.update, "something newer of the situation was there before: it overwrites nothing"
            )
        draft = prepare(_of(services, reading, message, place.update))
        try:
            revision = put(draft, place.revisions)
        except RevisedMeanwhile:
            continue
        services.situations.note(name, revision.ref)
        if not message.ends and services.situations.ended_ms(place.update) > name.sent_ms:
            put(replace(draft, kind=Kind.CANCEL, published_at=None, expires_at=None), None)
        return None
    raise Conflict(
        f"The update “{place.update}” is being revised all the time.", "Publish the message again."
    )


def _of(services: Services, reading: Reading, message: Provenance, update: str) -> Reading:
    """The reading as a revision of an update: what only ends says for the rest what was said before."""
    draft = replace(reading.said, id=update)
    try:
        standing = services.updates.standing(update).draft
    except NotFound:
        if message.type is MessageType.ALERT:  # an all-clear that nothing went before is news
            return replace(reading, said=replace(draft, kind=None))
        if message.ends:
            raise NothingMatched(
                f"It ends what was never published here ({message.identifier[:80]}): nobody would be told.",
                "Publish it all the same: it is noted, so that what it ends is not told either, should it "
                "come late.",
            ) from None
        return replace(reading, said=draft)
    if not draft.headline:
        draft = replace(
            standing,
            id=update,
            kind=draft.kind,
            note=draft.note,
            status=draft.status,
            published_at=draft.published_at,
            expires_at=None,
            public=draft.public,
        )
    elif message.ends and not draft.regions:
        draft = replace(draft, regions=standing.regions)
    return replace(reading, said=draft)


def _ends_nothing(message: Provenance, revisions: int) -> bool:
    return revisions == 0 and message.type is not MessageType.ALERT


def _incident(message: Provenance) -> str:
    """What an incident is known by: with its areas, for what is told of one does not supersede another's."""
    return name_of([message.incidents, message.areas]) if message.incidents and message.areas else ""


def _sender(reading: Reading, message: Provenance) -> str:
    """Whose messages it belongs to: an exercise or a test continues and ends nothing that is real."""
    status = reading.said.status
    return message.sender if status is Status.ACTUAL else f"{status} of {message.sender}"


def _named(services: Services, reading: Reading, message: Provenance) -> MessageName:
    return MessageName(
        _sender(reading, message),
        message.identifier,
        int(placed(message.sent, services.settings.zone).timestamp() * 1000),
        tuple(message.references),
        _incident(message),
    )
