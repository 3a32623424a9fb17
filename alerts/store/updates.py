"""Updates, their revisions, and the log: what was accepted, in the order it was accepted."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from alerts.errors import NotFound, RevisedMeanwhile
from alerts.model import Draft, Instant, Ref, Revision, Step, Work
from alerts.store.histories import History
from alerts.store.server import Server, translated
from alerts.texts import Text

#: Updates whose histories are read in one round trip.
CHUNK = 200


@dataclass(frozen=True, slots=True)
class Published:
    """What a publish left behind. `created` is false where the same content was there already.

    `held_until_ms` is what is true then, whatever was asked for.
    """

    revision: Revision
    created: bool
    held_until_ms: Instant | None = None

    @property
    def in_review(self) -> bool:
        """Whether it is held until somebody releases it."""
        return self.revision.accepted_ms is None and self.held_until_ms is None


class Updates:
    """Every update, its revisions, and the log of what was accepted.

    Keys: `update:{id}`, its revisions; `updates`, ids by their first publish; `log`, refs by acceptance;
    `floor`, before which nothing is accepted; `update:{id}:digests`; `reviews`, what is held until somebody
    releases it. They have no end: windows, corrections and explanations look back as far as anybody asks.

    - A revision is numbered once: the same content again is the same revision, whoever's reply was lost.
    - A revision is held, accepted or withdrawn. Held → accepted (`accept`) or withdrawn (`withdraw`), never
      both, and nothing leads back. Only what is accepted is in the log. What is held ends at its time, which
      `due` has, or for review at its release (`release`).
    - The log only grows at its end, and never before an instant that was looked at (`floor`): what lies in
      `[start, end)` of the past is the same whenever it is asked for.
    - `publish` returns once it is on the server's disk, where the server can tell.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._keys = server.keys

    def publish(
        self,
        draft: Draft,
        held_until_ms: Instant | None = None,
        *,
        for_review: bool = False,
        after: int | None = None,
    ) -> Published:
        """Number the draft, put it into the log and owe its match; it is on disk when this returns.

        With `held_until_ms` it enters the log only then; `for_review`, only once it is released. Raises
        RevisedMeanwhile unless there are `after` revisions, where that is given; Refused on a full server,
        Unreachable.
        """
        keys = self._keys
        held = "review" if for_review else "" if held_until_ms is None else held_until_ms
        created, number, accepted = self._server.run_durably(
            "log/publish_revision",
            [keys("update", draft.id), *map(keys, ("updates", "log", "floor", "due", "reviews"))],
            [
                draft.id,
                draft.fingerprint,
                json.dumps(draft.to_dict(), ensure_ascii=False),
                held,
                str(Work(Step.MATCH, "", draft.urgent)),
                "" if after is None else after,
            ],
        )
        if created < 0:
            raise RevisedMeanwhile(f"“{draft.id}” was revised meanwhile.", "Look at it, and publish again.")
        accepted_ms = int(accepted) if accepted else None
        revision = Revision(draft.id, int(number), draft, accepted_ms)
        if accepted_ms is None and (for_review or not created):
            held_until_ms = self.held_until(revision)
        return Published(revision, bool(created), None if accepted_ms else held_until_ms)

    def held_until(self, revision: Revision) -> Instant | None:
        """When a revision that is held enters the log: its match is due then. None if no time ends it."""
        match = Work(Step.MATCH, revision.ref, revision.urgent)
        with translated():
            score = self._server.client.zscore(self._keys("due"), str(match))
        return None if score is None else int(score)

    def accept(self, ref: str) -> Revision | None:
        """The revision, in the log from now on if it was held until now; None if it was withdrawn.

        A newer revision that is in the log already takes the place of one that was held: it is withdrawn.
        """
        name, keys = Ref(ref), self._keys
        accepted = self._server.run(
            "log/accept_revision",
            [keys("update", name.update), keys("log"), keys("floor")],
            [name, name.number],
        )
        return self.revision(ref) if accepted else None

    def withdraw(self, ref: str, reason: str) -> bool:
        """Take back a revision that is held; it is never accepted. False: it was accepted before."""
        name, draft, keys = Ref(ref), self.revision(ref).draft, self._keys
        match = Work(Step.MATCH, ref, draft.urgent)
        return bool(
            self._server.run(
                "log/withdraw_revision",
                [keys("update", name.update), keys("due"), keys("reviews")],
                [name, name.number, draft.fingerprint, reason, str(match)],
            )
        )

    def release(self, revision: Revision) -> bool:
        """Let a held revision into the log at once. False: it is held no more."""
        keys, ref = self._keys, revision.ref
        return bool(
            self._server.run(
                "log/release_revision",
                [keys("update", revision.update), keys("due"), keys("reviews")],
                [ref, revision.number, str(Work(Step.MATCH, ref, revision.urgent))],
            )
        )

    def in_review(self) -> dict[Ref, Instant]:
        """What is held until somebody releases it, the longest held first, and since when."""
        with translated():
            rows = self._server.client.zrange(self._keys("reviews"), 0, -1, withscores=True)
        return {Ref(ref.decode()): int(since) for ref, since in rows}

    def withdrawn(self, update: str) -> dict[int, str]:
        """The revisions that were taken back before they were accepted, each with the reason."""
        with translated():
            fields = self._server.client.hgetall(self._keys("update", update))
        return {int(k[2:]): v.decode() for k, v in fields.items() if k.startswith(b"x:")}

    def history(self, update: str) -> History:
        """All there is of an update. Raises NotFound."""
        self.latest(update)
        return self.histories([update])[update]

    def histories(self, updates: Sequence[str]) -> dict[str, History]:
        """All there is of several updates, in their order; of one that is not there, nothing."""
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for update in updates:
                pipe.hgetall(self._keys("update", update))
                pipe.zscore(self._keys("updates"), update)
            rows = pipe.execute()
        found = zip(updates, rows[::2], rows[1::2], strict=True)
        return {
            update: _history(update, fields, int(first or 0)) for update, fields, first in found if fields
        }

    def standing(self, update: str) -> Revision:
        """The latest revision that was not withdrawn. Raises NotFound."""
        latest, gone = self.latest(update), self.withdrawn(update)
        number = next((n for n in range(latest, 0, -1) if n not in gone), None)
        if number is None:
            raise NotFound(f"The update “{update[:64]}” was withdrawn.", "Nobody was told about it.")
        return self.revision(Ref.of(update, number))

    def revision(self, ref: str) -> Revision:
        """Raises NotFound."""
        return self.revisions([ref])[ref]

    def revisions(self, refs: Iterable[str]) -> dict[str, Revision]:
        """The revisions by ref. Raises NotFound for the first that is not there."""
        wanted = [Ref(ref) for ref in dict.fromkeys(refs)]
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for ref in wanted:
                pipe.hmget(self._keys("update", ref.update), f"r:{ref.number}", f"a:{ref.number}")
            rows = pipe.execute()
        found: dict[str, Revision] = {}
        for ref, (draft, accepted) in zip(wanted, rows, strict=True):
            if draft is None:
                raise NotFound(
                    f"There is no revision {ref}.", f"See `alerts updates revisions {ref.update}`."
                )
            found[ref] = Revision(
                ref.update,
                ref.number,
                Draft.from_dict(json.loads(draft)),
                int(accepted) if accepted else None,
            )
        return found

    def newer(self, update: str, number: int) -> list[Revision]:
        """The accepted revisions of an update after this one. Raises NotFound."""
        refs = Ref.between(update, number, self.latest(update))
        return [r for r in self.revisions(refs).values() if r.accepted_ms is not None]

    def latest(self, update: str) -> int:
        """How many revisions the update has. Raises NotFound."""
        with translated():
            number = self._server.client.hget(self._keys("update", update), "n")
        if number is None:
            raise NotFound(
                Text("There is no update “%(update)s”.", update=update[:64]),
                "List updates with `alerts updates list`.",
            )
        return int(number)

    def log(self, start_ms: Instant, end_ms: Instant) -> list[tuple[Ref, Instant]]:
        """The refs accepted in `[start, end)` with their instants, in order."""
        with translated():
            rows = self._server.client.zrange(
                self._keys("log"), start_ms, f"({end_ms}", byscore=True, withscores=True
            )
        return [(Ref(ref.decode()), int(score)) for ref, score in rows]

    def last_accepted(self) -> tuple[Ref, Instant] | None:
        """What was accepted last of all, and when; None before anything was."""
        with translated():
            rows = self._server.client.zrange(self._keys("log"), 0, 0, desc=True, withscores=True)
        return next(((Ref(ref.decode()), int(score)) for ref, score in rows), None)

    def count(self) -> int:
        with translated():
            return int(self._server.client.zcard(self._keys("updates")))

    def recent(self, most: int) -> list[str]:
        """The ids of the latest updates, newest first; of all of them where `most` is 0."""
        with translated():
            rows = self._server.client.zrange(self._keys("updates"), 0, most - 1, desc=True)
        return [row.decode() for row in rows]

    def begun_since(self, start_ms: Instant, most: int) -> list[str]:
        """The ids of the updates first published since an instant, newest first: at most that many."""
        with translated():
            rows = self._server.client.zrange(
                self._keys("updates"), "+inf", start_ms, desc=True, byscore=True, offset=0, num=most
            )
        return [row.decode() for row in rows]

    def revised_since(self, start_ms: Instant, most: int) -> list[str]:
        """The ids of the updates of which a revision was accepted since, the latest `most` revisions."""
        with translated():
            rows = self._server.client.zrange(
                self._keys("log"), "+inf", start_ms, desc=True, byscore=True, offset=0, num=most
            )
        return list(dict.fromkeys(Ref(row.decode()).update for row in rows))

    def each(self, updates: Iterable[str]) -> Iterator[History]:
        """The histories of these updates, in their order, with flat memory."""
        left = iter(updates)
        while page := list(islice(left, CHUNK)):
            yield from self.histories(page).values()

    def digests(self, update: str) -> list[str]:
        """The ids of the digests that this update is in."""
        return self.digests_of([update])[update]

    def digests_of(self, updates: Sequence[str]) -> dict[str, list[str]]:
        """The same of each of these updates."""
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for update in updates:
                pipe.smembers(self._keys("update", update, "digests"))
            rows = pipe.execute()
        return {u: sorted(name.decode() for name in row) for u, row in zip(updates, rows, strict=True)}


def _history(update: str, fields: Mapping[bytes, bytes], first_ms: Instant) -> History:
    """Read an update's hash: see the table of keys."""
    text = {name.decode(): value.decode() for name, value in fields.items()}
    revisions = []
    for number in range(1, int(text["n"]) + 1):
        accepted = text.get(f"a:{number}")
        draft = Draft.from_dict(json.loads(text[f"r:{number}"]))
        revisions.append(Revision(update, number, draft, int(accepted) if accepted else None))
    gone = {int(name[2:]): why for name, why in text.items() if name.startswith("x:")}
    return History(update, first_ms, tuple(revisions), gone)
