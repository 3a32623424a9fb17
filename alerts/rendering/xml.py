"""XML that is written: whatever somebody wrote becomes text in it, and nothing else."""

import re
from xml.etree import ElementTree as ET

#: What no document of XML 1.0 can hold (§2.2), even escaped.
_IMPOSSIBLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def added(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    """Add an element with a text, as far as XML can hold it."""
    element = ET.SubElement(parent, name, attributes)
    element.text = _IMPOSSIBLE.sub("", text) or None
    return element


def written(root: ET.Element) -> bytes:
    """The document in UTF-8, with its declaration."""
    return bytes(ET.tostring(root, "utf-8", xml_declaration=True))
