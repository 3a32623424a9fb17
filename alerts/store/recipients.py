"""Who a digest is owed to: whole audiences, people one by one, and those who are excluded."""

from collections.abc import Iterator, Sequence

from alerts.store.server import Server, translated

CHUNK = 5_000


class Recipients:
    """Who a digest is owed to, from the step that owes it until they are in batches.

    Keys, none of which outlasts its digest: `digest:{id}:audiences`, whose members it is owed to;
    `digest:{id}:excluded`, members who are owed something else instead; `digest:{id}:recipients`, people;
    `digest:{id}:gathered`, for corrections, everybody who was ever among them; `digest:{id}:members`,
    inside the freeze. Of a digest that is then never created, for another worker did the step meanwhile and
    found others, what was said here stays.

    - Before the digest is frozen, audiences and people are added and members excluded, in any order and as
      often as one likes: the same twice is the same once.
    - The freeze (`Digests.freeze`) makes of them one set of people, at one instant. From then on `include`
      and `exclude` change nothing, and who joins or leaves an audience is neither added nor taken out.
    - A correction alone grows afterwards, by `gather`, and adds nobody twice in its life.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._keys = server.keys

    def add_audiences(self, digest: str, aids: Sequence[str]) -> None:
        """Owe a digest to the members of these audiences; said before it is created."""
        with translated():
            for start in range(0, len(aids), CHUNK):
                chunk = aids[start : start + CHUNK]
                self._server.client.sadd(self._keys("digest", digest, "audiences"), *chunk)

    def audiences(self, digest: str) -> set[str]:
        """The audiences a digest is owed to."""
        with translated():
            rows = self._server.client.smembers(self._keys("digest", digest, "audiences"))
        return {row.decode() for row in rows}

    def include(self, digest: str, sids: Sequence[int]) -> None:
        """Owe a digest to people one by one; once it is frozen, nobody is added any more."""
        self._single_out(digest, "recipients", sids)

    def exclude(self, digest: str, sids: Sequence[int]) -> None:
        """Leave members of its audiences out of a digest; once it is frozen, this changes nothing."""
        self._single_out(digest, "excluded", sids)

    def _single_out(self, digest: str, part: str, sids: Sequence[int]) -> None:
        key = self._keys("digest", digest)
        for start in range(0, len(sids), CHUNK):
            self._server.run("digest/single_out", [key, f"{key}:{part}"], list(sids[start : start + CHUNK]))

    def gather(
        self, correction: str, source: str, k: int, instead: bool, under_way: Sequence[int] = ()
    ) -> int:
        """Add those who got batch k of `source`, or may have, to the correction. How many are waited for.

        `instead`: also those who were about to get it when the correction took its place. `under_way`: not
        yet these; they are waited for.
        """
        target, origin = self._keys("digest", correction), self._keys("digest", source)
        keys = [f"{target}:gathered", f"{target}:recipients", target, f"{origin}:batch:{k}", origin]
        keys += [f"{origin}:notes", self._keys("merged")]
        return int(self._server.run("digest/gather_recipients", keys, [int(instead), *under_way]))

    def not_in_batches(self, digest: str) -> Iterator[list[int]]:
        """Who a digest is owed to and is not in a batch yet, some thousands at a time.

        Somebody may be named twice, or be in a batch by the time they are named.
        """
        return self._server.sids(self._keys("digest", digest, "recipients"), CHUNK)

    def expected(self, digest: str) -> int:
        """How many people are to be put into batches; before the freeze, at most how many."""
        keys = self._keys
        with translated():
            frozen = self._server.client.hexists(keys("digest", digest), "at")
            aids = [] if frozen else self._server.client.smembers(keys("digest", digest, "audiences"))
            with self._server.client.pipeline(transaction=False) as pipe:
                pipe.scard(keys("digest", digest, "recipients"))
                for aid in aids:
                    pipe.scard(keys("audience", aid.decode(), "members"))
                return sum(map(int, pipe.execute()))

    def gathered_among(self, correction: str, aid: str) -> list[int]:
        """Members of an audience whom a correction was sent to."""
        with translated():
            rows = self._server.client.sinter(
                self._keys("digest", correction, "gathered"), self._keys("audience", aid, "members")
            )
        return sorted(int(row) for row in rows)
