"""Replies: who of the people who were sent a digest answered it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from alerts.model import Instant
from alerts.store.server import Server, translated


@dataclass(frozen=True, slots=True)
class KeptReply:
    """Somebody's last answer to a digest; its text is empty where none is kept."""

    digest: str
    sid: int
    at_ms: Instant
    text: str = ""


class Replies:
    """Who answered, once a person and digest.

    Key: `digest:{id}:replies`, sid → when (ms) and, if they are kept, their words, as JSON. It ends with its
    digest (`Keeping`).
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._keys = server.keys

    def keep(self, digest: str, sid: int, text: str) -> None:
        """Keep that somebody answered a digest, unless that has ended."""
        key = self._keys("digest", digest)
        row = json.dumps({"at_ms": self._server.now_ms(), "text": text}, ensure_ascii=False)
        self._server.run("digest/keep_reply", [key, f"{key}:replies"], [sid, row])

    def count(self, digests: Sequence[str]) -> dict[str, int]:
        """How many people answered each digest."""
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for digest in digests:
                pipe.hlen(self._keys("digest", digest, "replies"))
            return dict(zip(digests, map(int, pipe.execute()), strict=True))

    def of(self, digests: Sequence[str]) -> list[KeptReply]:
        """All replies to these digests, the latest first."""
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for digest in digests:
                pipe.hgetall(self._keys("digest", digest, "replies"))
            rows = zip(digests, pipe.execute(), strict=True)
        found = [
            KeptReply(digest, int(sid), **json.loads(row))
            for digest, answers in rows
            for sid, row in answers.items()
        ]
        return sorted(found, key=lambda reply: -reply.at_ms)
