"""Who may subscribe by themselves, as ALERTS_JOIN says. Pure."""

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator

CLOSED, INVITED, OPEN, _DOMAINS = "closed", "invited", "open", "domains:"
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,62}")


@dataclass(frozen=True, slots=True)
class JoinPolicy:
    """Whose addresses may join: of nobody, of everybody, or of some domains, each by its exact name.

    `anybody`: whether there is anybody who may. Then whoever an operator invited may, too.
    """

    anybody: bool = False
    everybody: bool = False
    domains: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, text: str) -> "JoinPolicy":
        """Read `closed`, `invited`, `open` or `domains:example.org,example.net`. Raises ValueError."""
        word = text.strip().lower()
        if word in (CLOSED, INVITED, OPEN):
            return cls(anybody=word != CLOSED, everybody=word == OPEN)
        domains = frozenset(part.strip() for part in word.removeprefix(_DOMAINS).split(","))
        if not word.startswith(_DOMAINS) or not all(map(_DOMAIN.fullmatch, domains)):
            raise ValueError("it is not closed, invited, open or domains:example.org,example.net")
        return cls(anybody=True, domains=domains)

    @property
    def invited_alone(self) -> bool:
        """Whether nobody may who was not invited."""
        return self.anybody and not self.everybody and not self.domains

    def admits(self, address: str) -> bool:
        """Whether the holder of this address may join uninvited, once they have confirmed it."""
        return self.everybody or address.rpartition("@")[2].lower() in self.domains


def _known(text: str) -> str:
    JoinPolicy.parse(text)
    return text


#: What ALERTS_JOIN may say.
Join = Annotated[str, AfterValidator(_known)]
