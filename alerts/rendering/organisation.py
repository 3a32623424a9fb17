"""Whose alerts they are: the name, logo and legal pages that pages and mails show."""

from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from alerts.errors import BadInput
from alerts.logs import log
from alerts.settings import Settings

#: Octets of a logo: it is in every page.
LOGO_MAX = 32 * 1024
_PNG, _SVG = b"\x89PNG\r\n\x1a\n", "{http://www.w3.org/2000/svg}svg"


@dataclass(frozen=True, slots=True)
class Organisation:
    """What is said of whoever publishes; what is empty is not shown.

    The logo is on pages alone: mail programs show no SVG and block `data:`, and a picture that comes with
    each mail is an attachment to whoever waits for an alert on a slow line (docs/adr/0061).
    """

    name: str = ""  #: in the place of the name in ALERTS_MAIL_FROM
    logo: str = ""  #: as a `data:` URL
    imprint_url: str = ""
    privacy_url: str = ""


def organisation(settings: Settings) -> Organisation:
    """What the settings say. A logo that cannot be used is left out: `alerts check` says why."""
    logo = ""
    if settings.logo is not None:
        try:
            logo = logo_url(settings.logo)
        except BadInput as fault:
            log.warning("logo left out", why=fault.sentence)
    texts = settings.organisation, logo, settings.imprint_url, settings.privacy_url
    return Organisation(*(text or "" for text in texts))


def logo_url(path: Path) -> str:
    """A picture as a `data:` URL. Raises BadInput for what is no PNG or SVG, or too large for every page."""
    try:
        with path.open("rb") as file:
            octets = file.read(LOGO_MAX + 1)
    except OSError as fault:
        raise BadInput(
            f"ALERTS_LOGO cannot be read: {fault.strerror}.", "Name a file that this user may read."
        ) from None
    if len(octets) > LOGO_MAX:
        raise BadInput(
            f"ALERTS_LOGO is larger than {LOGO_MAX // 1024} KB.", "It is in every page: make it smaller."
        )
    kind = "png" if octets.startswith(_PNG) else "svg+xml" if _is_svg(octets) else ""
    if not kind:
        raise BadInput("ALERTS_LOGO is neither PNG nor SVG.", "Save it as one of them.")
    return f"data:image/{kind};base64,{b64encode(octets).decode('ascii')}"


def _is_svg(octets: bytes) -> bool:
    """Whether it is one that a browser draws; what is in it runs nothing and loads nothing in an `img`."""
    try:
        return bool(fromstring(octets).tag == _SVG)
    except (ParseError, DefusedXmlException, ValueError):
        return False
