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

#: How XML begins, in any encoding that leaves ASCII alone, or with zeros between its letters. What is a page
#: of the web is none of ours.
_BEGINS = re.compile(
    rb"[\xef\xbb\xbf\xff\xfe\x00\s]*<\0{0,3}(?:\?\0{0,3}x\0{0,3}m\0{0,3}l|!\0{0,3}D\0{0,3}O\0{0,3}C|!--|"
    rb"(?:[\w.-]{1,20}:)?(?:alert|EDXLDistribution|feed|rss)[\s>])",
    re.IGNORECASE,
)
_PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]|<svg[\s>]", re.IGNORECASE)
_LOOKED_AT = 2_000


def recognises(source: bytes) -> bool:
    """Whether it is XML, and no page of the web: then it is CAP, or nothing that is read."""
    return bool(_BEGINS.match(source[:_LOOKED_AT])) and not _PAGE.search(source[:_LOOKED_AT])


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
