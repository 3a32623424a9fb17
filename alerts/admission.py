"""Who may subscribe by themselves, as ALERTS_JOIN says. Pure."""

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator

CLOSED, OPEN, _DOMAINS = "closed", "open", "domains:"
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,62}")


@dataclass(frozen=True, slots=True)
class JoinPolicy:
    """Whose addresses may join: of nobody, of everybody, or of some domains, each by its exact name."""

    everybody: bool = False
    domains: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, text: str) -> "JoinPolicy":
        """Read `closed`, `open` or `domains:example.org,example.net`. Raises ValueError."""
        word = text.strip().lower()
        if word in (CLOSED, OPEN):
            return cls(everybody=word == OPEN)
        domains = frozenset(part.strip() for part in word.removeprefix(_DOMAINS).split(","))
        if not word.startswith(_DOMAINS) or not all(map(_DOMAIN.fullmatch, domains)):
            raise ValueError("it is not closed, open or domains:example.org,example.net")
        return cls(domains=domains)

    @property
    def anybody(self) -> bool:
        """Whether there is anybody who may."""
        return self.everybody or bool(self.domains)

    def admits(self, address: str) -> bool:
        """Whether the holder of this address may join, once they have confirmed it."""
        return self.everybody or address.rpartition("@")[2].lower() in self.domains


def _known(text: str) -> str:
    JoinPolicy.parse(text)
    return text


#: What ALERTS_JOIN may say.
Join = Annotated[str, AfterValidator(_known)]
