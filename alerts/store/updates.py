"""Updates, their revisions, and the log: what was accepted, in the order it was accepted."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from alerts.errors import NotFound
from alerts.model import Draft, Instant, Ref, Revision, Step, Work
from alerts.store.server import Server, translated


@dataclass(frozen=True, slots=True)
class Published:
    """What a publish left behind. `created` is false where the same content was there already.

    `held_until_ms` is what is true then, whatever was asked for.
    """

    revision: Revision
    created: bool
    held_until_ms: Instant | None = None


class Updates:
    """Every update, its revisions, and the log of what was accepted.

    Keys: `update:{id}`, its revisions; `updates`, ids by their first publish; `log`, refs by acceptance;
    `floor`, before which nothing is accepted; `update:{id}:digests`. They have no end: windows, corrections
    and explanations look back as far as anybody asks.

    - A revision is numbered once: the same content again is the same revision, whoever's reply was lost.
    - A revision is held, accepted or withdrawn. Held → accepted (`accept`) or withdrawn (`withdraw`), never
      both, and nothing leads back. Only what is accepted is in the log.
    - The log only grows at its end, and never before an instant that was looked at (`floor`): what lies in
      `[start, end)` of the past is the same whenever it is asked for.
    - `publish` returns once it is on the server's disk, where the server can tell.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._keys = server.keys

    def publish(self, draft: Draft, held_until_ms: Instant | None = None) -> Published:
        """Number the draft, put it into the log and owe its match; it is on disk when this returns.

        With `held_until_ms` it enters the log only then. Raises Refused on a full server, Unreachable.
        """
        keys = self._keys
        created, number, accepted = self._server.run_durably(
            "log/publish_revision",
            [keys("update", draft.id), keys("updates"), keys("log"), keys("floor"), keys("due")],
            [
                draft.id,
                draft.fingerprint,
                json.dumps(draft.to_dict(), ensure_ascii=False),
                "" if held_until_ms is None else held_until_ms,
                str(Work(Step.MATCH, "", draft.severity.urgent)),
            ],
        )
        accepted_ms = int(accepted) if accepted else None
        revision = Revision(draft.id, int(number), draft, accepted_ms)
        if accepted_ms is None and not created:
            held_until_ms = self.held_until(revision)
        return Published(revision, bool(created), None if accepted_ms else held_until_ms)

    def held_until(self, revision: Revision) -> Instant | None:
        """When a revision that is held enters the log: its match is due then. None if it is not held."""
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
        match = Work(Step.MATCH, ref, draft.severity.urgent)
        return bool(
            self._server.run(
                "log/withdraw_revision",
                [keys("update", name.update), keys("due")],
                [name.number, draft.fingerprint, reason, str(match)],
            )
        )

    def withdrawn(self, update: str) -> dict[int, str]:
        """The revisions that were taken back before they were accepted, each with the reason."""
        with translated():
            fields = self._server.client.hgetall(self._keys("update", update))
        return {int(k[2:]): v.decode() for k, v in fields.items() if k.startswith(b"x:")}

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
                raise NotFound(f"There is no revision {ref}.", "List updates with `alerts status`.")
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
            raise NotFound(f"There is no update “{update[:64]}”.", "List updates with `alerts status`.")
        return int(number)

    def log(self, start_ms: Instant, end_ms: Instant) -> list[tuple[Ref, Instant]]:
        """The refs accepted in `[start, end)` with their instants, in order."""
        with translated():
            rows = self._server.client.zrange(
                self._keys("log"), start_ms, f"({end_ms}", byscore=True, withscores=True
            )
        return [(Ref(ref.decode()), int(score)) for ref, score in rows]

    def accepted(self, start_ms: Instant, end_ms: Instant) -> list[Revision]:
        """The revisions accepted in `[start, end)`, in order."""
        return list(self.revisions(ref for ref, _ in self.log(start_ms, end_ms)).values())

    def count(self) -> int:
        with translated():
            return int(self._server.client.zcard(self._keys("updates")))

    def recent(self, most: int) -> list[str]:
        """The ids of the latest updates, newest first."""
        with translated():
            rows = self._server.client.zrange(self._keys("updates"), 0, most - 1, desc=True)
        return [row.decode() for row in rows]

    def digests(self, update: str) -> list[str]:
        """The ids of the digests that this update is in."""
        with translated():
            return sorted(
                row.decode() for row in self._server.client.smembers(self._keys("update", update, "digests"))
            )
