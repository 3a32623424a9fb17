"""A subscription in words, in its reader's language: what of, how severe, when. Pure."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from alerts.locales import ENGLISH, Locale
from alerts.model import Cadence, Filter, Rhythm, Severity, Subscription
from alerts.regions import Tree
from alerts.texts import Worded

#: A sentence lists this many words; the rest are counted.
LISTED = 6


class Naming(Protocol):
    """What names a region in a language: `Tree.name`, `Tree.located`."""

    def __call__(self, code: str, locale: Locale = ENGLISH, /) -> str: ...


def describe(subscription: Subscription, place: Naming, locale: Locale = ENGLISH) -> str:
    """A subscription in words: `Ukraine, Poland · conflict or negotiations · not sport · daily 08:00`."""
    parts = [
        describe_filter(subscription.filter, place, locale),
        cadence_words(subscription.cadence, locale),
    ]
    if subscription.quiet:
        start, end = map(locale.clock_time, (subscription.quiet.start, subscription.quiet.end))
        parts.append(locale.gettext("quiet %(start)s-%(end)s", start=start, end=end))
    if subscription.bypass:
        parts.append(
            locale.gettext("at once from %(severity)s", severity=severity_word(subscription.bypass, locale))
        )
    if subscription.cap is not None:
        parts.append(locale.ngettext("at most %(num)s a day", "at most %(num)s a day", subscription.cap))
    if subscription.all_quiet:
        parts.append(locale.gettext("says so when all is quiet"))
    return " · ".join(parts)


def describe_filter(wanted: Filter, place: Naming, locale: Locale = ENGLISH) -> str:
    """A filter in words: `Ukraine, Poland · conflict or negotiations · not sport`."""
    parts = [any_of((place(code, locale) for code in wanted.regions), locale)]
    if wanted.any_tags:
        parts.append(any_of(wanted.any_tags, locale))
    if wanted.all_tags:
        parts.append(all_of(wanted.all_tags, locale))
    if wanted.none_tags:
        parts.append(locale.gettext("not %(tags)s", tags=any_of(wanted.none_tags, locale)))
    if wanted.min_severity is Severity.EXTREME:
        parts.append(locale.gettext("extreme only"))
    elif wanted.min_severity is not Severity.MINOR:
        least = severity_word(wanted.min_severity, locale)
        parts.append(locale.gettext("%(severity)s or worse", severity=least))
    return " · ".join(parts)


def cadence_words(cadence: Cadence, locale: Locale) -> str:
    """When somebody is served: `daily 08:00`, `weekly mon,thu 09:00`; in English as it is written."""
    time = locale.clock_time(cadence.minute)
    match cadence.rhythm:
        case Rhythm.IMMEDIATE:
            return locale.pgettext("rhythm", "immediate")
        case Rhythm.HOURLY:
            return locale.pgettext("rhythm", "hourly")
        case Rhythm.DAILY:
            return locale.pgettext("rhythm", "daily %(time)s", time=time)
        case Rhythm.WEEKLY:
            days = locale.weekdays(cadence.days)
            return locale.pgettext("rhythm", "weekly %(days)s %(time)s", days=days, time=time)


def severity_word(severity: Severity, locale: Locale) -> str:
    """How severe a situation is, within a sentence."""
    match severity:
        case Severity.EXTREME:
            return locale.pgettext("severity", "extreme")
        case Severity.SEVERE:
            return locale.pgettext("severity", "severe")
        case Severity.MODERATE:
            return locale.pgettext("severity", "moderate")
        case Severity.MINOR:
            return locale.pgettext("severity", "minor")
        case Severity.UNKNOWN:
            return locale.pgettext("severity", "unknown")


def worded(subscription: Subscription, place: Naming) -> Worded:
    """A subscription as it stands in a text that is said later."""
    return Worded(describe(subscription, place), lambda locale: describe(subscription, place, locale))


def worded_cadence(cadence: Cadence) -> Worded:
    """When somebody is served, within a text that is said later."""
    return Worded(str(cadence), lambda locale: cadence_words(cadence, locale))


def worded_severity(severity: Severity) -> Worded:
    """How severe a situation is, within a text that is said later."""
    return Worded(str(severity), lambda locale: severity_word(severity, locale))


def worded_regions(codes: Sequence[str], place: Naming, last: str) -> Worded:
    """The first few of these regions, within a text that is said later; `last` is `and` or `or`."""
    listed = all_of if last == "and" else any_of
    return Worded(
        listed(map(place, codes)),
        lambda locale: listed([place(code, locale) for code in codes], locale),
    )


def worded_tags(tags: Sequence[str], last: str) -> Worded:
    """The first few of these tags, within a text that is said later; `last` is `and` or `or`."""
    listed = all_of if last == "and" else any_of
    return Worded(listed(tags), lambda locale: listed(tags, locale))


def naming(tree: Tree) -> Naming:
    """Names regions for people; one that has left the tree since is called by its code."""
    return lambda code, locale=ENGLISH, /: tree.name(code, locale) if code in tree else code


def all_of(words: Iterable[str], locale: Locale = ENGLISH) -> str:
    """`a, b and c`, the first few of many."""
    return locale.all_of(_some(words, locale))


def any_of(words: Iterable[str], locale: Locale = ENGLISH) -> str:
    """`a, b or c`, the first few of many."""
    return locale.any_of(_some(words, locale))


def _some(words: Iterable[str], locale: Locale) -> list[str]:
    every = list(words)
    rest = len(every) - LISTED
    if rest <= 0:
        return every
    return [*every[:LISTED], locale.ngettext("%(num)s more", "%(num)s more", rest)]
