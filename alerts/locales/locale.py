"""English, the language that all is written in, and what any other must be able to say."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from unicodedata import combining, normalize

from alerts import languages, locales
from alerts.texts import Sayable, Text, TextValue, Worded, WordList


class Locale:
    """Says fixed texts and writes dates, numbers, lists and countries: in English, or as a subclass does.

    Texts are given as the source has them, literally, so that the catalogs can be made from them; each value
    has a named place in them. Safe to share between threads.
    """

    reads: str  #: what its reader reads, of whom only the fixed texts may be in another language
    tag = "en"  #: as BCP 47 writes it: for `lang` and `Content-Language`
    direction = "ltr"  #: which way it is written: `ltr` or `rtl`
    label_capitals = True  #: whether a word of ours behind a label has a capital: `Was Severe`

    def __init__(self, reads: str = "en") -> None:
        self.reads = reads

    def __reduce__(self) -> tuple[object, tuple[str, ...]]:
        """What is rendered in another process finds its own."""
        return locales.locale_for, (self.reads, self.tag)

    def reader_reads(self, tag: str) -> bool:
        """Whether a text in a language serves its reader."""
        return bool(languages.closest(self.reads, [tag]))

    def language(self, tag: str) -> str:
        """What a language is called: `Ukrainian`."""
        return locales.language_name(tag, self.tag)

    def gettext(self, text: str, /, **values: object) -> str:
        """Say a text, with its values in their places: `%(name)s`."""
        return self.found("", text) % self.written(values)

    def pgettext(self, context: str, text: str, /, **values: object) -> str:
        """Say a text that means several things: the context tells which."""
        return self.found(context, text) % self.written(values)

    def ngettext(self, one: str, many: str, num: int, /, **values: object) -> str:
        """Say what is counted; the number itself stands at `%(num)s`."""
        return self.found("", one, many, num) % self.written({"num": num, **values})

    def npgettext(self, context: str, one: str, many: str, num: int, /, **values: object) -> str:
        """Say what is counted, of a text that means several things."""
        return self.found(context, one, many, num) % self.written({"num": num, **values})

    def say(self, text: Sayable) -> str:
        """Say a text that was made elsewhere. Words of others stay as they are."""
        if isinstance(text, str):
            return text
        values = {name: self._value(value) for name, value in text.values.items()}
        return self.found(text.context, text.one, text.many, text.num) % self.written(values)

    def _value(self, value: TextValue) -> str | int:
        match value:
            case Text():
                return self.say(value)
            case WordList():
                items = [self.isolated(str(self._value(item))) for item in value.items]
                return self.all_of(items) if value.last == "and" else self.any_of(items)
            case Worded():
                return value.say(self)
            case str() | int():
                return value

    def found(self, _context: str, one: str, many: str = "", num: int = 1) -> str:
        """A text as this language has it, its places still open; of one that is counted, its form."""
        return many if many and num != 1 else one

    def meaning(self, text: str) -> str:
        """What a tag means; one that an operator has added, in their words."""
        return self.found("tag", text)

    def written(self, values: Mapping[str, object]) -> dict[str, object]:
        """Values as they stand in a text: each number in the digits of the language."""
        return {
            name: self.number(value) if isinstance(value, int) else value for name, value in values.items()
        }

    def isolated(self, text: str) -> str:
        """A text beside others in one line: what runs the other way orders nothing else (UAX #9)."""
        return text

    def number(self, number: int) -> str:
        """A number in the digits of the language."""
        return str(number)

    def time(self, moment: datetime) -> str:
        """17:00, the hours from 0 to 23 in every language: whoever acts on it must not guess."""
        return f"{moment:%H:%M}"

    def clock_time(self, minute: int) -> str:
        """08:00: the time that clocks show this many minutes after midnight."""
        return f"{minute // 60:02}:{minute % 60:02}"

    def weekdays(self, days: Sequence[int]) -> str:
        """`mon,thu`, as a subscription has them; Monday is 0."""
        return ",".join(self.short_weekday(date(1, 1, 1 + day)).lower() for day in days)

    def moment(self, local: datetime) -> str:
        """28 March 2022, 17:00 UTC; in the zone that it is in."""
        return self.gettext(
            "%(date)s, %(time)s %(zone)s",
            date=self.full_day(local),
            time=self.time(local),
            zone=str(local.tzinfo),
        )

    def full_day(self, day: date) -> str:
        """28 March 2022."""
        return f"{self.day(day)} {day:%Y}"

    def day(self, day: date) -> str:
        """28 March."""
        return f"{day.day} {day:%B}"

    def short_day(self, day: date) -> str:
        """28 Mar."""
        return f"{day.day} {day:%b}"

    def weekday(self, day: date) -> str:
        """Wednesday."""
        return f"{day:%A}"

    def short_weekday(self, day: date) -> str:
        """Wed."""
        return f"{day:%a}"

    def region(self, _code: str, name: str) -> str:
        """What a region is called; `name` is what it is called in English."""
        return name

    def in_alphabet(self, name: str) -> str:
        """What a name is sorted by in a list: without case and accents."""
        split = normalize("NFKD", name.casefold())
        return "".join(sign for sign in split if not combining(sign))

    def all_of(self, names: Sequence[str]) -> str:
        """A list in words: `a, b and c`."""
        return str(WordList(names))

    def any_of(self, names: Sequence[str]) -> str:
        """A list in words: `a, b or c`."""
        return str(WordList(names, "or"))


#: The one that says everything as it is written.
ENGLISH = Locale()
