"""A drawn page; a fault, and an address, as pages show them."""

from dataclasses import dataclass
from typing import NamedTuple

from alerts.errors import AlertsError
from alerts.locales import ENGLISH, Locale, catalog_for
from alerts.texts import clusters


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and what a Content-Security-Policy must admit of it."""

    html: str
    style: str  #: the hash of its style sheet
    pictures: bool = False  #: whether there is a picture in it
    language: str = "en"  #: as BCP 47 writes it
    scripts: bool = False  #: whether it loads those of `/scripts`, which fetch from here alone


class ShownFault(NamedTuple):
    """What is wrong, in words for people, in their language."""

    sentence: str
    hint: str

    @classmethod
    def of(cls, fault: AlertsError, locale: Locale) -> "ShownFault":
        hints = fault.page_hints(in_english=catalog_for(locale.tag) == ENGLISH.tag)
        return cls(" ".join(map(locale.say, fault.sentences)), " ".join(map(locale.say, hints)))


def masked(address: str) -> str:
    """Enough for its owner to know it by: `j…@example.org`."""
    local, at, domain = address.rpartition("@")
    return f"{next(clusters(local), '')}…{at}{domain}"
