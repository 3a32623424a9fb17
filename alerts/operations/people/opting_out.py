"""Not to be mailed again by who subscribes to nothing: by the link in a mail that nobody of theirs asked for.

What they get already goes on. No operator invites them, whatever is asked for; they themselves take it back
by the same link, which never expires, and by joining.
"""

from dataclasses import dataclass

from alerts import channels
from alerts.admission import JoinPolicy
from alerts.model import Channel, OptOut
from alerts.operations.acting import Actor, record
from alerts.rendering.page import masked
from alerts.services import Services

#: Who comes by such a link, as the audit has it: no more of their address is kept than must be.
WHOEVER = Actor("whoever was mailed", "link in a mail", frozenset())


@dataclass(frozen=True, slots=True)
class OptOutLink:
    """Whose link it is, and what they do not want by it."""

    identity: str
    kind: OptOut

    @property
    def channel(self) -> Channel:
        return channels.unsubscribing(self.identity)


def opt_out_link(services: Services, token: str) -> OptOutLink:
    """What a link is for. Raises NotFound if it is not ours."""
    offered = services.links.read_opting_out(token)
    return OptOutLink(offered.person, OptOut(offered.kind))


def may_ask(services: Services, link: OptOutLink) -> bool:
    """Whether they could ask for alerts themselves, uninvited."""
    return JoinPolicy.parse(services.settings.join).admits(link.identity)


def has_opted_out(services: Services, link: OptOutLink) -> bool:
    """Whether they have said so already. Changes nothing."""
    return link.kind in services.opt_outs.find(link.channel, [link.identity]).get(link.identity, ())


def opt_out(services: Services, link: OptOutLink) -> None:
    """Mail them no more of that kind. Twice is once."""
    if services.opt_outs.add(link.channel, link.identity, link.kind):
        record(services, WHOEVER, "subscriber.opt_out", masked(link.identity), after={"of": link.kind.value})


def opt_in(services: Services, link: OptOutLink) -> None:
    """Take it back, and nothing else. Twice is once."""
    if services.opt_outs.lift(link.channel, link.identity, link.kind):
        record(services, WHOEVER, "subscriber.opt_in", masked(link.identity), after={"of": link.kind.value})
