"""The same story again: what reads like an update of late, and has no id, would be news to everybody."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from alerts.errors import Conflict
from alerts.model import Draft, Revision
from alerts.operations.instants import utc_text
from alerts.rules.same_story import same_story
from alerts.services import Services

#: How far back is looked, in hours; and at how many updates at most, the latest ones.
LOOKED_BACK_H, LOOKED_AT_MOST = 72, 2_000
_HOUR_MS = 3_600_000


class StoryAnswer(StrEnum):
    """What a draft is that reads like an update of late."""

    REVISION = "revision"  #: the next revision of that one
    NEWS = "news"  #: a story of its own
    NOBODY_SAYS = ""


@dataclass(frozen=True, slots=True)
class Story:
    """An update of late that a draft reads like."""

    revision: Revision  #: the latest of it, held or accepted

    @property
    def since(self) -> str:
        """Since when it is known: `published 2022-03-28T17:00:00Z`, or `held`."""
        at = utc_text(self.revision.accepted_ms)
        return f"published {at}" if at else "held"

    @property
    def said(self) -> str:
        return f"It reads like {self.revision.ref} ({self.since}): “{self.revision.draft.headline}”."


def recent_story(services: Services, draft: Draft) -> Story | None:
    """The latest update about a region of the draft, and not over, whose headline reads like its own."""
    tree = services.tree
    related = tree.related(code for code in draft.regions if code in tree) | frozenset(draft.regions)
    for revision in _recent(services):
        other = revision.draft
        if revision.update == draft.id or revision.kind.ends or other.status is not draft.status:
            continue
        if not related.isdisjoint(other.regions) and same_story(draft.headline, other.headline):
            return Story(revision)
    return None


def named(services: Services, draft: Draft, ask: Callable[[Story], StoryAnswer]) -> str:
    """The id to publish a draft under that was given none: its own, or that of the story it goes on with.

    Raises Conflict where nobody says which.
    """
    story = recent_story(services, draft)
    if story is None:
        return draft.id
    answer = ask(story)
    if answer is StoryAnswer.NOBODY_SAYS:
        next_one = f"If it is the next revision of that, give --id {story.revision.update}"
        raise Conflict(story.said, f"{next_one}; if it is news, give --new.")
    return story.revision.update if answer is StoryAnswer.REVISION else draft.id


def _recent(services: Services) -> Iterator[Revision]:
    """The standing revisions of what was published or revised of late, the latest first."""
    now_ms = services.server.now_ms()
    start_ms = now_ms - LOOKED_BACK_H * _HOUR_MS
    begun = services.updates.begun_since(start_ms, LOOKED_AT_MOST)
    revised = services.updates.revised_since(start_ms, LOOKED_AT_MOST)
    for history in services.updates.each(dict.fromkeys((*begun, *revised))):
        if history.standing is not None:
            yield history.standing
