"""Whether a mail is from who may send: the secret in its address, its author, and the word of the relay.

Who fails here is nobody: they are told nothing, for what they say of themselves may be a stranger's address.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from alerts import channels, returns
from alerts.errors import BadInput
from alerts.ingest.mails.authenticating import Authenticated, authenticate
from alerts.ingest.mails.envelopes import MailHead
from alerts.model import MailSender, NotForUs, SenderProgress, Unasked
from alerts.services import Services


@dataclass(frozen=True, slots=True)
class NotAccepted:
    """Why a mail is not looked at, and what to do or look at."""

    why: str
    go_on: str
    sender: str = ""  #: whose secret it bears, by name


@dataclass(frozen=True, slots=True)
class Accepted:
    """A mail of somebody who may send."""

    sender: MailSender
    progress: SenderProgress
    author: str  #: the address that it is from, folded
    proof: str  #: what the relay found: `dmarc=pass`
    tokens: tuple[str, ...]  #: what may name deliveries of ours in it


def accept(
    services: Services, secrets: Sequence[str], octets: bytes, to: Sequence[str], head: MailHead
) -> Accepted | NotAccepted:
    """Find out whose secret it bears, and whether it is theirs."""
    found = services.mail_senders.of_secrets(secrets)
    if found is None:
        return NotAccepted("its secret is nobody's", "alerts senders list")
    sender, progress = found
    read = returns.read(octets, to)
    author = _identity(head.author)
    if not isinstance(read, NotForUs) or read.kind is Unasked.AUTO_REPLY:
        why = "it is a report or an automatic reply"
    elif not (why := _of_a_program(services, head)):
        said = _judged(services, head, author, sender)
        if said.proof:
            return Accepted(sender, progress, author, said.proof, read.tokens)
        why = said.why
    return NotAccepted(why, f"alerts senders show {sender.name}", sender.name)


def _judged(services: Services, head: MailHead, author: str, sender: MailSender) -> Authenticated:
    """Whether a mail is its author's, and that is who may send."""
    relay, allowed = services.settings.authserv_id, sender.address
    if relay is None:
        return Authenticated(why="ALERTS_AUTHSERV_ID does not name the relay that says who mails are from")
    if not (author.endswith(allowed) if allowed.startswith("@") else author and author == allowed):
        return Authenticated(why="its author is somebody else")
    return authenticate(head, relay)


def _identity(address: str) -> str:
    try:
        return channels.identity(channels.answering(address), address)
    except BadInput:
        return ""


def _of_a_program(services: Services, head: MailHead) -> str:
    """Why nobody wrote a mail for publication; empty for a person's. Our own never come back as news."""
    own_list = f"situation-updates.{urlsplit(services.settings.public_url).hostname}"
    if own_list in head.one("list-id") or _is_own(services, head.message_id):
        return "it is a mail of ours that came back"
    if field := head.made_by_program:
        return f"a program or a list sent it ({field})"
    return ""


def _is_own(services: Services, message_id: str) -> bool:
    """Whether a Message-ID is one of ours: of a delivery, or of another mail that we write."""
    local, _, domain = message_id.rpartition("@")
    ours = services.settings.mail_from.rpartition("@")[2].rstrip("> ")
    delivery = services.links.returned_delivery(local.lower())
    return delivery is not None or (domain.lower() == ours.lower() and local.startswith(("answer-", "link-")))
