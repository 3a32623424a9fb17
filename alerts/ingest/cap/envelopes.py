"""Messages where they are found: alone, several, in EDXL-DE, in the entries of a feed."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree as ET

from alerts.errors import BadInput
from alerts.ingest.cap.elements import local, namespace, text, without
from alerts.ingest.cap.parsing import parse

#: More belong into several files, as with JSON.
ALERTS_MAX = 1000

_VERSION = re.compile(r"(?:urn:oasis:names:tc:emergency:cap:|http://www\.incident\.com/cap/)(1\.[0-2])", re.I)
#: How an alert begins that stands in an entry as escaped text.
_ESCAPED = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:[\w.-]{1,20}:)?alert[\s>]")


class Envelope(NamedTuple):
    """A message, the version of CAP it says it is in, and what stands on what it came in."""

    alert: ET.Element
    version: str
    status: str  #: of the distribution, where it came in one


def unpack(root: ET.Element) -> list[Envelope]:
    """Every message in a document, in order. Raises BadInput where there is none, or something like one."""
    status = text(root, "distributionStatus") if local(root) == "EDXLDistribution" else ""
    found = [Envelope(alert, _version(alert), status) for alert in _alerts(root)]
    if len(found) > ALERTS_MAX:
        raise BadInput(f"It holds more than {ALERTS_MAX:,} messages.", "Split it into several files.")
    if not found:
        raise BadInput("It is XML without a message in CAP, not an update.", _HINTS[_is_feed(root)])
    return found


_HINTS = {
    False: "Give a message of the Common Alerting Protocol, or copy the text into a text or Markdown file.",
    True: "Give the files that a feed links to, or follow the feed itself: `alerts feeds preview URL`.",
}


def _is_feed(root: ET.Element) -> bool:
    return local(root) in ("feed", "rss", "RDF")


def _alerts(root: ET.Element) -> Iterator[ET.Element]:
    for element in without(root, ("alert",)):
        if local(element) == "alert":
            yield element
        elif local(element) == "content" and _ESCAPED.match(element.text or ""):
            yield from (e for e in without(parse(element.text or ""), ("alert",)) if local(e) == "alert")


def _version(alert: ET.Element) -> str:
    """Its version; empty where it is in no namespace. Raises BadInput for one that is not CAP's."""
    named = namespace(alert)
    known = _VERSION.fullmatch(named)
    if named and known is None:
        raise BadInput(
            f"It is in the namespace “{named[:80]}”, which is not CAP's.",
            "The namespace of CAP 1.2 is urn:oasis:names:tc:emergency:cap:1.2.",
        )
    return known[1] if known else ""
