from .choosing import CATALOGS, catalog_for, locale_for
from .locale import ENGLISH, Locale
from .translated import TranslatedLocale, variety

__all__ = ["CATALOGS", "ENGLISH", "Locale", "TranslatedLocale", "catalog_for", "locale_for", "variety"]
