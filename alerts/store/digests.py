"""Digests and their life cycle: created once, rendered once, frozen at one instant, fanned out in batches."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from alerts.errors import NotFound
from alerts.model import Digest, Instant, State, Step, Work
from alerts.store import digest_json
from alerts.store.keeping import Keeping
from alerts.store.progress import Progress
from alerts.store.server import Server, translated

#: The unit of work and of record. 128 entries keep a batch's hash in Redis's compact form.
BATCH = 128


@dataclass(frozen=True, slots=True)
class ClockAdvance:
    """What a clock goes on from when a slot is open: that slot, the next one, and `SlotRun.spells`."""

    slot_ms: Instant
    next_ms: Instant
    spells: str


class Digests:
    """Digests, from the step that owes one to the day on which it is forgotten.

    Key: `digest:{id}`. Its field `state` is a `DigestState`, and says what is fixed by now:

    - `open`: owed, and not yet rendered; who it is owed to may still grow.
    - `frozen`: rendered, or found to be impossible to render; who gets it was fixed at the instant `at`,
      and they are being put into batches.
    - `fanned`: everybody is in a batch, and some batch is still owed.
    - `done`: every batch is settled.

    What leads from one to the next, each at one instant and once however often it is run:

    - `owe_to_one` leaves one that is `open`, for one person, and takes nothing away: an operator wants it.
    - `create` takes away the step that owed it and leaves `open` digests, each owing its rendering, or its
      gathering if it corrects. Equal content at the same moment is one digest.
    - `freeze` takes away the rendering and leaves `frozen`, owing its fan-out.
    - `fan` puts people into the next batch, which is owed from then on; with the last of them, it leaves
      `fanned`, or `done` if all batches were settled meanwhile. `Ledger.settle` and `Ledger.close` lead
      from `fanned` to `done`.
    - `reopen` leads from `done` to `fanned`; `send_gathered` from either to `frozen`, for a correction that
      finds more people.

    Three marks stand beside the state and change what becomes of its batches: `stop`, what is owed ends
    unsent; `supersede`, who also wants a newer revision gets that one instead; `note_fault`, it cannot be
    rendered and what is owed ends as failed, until `rerender` takes that back.

    A digest has no end while anything of it is owed. Once it is `done` and nobody is gathered for it
    any more, it and all its parts expire ALERTS_KEEP_DAYS later; what makes it owed again takes that
    back (`Keeping`).
    """

    def __init__(self, server: Server, keep_days: int) -> None:
        self._server = server
        self._keys = server.keys
        self._keeping = Keeping(server, keep_days)

    def create(
        self, taken: Work, digests: Sequence[Digest], advance: ClockAdvance | None = None
    ) -> list[Work]:
        """Exchange a step for the next steps of its digests; those that exist stay as they are.

        With `advance` the step opened a slot: its clock moves on to the next one in the same instant. Nothing
        is created, and nothing returned, if somebody else has done the step meanwhile.
        """
        return self._exchange(taken, digests, advance) or []

    def create_for(self, sid: int, taken: Work, digest: Digest) -> list[Work]:
        """Exchange a step for a digest to one person, who shares it with others as long as it is open.

        If one of equal content is frozen already, theirs is another one, of the next serial.
        """
        while (following := self._exchange(taken, [digest], person=sid)) is None:
            digest = replace(digest, serial=digest.serial + 1)
        return following

    def _exchange(
        self,
        taken: Work,
        digests: Sequence[Digest],
        advance: ClockAdvance | None = None,
        person: int | str = "",
    ) -> list[Work] | None:
        following = [
            Work(Step.GATHER if digest.correcting else Step.RENDER, digest.id, digest.urgent)
            for digest in digests
        ]
        keys, clock = [self._keys("due")], ("", "", "")
        if advance:
            keys.append(self._keys("clock", taken.key))
            clock = str(advance.slot_ms), str(advance.next_ms), advance.spells
        args = [self._keys.prefix, str(taken), *clock, str(person)]
        for digest, work in zip(digests, following, strict=True):
            args += [
                digest.id,
                digest_json.dump(digest),
                str(work),
                ",".join(entry.update for entry in digest.entries),
            ]
        done = self._server.run("digest/create_digests", keys, args)
        return None if done == -1 else following if done else []

    def owe_to_one(self, digest: Digest) -> list[Work]:
        """Owe a digest of one update to the one person it is resent to. Nothing if it is owed already."""
        [entry] = digest.entries
        key, render = self._keys("digest", digest.id), Work(Step.RENDER, digest.id, digest.urgent)
        keys = [key, f"{key}:recipients", self._keys("due"), self._keys("update", entry.update, "digests")]
        args = [digest.id, digest_json.dump(digest), digest.resent_to, str(render)]
        return [render] if self._server.run("digest/owe_to_one", keys, args) else []

    def get(self, digest: str) -> Digest:
        """Raises NotFound."""
        found = self.get_all([digest])
        if not found:
            raise NotFound(f"There is no digest {digest[:30]}.", "It may be older than ALERTS_KEEP_DAYS.")
        return found[digest]

    def get_all(self, digests: Sequence[str]) -> dict[str, Digest]:
        """Those of the digests that are still kept."""
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for digest in digests:
                pipe.hget(self._keys("digest", digest), "json")
            rows = pipe.execute()
        return {
            digest: digest_json.load(row)
            for digest, row in zip(digests, rows, strict=True)
            if row is not None
        }

    def freeze(self, digest: Digest, taken: Work) -> tuple[int, Work]:
        """Fix who gets it, at one instant. Returns how many; -1 if that was done before."""
        key = self._keys("digest", digest.id)
        following = Work(Step.FAN_OUT, digest.id, digest.urgent)
        joined_by = digest.from_ms if digest.clock else digest.horizon_ms
        count = self._server.run(
            "digest/freeze_recipients",
            [
                key,
                f"{key}:audiences",
                f"{key}:recipients",
                f"{key}:members",
                f"{key}:gathered",
                f"{key}:excluded",
                self._keys("due"),
            ],
            [self._keys.prefix, str(taken), str(following), joined_by, int(digest.correcting)],
        )
        return int(count), following

    def send_gathered(self, correction: Digest) -> list[Work]:
        """Send a correction on its way to those gathered so far."""
        key = self._keys("digest", correction.id)
        steps = [Work(step, correction.id, correction.urgent) for step in (Step.RENDER, Step.FAN_OUT)]
        keys = [key, f"{key}:recipients", self._keys("due")]
        ready = self._keeping.run("digest/send_gathered", correction.id, keys, [str(step) for step in steps])
        return [steps[int(ready) - 1]] if ready else []

    def all_gathered(self, taken: Work) -> None:
        """Nobody is left to be gathered: once it is sent, the correction is over like any digest."""
        with translated(), self._server.client.pipeline(transaction=True) as pipe:
            pipe.zrem(self._keys("due"), str(taken))
            self._keeping.look(taken.key, pipe)
            pipe.execute()

    def flawed(self, digest: str, why: str) -> bool:
        """Note that a provider would not show a digest as it is. False: that was noted before."""
        with translated():
            return bool(self._server.client.hsetnx(self._keys("digest", digest), "flaw", why))

    def fan(self, digest: str, taken: Work) -> Work | None:
        """Put the next ≤ 128 of the frozen into a batch; None when all are."""
        key, send = self._keys("digest", digest), Work(Step.SEND, "", taken.urgent)
        keys = [key, f"{key}:recipients", self._keys("due")]
        k = self._server.run("digest/fill_batch", keys, [digest, str(send), BATCH])
        if k:
            return Work.send(digest, int(k))
        self._keeping.run("digest/end_fan_out", digest, keys, [str(taken)])
        return None

    def note_fault(self, digest: str, why: str) -> None:
        """Note that a digest cannot be rendered: whoever it is owed to ends as `failed`, with this reason."""
        with translated():
            self._server.client.hset(self._keys("digest", digest), "fault", why)

    def fault(self, digest: str) -> str:
        """Why a digest cannot be rendered; empty for one that can, or that nobody has tried yet."""
        with translated():
            found = self._server.client.hget(self._keys("digest", digest), "fault")
        return found.decode() if found else ""

    def rerender(self, digest: Digest, corrections: Sequence[Work] = ()) -> list[Work]:
        """Owe again a rendering that failed; who failed with it, by `reopen`. The work to ring for.

        `corrections`: the gatherings that are owed again with it, for whoever is now sent what is wrong.
        """
        render = Work(Step.RENDER, digest.id, digest.urgent)
        keys = [self._keys("digest", digest.id), self._keys("due")]
        args = [str(work) for work in (render, *corrections)]
        return [render] if self._keeping.run("digest/owe_rendering", digest.id, keys, args) else []

    def reopen(
        self,
        digest: Digest,
        k: int,
        sids: Sequence[int] = (),
        states: Collection[State] = (State.FAILED,),
        corrections: Sequence[Work] = (),
    ) -> tuple[list[Work], int]:
        """Owe again what ended so in batch k, of all or of some. The work to ring for, how many people.

        `corrections`: as for `rerender`.
        """
        key, send = self._keys("digest", digest.id), Work.send(digest.id, k)
        keys = [key, f"{key}:batch:{k}", self._keys("due"), f"{key}:doubts"]
        gather = [str(work) for work in corrections]
        letters = "".join(state.value for state in states)
        args = [str(send), letters, len(gather), *gather, *sids]
        again = int(self._keeping.run("digest/owe_deliveries", digest.id, keys, args))
        return [send] if again else [], again

    def stop(self, digest: str, state: State, why: str) -> None:
        """Nothing more of this digest is to be sent; what is owed ends in `state`."""
        with translated():
            self._server.client.hset(self._keys("digest", digest), mapping={"stop": state.value, "why": why})

    def supersede(self, digest: str, number: int) -> None:
        """Whoever wants revision `number` as well gets that one instead of this digest."""
        with translated():
            self._server.client.hset(self._keys("digest", digest), "superseded", number)

    def progress(self, digests: Sequence[str]) -> dict[str, Progress]:
        """How far each has come; those that are gone are left out."""
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for digest in digests:
                pipe.hgetall(self._keys("digest", digest))
            rows = pipe.execute()
        return {digest: Progress.read(row) for digest, row in zip(digests, rows, strict=True) if row}
