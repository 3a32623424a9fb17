"""The ledger: one hash per batch, written only by whoever holds the batch's lease."""

import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from alerts.errors import Refused, Unreachable
from alerts.model import DigestId, Instant, State, Work
from alerts.store.deliveries import Delivery, LedgerLine
from alerts.store.keeping import Keeping
from alerts.store.leases import LEASE_MS, Leases
from alerts.store.server import Server, translated

#: How long to leave a server alone that did not take outcomes (s).
AWAY_S = 0.5
#: Digests in which a delivery is looked for at once: no other command is answered meanwhile.
FOUND_AT_ONCE = 50
#: What is noted of whoever a dead holder may have sent to.
DOUBT = "it may have been accepted: its worker ended before it recorded the answer"
#: What `settle_batch` answers beside instants: its digest is done; or the batch is not ours, or not any more.
_DONE, _LOST = -2, -1


@dataclass(frozen=True, slots=True)
class Claim:
    """What a claim found. Only `held` ones may be worked on, and must be settled."""

    work: Work
    token: str
    held: bool
    stopped: State | None = None  #: the digest was stopped: what is owed ends so, nothing is sent
    frozen_ms: Instant = 0
    now_ms: Instant = 0
    superseded: int = 0  #: the newer revision that whoever wants it gets instead
    deaths: int = 0  #: holders in a row who died, or met what nobody foresaw, before any outcome was recorded
    owed: tuple[tuple[int, Delivery], ...] = ()

    @property
    def digest(self) -> DigestId:
        return self.work.digest

    @property
    def offset_s(self) -> int:
        """Seconds from the freezing of the digest to the claim."""
        return max(0, self.now_ms - self.frozen_ms) // 1000


class Settled(NamedTuple):
    """What is left of a batch that was given back."""

    again_ms: Instant | None  #: when it will be looked at again; None if nothing of it is owed
    last: bool  #: its digest may be done with it


class Ledger:
    """What became of every delivery: the one record of who got what.

    Keys: `digest:{id}:batch:{k}`, sid → `Delivery`; `digest:{id}:notes`, the provider's words; both end
    with their digest (`Keeping`). The counters by state in its hash equal the deliveries at every instant.

    States are `State`; a later word wins by its rank, never by arrival. What is promised:

    - Between `claim` and `settle` one worker holds a batch, by a lease that only the living renew. Nobody
      else may claim it, and a holder whose lease was lost records nothing; what it still had on the wire is
      the bound of ADR 3.
    - `record` before `settle`: whoever was sent to and not recorded when a holder died is `UNKNOWN` at the
      next claim, never `QUEUED`, and stays in doubt until the provider says yes, or was asked.
    - `settle` takes the batch out of the due set exactly if nothing of it is owed; else says when it is
      looked at again.
    - What ended stays so, but for a receipt of higher rank, or `Digests.reopen` by an operator.
    - A digest that was stopped sends nothing more: what is owed ends in the state it was stopped with, by
      its holder or by `close`; who may have got it ends `UNCONFIRMED`.
    """

    def __init__(self, server: Server, leases: Leases, keep_days: int) -> None:
        self._server = server
        self._keys = server.keys
        self._keeping = Keeping(server, keep_days)
        self._leases = leases

    def claim(self, work: Work) -> Claim:
        """Take the batch, unless somebody holds it or it is settled.

        If its holder died, whoever that one may have sent to is unknown from now on.
        """
        token = secrets.token_hex(8)
        reply = self._server.run("ledger/take_lease", self._names(work), [str(work), token, LEASE_MS, DOUBT])
        verdict = reply[0].decode()
        if verdict in ("busy", "gone"):
            return Claim(work, token, held=False)
        fields = reply[2]
        rows = zip(fields[::2], fields[1::2], strict=True)
        records = [(int(sid), Delivery.parse(value.decode())) for sid, value in rows if sid != b"!"]
        self._leases.keep(work, token)
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

        They are kept nowhere else, so a server that takes none is waited for as long as a lease lasts.
        """
        args: list[str | int] = [claim.token, LEASE_MS, claim.superseded]
        for line in lines:
            args += [line.sid, f"{line.record}{'!' if line.asked else ''}", line.note, line.taker]
        _, digest, batch, lease, notes = self._names(claim.work)
        keys = [digest, batch, lease, notes, self._keys("rates", "")]
        deadline = time.monotonic() + LEASE_MS / 1000
        while True:
            try:
                return int(self._server.run("ledger/record_outcomes", keys, args)) == 1
            except (Refused, Unreachable):
                if time.monotonic() > deadline:
                    raise
                time.sleep(AWAY_S)

    def abandon(self, claim: Claim) -> None:
        """Let go of a batch as if this process had died: its lease runs out, what was sent is in doubt."""
        self._leases.let_go(claim.work)

    def settle(self, claim: Claim, not_before_ms: Instant = 0) -> Settled:
        """Give the batch back, and say what is left of it and its digest."""
        self.abandon(claim)
        args = [str(claim.work), claim.token, not_before_ms]
        reply = int(self._keeping.run("ledger/settle_batch", claim.digest, self._names(claim.work)[:4], args))
        return Settled(reply if reply > 0 else None, last=reply in (_DONE, _LOST))

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

    def batch(self, digest: str, k: int) -> tuple[dict[int, Delivery], bool]:
        """The deliveries in one batch, and whether a holder, alive or dead, has not given it back.

        Whoever is owed it then may have it by now.
        """
        with translated():
            row = self._server.client.hgetall(self._keys("digest", digest, "batch", k))
        taken = row.pop(b"!", None) is not None
        return {int(sid): Delivery.parse(value.decode()) for sid, value in row.items()}, taken

    def find(self, sid: int, digests: Sequence[str]) -> dict[str, Delivery]:
        """This subscriber's delivery in each of the digests that has one."""
        found: dict[str, Delivery] = {}
        for start in range(0, len(digests), FOUND_AT_ONCE):
            some = digests[start : start + FOUND_AT_ONCE]
            values = self._server.run("ledger/find_deliveries", [], [self._keys.prefix, sid, *some])
            found |= {d: Delivery.parse(v.decode()) for d, v in zip(some, values, strict=True) if v}
        return found

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

    def notes(self, digest: str, sids: Sequence[int]) -> dict[int, str]:
        """The provider's last words about these deliveries; who has none is left out."""
        if not sids:
            return {}
        with translated():
            words = self._server.client.hmget(self._keys("digest", digest, "notes"), sids)
        return {sid: text.decode() for sid, text in zip(sids, words, strict=True) if text}

    def notes_to(self, sid: int, digests: Sequence[str]) -> dict[str, str]:
        """The provider's last words about one subscriber's delivery in each of the digests; or nothing."""
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for digest in digests:
                pipe.hget(self._keys("digest", digest, "notes"), sid)
            words = pipe.execute()
        return {digest: text.decode() if text else "" for digest, text in zip(digests, words, strict=True)}

    def close(self, work: Work) -> None:
        """End what a batch of a stopped digest still owes, unless somebody holds it."""
        self._keeping.run("ledger/close_batch", work.digest, self._names(work), [str(work), DOUBT])

    def _names(self, work: Work) -> list[str]:
        key = self._keys("digest", work.digest)
        return [
            self._keys("due"),
            key,
            f"{key}:batch:{work.batch.number}",
            self._leases.key(work),
            f"{key}:notes",
        ]
