"""The single values of a subscription as people write them: a severity, a cap, a name."""

import re
import unicodedata
from difflib import get_close_matches

from alerts.errors import BadInput, did_you_mean
from alerts.model import Cadence, Rhythm, Severity
from alerts.rules.describing import worded_cadence
from alerts.texts import Text

NAME_MAX, CAP_MOST = 200, 1_000


def severity(text: str) -> Severity | None:
    """The severity meant; None for an empty text. Raises BadInput."""
    word = text.strip().lower()
    if not word:
        return None
    if word not in set(Severity):
        near = get_close_matches(word[:20], list(Severity), n=1)
        raise BadInput(
            Text("“%(severity)s” is not a severity.", severity=text[:40]),
            did_you_mean(near, "") if near else Text("Write one of %(words)s.", words=", ".join(Severity)),
        )
    return Severity(word)


def daily_cap(text: str) -> int | None:
    """How many a day are told in full; None for an empty text. Raises BadInput."""
    word = text.strip()
    if not word:
        return None
    if not re.fullmatch("[0-9]{1,4}", word) or not 1 <= int(word) <= CAP_MOST:
        raise BadInput(
            Text("“%(cap)s” is not a daily cap.", cap=text[:40]),
            Text("Write a number from 1 to %(most)s.", most=CAP_MOST),
        )
    return int(word)


def all_quiet(text: str, cadence: Cadence | None) -> bool:
    """Whether silence is to be told. Raises BadInput, also where no slot is rare enough to be missed.

    Without a cadence, for it could not be read, only the word is looked at.
    """
    word = text.strip().lower()
    if word not in ("", "no", "yes"):
        raise BadInput(
            Text("“%(word)s” is neither yes nor no for “all quiet”.", word=text[:40]),
            Text("Write yes, or nothing."),
        )
    if word == "yes" and cadence and cadence.rhythm not in (Rhythm.DAILY, Rhythm.WEEKLY):
        raise BadInput(
            Text("“All quiet” is not sent with the cadence %(cadence)s.", cadence=worded_cadence(cadence)),
            Text("Choose a daily or weekly cadence for it."),
        )
    return word == "yes"


def label(text: str) -> str:
    """A name on one line. Raises BadInput for what no screen can show, or what is too long."""
    name = " ".join(text.split())
    if not name.isprintable() and any(unicodedata.category(c) in ("Cc", "Cs") for c in name):
        raise BadInput(
            Text("The name holds control characters."), Text("Type it again instead of pasting it.")
        )
    if len(name) > NAME_MAX:
        raise BadInput(
            Text.counted(
                "A name of %(num)s characters is too long.",
                "A name of %(num)s characters is too long.",
                len(name),
            ),
            Text.counted("At most %(num)s fit.", "At most %(num)s fit.", NAME_MAX),
        )
    return name
