"""Which language a reader is spoken to in."""

from functools import lru_cache

from alerts import locales
from alerts.languages import closest
from alerts.locales.locale import ENGLISH, Locale

#: The languages that there are catalogs of, beside English.
CATALOGS = ("ar", "es", "fr", "uk")


@lru_cache(maxsize=256)
def catalog_for(tag: str) -> str:
    """The language of ours that serves a reader of a tag (BCP 47); empty where none does."""
    return closest(tag, (ENGLISH.tag, *CATALOGS))


@lru_cache(maxsize=256)
def locale_for(*tags: str) -> Locale:
    """The first of these languages that we speak; English if it is none of them.

    The first of them is what its reader reads, whether we speak it or not. A variety is spoken to as the
    language is, with its own digits and names of months: `ar-EG`.
    """
    spoken = ENGLISH
    for tag in tags:
        language = catalog_for(tag)
        if language:
            spoken = ENGLISH if language == ENGLISH.tag else locales.variety(tag, language)
            break
    return spoken.for_reader(next(filter(None, tags), spoken.tag))
