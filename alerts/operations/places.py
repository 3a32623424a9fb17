"""Words for regions, looked up to be shown; and the regions a text speaks of where it names none."""

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.errors import UnknownRegion
from alerts.ingest import Reading
from alerts.regions import Suggestion, Tree, suggest

#: Suggested regions are accepted if a text speaks of them this often, and at most that many of them: what is
#: mentioned once is rarely what a text is about.
MENTIONS_LEAST, ACCEPTED_MOST = 2, 5


@dataclass(frozen=True, slots=True)
class Place:
    """What a word for a region was taken for; where it was for none, `code` is empty and `label` says why."""

    text: str
    code: str
    label: str


def places(regions: Sequence[str], tree: Tree) -> list[Place]:
    """Look regions up to be shown: a name that was taken for another place is seen before anybody is told."""
    return [_place(text, tree) for text in regions]


def _place(text: str, tree: Tree) -> Place:
    try:
        code = tree.find(text)
    except UnknownRegion as fault:
        return Place(text, "", f"{fault.sentence} {fault.hint}")
    return Place(text, code, tree.label(code))


def suggestions(reading: Reading, tree: Tree) -> list[Suggestion]:
    """The regions a text speaks of, the likeliest first; none if it names its regions itself."""
    draft = reading.said
    if draft.regions:
        return []
    return suggest("\n".join((draft.headline, *draft.key_points, draft.body)), tree)


def likely(suggested: Sequence[Suggestion]) -> list[Suggestion]:
    """The suggestions that `accept_suggestions` takes: up to five named twice or more, else the first."""
    often = [s for s in suggested if s.count >= MENTIONS_LEAST]
    return often[:ACCEPTED_MOST] or list(suggested[:1])


def listed(suggested: Sequence[Suggestion]) -> str:
    """`UA ×9, RU ×8, TR ×2`."""
    return ", ".join(f"{s.code} ×{s.count}" for s in suggested)
