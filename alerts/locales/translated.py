"""A language other than English: its catalog (gettext), and what CLDR knows of it."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import cache, lru_cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import Literal
from unicodedata import bidirectional

import babel
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from alerts import locales
from alerts.locales.locale import Locale
from alerts.locales.spanish import joined
from alerts.locales.subdivisions import subdivisions

#: A file a language, as every program that translators use reads them.
CATALOGS_DIR = Path(__file__).parent / "catalogs"
_DIGITS = "0123456789"
_ARABIC_INDIC = str.maketrans(_DIGITS, "٠١٢٣٤٥٦٧٨٩")
#: The letters that Unicode has elsewhere than the alphabet does: each behind the one before it.
_UKRAINIAN = str.maketrans({"ґ": "г\uffff", "є": "е\uffff", "і": "и\uffff", "ї": "и\uffff\uffff"})


class TranslatedLocale(Locale):
    """One of the languages that there are catalogs of, or a variety of it."""

    label_capitals = False

    def __init__(self, cldr: babel.Locale, language: str, reads: str) -> None:
        """`language`: the one that there is a catalog of; `cldr`: which variety of it is spoken."""
        super().__init__(reads)
        self.tag = str(cldr).replace("_", "-")
        self._cldr = cldr
        self._language = language
        self.direction = self._cldr.text_direction
        self._catalog = _catalog(language)
        native = self._cldr.default_numbering_system == "arab"
        self._digits = _ARABIC_INDIC if native else {}

    def language(self, tag: str) -> str:
        return locales.language_name(tag, self._cldr.language)

    def found(self, context: str, one: str, many: str = "", num: int = 1) -> str:
        if many:
            if context:
                return self._catalog.npgettext(context, one, many, num)
            return self._catalog.ngettext(one, many, num)
        return self._catalog.pgettext(context, one) if context else self._catalog.gettext(one)

    def isolated(self, text: str) -> str:
        runs_left_to_right = any(bidirectional(sign) == "L" for sign in text)
        if self.direction == "rtl" and runs_left_to_right:
            return f"\u2068{text}\u2069"  # FIRST STRONG ISOLATE, POP DIRECTIONAL ISOLATE
        return text

    def number(self, number: int) -> str:
        return super().number(number).translate(self._digits)

    def time(self, moment: datetime) -> str:
        return super().time(moment).translate(self._digits)

    def clock_time(self, minute: int) -> str:
        return super().clock_time(minute).translate(self._digits)

    def weekdays(self, days: Sequence[int]) -> str:
        """In whole words: `понеділок, четвер`."""
        names = [self.weekday(date(1, 1, 1 + day)) for day in days]
        return self.found("between names", ", ").join(names)

    def full_day(self, day: date) -> str:
        return self._skeleton("yMMMMd", day)

    def day(self, day: date) -> str:
        return self._skeleton("MMMMd", day)

    def short_day(self, day: date) -> str:
        return self._skeleton("MMMd", day)

    def weekday(self, day: date) -> str:
        return format_date(day, "EEEE", locale=self._cldr)

    def short_weekday(self, day: date) -> str:
        return format_date(day, "EEE", locale=self._cldr)

    def region(self, code: str, name: str) -> str:
        """As CLDR calls it; a group as we do. What neither has a name for keeps its own."""
        named = self._cldr.territories.get(code) or subdivisions(self._language).get(code)
        return named or self.found("region", name)

    def in_alphabet(self, name: str) -> str:
        return name.casefold().translate(_UKRAINIAN) if self._language == "uk" else super().in_alphabet(name)

    def all_of(self, names: Sequence[str]) -> str:
        return self._listed_in_words(names, "standard")

    def any_of(self, names: Sequence[str]) -> str:
        return self._listed_in_words(names, "or")

    def _listed_in_words(self, names: Sequence[str], style: Literal["standard", "or"]) -> str:
        listed = format_list(names, style, self._cldr)
        return joined(listed, names[-1]) if names and self._cldr.language == "es" else listed

    def _skeleton(self, skeleton: str, day: date) -> str:
        moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - only its day is written
        return format_skeleton(skeleton, moment, locale=self._cldr).translate(self._digits)


def variety(tag: str, language: str, reads: str) -> TranslatedLocale:
    """Speak a variety of a language, as CLDR knows it: how many there can be does not depend on who asks."""
    cldr = language
    if tag.partition("-")[0].lower() == language:
        with suppress(ValueError, babel.UnknownLocaleError):
            cldr = str(babel.Locale.parse(tag, sep="-"))
    return _spoken(cldr, language, reads)


@lru_cache(maxsize=256)
def _spoken(cldr: str, language: str, reads: str) -> TranslatedLocale:
    return TranslatedLocale(babel.Locale.parse(cldr), language, reads)


@cache
def _catalog(language: str) -> GNUTranslations:
    with (CATALOGS_DIR / f"{language}.po").open("rb") as file:
        source = read_po(file, locale=language, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, source)
    compiled.seek(0)
    return GNUTranslations(compiled)
