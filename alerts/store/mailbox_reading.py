"""Who reads the mailbox of what comes back, and how that goes."""

from dataclasses import dataclass

from alerts.model import Instant
from alerts.store.notices import Notices
from alerts.store.server import Server, translated

#: How long a reader that is dead or frozen keeps others waiting (ms). A living one renews in time.
HELD_MS = 60_000
#: What passes by itself is worth a notice once it has lasted for so long (ms); the same again an hour later.
PATIENCE_MS, NOTIFY_AGAIN_MS = 120_000, 3_600_000


@dataclass(frozen=True, slots=True)
class MailboxState:
    """How the mailbox is read."""

    read: bool  #: somebody does
    looked_ms: Instant | None  #: into it, to the end, when last
    since_ms: Instant | None  #: when it first could not be read; None while it can
    why: str


class MailboxReading:
    """The lease of the one process that reads the mailbox, and what is known of its state.

    Keys: `mailbox:reader`, the token of who reads it; it expires 60 s after the last renewal. `mailbox`, when
    it was last looked into and what keeps it from being read.

    The lease saves work and is no lock: two readers would take the same mails in, which changes nothing, and
    move them once.
    """

    def __init__(self, server: Server, notices: Notices) -> None:
        self._server = server
        self._notices = notices
        self._key, self._reader = server.keys("mailbox"), server.keys("mailbox", "reader")

    def hold(self, token: str) -> bool:
        """Be the reader from now on, or stay so; False while somebody else is."""
        with translated():
            if self._server.client.set(self._reader, token, nx=True, px=HELD_MS):
                return True
        return bool(self._server.run("ledger/renew_leases", [self._reader], [HELD_MS, token]))

    def let_go(self, token: str) -> None:
        """Let others read, at once."""
        self._server.run("ledger/renew_leases", [self._reader], [0, token])

    def restored(self) -> None:
        """It was read to its end; if operators were notified that it could not be, they are that it can."""
        with translated():
            since, notified = self._server.client.hmget(self._key, "since", "notified")
        if since is not None and int(notified or 0) >= int(since):
            self._notices.notify("the mailbox is read again")
        now_ms = self._server.now_ms()
        with translated(), self._server.client.pipeline(transaction=True) as pipe:
            pipe.hset(self._key, "looked", now_ms)
            pipe.hdel(self._key, "since", "why", "cause")
            pipe.execute()

    def trouble(self, cause: str, why: str, *, passes: bool) -> None:
        """It cannot be read. Operators are notified once for a cause, of what passes only once it lasts."""
        now_ms = self._server.now_ms()
        with translated(), self._server.client.pipeline(transaction=True) as pipe:
            pipe.hsetnx(self._key, "since", now_ms)
            pipe.hset(self._key, mapping={"why": why, "cause": cause})
            pipe.hmget(self._key, "since", "notified", "notified_of")
            since, notified, of = pipe.execute()[-1]
        known = of is not None and of.decode() == cause and now_ms - int(notified) < NOTIFY_AGAIN_MS
        if known or (passes and now_ms - int(since) < PATIENCE_MS):
            return
        self._notices.notify("trouble with the mailbox", why=why)
        with translated():
            self._server.client.hset(self._key, mapping={"notified": now_ms, "notified_of": cause})

    def state(self) -> MailboxState:
        """How it is read."""
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            pipe.exists(self._reader)
            pipe.hmget(self._key, "looked", "since", "why")
            held, (looked, since, why) = pipe.execute()
        return MailboxState(
            bool(held),
            int(looked) if looked else None,
            int(since) if since else None,
            why.decode() if why else "",
        )
