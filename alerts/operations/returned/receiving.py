"""What came back, taken in: mails by a pipe or a listener, events of providers, or once more from files."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from alerts import channels, returns
from alerts.ingest.mails.envelopes import secrets_in
from alerts.links import Links
from alerts.model import Leaving, MailBecame, NotForUs, ReadAs, Receipt
from alerts.operations import senders
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.subscribing.unsubscribing import LinkHolder, leave
from alerts.services import Services
from alerts.store import Follows
from alerts.walk.receive import Received, delivery_of, receive

#: A mail without a token of ours: by whoever wrote it.
UNPROVEN = "unproven"
#: Somebody asked for nothing more.
LEAVING = "leaving"
#: A mail for publication that said what had come before.
REPEATED = "repeated"
#: What the audit calls the way in of those who leave by mail.
BY_MAIL = "unsubscribe mail"
#: Mails that are taken in with a few round trips.
AT_ONCE = 64
#: How long a request to leave is known that a provider may hand over again: it must not undo what came after.
REQUEST_KEPT_MS = 40 * 24 * 3_600_000
#: What is said of each consequence.
FOLLOWS = {Follows.NOTHING: "", Follows.BACK_OFF: "left alone for a while", Follows.SUPPRESSED: "suppressed"}


@dataclass(frozen=True, slots=True)
class ForPublication:
    """A mail to an address by which updates are sent, as it arrived; `secrets` stand in that."""

    secrets: tuple[str, ...]
    octets: bytes
    to: Sequence[str]


@dataclass(frozen=True, slots=True)
class CameBack:
    """What one mail was, and what came of it."""

    read_as: str  #: a verdict, `leaving`, why it is not for us, or what became of a mail for publication
    words: str = ""
    address: str = ""  #: whose it was; empty where that is not proved
    digest: str = ""
    changed: bool = False
    follows: str = ""

    def to_dict(self) -> dict[str, object]:
        return {
            "read_as": self.read_as,
            "address": self.address,
            "digest": self.digest,
            "changed": self.changed,
            "follows": self.follows,
            "words": self.words,
        }


def take_in(
    services: Services, actor: Actor, mails: Iterable[tuple[bytes, Sequence[str]]]
) -> Iterator[CameBack]:
    """Take in mails as they arrived, each with its recipients by its envelope, as results are asked for.

    Up to 64 are taken in at once. The same again changes nothing, whatever the order. Raises Forbidden; and
    Unreachable and Refused while they are taken in: what has no result yet must be kept.
    """
    actor.require(Permission.MANAGE)
    return _taken_in(services, actor, (_read(octets, to) for octets, to in mails))


def take_in_read(services: Services, actor: Actor, reports: Iterable[ReadAs]) -> Iterator[CameBack]:
    """Take in what was read already, as results are asked for. Raises as `take_in` does."""
    actor.require(Permission.MANAGE)
    return _taken_in(services, actor, reports)


def _read(octets: bytes, to: Sequence[str]) -> ReadAs | ForPublication:
    """What a mail is by whom it is for: one for publication is no report, whatever it looks like."""
    if secrets := secrets_in(octets, to):
        return ForPublication(secrets, octets, to)
    return returns.read(octets, to)


def _taken_in(
    services: Services, actor: Actor, reports: Iterable[ReadAs | ForPublication]
) -> Iterator[CameBack]:
    links, waiting = services.links, iter(reports)
    while some := list(islice(waiting, AT_ONCE)):
        receipts = [found for found in some if isinstance(found, Receipt)]
        received = iter(receive(services, links, receipts, actor.door))
        done: list[CameBack] = []
        for found in some:
            match found:
                case Receipt():
                    done.append(_received(services, actor, next(received)))
                case Leaving():
                    done.append(_left(services, actor, links, found))
                case NotForUs():
                    done.append(_answered(services, links, found))
                case ForPublication():
                    done.append(_published(services, found))
        services.receipts.count(Counter(one.read_as for one in done))
        yield from done


def _published(services: Services, mail: ForPublication) -> CameBack:
    """What became of a mail for publication. Who may send is decided there, not by who hands it over."""
    taken = senders.take_mail(services, mail.secrets, mail.octets, mail.to)
    changed = not taken.repeats and taken.became is not MailBecame.REFUSED
    return CameBack(REPEATED if taken.repeats else taken.became, taken.why or taken.name, changed=changed)


def _received(services: Services, actor: Actor, received: Received) -> CameBack:
    """What somebody's report led to; what changed for an address is written down."""
    receipt, of, taken = received.receipt, received.of, received.taken
    if of is None:
        return CameBack(UNPROVEN, receipt.words)
    if taken.follows:
        after = {"reason": receipt.words, "verdict": receipt.verdict.value, "follows": taken.follows.value}
        record(services, actor, "suppression.add", of.address, after=after)
    return CameBack(
        receipt.verdict, receipt.words, of.address, of.digest, taken.changed, FOLLOWS[taken.follows]
    )


def _answered(services: Services, links: Links, found: NotForUs) -> CameBack:
    """What is no report; of a person's reply to a mail of ours, that it came. One notice a digest."""
    name = delivery_of(links, found.tokens) if found.reply is not None else None
    if name is None or not found.reply:
        return CameBack(found.kind)
    if not services.replies.count([name.digest])[name.digest]:
        services.notices.notify("answered", digest=name.digest)
    text = found.reply if services.settings.keep_replies else ""
    services.replies.keep(name.digest, name.sid, text)
    return CameBack(found.kind, digest=name.digest)


def _left(services: Services, actor: Actor, links: Links, asked: Leaving) -> CameBack:
    """The end of what somebody gets, at their own word: as by the link in the same mail.

    A provider's request counts once, however often it is handed over: they may have come back meanwhile.
    """
    name = delivery_of(links, asked.tokens)
    [person] = services.subscribers.destinations([name.sid]) if name else [None]
    if name is None or person is None or not person.address:
        return CameBack(UNPROVEN)
    identity = channels.identity(channels.unsubscribing(person.address), person.address)
    if asked.request and services.hook_memory.knows(asked.request):
        return CameBack(LEAVING, "", person.address, name.digest)
    leave(services, LinkHolder(identity, actor.door if asked.request else BY_MAIL))
    if asked.request:
        services.hook_memory.claim(asked.request, "1", REQUEST_KEPT_MS)
    return CameBack(LEAVING, "", person.address, name.digest, changed=True)
