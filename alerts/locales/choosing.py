"""Which language a reader is spoken to in."""

from functools import lru_cache

from alerts import locales
from alerts.languages import closest
from alerts.locales.locale import ENGLISH, Locale

#: The languages that there are catalogs of, beside English.
CATALOGS = ("ar", "es", "fr", "uk")


@lru_cache(maxsize=256)
def locale_for(*tags: str) -> Locale:
    """The first of these languages (BCP 47) that we speak; English if it is none of them.

    The first of them is what its reader reads, whether we speak it or not. A variety is spoken to as the
    language is, with its own digits and names of months: `ar-EG`.
    """
    reads = next(filter(None, tags), ENGLISH.tag)
    for tag in tags:
        language = closest(tag, (ENGLISH.tag, *CATALOGS))
        if language == ENGLISH.tag:
            break
        if language:
            return locales.TranslatedLocale(tag, language, reads)
    return english_for(reads)


@lru_cache(maxsize=256)
def english_for(reads: str) -> Locale:
    """English around what is told to a reader of another language, for what is said in no other."""
    return ENGLISH if reads == ENGLISH.tag else Locale(reads)
