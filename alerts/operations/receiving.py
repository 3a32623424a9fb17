"""Mails that came back, taken in: by a pipe, by a listener, or once more from a file."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from alerts import channels, returns
from alerts.links import Links
from alerts.model import Leaving, NotForUs, Receipt
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.unsubscribing import LinkHolder, leave
from alerts.services import Services
from alerts.store import Follows
from alerts.walk.receive import delivery_of, receive

#: A mail without a token of ours: by whoever wrote it.
UNPROVEN = "unproven"
#: Somebody asked for nothing more.
LEAVING = "leaving"
#: What the audit calls the way in of those who leave by mail.
BY_MAIL = "unsubscribe mail"
#: What is said of each consequence.
_FOLLOWS = {Follows.NOTHING: "", Follows.BACK_OFF: "left alone for a while", Follows.SUPPRESSED: "suppressed"}


@dataclass(frozen=True, slots=True)
class CameBack:
    """What one mail was, and what came of it."""

    read_as: str  #: a verdict, `leaving`, or why it is not for us
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
    """Take in mails as they arrived, each with whom its envelope says it was for, as the result is asked for.

    The same again changes nothing, whatever its order. Raises Forbidden; and while they are taken in
    Unreachable and Refused: that mail was not, and must be kept.
    """
    actor.require(Permission.MANAGE)
    return _taken_in(services, actor, mails)


def _taken_in(
    services: Services, actor: Actor, mails: Iterable[tuple[bytes, Sequence[str]]]
) -> Iterator[CameBack]:
    links = services.links
    for octets, to in mails:
        found = returns.read(octets, to)
        match found:
            case Receipt():
                done = _received(services, actor, links, found)
            case Leaving():
                done = _left(services, links, found)
            case NotForUs():
                done = CameBack(found.kind)
        services.receipts.count(done.read_as)
        yield done


def _received(services: Services, actor: Actor, links: Links, receipt: Receipt) -> CameBack:
    """What somebody's report leads to; what changes for an address is written down."""
    received = receive(services, links, receipt, actor.door)
    of, taken = received.of, received.taken
    if of is None:
        return CameBack(UNPROVEN, receipt.words)
    if taken.follows:
        after = {"reason": receipt.words, "verdict": receipt.verdict.value, "follows": taken.follows.value}
        record(services, actor, "suppression.add", of.address, after=after)
    return CameBack(
        receipt.verdict, receipt.words, of.address, of.digest, taken.changed, _FOLLOWS[taken.follows]
    )


def _left(services: Services, links: Links, asked: Leaving) -> CameBack:
    """The end of what somebody gets, at their own word: as by the link in the same mail."""
    name = delivery_of(links, asked.tokens)
    [person] = services.subscribers.destinations([name.sid]) if name else [None]
    if name is None or person is None or not person.address:
        return CameBack(UNPROVEN)
    identity = channels.identity(channels.unsubscribing(person.address), person.address)
    leave(services, LinkHolder(identity, BY_MAIL))
    return CameBack(LEAVING, "", person.address, name.digest, changed=True)
