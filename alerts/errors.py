"""Everything a user can be told that went wrong, each with a code, a sentence and a hint.

AlertsError                 exit 1
├── BadInput                exit 2   what was given cannot be used
│   ├── UnknownRegion
│   └── UnknownTag
├── NothingMatched          exit 3
├── NotFound                exit 4
├── Conflict                exit 4   it is not as you think it is (already there, changed meanwhile)
├── Refused                 exit 5   the server has no room or will not write
└── Unreachable             exit 5   a server does not answer
"""

from collections.abc import Sequence

from alerts.texts import head


class AlertsError(Exception):
    """A sentence for people, and a hint what to do about it. Never carries a traceback to a user."""

    code = "error"
    exit_code = 1

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint


class BadInput(AlertsError):
    code = "bad-input"
    exit_code = 2


class UnknownRegion(BadInput):
    code = "unknown-region"

    def __init__(self, text: str, near: Sequence[str] = (), several: bool = False) -> None:
        fault = "Several regions are called" if several else "No region is called"
        super().__init__(f"{fault} “{head(text, 80)}”.", did_you_mean(near, "alerts regions find TEXT"))


class UnknownTag(BadInput):
    code = "unknown-tag"

    def __init__(self, tag: str, near: Sequence[str] = ()) -> None:
        super().__init__(
            f"The tag “{head(tag, 80)}” is not on the list.",
            did_you_mean(near, "alerts tags list") + " Or give --new-tag to add it.",
        )


class NothingMatched(AlertsError):
    code = "nothing-matched"
    exit_code = 3


class NotFound(AlertsError):
    code = "not-found"
    exit_code = 4


class Conflict(AlertsError):
    code = "conflict"
    exit_code = 4


class Refused(AlertsError):
    code = "refused"
    exit_code = 5


class Unreachable(AlertsError):
    code = "unreachable"
    exit_code = 5


def did_you_mean(near: Sequence[str], otherwise: str) -> str:
    """The hint for a word that is not known: the nearest ones, or the command that finds them."""
    return f"Did you mean {' or '.join(near)}?" if near else f"Look it up with `{otherwise}`."
