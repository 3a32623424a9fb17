"""How long things are kept: a digest without end while anything of it is owed, then for ALERTS_KEEP_DAYS."""

from collections.abc import Sequence
from typing import Any

from alerts.model import DigestId, Instant, Step, Work
from alerts.store.server import Server, translated

#: How long newcomers are remembered at least: longer than any window can be late by (a month, ms).
RECENT_MS = 31 * 24 * 3600 * 1000


def remembered_ms(keep_days: int) -> Instant:
    """How long newcomers are remembered (ms), and mutes of what is over.

    As long as the ledger is kept: a correction goes to whom it names, and newcomers are not among them.
    """
    return max(RECENT_MS, (keep_days + 1) * 24 * 3600 * 1000)


class Keeping:
    """Runs what may end a digest, or owe it again, and looks at that in the same instant."""

    def __init__(self, server: Server, keep_days: int) -> None:
        self._server = server
        self._keys = server.keys
        self._keep_s = keep_days * 24 * 3600

    def run(self, script: str, digest: str, keys: Sequence[str], args: Sequence[Any]) -> Any:
        """Run a script that changes what is owed of a digest."""
        with translated(), self._server.client.pipeline(transaction=True) as pipe:
            self._server.run(script, keys, args, pipe)
            self.look(digest, pipe)
            return pipe.execute()[0]

    def look(self, digest: str, pipe: Any) -> None:
        """Let a digest expire or be kept, at the end of a transaction."""
        gathering = Work(Step.GATHER, digest, DigestId(digest).urgent)
        keys = [self._keys("digest", digest), self._keys("due")]
        self._server.run("digest/keep_while_owed", keys, [self._keep_s, str(gathering)], pipe)
