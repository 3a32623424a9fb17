"""What an update says in the language of its reader: what of it is in another one, and what has changed."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from alerts.locales import Locale
from alerts.rendering.changes import Changes, compare, same_words
from alerts.rendering.directions import direction_of
from alerts.rules.translations import Edition


def changes_between(
    before: Edition, now: Edition, place: Callable[[str], str], clock: str, locale: Locale
) -> Changes:
    """Find what changed between what a reader was told and is told now, by the words that they read.

    Where those are not in the same languages, only what their author has changed of it can be said, and that
    the language is another one: sentences of two languages are never the same.
    """
    if before.languages == now.languages:
        return compare(before.draft, now.draft, place, clock, locale)
    draft = now.draft
    untold = replace(before.draft, headline=draft.headline, key_points=draft.key_points, body=draft.body)
    found = compare(untold, draft, place, clock, locale)
    said = list(found.said)
    if not same_words(before.original, now.original):
        said.append(locale.gettext("Text revised"))
    if before.headline != now.headline:
        name = locale.language(before.headline) if before.headline else ""
        said.append(
            locale.gettext("Language before: %(language)s", language=name)
            if name
            else locale.gettext("Language before: not stated")
        )
    return replace(found, said=tuple(said), beside=tuple(said))


@dataclass(frozen=True, slots=True)
class HeadlineView:
    """A headline in a list, in the words that its reader gets."""

    text: str
    language: str  #: empty: not known
    direction: str
    foreign: str  #: `in Ukrainian`, where its reader does not read that; else empty


def shown_headline(text: str, language: str, locale: Locale) -> HeadlineView:
    """Show a headline that is in a language; empty where that is not known."""
    return HeadlineView(text, language, direction_of(language), _named(language, locale))


def foreign(told: Edition, locale: Locale) -> str:
    """In which language an update is, where its reader does not read that: `in Ukrainian`."""
    return _named(told.headline, locale)


def foreign_text(told: Edition, locale: Locale) -> str:
    """The same where only its headline is translated, or not all of what stands below it."""
    if foreign(told, locale):
        return ""
    others = (told.body, told.key_points, told.note)
    unread = next((tag for tag in others if tag != told.headline and _named(tag, locale)), "")
    return locale.gettext("text in %(language)s", language=locale.language(unread)) if unread else ""


def _named(tag: str, locale: Locale) -> str:
    if not tag or locale.reader_reads(tag):
        return ""
    return locale.gettext("in %(language)s", language=locale.language(tag))
