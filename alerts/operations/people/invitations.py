"""Who was invited and has not answered: listed, and cancelled."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from alerts.channels import masked
from alerts.errors import NotFound
from alerts.model import Invitation, Step, Work
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.instants import utc_text
from alerts.operations.subscribing.addresses import destination
from alerts.services import Services

#: As many are asked about in one round trip.
_CHUNK = 500


class InvitationState(StrEnum):
    """Where an invitation stands. Whether the mail was read is known to nobody."""

    OWED = "owed"  #: the mail has yet to go out
    OPEN = "open"  #: they may answer
    REFUSED = "refused"  #: they have asked not to be invited, or written to
    OVER = "over"  #: the link works no more; it is remembered for 30 days


@dataclass(frozen=True, slots=True)
class ListedInvitation:
    """Somebody who was invited and has not answered."""

    invitation: Invitation
    state: InvitationState

    def to_dict(self) -> dict[str, object]:
        one = self.invitation
        return {
            "address": one.address,
            "channel": one.channel,
            "name": one.name,
            "state": self.state,
            "invited": utc_text(one.invited_ms),
            "until": utc_text(one.expires_ms),
            "by": one.by,
        }


def list_invitations(services: Services, actor: Actor) -> Iterator[ListedInvitation]:
    """Everybody who was invited and has not answered, whose link ends first before the others.

    Raises Forbidden.
    """
    actor.require(Permission.READ)
    return _listed(services)


def _listed(services: Services) -> Iterator[ListedInvitation]:
    now_ms = services.server.now_ms()
    waiting: list[Invitation] = []
    for one in services.invitations.everybody(now_ms):
        waiting.append(one)
        if len(waiting) == _CHUNK:
            yield from _with_states(services, waiting, now_ms)
            waiting = []
    yield from _with_states(services, waiting, now_ms)


def _with_states(services: Services, some: list[Invitation], now_ms: int) -> Iterator[ListedInvitation]:
    owed = set(services.due.owed_among([Work(Step.LINK, one.link) for one in some]))
    refused = {
        (channel, address)
        for channel in {one.channel for one in some}
        for address in services.opt_outs.find(
            channel, [one.address for one in some if one.channel is channel]
        )
    }
    for one in some:
        state = InvitationState.OPEN if one.open_at(now_ms) else InvitationState.OVER
        if (one.channel, one.address) in refused:
            state = InvitationState.REFUSED
        elif state is InvitationState.OPEN and Work(Step.LINK, one.link) in owed:
            state = InvitationState.OWED
        yield ListedInvitation(one, state)


def cancel_invitation(services: Services, actor: Actor, address: str) -> ListedInvitation:
    """Take an invitation back: no link that was mailed for it works any more. What it was.

    Raises Forbidden, BadInput, and NotFound if they were not invited or have answered.
    """
    actor.require(Permission.MANAGE)
    channel, exact = destination(address)
    found = services.invitations.find_all(channel, [exact]).get(exact)
    if found is None or not services.invitations.cancel(channel, exact):
        raise NotFound(
            f"“{masked(exact)}” was not invited, or has answered.",
            "See `alerts subscribers invitations list`.",
        )
    [was] = _with_states(services, [found], services.server.now_ms())
    record(services, actor, "subscriber.cancel_invitation", masked(exact))
    return was
