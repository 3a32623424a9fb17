"""The ledger: one hash per batch, written only by whoever holds the batch's lease."""

import secrets
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from alerts.errors import Refused, Unreachable
from alerts.model import Instant, State, Work
from alerts.store.keeping import Keeping
from alerts.store.server import Server, translated

#: How long a dead worker's batch stays untouched (ms). A living one renews three times in that time.
LEASE_MS = 12_000
RENEW_S = 4.0
#: How long to leave a server alone that did not take outcomes (s).
AWAY_S = 0.5
#: What is noted of whoever a dead holder may have sent to.
DOUBT = "it may have been accepted: its worker ended before it recorded the answer"


class Delivery(NamedTuple):
    """One delivery in the ledger, written `s1+62`: state, attempts so far, seconds since freezing.

    For what is owed, the seconds say when to try again. One that failed in doubt (an earlier try
    may have been accepted) ends with `?`.
    """

    state: State
    attempt: int = 0
    offset_s: int = 0
    doubt: bool = False

    def __str__(self) -> str:
        letter: str = self.state.value
        if self.state is State.QUEUED:
            return letter
        return f"{letter}{self.attempt}+{self.offset_s}{'?' if self.doubt else ''}"

    @property
    def in_doubt(self) -> bool:
        """Whether it may have reached the subscriber: corrections and cancels count that as told."""
        return self.doubt or self.state.in_doubt

    def told(self, *, or_maybe: bool) -> bool:
        """Whether the subscriber was told or is being told; or may have been."""
        return self.state.reached or self.state.owed or (or_maybe and self.in_doubt)

    @classmethod
    @lru_cache(maxsize=1_000)
    def parse(cls, text: str) -> "Delivery":
        attempt, _, offset = text[1:].removesuffix("?").partition("+")
        return cls(State(text[0]), int(attempt or 0), int(offset or 0), text.endswith("?"))


@dataclass(frozen=True, slots=True)
class Claim:
    """What a claim found. Only `held` ones may be worked on, and must be settled."""

    work: Work
    token: str
    held: bool
    stopped: State | None = None  #: the digest was stopped: what is owed ends so, nothing is sent
    frozen_ms: Instant = 0
    now_ms: Instant = 0
    superseded: int = 0  #: the newer revision that whoever wants it is told instead
    deaths: int = 0  #: holders in a row who died, or met what nobody foresaw, before any outcome was recorded
    owed: tuple[tuple[int, Delivery], ...] = ()

    @property
    def digest(self) -> str:
        return self.work.key.partition("/")[0]

    @property
    def offset_s(self) -> int:
        """Seconds from the freezing of the digest to the claim."""
        return max(0, self.now_ms - self.frozen_ms) // 1000


class LedgerLine(NamedTuple):
    """One line to write: a delivery's new record, and the provider's words if it did not simply succeed.

    `asked`: the provider knew of no earlier try, so if there was a doubt it is over. Else it stays.
    """

    sid: int
    record: Delivery
    note: str = ""
    asked: bool = False


class Ledger:
    def __init__(self, server: Server, keep_days: int) -> None:
        self._server = server
        self._keys = server.keys
        self._keeping = Keeping(server, keep_days)
        self._held: dict[str, str] = {}
        self._keeper = threading.Lock()
        self._running = False

    def claim(self, work: Work) -> Claim:
        """Take the batch, unless somebody holds it or it is settled.

        If its holder died, whoever that one may have sent to is unknown from now on.
        """
        token = secrets.token_hex(8)
        reply = self._server.run("claim", self._names(work), [str(work), token, LEASE_MS, DOUBT])
        verdict = reply[0].decode()
        if verdict in ("busy", "gone"):
            return Claim(work, token, held=False)
        fields = reply[2]
        rows = zip(fields[::2], fields[1::2], strict=True)
        records = [(int(sid), Delivery.parse(value.decode())) for sid, value in rows if sid != b"!"]
        self._keep(self._keys("lease", work.key), token)
        return Claim(
            work,
            token,
            held=True,
            stopped=None if verdict == "ok" else State(verdict),
            frozen_ms=int(reply[1]),
            superseded=int(reply[3]),
            now_ms=int(reply[4]),
            deaths=int(reply[5]),
            owed=tuple((sid, record) for sid, record in records if record.state.owed),
        )

    def record(self, claim: Claim, lines: Sequence[LedgerLine]) -> bool:
        """Write outcomes. False: stop, the lease is lost, or the digest was stopped, or superseded.

        They stand nowhere else, so a server that takes none is waited for as long as a lease lasts.
        """
        args: list[str | int] = [claim.token, LEASE_MS, claim.superseded]
        for line in lines:
            args += [line.sid, f"{line.record}{'!' if line.asked else ''}", line.note]
        _, digest, batch, lease, notes = self._names(claim.work)
        deadline = time.monotonic() + LEASE_MS / 1000
        while True:
            try:
                return int(self._server.run("record", [digest, batch, lease, notes], args)) == 1
            except (Refused, Unreachable):
                if time.monotonic() > deadline:
                    raise
                time.sleep(AWAY_S)

    def abandon(self, claim: Claim) -> None:
        """Let go of a batch as if this process had died: its lease runs out, what was sent is in doubt."""
        with self._keeper:
            self._held.pop(self._keys("lease", claim.work.key), None)

    def settle(self, claim: Claim, not_before_ms: Instant = 0) -> Instant | None:
        """Give the batch back. When it will be looked at again (ms); None if nothing of it is owed."""
        self.abandon(claim)
        args = [str(claim.work), claim.token, not_before_ms]
        following = self._keeping.run("settle", claim.digest, self._names(claim.work)[:4], args)
        return int(following) if int(following) > 0 else None

    def in_hand(self, batches: Sequence[Work]) -> list[Work]:
        """Those of the batches that a worker holds at this moment."""
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for work in batches:
                pipe.exists(self._keys("lease", work.key))
            held = pipe.execute()
        return [work for work, is_held in zip(batches, held, strict=True) if is_held]

    def records(self, digest: str, batches: Iterable[int]) -> dict[int, Delivery]:
        """The deliveries in these batches of a digest, by sid."""
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for k in batches:
                pipe.hgetall(self._keys("digest", digest, "batch", k))
            rows = pipe.execute()
        return {
            int(sid): Delivery.parse(value.decode())
            for row in rows
            for sid, value in row.items()
            if sid != b"!"
        }

    def find(self, sid: int, digests: Sequence[str]) -> dict[str, Delivery]:
        """This subscriber's delivery in each of the digests that has one."""
        if not digests:
            return {}
        values = self._server.run("find", [], [self._keys.prefix, sid, *digests])
        return {
            digest: Delivery.parse(value.decode())
            for digest, value in zip(digests, values, strict=True)
            if value
        }

    def batch_of(self, digest: str, sid: int, batches: int) -> int:
        """Which of a digest's batches holds this subscriber's delivery; 0 for none."""
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for k in range(1, batches + 1):
                pipe.hexists(self._keys("digest", digest, "batch", k), str(sid))
            found = pipe.execute()
        return next((k for k, here in enumerate(found, 1) if here), 0)

    def note(self, digest: str, sid: int) -> str:
        """The provider's last words about one delivery, or nothing."""
        with translated():
            words = self._server.client.hget(self._keys("digest", digest, "notes"), sid)
        return words.decode() if words else ""

    def close(self, work: Work) -> None:
        """End what a batch of a stopped digest still owes, unless somebody holds it."""
        self._keeping.run("close", work.key.partition("/")[0], self._names(work), [str(work), DOUBT])

    def doubt(self, digest: str, reached: Mapping[int, str]) -> None:
        """Remember of whom nobody knows whether they have it, and how far the provider was asked."""
        if reached:
            key = self._keys("digest", digest, "doubts")
            with translated():
                self._server.client.hset(key, mapping={str(sid): at for sid, at in reached.items()})

    def doubts(self, digest: str, sids: Sequence[int]) -> dict[int, str]:
        """For each of these, how far the provider was asked; empty where the asking is to begin."""
        if not sids:
            return {}
        with translated():
            rows = self._server.client.hmget(self._keys("digest", digest, "doubts"), list(map(str, sids)))
        return {sid: row.decode() if row else "" for sid, row in zip(sids, rows, strict=True)}

    def gather(self, correction: str, source: str, k: int, instead: bool) -> int:
        """Add those whom batch k of `source` told, or may have, to the correction. How many it still owes.

        `instead`: also those who were about to be told when the correction took its place.
        """
        target, origin = self._keys("digest", correction), self._keys("digest", source)
        keys = [f"{target}:gathered", f"{target}:recipients", target, f"{origin}:batch:{k}", origin]
        return int(self._server.run("gather", [*keys, f"{origin}:notes"], [int(instead)]))

    def _names(self, work: Work) -> list[str]:
        digest, _, k = work.key.partition("/")
        key = self._keys("digest", digest)
        return [
            self._keys("due"),
            key,
            f"{key}:batch:{k}",
            self._keys("lease", work.key),
            f"{key}:notes",
        ]

    def _keep(self, lease: str, token: str) -> None:
        with self._keeper:
            self._held[lease] = token
            if not self._running:
                self._running = True
                threading.Thread(target=self._renew, name="leases", daemon=True).start()

    def _renew(self) -> None:
        """Extend what this process holds while it works; a frozen or dead process extends nothing."""
        rest = threading.Event()
        while not rest.wait(RENEW_S):
            with self._keeper:
                held = dict(self._held)
            if held:
                try:
                    self._server.run("extend", list(held), [LEASE_MS, *held.values()])
                except Exception:  # noqa: BLE001, S112 - the server is away; its leases run out, as they should
                    continue
