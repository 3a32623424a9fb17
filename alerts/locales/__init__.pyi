from .choosing import CATALOGS, locale_for
from .language_names import language_name
from .locale import ENGLISH, Locale
from .translated import TranslatedLocale

__all__ = ["CATALOGS", "ENGLISH", "Locale", "TranslatedLocale", "language_name", "locale_for"]
