"""A drawn page, and an address as pages show it to whom it may not be."""

from dataclasses import dataclass

from alerts.texts import clusters


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and the hash by which a Content-Security-Policy admits its style sheet."""

    html: str
    style: str


def masked(address: str) -> str:
    """Enough for its owner to know it by: `j…@example.org`."""
    local, at, domain = address.rpartition("@")
    return f"{next(clusters(local), '')}…{at}{domain}"
