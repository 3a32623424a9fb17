"""What a channel is called, and whose an address on it is. Which there are, `alerts.channels` knows."""

import re
from collections.abc import Callable, Mapping

_NAME = re.compile(r"[a-z][a-z0-9-]{0,19}")


class Channel(str):
    """The name of a channel as stored data has it: `email`. Raises ValueError for what cannot be one.

    Open on purpose: a channel is added by registering it, not by a change here. Equal names are one object,
    so `is` holds as it does for the members of an enumeration.
    """

    __slots__ = ()

    def __new__(cls, name: str) -> "Channel":
        if (known := _named.get(name)) is not None:
            return known
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name[:40]!r} is not the name of a channel")
        return _named.setdefault(name, super().__new__(cls, name))


_named: dict[str, Channel] = {}


#: The channels there are, and how each folds an address to what all of its spellings have in common: its
#: identity, one person however the address is spelt. Handed to what keeps addresses.
Folds = Mapping[Channel, Callable[[str], str]]
