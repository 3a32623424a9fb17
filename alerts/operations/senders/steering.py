"""A sender is paused, goes on, gets another secret, or may send no more."""

from alerts.model import SenderState
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.senders.adding import SenderAdded
from alerts.operations.senders.listing import SenderSummary, found
from alerts.operations.senders.secrets import new_secret, publication_address
from alerts.services import Services


def pause_sender(services: Services, actor: Actor, sender: str) -> SenderSummary:
    """Refuse what they send until they are resumed. Twice is once. Raises Forbidden, NotFound."""
    actor.require(Permission.ADMINISTER)
    name = found(services, sender).sender.name
    if services.mail_senders.steer(name, SenderState.PAUSED):
        record(services, actor, "sender.pause", name)
    return found(services, name)


def resume_sender(services: Services, actor: Actor, sender: str) -> SenderSummary:
    """Take what they send again, from now on. Twice is once. Raises Forbidden, NotFound."""
    actor.require(Permission.ADMINISTER)
    name = found(services, sender).sender.name
    if services.mail_senders.steer(name, SenderState.ACTIVE):
        record(services, actor, "sender.resume", name)
    return found(services, name)


def change_sender_secret(services: Services, actor: Actor, sender: str) -> SenderAdded:
    """Give them another secret, shown this once; the one before ends now. Raises Forbidden, NotFound."""
    actor.require(Permission.ADMINISTER)
    name, secret = found(services, sender).sender.name, new_secret()
    services.mail_senders.change_secret(name, secret)
    record(services, actor, "sender.change_secret", name)
    return SenderAdded(found(services, name), publication_address(services.settings, secret))


def remove_sender(services: Services, actor: Actor, sender: str) -> SenderSummary:
    """Take nothing from them any more. What came of their mails stays. Raises Forbidden, NotFound."""
    actor.require(Permission.ADMINISTER)
    gone = found(services, sender)
    services.mail_senders.remove(gone.sender.name)
    record(services, actor, "sender.remove", gone.sender.name, before={"address": gone.sender.address})
    return gone
