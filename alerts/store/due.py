"""The due set: what is owed, and when the sweep must look at it again."""

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.model import Instant, Step, Work
from alerts.store.leases import LEASE_MS
from alerts.store.notices import Notices
from alerts.store.server import Server, translated

#: How long the sweep waits before it rings again for the same entry (ms). Routine batches wait 10 ms more
#: for every entry that is owed, so a backlog of a million is rung for once in a while, not all the time.
PATIENCE_MS = 3_000
ROUTINE_PATIENCE_MS = 15_000
SWEPT_AT_ONCE = 500

#: A clock is corrected by less than this all the time; then waiting for the difference does no harm (ms).
LEAST_BACK_MS = 5_000

#: Steps that stand in the set until an hour of their own: before it, nothing of them is owed.
TIMERS = (Step.OPEN, Step.RESUME, Step.TRY_AGAIN, Step.NOTIFY, Step.POLL, Step.END_DRAFT)

#: Entries that are listed, and that are asked about in one round trip.
LISTED_MOST, ASKED_AT_ONCE = 1_000, 1_000
#: Entries that one step of a scan looks at.
SCANNED = 10_000


@dataclass(frozen=True, slots=True)
class DueEntry:
    work: Work
    look_ms: Instant


class DueSet:
    """Work that is owed, by when it must be looked at: nothing else in the house is a timer.

    Keys: `due`, each entry as `Work` writes it, scored in ms of the server's time; `time`, what that time
    was at the latest sweep, by which a clock that was put back is noticed.

    An entry is owed from the instant it is in the set until it is taken out, and that is what is promised:

    - It is taken out only by the script that adds what follows from it, or by `done` where nothing follows.
      A process that dies at any instruction leaves it in.
    - The same work is the same entry: owed twice, it is owed once.
    - `sweep` takes nothing out. What it returns comes again after its patience, unless it is done by then.
    - `postpone` and `hasten` change when, never whether: an entry that is gone stays gone.
    """

    def __init__(self, server: Server, notices: Notices, routes: Sequence[str]) -> None:
        self._server = server
        self._keys = server.keys
        self._notices = notices
        self._routes = routes

    def rewind(self) -> None:
        """Let nothing wait for the difference by which the server's clock was put back, if it was."""
        back_ms = self._server.run(
            "due/rewind_waiting",
            [self._keys("time"), self._keys("due"), self._keys("workers")],
            [self._keys.prefix, LEAST_BACK_MS, LEASE_MS, *self._routes],
        )
        if back_ms:
            self._notices.notify("the server's clock was put back", seconds=round(int(back_ms) / 1000))

    def sweep(self) -> list[Work]:
        """What is due now; each is due again only after its patience."""
        found = self._server.run(
            "due/sweep_due", [self._keys("due")], [SWEPT_AT_ONCE, PATIENCE_MS, ROUTINE_PATIENCE_MS]
        )
        return [Work.parse(entry.decode()) for entry in found]

    def hasten(self, entries: Sequence[Work]) -> None:
        """Have the next sweep find these again: no bell could be rung for them, so none is waited for."""
        if entries:
            self._server.run("due/hasten_due", [self._keys("due")], [str(work) for work in entries])

    def owed(self, most: int = LISTED_MOST) -> list[DueEntry]:
        """What is owed, the longest due first; `count` says how much there is in all."""
        with translated():
            rows = self._server.client.zrange(self._keys("due"), 0, most - 1, withscores=True)
        return [DueEntry(Work.parse(entry.decode()), int(score)) for entry, score in rows]

    def owed_work(self, now_ms: Instant, most: int = LISTED_MOST) -> list[DueEntry]:
        """What is owed, the longest due first, without the timers whose hour has yet to come."""
        found: list[DueEntry] = []
        start = 0
        with translated():
            while len(found) < most:
                end = start + LISTED_MOST - 1
                rows = self._server.client.zrange(self._keys("due"), start, end, withscores=True)
                for entry, score in rows:
                    work = Work.parse(entry.decode())
                    if score <= now_ms or work.step not in TIMERS:
                        found.append(DueEntry(work, int(score)))
                if len(rows) < LISTED_MOST:
                    break
                start = end + 1
        return found[:most]

    def count_standing(self, now_ms: Instant) -> int:
        """How many timers wait for their hour."""
        standing: set[bytes] = set()
        with translated():
            for step in TIMERS:
                rows = self._server.client.zscan_iter(self._keys("due"), match=f"{step}:*", count=SCANNED)
                standing.update(entry for entry, score in rows if score > now_ms)
        return len(standing)

    def count(self) -> int:
        with translated():
            return int(self._server.client.zcard(self._keys("due")))

    def count_due(self, now_ms: Instant) -> int:
        """How many entries are due by now."""
        with translated():
            return int(self._server.client.zcount(self._keys("due"), "-inf", now_ms))

    def owed_among(self, entries: Sequence[Work]) -> list[Work]:
        """Those of the entries that are owed."""
        found = []
        with translated():
            for start in range(0, len(entries), ASKED_AT_ONCE):
                asked = entries[start : start + ASKED_AT_ONCE]
                scores = self._server.client.zmscore(self._keys("due"), [str(work) for work in asked])
                found += [work for work, score in zip(asked, scores, strict=True) if score is not None]
        return found

    def is_owed(self, work: Work) -> bool:
        with translated():
            return self._server.client.zscore(self._keys("due"), str(work)) is not None

    def look_ms(self, work: Work) -> Instant | None:
        """When an entry is looked at next; None if it is not owed."""
        with translated():
            score = self._server.client.zscore(self._keys("due"), str(work))
        return None if score is None else int(score)

    def postpone(self, work: Work, at_ms: Instant) -> None:
        """Look at an entry later; one that is gone stays gone."""
        with translated():
            self._server.client.zadd(self._keys("due"), {str(work): at_ms}, xx=True)

    def done(self, work: Work) -> None:
        with translated():
            self._server.client.zrem(self._keys("due"), str(work))
