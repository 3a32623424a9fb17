"""Whose turn it is within one batch, so that no host that is slow holds up the others. Pure."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator

from alerts.channels.webhook.hosts import Hosts
from alerts.channels.webhook.posting import Posting

#: Calls to one host at a time; one that did not answer last time gets them one by one, and after the others.
AT_A_TIME = 4


class Turns:
    """The postings of a batch that are still to be made: hosts take turns."""

    def __init__(self, postings: Iterable[Posting], hosts: Hosts) -> None:
        self._hosts = hosts
        self._waiting: dict[str, deque[Posting]] = {}
        self._under_way: Counter[str] = Counter()
        for posting in postings:
            self._waiting.setdefault(posting.host, deque()).append(posting)

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def take(self) -> Posting | None:
        """The next one; None where every host has as many under way as it may."""
        ready = (host for host in self._waiting if self._under_way[host] < self._at_a_time(host))
        host = min(ready, key=self._hosts.in_doubt, default=None)  # of equals the first: False is less
        if host is None:
            return None
        found = self._waiting.pop(host)
        posting = found.popleft()
        if found:
            self._waiting[host] = found  # at the end: the others come first
        self._under_way[host] += 1
        return posting

    def give_back(self, posting: Posting) -> None:
        """It is over, whatever came of it."""
        self._under_way[posting.host] -= 1

    def left_alone(self) -> Iterator[tuple[Posting, float]]:
        """Take out whoever is behind a host that is left alone, with the seconds it still is."""
        for host in list(self._waiting):
            pause_s = self._hosts.pause_s(host)
            if pause_s > 0:
                yield from ((posting, pause_s) for posting in self._waiting.pop(host))

    def clear(self) -> None:
        """Nobody else is begun."""
        self._waiting.clear()

    def _at_a_time(self, host: str) -> int:
        return 1 if self._hosts.in_doubt(host) else AT_A_TIME
