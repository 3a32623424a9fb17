"""A fixed text that is said later: what it says is known where it is made, its language where it is read.

`str()` of it is English, for programs and operators; `Locale.say` says it to a reader. Both are made of the
same literal, which the catalogs are made from.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class WordList:
    """Several values in one place. `last` joins the last two in English, `between` the others."""

    items: Sequence["TextValue"]
    last: str = "and"  #: or `or`
    between: str = ", "

    def __str__(self) -> str:
        items = [str(item) for item in self.items]
        return f" {self.last} ".join([self.between.join(items[:-1]), items[-1]] if items[1:] else items)


@dataclass(frozen=True, slots=True)
class Worded:
    """What the reader's locale says in its own way: an instant, a region, a subscription."""

    english: str
    say: Callable[[Any], str]  #: given the `Locale`, which stands above this room

    def __str__(self) -> str:
        return self.english


class Text:
    """A whole sentence, or a part that stands alone, with a value at each of its named places.

    Its first argument is given literally, so that it is found for the catalogs: `%(word)s` is the place of
    `word`, and a percent sign is written twice. A word in quotes that is empty is said to be so: a sentence
    about “” would be taken for a fault of ours.
    """

    __slots__ = ("context", "many", "num", "one", "values")

    def __init__(self, one: str, /, **values: "TextValue") -> None:
        self.one = one
        self.many = self.context = ""
        self.num = 1
        self.values: Mapping[str, TextValue] = {
            name: EMPTY if _is_blank(value) and f"“%({name})s”" in one else value
            for name, value in values.items()
        }

    @classmethod
    def counted(cls, one: str, many: str, num: int, /, **values: "TextValue") -> "Text":
        """The same of what is counted; the number itself stands at `%(num)s`."""
        text = cls(one, num=num, **values)
        text.many, text.num = many, num
        return text

    @classmethod
    def meant(cls, context: str, one: str, /, **values: "TextValue") -> "Text":
        """The same of a text that means several things: the context tells which."""
        text = cls(one, **values)
        text.context = context
        return text

    def __str__(self) -> str:
        said = self.many if self.many and self.num != 1 else self.one
        return said % {name: str(value) for name, value in self.values.items()}

    def __repr__(self) -> str:
        return f"Text({str(self)!r})"


#: What can stand at a place of a text.
TextValue = str | int | Text | WordList | Worded
#: What can be said to somebody: a text of ours, or the words of others, which stay as they are.
Sayable = Text | str

#: What is said of a word that is not there.
EMPTY = Text("(empty)")


def _is_blank(value: TextValue) -> bool:
    return isinstance(value, str) and not value.strip()
