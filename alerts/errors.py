"""Everything a user can be told that went wrong, each with a code, a sentence and a hint.

What people can meet on their pages is made of texts (`Text`), which are said in their language; what only
operators and programs can, of plain English.

AlertsError                 exit 1
├── BadInput                exit 2   what was given cannot be used
│   ├── UnknownRegion
│   ├── UnknownTag
│   └── Hopeless            too much of it to read on
├── NothingMatched          exit 3
├── NotFound                exit 4
├── Conflict                exit 4   it is not as you think it is (already there, changed meanwhile)
│   └── RevisedMeanwhile             somebody else added a revision
├── Forbidden               exit 4   whoever acts may not
├── Refused                 exit 5   the server has no room or will not write
└── Unreachable             exit 5   a server does not answer, or does not let us in
    └── Away                         it may yet come by itself: it starts, loads, fails over
"""

import re
from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Self, TypeVar

from alerts.texts import Sayable, Text, WordList, head

T = TypeVar("T")

_NOTHING = re.compile(r"“\s*”")
#: What is typed into a shell, or set by whoever runs the house.
_COMMAND = re.compile(r"`alerts |--[a-z]|ALERTS_")
_SENTENCE_END = re.compile(r"(?<=[.?!]) ")
#: As many faults of one thing are named; after that it is something else.
_TOGETHER = 8
#: … unless they are so long that nobody would read them all (characters).
_SAID_MOST = 400
#: Of one update, whose author can mend them all before the next try (characters).
_SAID_OF_ONE = 4_000


class ExitCode(IntEnum):
    """How a command ends, as shells and programs read it: `docs/cli.md` has the table of it."""

    meaning: str

    def __new__(cls, number: int, meaning: str) -> Self:
        code = int.__new__(cls, number)
        code._value_ = number
        code.meaning = meaning
        return code

    DONE = 0, "It is done, or was so already."
    FAILED = (
        1,
        "Some of it failed, was left out or was not over when `--wait` was, and is named; or something "
        "went wrong that nobody foresaw.",
    )
    BAD_INPUT = 2, "What was given cannot be used: an option, a file, a word. Nothing was done."
    NOTHING_MATCHED = 3, "There is nobody, or nothing, to whom or to which it applies."
    NOT_SO = 4, "It is not as you think: it is not there, is there already, was changed, or you may not."
    SERVER = 5, "The server cannot be reached, or takes nothing in."
    HUNG_UP = 129, "SIGHUP: the terminal is gone. What was begun is ended in order."
    INTERRUPTED = 130, "Ctrl-C, or somebody who was asked said no."
    TERMINATED = 143, "SIGTERM. `up`, `worker` and `web` end with 0: it is how they are stopped."


class AlertsError(Exception):
    """A sentence for people, and a hint what to do about it. Never carries a traceback to a user.

    Either may be several, which are said one after the other.
    """

    code = "error"
    exit_code = ExitCode.FAILED
    #: The hint for people on a page where the other one is about commands, or in words of others.
    otherwise_on_page: Sayable = ""

    def __init__(self, sentence: Sayable | Sequence[Sayable], hint: Sayable | Sequence[Sayable] = "") -> None:
        self.sentences = tuple(map(_filled, _listed(sentence)))
        self.hints = _listed(hint)
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """What is wrong, in English."""
        return " ".join(map(str, self.sentences))

    @property
    def hint(self) -> str:
        """What to do about it, in English."""
        return " ".join(map(str, self.hints))

    def locate(self, where: str) -> None:
        """Say before the sentence where it is so, to operators: `a.md: …`."""
        self.sentences = (f"{where}: {self.sentence}",)

    def page_hints(self, *, in_english: bool) -> tuple[Sayable, ...]:
        """The hints for people on a page, who have no shell: without the sentences that name a command.

        Not `in_english`: without the words of others, too, which are in no other language.
        """
        kept: list[Sayable] = []
        for hint in self.hints:
            if isinstance(hint, Text):
                kept += [] if _COMMAND.search(hint.one) else [hint]
            elif in_english:
                kept += [said for said in _SENTENCE_END.split(hint) if not _COMMAND.search(said)]
        return tuple(kept) or _listed(self.otherwise_on_page)


def _listed(said: Sayable | Sequence[Sayable]) -> tuple[Sayable, ...]:
    return tuple(one for one in ((said,) if isinstance(said, Sayable) else said) if one != "")


def _filled(said: Sayable) -> Sayable:
    """A script quotes a variable that is empty: a sentence about “” would be taken for a fault of ours."""
    return _NOTHING.sub("“(empty)”", said) if isinstance(said, str) else said


class BadInput(AlertsError):
    code = "bad-input"
    exit_code = ExitCode.BAD_INPUT

    @staticmethod
    def together(faults: Sequence["BadInput"], said_most: int = _SAID_MOST) -> "BadInput":
        """All that is wrong with one thing, each with its hint, said once. The only one stays what it is."""
        if len(faults) == 1:
            return faults[0]
        said = {fault.sentence: fault for fault in faults}
        shown: list[BadInput] = []
        for fault in said.values():
            too_long = sum(len(before.sentence) for before in shown) > said_most
            if shown and (too_long or len(shown) == _TOGETHER):
                break
            shown.append(fault)
        return SeveralFaults(shown, len(said) - len(shown))


class SeveralFaults(BadInput):
    """What is wrong with one thing, said one after the other; `more` of that kind are only counted."""

    def __init__(self, faults: Sequence[BadInput], more: int) -> None:
        sentences = [sentence for fault in faults for sentence in fault.sentences]
        rest = Text.counted("And %(num)s more of that kind.", "And %(num)s more of that kind.", more)
        if more:
            sentences.append(rest)
        hints = {fault.hint: fault.hints for fault in faults}
        super().__init__(sentences, [hint for several in hints.values() for hint in several])
        self._faults = faults

    def page_hints(self, *, in_english: bool) -> tuple[Sayable, ...]:
        """Those of each, once: also what one of them says in the place of a command."""
        hints = (hint for fault in self._faults for hint in fault.page_hints(in_english=in_english))
        return tuple({str(hint): hint for hint in hints}.values())


class UnknownRegion(BadInput):
    """`near` are labels of regions, the likeliest first."""

    code = "unknown-region"
    otherwise_on_page = Text("Try another spelling, or name what lies around it.")
    _LISTED = 8

    def __init__(self, text: str, near: Sequence[str] = (), said: Text | None = None, *hints: Sayable):
        said = said or Text("No region is called “%(name)s”.", name=head(text, 80))
        super().__init__(said, hints or did_you_mean(near, "alerts regions find TEXT"))

    @classmethod
    def several(cls, text: str, near: Sequence[str]) -> Self:
        """More than one bears the name, and none is taken on a guess."""
        name = head(text, 80)
        hints: list[Sayable] = [did_you_mean(near[: cls._LISTED], "alerts regions find TEXT")]
        if (more := len(near) - cls._LISTED) > 0:
            hints.append(f"Or one of {more} more: list them with `alerts regions find {name}`.")
        return cls(text, near, Text("Several places are called “%(name)s”.", name=name), *hints)

    @classmethod
    def in_one(cls, faults: Sequence["UnknownRegion"]) -> "UnknownRegion":
        """All that is wrong with a list, each with its hint."""
        first, *others = faults
        for other in others:
            first.sentences += other.sentences
            first.hints += other.hints
        return first

    @classmethod
    def former(cls, text: str, successors: Sequence[str]) -> Self:
        """The country is no more; its successors are."""
        gone = Text("“%(name)s” is no longer a country.", name=head(text, 80))
        names = Text("Name whichever of its successors you mean: %(names)s.", names=", ".join(successors))
        return cls(text, (), gone, names)

    @classmethod
    def in_small_letters(cls, text: str, near: str) -> Self:
        """A code, but for its case."""
        return cls(text, (), None, did_you_mean([near], ""), Text("Codes are written in capitals."))


class UnknownTag(BadInput):
    code = "unknown-tag"
    otherwise_on_page = Text("Choose one from the list.")

    def __init__(self, tag: str, near: Sequence[str] = ()) -> None:
        super().__init__(
            Text("The tag “%(tag)s” is not on the list.", tag=head(tag, 80)),
            [did_you_mean(near, "alerts tags list"), "Or give --new-tag to add it."],
        )


class Hopeless(BadInput):
    """Too much of it means nothing: it is not worth reading on."""


class Faults:
    """Gathers what is wrong with the parts of one thing, so that it is said at once and not one a round."""

    def __init__(self) -> None:
        self.found: list[BadInput] = []

    def of(self, read: Callable[[], T], otherwise: T) -> T:
        """What a part is read as, or `otherwise` where it cannot be read. Raises Hopeless."""
        try:
            return read()
        except Hopeless:
            raise
        except BadInput as fault:
            self.found.append(fault)
            return otherwise

    def complain(self, said_most: int = _SAID_MOST) -> None:
        """Raise BadInput with all of them, if there are any: at most `said_most` characters."""
        if self.found:
            raise BadInput.together(self.found, said_most).with_traceback(None)

    def complain_of_one(self) -> None:
        """The same for one update: whoever wrote it mends all of it before the next try."""
        self.complain(_SAID_OF_ONE)


class FaultsOfParts:
    """Gathers what is wrong with the parts of one thing, by the names of the parts."""

    def __init__(self) -> None:
        self.found: dict[str, BadInput] = {}

    def of(self, part: str, read: Callable[[], T], otherwise: T) -> T:
        """What a part is read as, or `otherwise` where it cannot be read. Raises Hopeless."""
        try:
            return read()
        except Hopeless:
            raise
        except BadInput as fault:
            self.found[part] = fault
            return otherwise


class NothingMatched(AlertsError):
    code = "nothing-matched"
    exit_code = ExitCode.NOTHING_MATCHED


class NotFound(AlertsError):
    code = "not-found"
    exit_code = ExitCode.NOT_SO


class Conflict(AlertsError):
    code = "conflict"
    exit_code = ExitCode.NOT_SO


class RevisedMeanwhile(Conflict):
    """An update has another number of revisions than was seen by whoever wants to add the next."""


class Forbidden(AlertsError):
    code = "forbidden"
    exit_code = ExitCode.NOT_SO


class Refused(AlertsError):
    code = "refused"
    exit_code = ExitCode.SERVER


class Unreachable(AlertsError):
    code = "unreachable"
    exit_code = ExitCode.SERVER


class Away(Unreachable):
    """Waiting for it makes sense."""


def did_you_mean(near: Sequence[str], otherwise: str) -> Sayable:
    """The hint for a word that is not known: the nearest ones, or the command that finds them."""
    if not near:
        return f"Look it up with `{otherwise}`."
    return Text("Did you mean %(names)s?", names=WordList(near, "or", " or "))
