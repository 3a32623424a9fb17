"""Drafts that wait for an operator, by their ids."""

import json
from dataclasses import dataclass

from alerts.errors import NotFound
from alerts.model import Instant, KnownItem, Step, WaitingDraft, Work
from alerts.store.feeds import item_json
from alerts.store.server import Server, translated

_DAY_MS = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class DraftOrigin:
    """The item of a feed that a draft came of, and what is to be kept of it."""

    feed: str
    key: str
    item: KnownItem


class Drafts:
    """What waits for an operator to publish or discard it.

    Keys: `drafts`, ids by when each came; `draft:{id}`, the draft and its document.

    - An id has one draft: a later one takes the place of the earlier.
    - Its end is an entry of the due set, which is also when operators are notified, a day before.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._keys = server.keys

    def keep(self, draft: WaitingDraft, origin: DraftOrigin | None = None) -> bool:
        """Have a draft wait. False where what became of its item is known already: it waits, or did."""
        feed = origin.feed if origin else ""
        return bool(
            self._server.run(
                "drafts/keep_draft",
                [
                    *(self._keys("draft", draft.id), self._keys("drafts"), self._keys("due")),
                    *(self._keys("feed", feed), self._keys("feed", feed, "items")),
                ],
                [
                    *(draft.id, draft_json(draft), draft.document, draft.came_ms),
                    *(look_ms(draft), str(end_work(draft.id))),
                    *((origin.key, item_json(origin.item)) if origin else ("", "")),
                ],
            )
        )

    def all(self) -> list[WaitingDraft]:
        """Every draft, the one that has waited longest first."""
        with translated():
            ids = self._server.client.zrange(self._keys("drafts"), 0, -1)
            with self._server.client.pipeline(transaction=False) as pipe:
                for draft in ids:
                    pipe.hmget(self._keys("draft", draft.decode()), "draft", "document")
                rows = pipe.execute()
        return [_read(*row) for row in rows if row[0]]

    def get(self, id: str) -> WaitingDraft:  # noqa: A002 - the interface's word
        """A draft. Raises NotFound."""
        with translated():
            row = self._server.client.hmget(self._keys("draft", id), "draft", "document")
        if not row[0]:
            raise NotFound(f"There is no draft “{id[:64]}”.", "See `alerts drafts list`.")
        return _read(*row)

    def count(self) -> int:
        with translated():
            return int(self._server.client.zcard(self._keys("drafts")))

    def end(self, draft: WaitingDraft) -> bool:
        """Take a draft away. False: it was gone before, or another has taken its place."""
        return bool(
            self._server.run(
                "drafts/end_draft",
                [self._keys("draft", draft.id), self._keys("drafts"), self._keys("due")],
                [draft.id, draft_json(draft), str(end_work(draft.id))],
            )
        )


def end_work(id: str) -> Work:  # noqa: A002 - the interface's word
    """The entry that owes a draft's end."""
    return Work(Step.END_DRAFT, id)


def look_ms(draft: WaitingDraft) -> Instant:
    """When operators are notified that a draft ends: a day before, or once half of a short life is over."""
    return draft.until_ms - min(_DAY_MS, (draft.until_ms - draft.came_ms) // 2)


def draft_json(draft: WaitingDraft) -> str:
    """A draft as it is kept, beside its document."""
    return json.dumps(draft.to_dict(), ensure_ascii=False)


def _read(draft: bytes, document: bytes) -> WaitingDraft:
    return WaitingDraft.from_dict(json.loads(draft), document)
