"""Everything a user can be told that went wrong, each with a code, a sentence and a hint.

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

from alerts.texts import head

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
    """A sentence for people, and a hint what to do about it. Never carries a traceback to a user."""

    code = "error"
    exit_code = ExitCode.FAILED
    #: The hint for people on a page where the other one is about commands only.
    otherwise_on_page = ""

    def __init__(self, sentence: str, hint: str = "") -> None:
        # A script quotes a variable that is empty: a sentence about “” would be taken for a fault of ours.
        self.sentence = _NOTHING.sub("“(empty)”", sentence)
        self.hint = hint
        super().__init__(self.sentence)

    @property
    def page_hint(self) -> str:
        """The hint for people on a page, who have no shell: without the sentences that name a command."""
        kept = [said for said in _SENTENCE_END.split(self.hint) if not _COMMAND.search(said)]
        return " ".join(kept) or self.otherwise_on_page


class BadInput(AlertsError):
    code = "bad-input"
    exit_code = ExitCode.BAD_INPUT

    @staticmethod
    def together(faults: Sequence["BadInput"], said_most: int = _SAID_MOST) -> "BadInput":
        """All that is wrong with one thing, each with its hint, said once. The only one stays what it is."""
        if len(faults) == 1:
            return faults[0]
        said = {fault.sentence: fault.hint for fault in faults}
        sentences: list[str] = []
        for sentence in said:
            if sentences and (len(sentences) == _TOGETHER or sum(map(len, sentences)) > said_most):
                break
            sentences.append(sentence)
        hints = dict.fromkeys(said[sentence] for sentence in sentences if said[sentence])
        if more := len(said) - len(sentences):
            sentences.append(f"And {more} more of that kind.")
        return BadInput(" ".join(sentences), " ".join(hints))


class UnknownRegion(BadInput):
    """`near` are labels of regions, the likeliest first."""

    code = "unknown-region"
    otherwise_on_page = "Try another spelling, or name what lies around it."
    _LISTED = 8

    def __init__(self, text: str, near: Sequence[str] = ()) -> None:
        super().__init__(
            f"No region is called “{head(text, 80)}”.", did_you_mean(near, "alerts regions find TEXT")
        )

    @classmethod
    def several(cls, text: str, near: Sequence[str]) -> Self:
        """More than one bears the name, and none is taken on a guess."""
        fault = cls(text, near[: cls._LISTED])
        fault.sentence = f"Several places are called “{head(text, 80)}”."
        if (more := len(near) - cls._LISTED) > 0:
            fault.hint += f" Or one of {more} more: list them with `alerts regions find {head(text, 80)}`."
        return fault

    @classmethod
    def in_one(cls, faults: Sequence["UnknownRegion"]) -> "UnknownRegion":
        """All that is wrong with a list, each with its hint."""
        first, *others = faults
        for other in others:
            first.sentence += f" {other.sentence}"
            first.hint += f" {other.hint}"
        return first

    @classmethod
    def former(cls, text: str, successors: Sequence[str]) -> Self:
        """The country is no more; its successors are."""
        fault = cls(text)
        fault.sentence = f"“{head(text, 80)}” is no country any more."
        fault.hint = f"Name those of its successors that it concerns: {', '.join(successors)}."
        return fault

    @classmethod
    def in_small_letters(cls, text: str, near: str) -> Self:
        """A code, but for its case."""
        fault = cls(text, [near])
        fault.hint += " Codes are written in capitals."
        return fault


class UnknownTag(BadInput):
    code = "unknown-tag"
    otherwise_on_page = "Choose one from the list."

    def __init__(self, tag: str, near: Sequence[str] = ()) -> None:
        super().__init__(
            f"The tag “{head(tag, 80)}” is not on the list.",
            did_you_mean(near, "alerts tags list") + " Or give --new-tag to add it.",
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


def did_you_mean(near: Sequence[str], otherwise: str) -> str:
    """The hint for a word that is not known: the nearest ones, or the command that finds them."""
    return f"Did you mean {' or '.join(near)}?" if near else f"Look it up with `{otherwise}`."
