"""Who messages come from: ALERTS_MAIL_FROM read. The pages behind their links say the same name."""

import re
from dataclasses import dataclass
from functools import lru_cache

from alerts.errors import BadInput

_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = rf"{_ATEXT}(?:\.{_ATEXT})*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"
_SENDER = re.compile(rf'\s*(?:"?([^"<>]*?)"?\s*<({_ADDRESS})>|({_ADDRESS}))\s*')


@dataclass(frozen=True, slots=True)
class MailFrom:
    """Who a mail comes from."""

    display_name: str
    address: str

    @property
    def shown(self) -> str:
        return self.display_name or self.address

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@lru_cache(maxsize=16)  # asked once a person, and there is one
def mail_from(written: str) -> MailFrom:
    """Read `Name <address>`, or an address alone, for the From header. Raises BadInput."""
    found = _SENDER.fullmatch(written) if written.isprintable() else None
    if found is None:
        raise BadInput(
            "ALERTS_MAIL_FROM is not an address mail can come from.",
            "Write it like: Alerts <alerts@example.org>.",
        )
    return MailFrom(found[1] or "", found[2] or found[3])
