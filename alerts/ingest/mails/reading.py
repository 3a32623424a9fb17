"""What a mail says: the words in it, or what is attached; and a note of whatever was left out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from email.message import Message as Part
from hashlib import sha256

from alerts.errors import BadInput
from alerts.ingest import documents
from alerts.ingest.cleaning import excerpt
from alerts.ingest.mails.attachments import file_name, is_attached, left_out
from alerts.ingest.mails.letters import flowing, text_of
from alerts.ingest.mails.structure import OpenedMail, octets_of, open_mail
from alerts.ingest.mails.subjects import Subject, cleaned
from alerts.ingest.mails.words import own_words
from alerts.ingest.signatures import is_mail
from alerts.texts import number_of

#: Attachments that are read.
ATTACHMENTS_MAX = 20
_ANSWERS = ("In-Reply-To", "References")


@dataclass(frozen=True, slots=True)
class MailedFile:
    """An attachment that counts: its name tells the format, where its octets do not."""

    name: str
    octets: bytes


@dataclass(frozen=True, slots=True)
class MailContents:
    """What a mail says. Where files count, its words do not, and are empty; `notes` are of all of it."""

    subject: str
    words: str
    files: tuple[MailedFile, ...]
    notes: tuple[str, ...]
    is_forward: bool = False
    author: str = ""  #: as it says itself

    @property
    def meaning(self) -> str:
        """A name of what it says: the same in whatever mail, by whatever way it came."""
        said = sha256("\0".join((self.subject, " ".join(self.words.split()))).encode("utf-8", "replace"))
        for file in self.files:
            said.update(sha256(file.octets).digest())
        return said.hexdigest()


def recognises(source: bytes, name: str) -> bool:
    """Whether it is a mail: by the name of its file, or by the fields that it begins with."""
    return name.lower().endswith(".eml") or is_mail(
        source[:4_000].decode("latin-1").lstrip("\xef\xbb\xbf\r\n \t")
    )


def read(source: bytes) -> MailContents:
    """Read a mail. Raises BadInput for one that cannot be read, or says nothing itself."""
    mail = open_mail(source)
    return replace(_contents(mail), author=mail.field("From"))


def _contents(mail: OpenedMail) -> MailContents:
    subject = cleaned(mail.field("Subject"), answers=any(map(mail.field, _ANSWERS)))
    counted = counted_files(mail)
    if len(counted) > ATTACHMENTS_MAX:
        raise BadInput(f"It has more than {ATTACHMENTS_MAX} attachments.", "Send them in several mails.")
    beside = _beside(mail, counted)
    if not counted:
        return _of_words(mail, subject, beside)
    notes = [*_said_beside(mail, subject), *beside]
    files = tuple(MailedFile(file_name(part), octets_of(part)) for part in counted)
    return MailContents(subject.text, "", files, tuple(notes), subject.forwarded)


def counted_files(mail: OpenedMail) -> list[Part]:
    """The attachments in which there may be an update."""
    return [part for part in mail.leaves if is_attached(part) and file_name(part) and octets_of(part).strip()]


def _of_words(mail: OpenedMail, subject: Subject, beside: Sequence[str]) -> MailContents:
    text, notes = _text(mail)
    words = own_words(text, forwarded=subject.forwarded)
    notes += words.notes + list(beside)
    if not words.text.strip() and (notes or not subject.text):
        raise BadInput(
            "It is a mail that says nothing itself.",
            f"It {notes[0]}. Write the update above it, or attach it."
            if notes
            else "Write the update in it.",
        )
    if subject.left_out:
        notes.insert(0, f"takes its subject without {excerpt(' '.join(subject.left_out))}")
    return MailContents(subject.text, words.text, (), tuple(notes), subject.forwarded)


def _said_beside(mail: OpenedMail, subject: Subject) -> list[str]:
    """Notes of the words of a mail whose attachments count."""
    try:
        words = own_words(_text(mail)[0], forwarded=subject.forwarded).text
    except BadInput:
        return ["leaves out the text of the mail, which cannot be read"]
    said = [line for line in (subject.text, *words.split("\n")) if line.strip()]
    if not said:
        return []
    return [f"leaves out the text of the mail ({number_of(len(said), 'line')}): {excerpt(said[0])}"]


def _text(mail: OpenedMail) -> tuple[str, list[str]]:
    """What people are to read in a mail, and notes. Raises BadInput for what is no text."""
    texts, notes = list[str](), list[str]()
    for part in mail.leaves:
        if is_attached(part):
            continue
        text, encoding = text_of(part)
        if part.get_content_type() == "text/html" and text.strip():
            text, left = documents.text_of_page(text)
            notes += left
        else:
            text = flowing(part, text)
        texts.append(text)
        notes += [f"is in {encoding}"] * bool(encoding)
    return "\n".join(texts), notes


def _beside(mail: OpenedMail, counted: Sequence[Part]) -> list[str]:
    """A note for each kind of thing that nobody reads."""
    others = [part for part in mail.leaves if is_attached(part) and part not in counted]
    found = Counter(left_out(part) for part in others)
    return [f"leaves out {what}" + (f" ({n} times)" if n > 1 else "") for what, n in found.items()]
