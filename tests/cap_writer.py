"""Messages of CAP as a test needs them: a whole one, with what it is about changed or left out."""

from xml.sax.saxutils import escape

CAP_12 = "urn:oasis:names:tc:emergency:cap:1.2"
SENT = "2094-03-01T08:00:00+01:00"
ALERT = {
    "identifier": "m1",
    "sender": "desk@weather.example.at",
    "sent": SENT,
    "status": "Actual",
    "msgType": "Alert",
    "scope": "Public",
}
INFO = {
    "language": "en-GB",
    "category": "Met",
    "event": "Wind",
    "urgency": "Expected",
    "severity": "Moderate",
    "certainty": "Likely",
    "expires": "2095-03-01T08:00:00+01:00",
    "senderName": "Weather Service",
    "headline": "Gales over Tyrol",
    "description": "Gusts of 100 km/h are expected.",
    "instruction": "Stay away from trees.",
}
TYROL = "<areaDesc>Tirol</areaDesc>"


def elements(fields: dict[str, str]) -> str:
    """Elements in the order of the fields; none for one that is empty."""
    return "".join(f"<{name}>{escape(text)}</{name}>" for name, text in fields.items() if text)


def info(*areas: str, **changes: str) -> str:
    """A block about some areas, each as what stands in its element."""
    drawn = "".join(f"<area>{area}</area>" for area in areas or (TYROL,))
    return f"<info>{elements(INFO | changes)}{drawn}</info>"


def cap(*infos: str, namespace: str = CAP_12, inside: str = "", **changes: str) -> bytes:
    """A message; without a block given it has one about Tyrol. `inside` stands before its blocks."""
    blocks = "".join(infos or (info(),))
    return f'<alert xmlns="{namespace}">{elements(ALERT | changes)}{inside}{blocks}</alert>'.encode()


def refers(*identifiers: str, sender: str = ALERT["sender"], sent: str = SENT) -> str:
    """References to earlier messages."""
    return " ".join(f"{sender},{identifier},{sent}" for identifier in identifiers)
