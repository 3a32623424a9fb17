"""What CAP 1.2 (OASIS, §3.2) asks of a message, written down once more: nothing of it is the product's.

Each element: how often it may stand, in this order, and what it may hold: words, a pattern, or elements.
"""

import re
from xml.etree import ElementTree as ET

NAMESPACE = "{urn:oasis:names:tc:emergency:cap:1.2}"
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d"
NAME = r"[^\s,<&]+"
ANY = r"[\s\S]+"
ONCE, MAYBE, MANY, ANY_NUMBER = (1, 1), (0, 1), (1, None), (0, None)

Model = list[tuple[str, tuple[int, int | None], "str | set[str] | Model"]]

VALUE: Model = [("valueName", ONCE, ANY), ("value", ONCE, ANY)]
AREA: Model = [
    ("areaDesc", ONCE, ANY),
    ("polygon", ANY_NUMBER, ANY),
    ("circle", ANY_NUMBER, ANY),
    ("geocode", ANY_NUMBER, VALUE),
]
CATEGORIES = {
    *("Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE"),
    "Other",
}
RESPONSES = {
    *("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"),
}
INFO: Model = [
    ("language", MAYBE, r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*"),
    ("category", MANY, CATEGORIES),
    ("event", ONCE, ANY),
    ("responseType", ANY_NUMBER, RESPONSES),
    ("urgency", ONCE, {"Immediate", "Expected", "Future", "Past", "Unknown"}),
    ("severity", ONCE, {"Extreme", "Severe", "Moderate", "Minor", "Unknown"}),
    ("certainty", ONCE, {"Observed", "Likely", "Possible", "Unlikely", "Unknown"}),
    ("expires", MAYBE, TIME),
    ("senderName", MAYBE, ANY),
    ("headline", MAYBE, ANY),
    ("description", MAYBE, ANY),
    ("web", MAYBE, r"https?://\S+"),
    ("area", ANY_NUMBER, AREA),
]
ALERT: Model = [
    ("identifier", ONCE, NAME),
    ("sender", ONCE, NAME),
    ("sent", ONCE, TIME),
    ("status", ONCE, {"Actual", "Exercise", "System", "Test", "Draft"}),
    ("msgType", ONCE, {"Alert", "Update", "Cancel", "Ack", "Error"}),
    ("source", MAYBE, ANY),
    ("scope", ONCE, {"Public", "Restricted", "Private"}),
    ("restriction", MAYBE, ANY),
    ("note", MAYBE, ANY),
    ("references", MAYBE, rf"{NAME},{NAME},{TIME}( {NAME},{NAME},{TIME})*"),
    ("incidents", MAYBE, NAME),
    ("info", ANY_NUMBER, INFO),
]


def faults(message: bytes) -> list[str]:
    """What a message has that CAP has not, or lacks."""
    root = ET.fromstring(message)
    found = [] if root.tag == f"{NAMESPACE}alert" else [f"the root is {root.tag}"]
    found += _faults(root, ALERT, "alert")
    scope, restriction = (root.findtext(f"{NAMESPACE}{name}") for name in ("scope", "restriction"))
    if (scope == "Restricted") is (restriction is None):
        found.append("scope and restriction contradict each other")
    return found


def _faults(element: ET.Element, model: Model, where: str) -> list[str]:
    names = [child.tag.removeprefix(NAMESPACE) for child in element]
    order = [name for name, _, _ in model]
    found = [f"{where} knows no {name}" for name in names if name not in order]
    places = [order.index(name) for name in names if name in order]
    if places != sorted(places):
        found.append(f"{where} is out of order: {names}")
    for name, (least, most), content in model:
        several = element.findall(f"{NAMESPACE}{name}")
        if not least <= len(several) <= (most or len(several)):
            found.append(f"{where} has {len(several)} of {name}")
        for one in several:
            if isinstance(content, list):
                found += _faults(one, content, name)
            elif not _holds(one.text or "", content):
                found.append(f"{name} cannot be {one.text!r}")
    return found


def _holds(text: str, content: str | set[str]) -> bool:
    return text in content if isinstance(content, set) else bool(re.fullmatch(content, text))
