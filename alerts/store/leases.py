"""Leases of batches: who may send one and record what came of it."""

import threading
from collections.abc import Sequence

from alerts.model import Work
from alerts.store.server import Server, translated

#: How long a dead worker's batch stays untouched (ms). A living one renews three times in that time.
LEASE_MS = 12_000
RENEW_S = 4.0


class Leases:
    """The leases this process holds, renewed while it lives.

    Key: `lease:{digest}/{k}`, the token of who holds the batch; it expires 12 s after the last renewal.

    Leases are taken and given back by the ledger's scripts. Here they are kept alive, by one thread a
    process: one that is frozen or dead renews nothing, and its batches are free 12 s later. Who comes back
    after that finds its token gone and records nothing.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._keys = server.keys
        self._held: dict[str, str] = {}
        self._lock = threading.Lock()
        self._running = False

    def key(self, work: Work) -> str:
        """The key of a batch's lease."""
        return self._keys("lease", work.key)

    def keep(self, work: Work, token: str) -> None:
        """Renew a lease that was taken, until it is let go."""
        with self._lock:
            self._held[self.key(work)] = token
            if not self._running:
                self._running = True
                threading.Thread(target=self._renew, name="leases", daemon=True).start()

    def let_go(self, work: Work) -> None:
        """Renew a lease no more; it runs out, unless it is given back."""
        with self._lock:
            self._held.pop(self.key(work), None)

    def in_hand(self, batches: Sequence[Work]) -> list[Work]:
        """Those of the batches that a worker holds at this moment."""
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for work in batches:
                pipe.exists(self.key(work))
            held = pipe.execute()
        return [work for work, is_held in zip(batches, held, strict=True) if is_held]

    def _renew(self) -> None:
        """Extend what this process holds while it works; a frozen or dead process extends nothing."""
        pause = threading.Event()
        while not pause.wait(RENEW_S):
            with self._lock:
                held = dict(self._held)
            if held:
                try:
                    self._server.run("ledger/renew_leases", list(held), [LEASE_MS, *held.values()])
                except Exception:  # noqa: BLE001, S112 - the server is away; its leases run out, as they should
                    continue
