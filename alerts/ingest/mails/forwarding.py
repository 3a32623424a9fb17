"""Where in the text of a mail a forwarded one begins, and where the one that is answered does."""

import re
from collections.abc import Sequence
from enum import Enum, auto
from typing import NamedTuple

#: Characters of a line that are looked at; lines in a row that may be the head of a mail.
LINE_MAX, HEAD_MAX = 400, 12

_FORWARDED = re.compile(
    r"-{2,} ?(?:forwarded message|forwarded by .{0,80}|weitergeleitete nachricht|message transféré"
    r"|mensaje reenviado|messaggio inoltrato|mensagem encaminhada|doorgestuurd bericht|пересылаемое сообщение"
    r"|пересланное сообщение|переслане повідомлення) ?-*"
    r"|(?:begin forwarded message|anfang der weitergeleiteten nachricht|début du message réexpédié"
    r"|inicio del mensaje reenviado|начало переадресованного сообщения"
    r"|початок переадресованого повідомлення):",
    re.IGNORECASE,
)
#: Outlook writes the same line above what is answered and above what is forwarded.
_ORIGINAL = re.compile(
    r"-{2,} ?(?:original message|original appointment|ursprüngliche nachricht|message d['’]origine"
    r"|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|исходное сообщение"
    r"|вихідне повідомлення) ?-{2,}",
    re.IGNORECASE,
)
_RULE = re.compile(r"[_-]{10,}")
#: The fields that mail programs write above the text of another mail.
_HEAD_FIELD = re.compile(
    r"\*?(?P<name>from|sent|date|to|cc|subject|reply-to|von|gesendet|datum|an|betreff|de|envoyé|objet|à"
    r"|enviado|para|asunto|fecha|da|inviato|oggetto|assunto|van|verzonden|aan|onderwerp"
    r"|от|отправлено|дата|кому|тема|від|надіслано) ?: ?\*? ?\S.*",
    re.IGNORECASE,
)
_HEAD_FIELDS_MIN = 3
_WROTE = re.compile(
    r"(?:on|am|le|el|il|em|op|den|w dniu|в)\b.{5,300}"
    r"(?:wrote|schrieb.{0,80}|a écrit|escribió|ha scritto|escreveu|schreef.{0,80}|skrev.{0,80}"
    r"|napisała?.{0,20}|написала?|пишет|пише)\s?:",
    re.IGNORECASE,
)
#: In whatever language, where a quotation follows: a line that names an address and ends with a colon.
_NAMED = re.compile(r"(?:.{0,200}[ \"])?<?[^<>@\s]{1,64}@[^<>@\s]{1,190}>?.{0,40}:")


class OtherMail(Enum):
    """What another mail within the text is to the one it is in."""

    FORWARDED = auto()
    ANSWERED = auto()


class Seam(NamedTuple):
    """Where the sender's own words end (line `at`), and those of another mail begin (line `below`)."""

    at: int
    below: int
    kind: OtherMail


def seam(lines: Sequence[str], *, forwarded: bool) -> Seam | None:
    """The first place in a text where another mail begins. `forwarded`: its subject says that it is one."""
    unmarked = OtherMail.FORWARDED if forwarded else OtherMail.ANSWERED
    for at, line in enumerate(lines):
        bare = _bare(line)
        if not bare:
            continue
        if _FORWARDED.fullmatch(bare):
            return Seam(at, _below_head(lines, at + 1), OtherMail.FORWARDED)
        if _ORIGINAL.fullmatch(bare):
            return Seam(at, _below_head(lines, at + 1), unmarked)
        if (below := _below_head(lines, at)) > at:
            above = at - 1 if at and _RULE.fullmatch(_bare(lines[at - 1])) else at
            return Seam(above, below, unmarked)
        if wrote := _wrote(lines, at):
            return Seam(at, at + wrote, OtherMail.ANSWERED)
    return None


def _below_head(lines: Sequence[str], at: int) -> int:
    """The line below the head of a mail that begins at a line, or a little further down; else that line."""
    start = at
    while start < len(lines) and start - at < 2 and not _bare(lines[start]):
        start += 1
    names, end = set[str](), start
    for line in lines[start : start + HEAD_MAX]:
        found = _HEAD_FIELD.fullmatch(_bare(line))
        if found:
            names.add(found["name"].lower())
        elif not (names and _bare(line) and line[:1].isspace()):  # a long field goes on, further in
            break
        end += 1
    return end if len(names) >= _HEAD_FIELDS_MIN else at


def _wrote(lines: Sequence[str], at: int) -> int:
    """How many lines say who wrote what follows; 0 for none."""
    line = _bare(lines[at])
    if line.startswith(">"):
        return 0
    for count in (1, 2):
        said = " ".join(_bare(one) for one in lines[at : at + count])
        if len(said) > LINE_MAX:
            return 0
        if _WROTE.fullmatch(said) or (_NAMED.fullmatch(said) and _quotes(lines, at + count)):
            return count
    return 0


def _quotes(lines: Sequence[str], at: int) -> bool:
    return any(line.startswith(">") for line in lines[at : at + 2])


def _bare(line: str) -> str:
    """A line as far as it is looked at, without the signs by which Apple quotes what it forwards."""
    return line[:LINE_MAX].strip().removeprefix("> ").strip()
