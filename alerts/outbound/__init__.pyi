from .client import AnswerLost, GuardedClient, HttpAnswer, HttpReply, NotReached
from .fetching import FETCH_PORTS, Fetched, Fetcher, FetchReply, TooMuch, shown_url
from .guard import Guard, IpNetwork
from .network import Resolve, system_addresses

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
