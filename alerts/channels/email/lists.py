"""Which of their subscriptions a mail is for, as its reader sees it: the names, the link, the List-Id."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from alerts.channels.email.headers import list_value
from alerts.links import LISTS_MAX, list_key
from alerts.locales import Locale
from alerts.rendering.cleaning import one_line, shortened
from alerts.rendering.words import and_more, quoted

#: Names that are written out, and characters of each: a footer is no list of lists.
_NAMED, _NAME_MAX = 3, 60
#: A name that its own words can stand for in an identifier (RFC 2919 §3), and how long they may be.
_WORDS, _WORDS_MAX = re.compile(r"[a-z0-9]+(?:[ -][a-z0-9]+)*"), 60


@lru_cache(maxsize=10_000)
def keys(names: tuple[str, ...]) -> tuple[str, ...]:
    """What a link names them by."""
    return tuple(map(list_key, names[:LISTS_MAX]))


@lru_cache(maxsize=10_000)
def offer(names: tuple[str, ...], locale: Locale) -> str:
    """What the link to leave them says: `Leave “Ukraine” or “My way home”`."""
    named = [quoted(shortened(one_line(name), _NAME_MAX), locale) for name in names[:_NAMED] if name]
    if not named:
        return locale.gettext("Leave this list")
    more = len(names) - len(named)
    listed = [*named, and_more(more, locale)] if more else named
    return locale.gettext("Leave %(lists)s", lists=locale.any_of(listed))


@lru_cache(maxsize=10_000)
def list_id(public_url: str, domain: str, names: tuple[str, ...]) -> str:
    """What follows `List-Id: `: the subscription's own where a mail is for one that has a name.

    Each ends with the identifier of the installation, which all others have.
    """
    whole = f"situation-updates.{urlsplit(public_url).hostname or domain}"
    if len(names) != 1 or not names[0]:
        return list_value("", whole)
    words = names[0].casefold()
    plain = len(words) <= _WORDS_MAX and _WORDS.fullmatch(words)
    return list_value(names[0], f"{words.replace(' ', '-') if plain else list_key(names[0])}.{whole}")
