"""HTTP to servers whose addresses others have named. Whoever names one cannot have us call our own network.

guard    which addresses may be called (pure)
network  names looked up, addresses checked, connections to what was checked
client   one request, one answer, both bounded
fetching one document, by way of redirects, decompressed; all of it bounded
"""

from alerts.outbound.client import AnswerLost, GuardedClient, HttpAnswer, HttpReply, NotReached
from alerts.outbound.fetching import FETCH_PORTS, Fetched, Fetcher, FetchReply, TooMuch, shown_url
from alerts.outbound.guard import Guard, IpNetwork
from alerts.outbound.network import Resolve, system_addresses

__all__ = [
    "FETCH_PORTS",
    "AnswerLost",
    "FetchReply",
    "Fetched",
    "Fetcher",
    "Guard",
    "GuardedClient",
    "HttpAnswer",
    "HttpReply",
    "IpNetwork",
    "NotReached",
    "Resolve",
    "TooMuch",
    "shown_url",
    "system_addresses",
]
