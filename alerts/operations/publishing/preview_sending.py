"""An update sent to one address only, marked as a preview: by the real route, recorded as told to nobody."""

from dataclasses import dataclass, replace

from alerts.channels import masked
from alerts.errors import Conflict
from alerts.model import (
    Channel,
    Deferred,
    Draft,
    Failed,
    Outcome,
    Recipient,
    Revision,
    RouteDown,
    Sent,
    Unsure,
    name_of,
)
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.publishing.preparing import CHOOSES_NOTHING, Choices, prepare
from alerts.operations.publishing.readings import NamedReading
from alerts.operations.publishing.sampling import Letter
from alerts.operations.subscribing.addresses import destination
from alerts.services import Services

#: What its headline begins with, and so its subject and whatever else shows a headline.
MARK = "Preview: "


@dataclass(frozen=True, slots=True)
class PreviewSent:
    """What came of it: whether the route took it, and its words."""

    update: str
    channel: Channel
    address: str
    sent: bool
    words: str

    def to_dict(self) -> dict[str, object]:
        return {
            "update": self.update,
            "channel": self.channel,
            "address": self.address,
            "sent": self.sent,
            "words": self.words,
        }


def send_preview(
    services: Services, actor: Actor, named: NamedReading, address: str, choices: Choices = CHOOSES_NOTHING
) -> PreviewSent:
    """Send an update to one address, as it would look there, and to nobody else. Makes no revision.

    It goes through the sender and the route that everything goes through, at once and once: what the relay
    does to it is seen. The address need not subscribe. Raises Forbidden, BadInput, UnknownRegion, UnknownTag,
    and Conflict for an address that nothing is sent to.
    """
    actor.require(Permission.PUBLISH)
    channel, exact = destination(address)
    if suppression := services.suppressions.find(channel, [exact]).get(exact):
        raise Conflict(
            f"Nothing is sent to {masked(exact)}: {suppression.reason}.",
            f"Lift it with `alerts unsuppress {masked(exact)}`, or give another address.",
        )
    draft = prepare(services, named.reading, choices)
    reader = services.subscribers.find(channel, exact)
    letter = Letter.of(
        services,
        _marked(services, draft, exact, actor),
        channel,
        exact,
        reader=replace(reader, sid=0) if reader else None,
        why=f"{actor.name} sent you a preview of it",
    )
    outcome = _send(services, channel, letter, exact)
    found = PreviewSent(draft.id, channel, exact, isinstance(outcome, Sent), _words(outcome))
    after = {"address": masked(exact), "sent": found.sent, "words": found.words}
    record(services, actor, "update.preview", draft.id, after=after)
    return found


def _marked(services: Services, draft: Draft, address: str, actor: Actor) -> Revision:
    """The draft as a revision of an update that there is not: nothing threads with the real one.

    It is marked in each of its languages. A mail program shows two mails of one Message-ID once, so each
    preview has a name of its own.
    """
    now_ms = services.server.now_ms()
    told = f"**This is a preview: {actor.name} sent it to {masked(address)} alone. Nobody else was told.**"
    words = [
        replace(words, headline=f"{MARK}{words.headline}", body=f"{told}\n\n{words.body or draft.body}")
        for words in draft.translations
    ]
    marked = replace(
        draft,
        headline=f"{MARK}{draft.headline}",
        body=f"{told}\n\n{draft.body}",
        translations=tuple(words),
    )
    return Revision(f"preview-{name_of([draft.fingerprint, address, now_ms])[:16]}", 1, marked, now_ms)


def _send(services: Services, channel: Channel, letter: Letter, address: str) -> Outcome:
    recipient = Recipient(letter.sid, address, letter.blanks)
    outcomes = services.senders[channel].send(letter.message, [recipient], services.stopping.is_set)
    for _, outcome in outcomes:
        return outcome
    return Failed("it was not tried: this process is to end")


def _words(outcome: Outcome) -> str:
    """What the provider said."""
    match outcome:
        case Sent(receipt=words) | Deferred(why=words) | Failed(why=words) | Unsure(why=words):
            return words
        case RouteDown(why=words):
            return words
