from .client import AnswerLost, GuardedClient, HttpAnswer, HttpReply, NotReached
from .guard import Guard, IpNetwork
from .network import Resolve, system_addresses

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
