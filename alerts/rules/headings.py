"""Under which region an update stands for an audience: one it asked for, else its author's first. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from alerts.model import Audience, Change, Draft, Entry, Ref, Revision, Status
from alerts.regions import Tree, country_of


def under_headings(
    entries: Sequence[Entry], audience: Audience, revisions: Mapping[Ref, Revision], tree: Tree
) -> tuple[Entry, ...]:
    """The entries of one digest, each with its heading where that is not its author's first region.

    Where it does, which is nearly always, nothing is noted: audiences with equal entries share one digest
    then. Nor is it of what no heading is shown for: an update alone, one in a line, an exercise.
    """
    if len(entries) < 2:
        return tuple(entries)
    return tuple(
        replace(entry, under=_differing(audience, revisions[entry.ref].draft, tree))
        if entry.change is not Change.TOLD and not entry.folded
        else entry
        for entry in entries
    )


def _differing(audience: Audience, draft: Draft, tree: Tree) -> str:
    if draft.status is not Status.ACTUAL:
        return ""
    found = heading(audience, draft, tree)
    return "" if found == country_of(draft.regions[0]) else found


def heading(audience: Audience, draft: Draft, tree: Tree) -> str:
    """The country of the first region its author named that the audience asked for, else of the very first.

    Whoever asks for a continent or a province reads of countries, too. What an author says of an area stands
    under the country that an audience asked for within it, if that is one; of several, under the area.
    """
    asked = dict.fromkeys(
        region for s in audience.subscriptions for region in s.filter.regions if region in tree
    )
    for named in draft.regions:
        related = tree.related([named]) if named in tree else frozenset()
        theirs = {country_of(region) for region in asked if region in related}
        if theirs:
            return (
                min(theirs) if _is_wide(named, tree) and _is_one_country(theirs, tree) else country_of(named)
            )
    return country_of(draft.regions[0])


def _is_one_country(regions: set[str], tree: Tree) -> bool:
    return len(regions) == 1 and not any(_is_wide(region, tree) for region in regions)


def _is_wide(region: str, tree: Tree) -> bool:
    """Whether countries lie in it."""
    return tree.region(region).kind not in ("country", "subdivision")
