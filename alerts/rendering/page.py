"""A drawn page, and an address as pages show it to whom it may not be."""

from dataclasses import dataclass

from alerts.texts import clusters


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and what a Content-Security-Policy must admit of it."""

    html: str
    style: str  #: the hash of its style sheet
    pictures: bool = False  #: whether there is a picture in it
    language: str = "en"  #: as BCP 47 writes it


def masked(address: str) -> str:
    """Enough for its owner to know it by: `j…@example.org`."""
    local, at, domain = address.rpartition("@")
    return f"{next(clusters(local), '')}…{at}{domain}"
