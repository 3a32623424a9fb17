"""Somebody, or everybody of a domain, may send updates by mail from now on."""

from dataclasses import dataclass, replace
from email.utils import parseaddr
from functools import partial

from alerts import channels
from alerts.errors import BadInput, Conflict, Faults, Forbidden
from alerts.model import MailSender
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.senders.listing import SenderSummary
from alerts.operations.senders.secrets import new_secret, publication_address
from alerts.operations.sources import names_for, read_defaults, read_name
from alerts.services import Services


@dataclass(frozen=True, slots=True)
class SenderAsked:
    """A sender as somebody asks for them, in their words."""

    address: str
    name: str = ""
    regions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    severity: str = ""
    publish: bool = False


@dataclass(frozen=True, slots=True)
class SenderAdded:
    """A sender, and the address they send to: it holds a secret that is shown this once."""

    summary: SenderSummary
    send_to: str

    def to_dict(self) -> dict[str, object]:
        return self.summary.to_dict() | {"send_to": self.send_to}


def add_sender(services: Services, actor: Actor, asked: SenderAsked) -> SenderAdded:
    """Let an address, or all of a domain (`@example.org`), send updates by mail.

    With `publish` what they send is published, which needs the right to publish as well. Raises Forbidden;
    BadInput with all that is wrong, UnknownRegion, UnknownTag; Conflict.
    """
    actor.require(Permission.ADMINISTER)
    if asked.publish and Permission.PUBLISH not in actor.permissions:
        raise Forbidden(
            f"What they send would be published, and {actor.name} does not have the permission “publish”.",
            "Add them with --review: what comes then waits as a draft.",
        )
    sender, secret = _named(services, _sender(services, actor, asked), asked.name)
    short = {
        "regions": list(sender.regions),
        "tags": list(sender.tags),
        "severity": sender.severity,
        "publish": sender.publish,
        "address": sender.address,
    }
    record(services, actor, "sender.add", sender.name, after={name: v for name, v in short.items() if v})
    summary = SenderSummary(*services.mail_senders.get(sender.name))
    return SenderAdded(summary, publication_address(services.settings, secret))


def _sender(services: Services, actor: Actor, asked: SenderAsked) -> MailSender:
    """What was asked for, found good. Raises BadInput for all that is not."""
    faults = Faults()
    address = faults.of(partial(_address, services, asked.address), "")
    defaults = read_defaults(services, faults, asked.regions, asked.tags, asked.severity)
    read_name(faults, asked.name, "sender")
    faults.complain()
    return MailSender(
        asked.name,
        address,
        *defaults,
        asked.publish,
        services.server.now_ms(),
        actor.name,
    )


def _address(services: Services, typed: str) -> str:
    """Who may send: an address, or `@` and a domain, folded. Raises BadInput."""
    text = typed.strip()
    whole = f"anybody{text}" if text.startswith("@") else text
    channel = channels.answering(whole)
    identity = channels.identity(channel, channels.CHANNELS[channel].address.parse(whole))
    if identity == channels.identity(channel, parseaddr(services.settings.mail_from)[1]):
        raise BadInput(
            "Our own mails come from that address (ALERTS_MAIL_FROM).",
            "What we send is never published again.",
        )
    return identity.removeprefix("anybody") if text.startswith("@") else identity


def _named(services: Services, sender: MailSender, asked: str) -> tuple[MailSender, str]:
    """Keep them with a new secret, under the name that was given or one of the address. Raises Conflict."""
    there = next((other for other, _ in services.mail_senders.all() if other.address == sender.address), None)
    if there:
        raise Conflict(
            f"{sender.address} may send already, as {there.name}.",
            f"Give them another secret with `alerts senders rotate-secret {there.name}`.",
        )
    local, _, domain = sender.address.rpartition("@")
    secret, names = new_secret(), names_for(asked, local or domain, "sender")
    for name in names:
        named = replace(sender, name=name)
        if services.mail_senders.add(named, secret):
            return named, secret
    raise Conflict(f"There is a sender “{names[0]}” already.", "Give them another --name.")
