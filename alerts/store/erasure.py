"""Takes an address out of all that is kept beside its subscriber: the one list of where addresses may be."""

import re
from collections.abc import Iterable, Iterator, Sequence

from alerts.model import Channel, Folds
from alerts.store.invitations import person_hash
from alerts.store.server import Server, translated

CHUNK = 500
#: What stands where an address stood.
GONE = "(erased)"
#: Streams and lists of which an entry goes that names an address.
_STREAMS, _LISTS = ("audit", "receipts", "events"), ("notices", "strays")
#: Strings that go whole: links that have not been used, whoever has come in or was invited, and answers to
#: mails of theirs.
_STRINGS = ("one_time:*", "session:*", "invitation:*", "mail_answer:*")
#: Hashes in whose words a provider may have named an address, and the fields with words.
_WORDED = (("digest:*", ("why", "fault", "flaw", "blocked")), ("breaker:*", ("why",)))


class Erasure:
    """Forgets an address everywhere but in the subscriber's own keys, which `Subscribers.remove` takes.

    Whatever is kept under it goes: suppression, secret, undo of a sync, links and sessions. Words about a
    delivery stay without it. Entries of the audit, of what came back, and of notices that name it go whole:
    what remains is that somebody was erased. Answers kept for a program that name it go, too. Twice is once.
    """

    def __init__(self, server: Server, folds: Folds) -> None:
        self._server = server
        self._folds = folds
        self._keys = server.keys

    def forget(self, channel: Channel, addresses: Iterable[str], sids: Sequence[int]) -> int:
        """Forget all spellings of an address, and what is kept by its numbers. How many entries went."""
        spelt = set(addresses)
        identities = {self._folds[channel](address) for address in spelt}
        named = re.compile("|".join(map(re.escape, sorted(spelt | identities))), re.IGNORECASE)
        client = self._server.client
        with translated():
            for key in ("suppressed", "secrets"):
                client.hdel(self._keys(key, channel), *spelt, *identities)
            client.hdel(self._keys("sync", "people"), *(f"{channel}:{person}" for person in identities))
            invited = (person_hash(channel, person) for person in identities)
            client.zrem(self._keys("invitations"), *invited)
            if sids:
                client.delete(*(self._keys("softs", sid) for sid in sids))
            for key in client.scan_iter(match=self._keys("digest:*:notes"), count=CHUNK):
                self._reword(key, [str(sid) for sid in sids], named)
            for shape, fields in _WORDED:
                for key in client.scan_iter(match=self._keys(shape), count=CHUNK, _type="HASH"):
                    self._reword(key, fields, named)
            for key in _STRINGS:
                self._drop_strings(self._keys(key), named)
            gone = sum(self._drop_answers(named))
            gone += sum(self._drop_from_list(self._keys(key), named) for key in _LISTS)
            return gone + sum(self._drop_from_stream(self._keys(key), named) for key in _STREAMS)

    def _reword(self, key: bytes, fields: Sequence[str], named: re.Pattern[str]) -> None:
        """Take it out of words that stay: that there are words about a delivery means something."""
        for field, words in zip(
            fields, self._server.client.hmget(key, fields) if fields else (), strict=True
        ):
            if words and named.search(text := words.decode()):
                self._server.client.hset(key, field, named.sub(GONE, text))

    def _drop_strings(self, shape: str, named: re.Pattern[str]) -> None:
        for key in self._server.client.scan_iter(match=shape, count=CHUNK):
            if (held := self._server.client.get(key)) and named.search(_text(held)):
                self._server.client.delete(key)

    def _drop_answers(self, named: re.Pattern[str]) -> Iterator[int]:
        for key in self._server.client.scan_iter(match=self._keys("answer:*"), count=CHUNK):
            if any(named.search(_text(value)) for value in self._server.client.hvals(key)):
                yield self._server.client.delete(key)

    def _drop_from_list(self, key: str, named: re.Pattern[str]) -> int:
        rows = self._server.client.lrange(key, 0, -1)
        return sum(self._server.client.lrem(key, 0, row) for row in rows if named.search(_text(row)))

    def _drop_from_stream(self, key: str, named: re.Pattern[str]) -> int:
        first, gone = "-", 0
        while rows := self._server.client.xrange(key, first, "+", count=CHUNK):
            found = [name for name, row in rows if any(named.search(_text(part)) for part in row.values())]
            gone += self._server.client.xdel(key, *found) if found else 0
            first = f"({rows[-1][0].decode()}"
        return gone


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")
