from .choosing import CATALOGS, english_for, locale_for
from .language_names import language_name
from .locale import ENGLISH, Locale
from .translated import TranslatedLocale

__all__ = ["CATALOGS", "ENGLISH", "Locale", "TranslatedLocale", "english_for", "language_name", "locale_for"]
