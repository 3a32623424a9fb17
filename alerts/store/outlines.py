"""Revisions without their texts: what it takes to know whom one is for, of many at once."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from operator import attrgetter
from typing import Any, NamedTuple

from pydantic_core import from_json

from alerts.model import Draft, Instant, Kind, Ref, Revision, Severity, Status, Translation
from alerts.regions import Tree
from alerts.rules.facts import Facts, Stretches
from alerts.store.server import Server, translated

#: Revisions a process keeps at hand: some months of a busy desk, a kilobyte each.
AT_HAND = 20_000
#: Updates that are read in one round trip.
CHUNK = 200


class Outlined(NamedTuple):
    """An accepted revision without its text, and what matching needs to know of it."""

    revision: Revision
    facts: Facts


#: The accepted revisions of one update, in their order.
OutlinedStory = tuple[Outlined, ...]


class _ReadLog(NamedTuple):
    """What has been read of the log: every update in it, whole.

    `until_ms`: when the last of it was accepted. More may come at that very instant, and nothing before.
    """

    from_ms: Instant
    until_ms: Instant
    revisions: int  #: how many were accepted before the last instant
    last: frozenset[Ref]  #: and which at that instant
    stories: Mapping[str, OutlinedStory]
    log: Stretches


class Outlines:
    """Accepted revisions without their texts, which `Updates` has: headlines, regions, tags, severity, kind.

    To read and to check all the fields of thousands of drafts takes longer than anybody waits at a page. The
    log only grows at its end, so a process that was asked before reads only what came since. That it is the
    same log is known by how much is in it, and by what was last and when: of a server that was emptied or
    restored, all is read anew.
    """

    def __init__(self, server: Server, tree: Tree, at_hand: int = AT_HAND) -> None:
        self._server = server
        self._keys = server.keys
        self._tree = tree
        self._at_hand = at_hand
        #: Replaced, never changed: several threads read and extend it.
        self._read: _ReadLog | None = None

    def stories(self, start_ms: Instant, end_ms: Instant) -> list[OutlinedStory]:
        """Of every update that was revised in `[start, end)` what was accepted before the end of that."""
        read = self._extended(start_ms, end_ms)
        found = (_revised_in(story, start_ms, end_ms) for story in read.stories.values())
        return [story for story in found if story]

    def log(self, start_ms: Instant, end_ms: Instant) -> Stretches:
        """Facts of what was accepted in `[start, end)`, and of what else was read before and after it."""
        read = self._extended(start_ms, end_ms)
        return read.log._replace(until_ms=max(end_ms, read.until_ms))

    def _extended(self, start_ms: Instant, end_ms: Instant) -> _ReadLog:
        """What was read, with what came since and what was before; all of it, where it is of another log."""
        nothing = _ReadLog(start_ms, start_ms, 0, frozenset(), {}, Stretches.of((), start_ms, start_ms))
        read = self._read or nothing
        revisions, before, since = self._beside(read, start_ms, end_ms)
        if revisions != read.revisions or any(since.get(ref) != read.until_ms for ref in read.last):
            read = nothing
            _, before, since = self._beside(read, start_ms, end_ms)
        until_ms = max(since.values(), default=read.until_ms)
        last = frozenset(ref for ref, at_ms in since.items() if at_ms == until_ms)
        revisions = read.revisions + len(before) + len(since) - len(last)
        latest: dict[str, int] = {}
        for ref in (*before, *since):  # those of one instant by their letters: `u.r10` is before `u.r9`
            latest[ref.update] = max(ref.number, latest.get(ref.update, 0))
        if before or last != read.last:
            added = self._stories(latest, read.stories)
            stories, from_ms = {**read.stories, **added}, min(start_ms, read.from_ms)
            fresh = (one for u, story in added.items() for one in story[len(read.stories.get(u, ())) :])
            log = _log(stories, from_ms, until_ms) if before else _gone_on(read.log, fresh, until_ms)
            read = _ReadLog(from_ms, until_ms, revisions, last, stories, log)
        kept = read if read.revisions <= self._at_hand else _cut(read, start_ms)
        self._read = kept if kept.revisions <= self._at_hand else None
        return read

    def _beside(
        self, read: _ReadLog, start_ms: Instant, end_ms: Instant
    ) -> tuple[int, list[Ref], dict[Ref, Instant]]:
        """How many revisions there are before the last that was read; those before all; and from it on."""
        log, end_ms = self._keys("log"), max(end_ms, read.until_ms + 1)
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            pipe.zcount(log, read.from_ms, f"({read.until_ms}")
            pipe.zrange(log, min(start_ms, read.from_ms), f"({read.from_ms}", byscore=True)
            pipe.zrange(log, read.until_ms, f"({end_ms}", byscore=True, withscores=True)
            revisions, before, since = pipe.execute()
        refs = [Ref(row.decode()) for row in before]
        return revisions, refs, {Ref(row.decode()): int(at_ms) for row, at_ms in since}

    def _stories(
        self, latest: Mapping[str, int], known: Mapping[str, OutlinedStory]
    ) -> dict[str, OutlinedStory]:
        """Of these updates, up to a number, those of which something is not known.

        What was not accepted before the last of an update never will be.
        """
        wanted = ((update, _after(known.get(update, ()), last)) for update, last in latest.items())
        missing = ((update, numbers) for update, numbers in wanted if numbers)
        found = {}
        while numbers := dict(islice(missing, CHUNK)):
            with translated(), self._server.client.pipeline(transaction=False) as pipe:
                for update, some in numbers.items():
                    pipe.hmget(self._keys("update", update), [f"{kind}:{n}" for n in some for kind in "ra"])
                rows = pipe.execute()
            for (update, some), row in zip(numbers.items(), rows, strict=True):
                read = zip(some, row[::2], row[1::2], strict=True)
                added = (self._outlined(update, n, r, int(a)) for n, r, a in read if r and a)
                if story := (*known.get(update, ()), *added):
                    found[update] = story
        return found

    def _outlined(self, update: str, number: int, draft: bytes, accepted_ms: Instant) -> Outlined:
        revision = Revision(update, number, _outline(update, from_json(draft)), accepted_ms)
        return Outlined(revision, Facts.of(revision, self._tree))


def _after(known: Sequence[Outlined], last: int) -> range:
    return range(known[-1].revision.number + 1 if known else 1, last + 1)


def _revised_in(story: OutlinedStory, start_ms: Instant, end_ms: Instant) -> OutlinedStory:
    """What was accepted of it before the end of a stretch; nothing if none of it was within."""
    if story[-1].facts.accepted_ms >= end_ms:
        story = tuple(one for one in story if one.facts.accepted_ms < end_ms)
    return story if story and story[-1].facts.accepted_ms >= start_ms else ()


def _cut(read: _ReadLog, start_ms: Instant) -> _ReadLog:
    """The same from a later instant on; the last of it stays, by which it is known to be the same."""
    start_ms = min(start_ms, read.until_ms)
    stories = {u: s for u, s in read.stories.items() if s[-1].facts.accepted_ms >= start_ms}
    log = _log(stories, start_ms, read.until_ms)
    revisions = len(log.facts) - len(read.last)
    return _ReadLog(start_ms, read.until_ms, revisions, read.last, stories, log)


def _gone_on(log: Stretches, fresh: Iterable[Outlined], until_ms: Instant) -> Stretches:
    """The same log with what came since, of which nothing is earlier than any of it."""
    accepted = (one.facts for one in fresh if one.facts.accepted_ms >= log.from_ms)
    since = Stretches.of(sorted(accepted, key=attrgetter("accepted_ms")), log.from_ms, until_ms)
    return Stretches([*log.facts, *since.facts], [*log.ends, *since.ends], log.from_ms, until_ms)


def _log(stories: Mapping[str, OutlinedStory], from_ms: Instant, until_ms: Instant) -> Stretches:
    """What was accepted from an instant on, in order."""
    accepted = (one.facts for story in stories.values() for one in story if one.facts.accepted_ms >= from_ms)
    return Stretches.of(sorted(accepted, key=attrgetter("accepted_ms")), from_ms, until_ms)


def _outline(update: str, draft: Mapping[str, Any]) -> Draft:
    return Draft(
        draft["headline"],
        tuple(draft["regions"]),
        update,
        Kind(draft["kind"]) if draft["kind"] else None,
        tags=tuple(draft["tags"]),
        severity=Severity(draft["severity"]),
        status=Status(draft["status"]),
        language=draft.get("language", ""),
        translations=tuple(
            Translation(tag, words["headline"]) for tag, words in draft.get("translations", {}).items()
        ),
    )
