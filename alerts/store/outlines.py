"""Revisions without their texts: what it takes to know whom one is for, of many at once."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic_core import from_json

from alerts.model import Draft, Instant, Kind, Revision, Severity, Status, Translation
from alerts.regions import Tree
from alerts.rules.facts import Facts
from alerts.store.server import Server, translated

#: Outlines a process keeps at hand: some months of a busy desk, half a kilobyte each.
AT_HAND = 20_000


class Outlined(NamedTuple):
    """An accepted revision without its text, and what matching needs to know of it."""

    revision: Revision
    facts: Facts


class Outlines:
    """Accepted revisions without their texts, which `Updates` has: headlines, regions, tags, severity, kind.

    To read and to check all the fields of thousands of drafts takes longer than anybody waits at a page. What
    was accepted never changes, so a process that was asked before reads only what came since.
    """

    def __init__(self, server: Server, tree: Tree) -> None:
        self._server = server
        self._keys = server.keys
        self._tree = tree
        #: By update and number; numbers are kept as they come.
        self._known: dict[str, dict[int, Outlined]] = {}
        self._kept = 0

    def stories(self, updates: Mapping[str, int]) -> list[list[Outlined]]:
        """Of each update its accepted revisions up to a number, in their order."""
        missing = {
            update: numbers
            for update, last in updates.items()
            if (numbers := self._missing(self._known.get(update, {}), last))
        }
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for update, numbers in missing.items():
                pipe.hmget(self._keys("update", update), [f"{kind}:{n}" for n in numbers for kind in "ra"])
            rows = pipe.execute()
        found = {}
        for (update, numbers), row in zip(missing.items(), rows, strict=True):
            found[update] = dict(self._known.get(update, {}))
            for n, draft, accepted in zip(numbers, row[::2], row[1::2], strict=True):
                if draft and accepted:
                    found[update][n] = self._outlined(update, n, from_json(draft), int(accepted))
        stories = [
            [known[n] for n in range(1, last + 1) if n in known]
            for update, last in updates.items()
            if (known := found.get(update) or self._known.get(update, {}))
        ]
        self._keep(found)
        return stories

    def _keep(self, found: dict[str, dict[int, Outlined]]) -> None:
        """Remember them for the next time; all is forgotten once it is too much."""
        self._kept += sum(map(len, found.values()))
        if self._kept > AT_HAND:
            self._known, self._kept = {}, 0
        self._known = self._known | found

    @staticmethod
    def _missing(known: Mapping[int, Outlined], last: int) -> list[int]:
        return [n for n in range(1, last + 1) if n not in known]

    def _outlined(self, update: str, number: int, draft: Mapping[str, Any], accepted_ms: Instant) -> Outlined:
        revision = Revision(update, number, _outline(update, draft), accepted_ms)
        return Outlined(revision, Facts.of(revision, self._tree))


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
