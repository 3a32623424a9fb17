"""Which format a file is in, and what it says. A new format is a module and a line in FORMATS."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePath
from typing import Literal

from alerts.errors import BadInput, Faults
from alerts.ingest import cap, documents, json_updates, markdown, page, tables
from alerts.ingest.allowances import Allowance
from alerts.ingest.cleaning import excerpt
from alerts.ingest.decoding import decode
from alerts.ingest.field_faults import FieldFault, refusal
from alerts.ingest.field_words import FieldWords, SaidFields
from alerts.ingest.fields import attempt
from alerts.ingest.mails import reading as mails
from alerts.ingest.skeletons import blanks_of
from alerts.model import Draft

FormatName = Literal["text", "markdown", "json", "cap", "word", "pdf", "html", "mail"]


@dataclass(frozen=True, slots=True)
class Format:
    """How one format is known (by the text and the suffix of its file) and read into fields."""

    name: FormatName
    recognises: Callable[[str, str], bool]
    read: Callable[[str], list[SaidFields]]
    #: What it left out.
    notes: Callable[[str], list[str]] = lambda _: []


#: Asked in this order. The last one takes what nobody else knows.
FORMATS = (
    Format("json", json_updates.recognises, json_updates.read),
    Format("markdown", markdown.recognises, markdown.read),
    Format("text", page.recognises, page.read, page.notes),
)


#: Lines at the top of a body that were meant as fields, perhaps; of the first lines, this many are looked at.
_LIKE_A_FIELD = re.compile(r"(?:regions?|country|severity|urgency|certainty|tags?|expires) ?: ?\S.*", re.I)
_LOOKED_AT = 8


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says, before it is complete: headline and regions may be missing, regions are texts.

    What is wrong with it is kept beside what could be read, so that it is named together with what only those
    can see who know the regions and tags there are.
    """

    said: Draft  #: as far as it could be read
    format: FormatName
    notes: tuple[str, ...] = ()
    faults: tuple[FieldFault, ...] = ()
    unread: frozenset[str] = frozenset()  #: fields that are given, and could not be read
    number: int = 0  #: which of its file, where that holds several
    provenance: cap.Provenance | None = None  #: the message it was read from, where it was one
    attachment: str = ""  #: the file that it is from, where that hung on a mail
    words: tuple[FieldWords, ...] = ()  #: from which words each field was taken

    @property
    def draft(self) -> Draft:
        """What it says. Raises BadInput naming all that is wrong with it."""
        if self.faults:
            lacking = () if self.said.regions or "regions" in self.unread else (_NO_REGION,)
            raise self.named(refusal((*self.faults, *lacking)))
        return self.said

    def named(self, fault: BadInput) -> BadInput:
        """A fault of it, with which update of which file it is."""
        if self.number:
            fault.locate(f"Update {self.number}")
        if self.attachment:
            fault.locate(self.attachment)
        return fault


_NO_REGION = FieldFault("it names no region", "Name one, or give it with `--region Ukraine`.")


def read(source: bytes, name: str, allowed: Collection[Allowance] = ()) -> Reading:
    """Read the one update in `source`; `name` is the file's. Raises BadInput, also for several updates."""
    return sole(read_all(source, name, allowed))


def read_all(source: bytes, name: str, allowed: Collection[Allowance] = ()) -> list[Reading]:
    """Read every update in `source`, in order. Raises BadInput with all that cannot be read.

    `allowed`: messages of CAP that are taken although they are not meant for everybody.
    """
    found, faults = attempt_all(source, name, allowed), Faults()
    for reading in found:
        faults.of(partial(getattr, reading, "draft"), None)
    faults.complain()
    return found


def attempt_all(source: bytes, name: str, allowed: Collection[Allowance] = ()) -> list[Reading]:
    """The same for whoever looks for more: what is wrong with a field is kept in the reading.

    Raises BadInput where no update can be told from another: for what is no text, or no JSON.
    """
    if mails.recognises(source, name):
        return _of_mail(mails.read(source), allowed)
    return _of_file(source, name, allowed)


def _of_mail(mail: mails.MailContents, allowed: Collection[Allowance]) -> list[Reading]:
    """What its attachments say, else its words. The first reading has the notes about the mail."""
    faults, found = Faults(), list[Reading]()
    for file in mail.files:
        found += faults.of(partial(_of_attachment, file, allowed), [])
    found = found if mail.files else _of_words(mail)
    if faults.found:  # then all that is wrong with the others as well
        for reading in found:
            faults.of(partial(getattr, reading, "draft"), None)
    faults.complain()
    first, *others = found
    author = [f"says that it is from {excerpt(mail.author)}"] * bool(mail.author)
    return [replace(first, notes=(*mail.notes, *author, *first.notes)), *others]


def _of_attachment(file: mails.MailedFile, allowed: Collection[Allowance]) -> list[Reading]:
    """What an attachment says; it is named in what is wrong with it."""
    try:
        if mails.recognises(file.octets, file.name):
            raise BadInput("It is a mail within a mail.", "Forward that one by itself.")
        found = _of_file(file.octets, file.name, allowed)
    except BadInput as fault:
        fault.locate(file.name)
        raise
    note = f"is from the attachment {excerpt(file.name)}"
    return [replace(one, notes=(note, *one.notes), attachment=file.name) for one in found]


def _of_words(mail: mails.MailContents) -> list[Reading]:
    """What the words of a mail say: in a format of their own, or below its subject as their headline."""
    if _says_its_headline(mail.words):
        found = _of_file(mail.words.encode(), "", ())
        return [
            replace(one, notes=(f"leaves out its subject, {excerpt(mail.subject)}", *one.notes))
            for one in found
        ]
    first, _, rest = mail.words.partition("\n")
    text = rest if first.strip() == mail.subject else mail.words
    said, notes = page.read_noted(f"{mail.subject}\n\n{text}")
    draft, faults, unread = attempt(said.fields)
    # Its lines are counted in what is left of the text, where nobody could find them again.
    words = [one._replace(where="its subject" if one.where == "line 1" else "its text") for one in said.words]
    return [Reading(draft, "mail", (*_notes(draft, ""), *notes), faults, unread, words=tuple(words))]


def _says_its_headline(words: str) -> bool:
    return any(known.recognises(words, "") for known in FORMATS[:-1]) or page.has_marks(words)


def _of_file(source: bytes, name: str, allowed: Collection[Allowance]) -> list[Reading]:
    if cap.recognises(source):
        return _messages(cap.read(source, allowed))
    if kind := documents.kind_of(source, name):
        said, left_out = documents.read(source, kind)
        draft, faults, unread = attempt(said.fields)
        notes = (*_notes(draft, ""), *left_out)
        return [Reading(draft, kind, notes, faults, unread, words=tuple(said.words))]
    text, encoding = decode(source)
    suffix = PurePath(name).suffix.lower()
    tables.refuse(text, suffix)
    if unfilled := blanks_of(text):
        raise BadInput(
            f"It is not filled in yet: {', '.join(unfilled)}.",
            "Write in place of each `<fill in …>`, or take its line away where it says so.",
        )
    known = next(known for known in FORMATS if known.recognises(text, suffix))
    found = [(attempt(said.fields), said.words) for said in known.read(text)]
    left_out = known.notes(text)
    return [
        Reading(
            draft,
            known.name,
            (*_notes(draft, encoding), *left_out),
            faults,
            unread,
            number if len(found) > 1 else 0,
            words=tuple(words),
        )
        for number, ((draft, faults, unread), words) in enumerate(found, 1)
    ]


def _messages(found: list[cap.CapReading]) -> list[Reading]:
    """What messages of CAP say. One that only cancels says nothing itself, which is no fault."""
    readings = []
    for number, message in enumerate(found, 1):
        draft, faults, unread = attempt(message.fields)
        notes = (*message.notes, *_notes(draft, "") * bool(draft.headline))
        place = number if len(found) > 1 else 0
        readings.append(
            Reading(
                draft, "cap", notes, faults, unread, place, message.provenance, words=tuple(message.words)
            )
        )
    return readings


def sole(readings: list[Reading]) -> Reading:
    """Return the only one. Raises BadInput if there are several."""
    if len(readings) > 1:
        raise BadInput(f"It holds {len(readings)} updates where one is wanted.", "Give one update at a time.")
    return readings[0]


def _notes(draft: Draft, encoding: str) -> list[str]:
    lacking = {
        "has no headline": draft.headline,
        "names no region": draft.regions,
        "names no tag": draft.tags,
        "does not say in which language it is written": draft.language or not draft.translations,
        "has its headline in capitals": not (" " in draft.headline and draft.headline.isupper()),
    }
    notes = [note for note, there in lacking.items() if not there] + [f"is in {encoding}"] * bool(encoding)
    beginning = draft.body.split("\n", _LOOKED_AT)[:_LOOKED_AT]
    return notes + [
        f"takes {excerpt(line)} for text: it is a field between two lines `---` at the top"
        for line in beginning
        if _LIKE_A_FIELD.fullmatch(line)
    ]
