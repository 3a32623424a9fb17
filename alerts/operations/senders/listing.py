"""Everybody who may send updates by mail, and how it is with each."""

from dataclasses import dataclass

from alerts.errors import NotFound
from alerts.model import MailSender, SenderProgress
from alerts.operations.acting import Actor, Permission
from alerts.operations.instants import utc_text
from alerts.services import Services


@dataclass(frozen=True, slots=True)
class SenderSummary:
    """A sender as a list has them. Their secret is kept nowhere."""

    sender: MailSender
    progress: SenderProgress

    def to_dict(self) -> dict[str, object]:
        sender, now = self.sender, self.progress
        return {
            "sender": sender.name,
            "address": sender.address,
            "state": now.state.value,
            "publish": sender.publish,
            "regions": list(sender.regions),
            "tags": list(sender.tags),
            "severity": sender.severity or None,
            "drafts": now.drafts,
            "published": now.published,
            "refused": now.refused,
            "repeated": now.repeated,
            "why": now.why or None,
            "came_at": utc_text(now.came_ms or None),
            "secret_since": utc_text(now.secret_ms or None),
            "added_at": utc_text(sender.added_ms),
            "added_by": sender.added_by,
        }


def list_senders(services: Services, actor: Actor) -> list[SenderSummary]:
    """Everybody who may send, in the order in which they were added. Raises Forbidden."""
    actor.require(Permission.READ)
    return [SenderSummary(*found) for found in services.mail_senders.all()]


def show_sender(services: Services, actor: Actor, sender: str) -> SenderSummary:
    """One sender, by name or address. Raises Forbidden, NotFound."""
    actor.require(Permission.READ)
    return found(services, sender)


def found(services: Services, sender: str) -> SenderSummary:
    """The same, for who may do more than look. Raises NotFound."""
    if "@" not in sender:
        return SenderSummary(*services.mail_senders.get(sender))
    wanted = sender.strip().casefold()
    for one, progress in services.mail_senders.all():
        if one.address == wanted:
            return SenderSummary(one, progress)
    raise NotFound(f"{sender[:80]} is no sender.", "See `alerts senders list`.")
