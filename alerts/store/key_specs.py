"""What is promised of a key in Redis: its type, what it holds, when it ends."""

from enum import Enum, auto
from typing import NamedTuple


class Expiry(Enum):
    """Whether the server forgets a key by itself: whether it has a time to live."""

    NEVER = auto()  #: it never has one
    ALWAYS = auto()  #: it has one from the instant it is written
    ONCE_ENDED = auto()  #: it has one from the end of its situation on
    ONCE_OVER = auto()  #: it has one exactly while its digest has: once nothing of that is owed any more


class KeySpec(NamedTuple):
    """What is promised of a key."""

    kind: str  #: its Redis type
    holds: str
    ends: str  #: when it is gone
    expiry: Expiry = Expiry.NEVER
