"""All that is kept of one person, for them to read; and each message as they were sent it."""

from collections.abc import Iterator

from alerts.channels import CHANNELS
from alerts.errors import NotFound
from alerts.model import Recipient, Subscriber
from alerts.operations.acting import Actor, Permission
from alerts.operations.auditing import AuditLine, sentence
from alerts.operations.following.tracing import traced
from alerts.operations.subscribing.muting import muted_by
from alerts.operations.subscribing.subscriber_details import find, suppression_to_dict, suppressions, to_dict
from alerts.services import Services
from alerts.walk import outgoing
from alerts.walk.blanks import Blanks
from alerts.walk.comparing import Comparisons


def everything_about(services: Services, actor: Actor, address: str) -> dict[str, object]:
    """All that is kept of a subscriber, as JSON can say it. Raises Forbidden, NotFound."""
    actor.require(Permission.READ)
    return everything_of(services, find(services, address))


def everything_of(services: Services, person: Subscriber) -> dict[str, object]:
    """The same, for a reader whose link was checked.

    `deliveries` are of the latest 1,000 updates, as far as the ledger is kept; each names the digest, whose
    message is `sent_message`.
    """
    standing = suppressions(services, [person]).get(person.sid)
    return to_dict(person, services.tree) | {
        "number": person.sid,
        "scope": person.scope,
        "suppressed": suppression_to_dict(standing),
        "does_not_want": sorted(
            services.opt_outs.find(person.channel, [person.address]).get(person.address, ())
        ),
        "muted": [one.to_dict() for one in muted_by(services, person)],
        "deliveries": [one.to_dict() for one in traced(services, person)],
        "changes": [line.to_dict() for line in _changes(services, person)],
        "messages_kept_days": services.settings.keep_days,
        "changes_kept_days": services.settings.audit_days,
    }


def _changes(services: Services, person: Subscriber) -> Iterator[AuditLine]:
    """What the audit says of them, newest first."""
    names = {person.address.casefold(), CHANNELS[person.channel].address.identity(person.address)}
    for entry in services.audit.entries():
        if {entry.subject.casefold(), entry.who.casefold()} & names:
            yield AuditLine(entry, sentence(entry))


def sent_message(services: Services, actor: Actor, address: str, digest: str) -> str:
    """One message as a subscriber was sent it, in the channel's words for people; as long as it is kept.

    What it says beside its content (why they get it, when the next digest comes) is as it would be said now.
    Raises Forbidden, NotFound, also for a digest that was not sent to them.
    """
    actor.require(Permission.READ)
    return sent_message_of(services, find(services, address), digest)


def sent_message_of(services: Services, person: Subscriber, digest: str) -> str:
    """The same, for a reader whose link was checked."""
    record = services.ledger.find(person.sid, [digest]).get(digest)
    if record is None or not record.reaches(or_maybe=True) or record.state.owed:
        raise NotFound(
            f"They were not sent the digest {digest[:40]}.", "`alerts trace` names those they were."
        )
    sent = outgoing.load(services, digest)
    [destination] = services.subscribers.destinations([person.sid])
    frozen_ms = services.digests.progress([digest])[digest].frozen_ms or sent.digest.horizon_ms
    at_ms = frozen_ms + record.offset_s * 1000
    blanks = Blanks(services, lambda name: outgoing.load(services, name))
    values = blanks.values(sent, 0, destination, services.links, at_ms)
    recipient = Recipient(person.sid, person.address, values, language=person.language)
    [(message, _)] = Comparisons(services).messages(sent, [recipient])
    views = CHANNELS[person.channel].views()
    return list(views.values())[-1](message.fill(values))
