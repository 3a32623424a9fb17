from .choosing import CATALOGS, locale_for
from .locale import ENGLISH, Locale
from .translated import TranslatedLocale

__all__ = ["CATALOGS", "ENGLISH", "Locale", "TranslatedLocale", "locale_for"]
