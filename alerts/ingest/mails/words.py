"""What a person wrote in a mail: without what they quote, forward, sign and close with.

All that is left out is noted. Nothing is guessed of the middle: a closing is looked for at the end alone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from alerts.errors import BadInput
from alerts.ingest.cleaning import excerpt
from alerts.ingest.mails.forwarding import OtherMail, seam
from alerts.texts import number_of

#: Above a forwarded mail: as much as this is its cover, and more is what the mail says.
COVER_LINES, COVER_MAX = 3, 400
#: Mails forwarded within each other that are looked into.
FORWARDS_MAX = 10
#: Lines from the end among which a closing and a notice are looked for.
_END = 12
_LINE_MAX = 400

_SIGNATURE = re.compile(r"--[ \xa0]?")
_GREETING = re.compile(
    r"(?:dear|hello|hi|hey|good (?:morning|afternoon|evening|day)|hallo|liebe|lieber|sehr geehrte"
    r"|guten (?:morgen|tag|abend)|bonjour|cher|chers|chère|estimad[oa]s?|hola"
    r"|buen(?:os|as) (?:días|tardes)|gentil[ei]|добрый день|добрий день|доброго дня"
    r"|шановні|уважаемые)\b[^.:;]{0,80}[,!]"
    r"|(?:hi|hello|hallo|bonjour|hola|dear)(?: (?:all|both|team|colleagues|everyone))?"
    r"|(?:all|team|colleagues),",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:(?:with )?(?:(?:best|kind|kindest|warm|many) )?(?:regards|wishes|thanks)|best|cheers"
    r"|yours(?: (?:sincerely|truly|faithfully))?|sincerely(?: yours)?|thanks|thank you"
    r"|many thanks(?: in advance)?|(?:mit )?(?:freundlichen|besten|herzlichen|vielen|lieben) grüßen"
    r"|(?:freundliche|beste|viele|herzliche|liebe) grüße|mfg|lg|vg|cordialement|bien à (?:vous|toi)"
    r"|salutations(?: distinguées)?|(?:un )?saludos?(?: cordiales)?|atentamente|cordiali saluti"
    r"|distinti saluti|atenciosamente|met vriendelijke groet(?:en)?|с уважением|з повагою|pozdrawiam)"
    r"(?: (?:from|aus|de) .{1,40})?[,.!]?",
    re.IGNORECASE,
)
_SENT_FROM = re.compile(
    r"(?:sent from|get outlook for|gesendet (?:von|mit)|von meinem \S+ gesendet|envoyé (?:de|depuis)"
    r"|enviado (?:desde|do)|inviato da|отправлено с|надіслано з)\b.{0,80}",
    re.IGNORECASE,
)
#: Only in the words of lawyers: “this message is intended for residents of Kharkiv” is news.
_NOTICE = re.compile(
    r"(?:disclaimer|confidentiality(?: notice)?|legal notice)\b ?[:-].*"
    r"|(?:this|the information (?:contained )?in this|the contents? of this)"
    r" (?:e-?mail|message|communication)\b"
    r".{0,200}\b(?:confidential|privileged|addressee|intended (?:only|solely|exclusively) for).*"
    r"|diese (?:e-?mail|nachricht)\b.{0,200}\b(?:vertraulich|ausschließlich).*"
    r"|ce (?:message|courriel|courrier)\b.{0,200}\b(?:confidentiel|exclusivement).*",
    re.IGNORECASE,
)
#: Lines below a closing, and characters of each: names, offices, numbers. A sentence is none.
_SIGNED_LINES, _SIGNED_MAX = 8, 80
#: More than this is no mail that anybody wrote (characters, lines).
TEXT_MAX, LINES_MAX = 400_000, 20_000


@dataclass(slots=True)
class OwnWords:
    """What is left of a text, and a note for each thing that is left out of it."""

    lines: list[str]
    notes: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip("\n")

    def leave_out(self, what: str, lines: Sequence[str]) -> None:
        """Note what was left out, with its first words."""
        said = [line for line in lines if line.strip()]
        if said:
            several = f" ({number_of(len(said), 'line')})" if len(said) > 1 else ""
            self.notes.append(f"leaves out {what}{several}: {excerpt(said[0])}")


def own_words(text: str, *, forwarded: bool) -> OwnWords:
    """What a text says by itself. `forwarded`: the subject of its mail says that it forwards another.

    Raises BadInput for more than anybody writes.
    """
    if len(text) > TEXT_MAX or text.count("\n") > LINES_MAX:
        raise BadInput(
            "It holds far more text than an update.", "Take its summary, or split it into several updates."
        )
    words = OwnWords(text.split("\n"))
    _other_mails(words, forwarded)
    _quotations(words)
    _signature(words)
    _notice(words)
    _program(words)
    _closing(words)
    _greeting(words)
    return words


def _other_mails(words: OwnWords, forwarded: bool) -> None:
    for _ in range(FORWARDS_MAX):
        found = seam(words.lines, forwarded=forwarded)
        if found is None:
            return
        above, below = words.lines[: found.at], words.lines[found.below :]
        own = [line for line in above if line.strip()]
        if found.kind is OtherMail.ANSWERED or len(own) > COVER_LINES or sum(map(len, own)) > COVER_MAX:
            kind = "the mail it answers" if found.kind is OtherMail.ANSWERED else "the mail it forwards"
            words.leave_out(kind, words.lines[found.at :])
            words.lines = above
            return
        words.leave_out("what stands above the mail it forwards", above)
        words.leave_out("the head of the mail it forwards", words.lines[found.at : found.below])
        words.lines = _unquoted(below)


def _unquoted(lines: list[str]) -> list[str]:
    """A forwarded mail without the `>` that Apple puts before each of its lines."""
    full = [line for line in lines if line.strip()]
    if full and sum(line.startswith(">") for line in full) * 2 > len(full):
        return [line[1:].removeprefix(" ") if line.startswith(">") else line for line in lines]
    return lines


def _quotations(words: OwnWords) -> None:
    quoted = [line for line in words.lines if line.startswith(">")]
    if quoted:
        words.leave_out("what it quotes", quoted)
        words.lines = [line for line in words.lines if not line.startswith(">")]


def _signature(words: OwnWords) -> None:
    for at, line in enumerate(words.lines):
        if _SIGNATURE.fullmatch(line):
            words.leave_out("the signature", words.lines[at + 1 :])
            words.lines = words.lines[:at]
            return


def _notice(words: OwnWords) -> None:
    for at in _last(words.lines):
        if at and _NOTICE.fullmatch(_looked_at(words.lines[at])):
            words.leave_out("the notice at its end", words.lines[at:])
            words.lines = words.lines[:at]
            return


def _program(words: OwnWords) -> None:
    for at in _last(words.lines):
        if _SENT_FROM.fullmatch(_looked_at(words.lines[at])):
            words.leave_out("what its program adds", words.lines[at : at + 1])
            words.lines = words.lines[:at] + words.lines[at + 1 :]
            return


def _closing(words: OwnWords) -> None:
    for at in _last(words.lines):
        below = [line.strip() for line in words.lines[at + 1 :] if line.strip()]
        signed = all(len(line) <= _SIGNED_MAX and not line.endswith((".", "!", "?")) for line in below)
        if signed and len(below) <= _SIGNED_LINES and _CLOSING.fullmatch(_looked_at(words.lines[at])):
            words.leave_out("its closing", words.lines[at:])
            words.lines = words.lines[:at]
            return


def _greeting(words: OwnWords) -> None:
    full = [at for at, line in enumerate(words.lines) if line.strip()]
    if len(full) > 1 and _GREETING.fullmatch(_looked_at(words.lines[full[0]])):
        words.leave_out("its greeting", words.lines[full[0] : full[0] + 1])
        words.lines = words.lines[full[0] + 1 :]


def _last(lines: Sequence[str]) -> list[int]:
    """The numbers of the last lines that are not blank, in order."""
    return [at for at, line in enumerate(lines) if line.strip()][-_END:]


def _looked_at(line: str) -> str:
    return line[:_LINE_MAX].strip()
