from .choosing import CATALOGS, SPOKEN, catalog_for, locale_for
from .language_names import language_name
from .locale import ENGLISH, Locale
from .translated import TranslatedLocale, variety

__all__ = [
    "CATALOGS",
    "ENGLISH",
    "SPOKEN",
    "Locale",
    "TranslatedLocale",
    "catalog_for",
    "language_name",
    "locale_for",
    "variety",
]
