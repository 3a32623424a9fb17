"""The Common Alerting Protocol, 1.0 to 1.2: messages become updates, alone, in EDXL-DE or in feeds.

docs/ingest.md has what becomes of what. Whose revision a message is, is for `operations.situations` to say.
"""

import re
from collections.abc import Collection
from functools import partial

from alerts.errors import BadInput, Faults
from alerts.ingest.allowances import Allowance
from alerts.ingest.cap.admitting import admit
from alerts.ingest.cap.envelopes import Envelope, unpack
from alerts.ingest.cap.mapping import CapReading, as_update
from alerts.ingest.cap.messages import read_message
from alerts.ingest.cap.parsing import decode, parse
from alerts.ingest.cap.provenance import Provenance
from alerts.regions import Tree, load

__all__ = ["CapReading", "Provenance", "read", "recognises"]

#: How XML begins that is no browser's: with its declaration, a type, or an element of a message or feed.
_BEGINS = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*(?:<!--(?>.*?-->)\s*)*+"
    rb"<(?:\?xml|!DOCTYPE|(?:[\w.-]{1,20}:)?(?:alert|EDXLDistribution|feed|rss)[\s>])",
    re.IGNORECASE | re.DOTALL,
)
_PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]|<svg[\s>]", re.IGNORECASE)
_LOOKED_AT = 4_000


def recognises(source: bytes) -> bool:
    """Whether it is XML, and no page of the web: then it is CAP, or nothing that is read."""
    begins = source[:_LOOKED_AT].replace(b"\0", b"")  # UTF-16 and UTF-32 have zeros between these letters
    return bool(_BEGINS.match(begins)) and not _PAGE.search(begins)


def read(source: bytes, allowed: Collection[Allowance] = (), tree: Tree | None = None) -> list[CapReading]:
    """Read every message, in order. Raises BadInput naming each that cannot be taken: then none of them is.

    `allowed` are statuses and scopes that are taken although they are not for everybody, or not meant.
    """
    found = unpack(parse(decode(source)))
    places, faults = tree or load(), Faults()
    readings = [
        faults.of(partial(_read, envelope, place, len(found), allowed, places), None)
        for place, envelope in enumerate(found, 1)
    ]
    faults.complain()
    return [reading for reading in readings if reading]


def _read(envelope: Envelope, place: int, of: int, allowed: Collection[Allowance], tree: Tree) -> CapReading:
    try:
        message = read_message(envelope)
        admit(message, allowed)
        return as_update(message, tree)
    except BadInput as fault:
        if of > 1:
            raise BadInput(f"Message {place}: {fault.sentence}", fault.hint) from None
        raise
