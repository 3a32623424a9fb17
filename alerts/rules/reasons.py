"""Why an audience gets a digest: for which of its subscriptions, and in a sentence for its people. Pure."""

from collections.abc import Iterable
from itertools import accumulate

from alerts.model import Audience, Revision
from alerts.regions import Tree
from alerts.rules.decisions import LISTED, describe, naming, passes_as_unknown, wants
from alerts.rules.facts import Facts

#: Why somebody gets what does not say that it is as severe as they ask for.
UNRATED = "What is of unknown severity is sent whatever severity is asked for."
#: This many characters of reasons are listed: Slack takes 3,000 in one text, and nobody reads them.
REASONS_MAX = 1_000


def reasons(audience: Audience, revisions: Iterable[Revision], tree: Tree, all_quiet: bool = False) -> str:
    """Why an audience is told these revisions, or that all is quiet, in a sentence for the people in it."""
    seen = [Facts.of(revision, tree) for revision in revisions]
    matched = [audience.subscriptions[place] for place in _wanting(audience, seen, all_quiet)]
    if not matched:
        return "You were told about this situation before, and it has changed."
    why = f"You get this because you subscribe to: {_few([describe(s, naming(tree)) for s in matched])}."
    unrated = not all_quiet and any(passes_as_unknown(audience, facts) for facts in seen)
    return f"{why} {UNRATED}" if unrated else why


def wanting(
    audience: Audience, revisions: Iterable[Revision], tree: Tree, all_quiet: bool = False
) -> tuple[int, ...]:
    """The places of the subscriptions for which an audience is told these revisions, or that all is quiet.

    None: they were told before, and it has changed.
    """
    return _wanting(audience, [Facts.of(revision, tree) for revision in revisions], all_quiet)


def _wanting(audience: Audience, seen: list[Facts], all_quiet: bool) -> tuple[int, ...]:
    return tuple(
        place
        for place, s in enumerate(audience.subscriptions)
        if (s.all_quiet if all_quiet else any(wants(s.filter, facts) for facts in seen))
    )


def _few(reasons_given: list[str]) -> str:
    """The first few of them, and how many more."""
    sizes = accumulate(len(reason) for reason in reasons_given[:LISTED])
    shown = max(1, sum(size <= REASONS_MAX for size in sizes))
    more = len(reasons_given) - shown
    return "; ".join(reasons_given[:shown]) + (f"; and {more} more" if more else "")
