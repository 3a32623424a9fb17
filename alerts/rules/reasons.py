"""Why an audience gets a digest: for which of its subscriptions, and in a sentence for its people. Pure."""

from collections.abc import Iterable
from itertools import accumulate

from alerts.locales import ENGLISH, Locale
from alerts.model import Audience, Revision
from alerts.regions import Tree
from alerts.rules.decisions import passes_as_unknown, wants
from alerts.rules.describing import LISTED, describe, naming
from alerts.rules.facts import Facts

#: This many characters of reasons are listed: Slack takes 3,000 in one text, and nobody reads them.
REASONS_MAX = 1_000


def reasons(
    audience: Audience,
    revisions: Iterable[Revision],
    tree: Tree,
    all_quiet: bool = False,
    locale: Locale = ENGLISH,
) -> str:
    """Why an audience is told these revisions, or that all is quiet, in a sentence for the people in it."""
    seen = [Facts.of(revision, tree) for revision in revisions]
    matched = [audience.subscriptions[place] for place in _wanting(audience, seen, all_quiet)]
    if not matched:
        return locale.gettext("You were told about this situation before, and it has changed.")
    listed = _few([describe(s, naming(tree), locale) for s in matched], locale)
    why = locale.gettext("You get this because you subscribe to: %(subscriptions)s.", subscriptions=listed)
    unrated = not all_quiet and any(passes_as_unknown(audience, facts) for facts in seen)
    return f"{why} {unrated_reason(locale)}" if unrated else why


def unrated_reason(locale: Locale = ENGLISH) -> str:
    """Why somebody gets what does not say that it is as severe as they ask for."""
    return locale.gettext("Updates of unknown severity are sent whatever severity you ask for.")


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


def _few(reasons_given: list[str], locale: Locale) -> str:
    """The first few of them, and how many more."""
    sizes = accumulate(len(reason) for reason in reasons_given[:LISTED])
    shown = max(1, sum(size <= REASONS_MAX for size in sizes))
    more = len(reasons_given) - shown
    listed = locale.pgettext("between subscriptions", "; ").join(reasons_given[:shown])
    if not more:
        return listed
    return locale.ngettext(
        "%(listed)s; and %(num)s more", "%(listed)s; and %(num)s more", more, listed=listed
    )
