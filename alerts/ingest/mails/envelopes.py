"""Whom a mail is for, who says that they wrote it, and which mail it is. Nothing of it is proved."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from email.message import Message as Part
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses

from alerts.ingest.mails.structure import head_and_rest
from alerts.texts import as_utf_8, field_text

#: Octets of the head of a mail that are looked at, and characters of a field.
HEAD_MAX, FIELD_MAX = 128 * 1024, 2_000
#: Characters of a From that names one person, and comments in it: Python calls itself for each.
AUTHOR_MAX, COMMENTS_MAX = 1_000, 10
#: Secrets of one mail that are tried.
SECRETS_MAX = 4

#: A line that one program takes for two and another for one.
_UNCLEAR = re.compile(rb"\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PUBLISH = re.compile(r"\bpublish\+([0-9a-z]{8,56})@", re.IGNORECASE)
#: In which fields servers write whom a mail was for, where its envelope is not at hand.
_FOR = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc")


@dataclass(frozen=True, slots=True)
class MailHead:
    """The fields of a mail, from the top, as it arrived. `unclear`: it holds octets that no head may."""

    rows: tuple[tuple[str, str], ...]  #: names in small letters, values as they came
    unclear: bool

    @classmethod
    def of(cls, source: bytes) -> "MailHead":
        """Read the head of a mail. Never raises; of one without an end there is the beginning."""
        head = head_and_rest(source[:HEAD_MAX])[0]
        parsed: Part = BytesHeaderParser(policy=compat32).parsebytes(head)
        rows = tuple((name.lower(), as_utf_8(str(value))) for name, value in parsed.raw_items())
        return cls(rows, _UNCLEAR.search(head) is not None)

    def all(self, *names: str) -> Iterator[str]:
        """The values of all fields of these names, from the top, on one line each."""
        return (field_text(value, FIELD_MAX) for name, value in self.rows if name in names)

    def one(self, name: str) -> str:
        """The first field of this name; empty if there is none."""
        return next(self.all(name), "")

    @property
    def author(self) -> str:
        """The address that it says it is from; empty where it names none, or several."""
        said = [value for name, value in self.rows if name == "from"]
        clear = len(said) == 1 and len(said[0]) <= AUTHOR_MAX and said[0].count("(") <= COMMENTS_MAX
        found = [address for _, address in getaddresses(said)] if clear else []
        return found[0] if len(found) == 1 and found[0].count("@") == 1 and found[0].isprintable() else ""

    @property
    def message_id(self) -> str:
        return self.one("message-id").strip("<> ")

    @property
    def made_by_program(self) -> str:
        """The field by which a program says that no person sent this; empty for none (RFC 3834, RFC 2369)."""
        submitted = self.one("auto-submitted").partition(";")[0].strip().lower()
        if submitted not in ("", "no"):
            return f"Auto-Submitted: {submitted[:40]}"
        precedence = self.one("precedence").lower()
        if precedence in ("bulk", "junk", "list", "auto_reply"):
            return f"Precedence: {precedence}"
        return next((f"{name.title()}" for name in ("list-id", "list-unsubscribe") if self.one(name)), "")


def secrets_in(source: bytes, to: Sequence[str]) -> tuple[str, ...]:
    """What stands between `publish+` and `@` in the addresses that a mail is for: those of its envelope, else
    of the fields in which servers write that. Nothing of what stands further down than a head does.
    """
    if to:
        return _secrets(to)
    if b"publish+" not in source[:HEAD_MAX].lower():
        return ()
    return _secrets(MailHead.of(source).all(*_FOR))


def _secrets(addresses: Iterable[str]) -> tuple[str, ...]:
    found = (secret.lower() for address in addresses for secret in _PUBLISH.findall(address[:FIELD_MAX]))
    return tuple(dict.fromkeys(found))[:SECRETS_MAX]
