"""Whether an address may join: by ALERTS_JOIN, or because an operator invited it."""

from alerts.admission import JoinPolicy
from alerts.model import Errand, Invitation, OneTimeLink
from alerts.services import Services


def admitted(services: Services, link: OneTimeLink) -> bool:
    """Whether whoever has this link may join by it now, whatever held when it was asked for.

    The link of an invitation is good as long as that stands: it was not cancelled, nor another one mailed.
    """
    policy = JoinPolicy.parse(services.settings.join)
    if link.errand is Errand.INVITE:
        found = invitation(services, link)
        return policy.anybody and found is not None and found.link == link.id
    return policy.admits(link.address) or (policy.anybody and invitation(services, link) is not None)


def invitation(services: Services, link: OneTimeLink) -> Invitation | None:
    """The invitation of whom a link is for, while it stands."""
    return services.invitations.open(link.channel, link.address, services.server.now_ms())
