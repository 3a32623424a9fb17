"""HTTP to servers whose addresses others have named. Whoever names one cannot have us call our own network.

guard    which addresses may be called (pure)
network  names looked up, addresses checked, connections to what was checked
client   one request, one answer, both bounded
"""

from alerts.outbound.client import AnswerLost, GuardedClient, HttpAnswer, HttpReply, NotReached
from alerts.outbound.guard import Guard, IpNetwork
from alerts.outbound.network import Resolve, system_addresses

__all__ = [
    "AnswerLost",
    "Guard",
    "GuardedClient",
    "HttpAnswer",
    "HttpReply",
    "IpNetwork",
    "NotReached",
    "Resolve",
    "system_addresses",
]
