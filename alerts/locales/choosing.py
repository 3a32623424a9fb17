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

    A variety is spoken to as the language is, with its own digits and names of months: `ar-EG`.
    """
    for tag in tags:
        language = catalog_for(tag)
        if language == ENGLISH.tag:
            return ENGLISH
        if language:
            return locales.variety(tag, language)
    return ENGLISH
