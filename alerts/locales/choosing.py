"""Which language a reader is spoken to in."""

from functools import lru_cache

from alerts import languages, locales
from alerts.locales.locale import ENGLISH, Locale

#: The languages that there are catalogs of, beside English.
CATALOGS = ("ar", "es", "fr", "uk")
#: Those in which we speak to readers.
SPOKEN = (ENGLISH.tag, *CATALOGS)


@lru_cache(maxsize=256)
def catalog_for(tag: str) -> str:
    """The language of ours that serves a reader of a tag (BCP 47); empty where none does."""
    return languages.closest(tag, SPOKEN)


@lru_cache(maxsize=256)
def locale_for(*tags: str) -> Locale:
    """The first of these languages that we speak; English if it is none of them.

    The first of them is what its reader reads, whether we speak it or not. A variety is spoken to as the
    language is, with its own digits and names of months: `ar-EG`.
    """
    reads = next(filter(None, tags), ENGLISH.tag)
    for tag in tags:
        language = catalog_for(tag)
        if language == ENGLISH.tag:
            break
        if language:
            return locales.variety(tag, language, reads)
    return _english(reads)


@lru_cache(maxsize=256)
def _english(reads: str) -> Locale:
    """English around what is told to a reader of a language that we do not speak."""
    return ENGLISH if reads == ENGLISH.tag else Locale(reads)
