"""The subject of a mail as a headline: without what mail programs and gateways put before it."""

import re
from dataclasses import dataclass

from alerts.ingest.cleaning import one_line

#: “Re:” and “Fwd:” in the languages of desks, and what gateways warn with.
_ANSWERS, _FORWARDS = "re|aw|antw|odp", "fwd?|wg"
#: The same where they may as well be the code of a country (TR, SV, VS) or a word: only of what is an answer.
_ANSWERS_PERHAPS, _FORWARDS_PERHAPS = "sv|vs|res|rif", "tr|rv|enc"
_GATEWAY = re.compile(
    r"\[(?:ext|extern|external|externe)(?:[ :-][^\]]{0,30})?\]:?\s*|\*{2,3}ext(?:ern(?:al)?)?\*{2,3}\s*", re.I
)
#: How often they are looked for: each answer may add one.
_PREFIXES_MOST = 20


@dataclass(frozen=True, slots=True)
class Subject:
    """What a subject says, what was taken off it, and whether it says that the mail is forwarded."""

    text: str
    left_out: tuple[str, ...] = ()
    forwarded: bool = False


def cleaned(said: str, *, answers: bool) -> Subject:
    """Take “Re:”, “Fwd:”, “AW:” and “[EXTERNAL]” off a subject. `answers`: its mail names an earlier one."""
    text, left, forwarded = one_line(said), list[str](), False
    prefix = _prefix(answers)
    for _ in range(_PREFIXES_MOST):
        found = _GATEWAY.match(text) or prefix.match(text)
        if not found:
            break
        left.append(found[0].strip())
        forwarded = forwarded or bool(found.groupdict().get("forward"))
        text = text[found.end() :].strip()
    return Subject(text, tuple(left), forwarded)


def _prefix(answers: bool) -> re.Pattern[str]:
    forwards = f"{_FORWARDS}|{_FORWARDS_PERHAPS}" if answers else _FORWARDS
    plain = f"{_ANSWERS}|{_ANSWERS_PERHAPS}" if answers else _ANSWERS
    return re.compile(
        rf"(?:(?P<forward>{forwards})|{plain})(?:\[\d{{1,3}}\]|\(\d{{1,3}}\))?\s?[:：]\s*", re.I
    )
