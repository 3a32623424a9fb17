"""From which country a message is: what its identifier, its sender's address and its languages say."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from alerts.errors import UnknownRegion
from alerts.ingest.cap.messages import CapAlert
from alerts.regions import Tree

#: WMO Register of Alerting Authorities: 2.49.0.x is followed by the country, by its number in ISO 3166.
_AUTHORITY = re.compile(r"(?<![0-9.])2\.49\.0\.[0-9]+\.([0-9]{1,3})\.")
_DOMAIN = re.compile(r"(?:^|@|://)(?:[\w-]+\.)+([a-z]{2,4})(?=$|[/:])", re.IGNORECASE)
_AMERICAN = ("gov", "mil")
#: Domains of countries that are sold to everybody.
_SOLD = frozenset(("ai", "cc", "co", "eu", "fm", "io", "me", "tv", "ws"))
_LETTERS = {"UK": "GB"}


class Origin(NamedTuple):
    """A country, and what says so."""

    code: str
    why: str


def origin(message: CapAlert, tree: Tree) -> Origin | None:
    """The country of its sender; None where nothing tells."""
    for said, why in _told(message):
        code = _by_number(said, tree) if said.isdigit() else said
        if code in tree and tree.region(code).kind == "country":
            return Origin(code, why)
    return None


def _told(message: CapAlert) -> Iterator[tuple[str, str]]:
    if numbered := _AUTHORITY.search(message.identifier):
        yield numbered[1], f"the authority in its identifier, {message.identifier[:40]}"
    if named := _DOMAIN.search(message.sender):
        top = named[1].lower()
        if top in _AMERICAN:
            yield "US", f"its sender, {message.sender[:60]}"
        elif top not in _SOLD:
            yield _LETTERS.get(top.upper(), top.upper()), f"its sender, {message.sender[:60]}"
    languages = [info.language.replace("_", "-") for info in message.infos]
    spoken = {language.rpartition("-")[2].upper() for language in languages if "-" in language}
    if len(spoken) == 1:
        yield spoken.pop(), "the language it is in"


def _by_number(digits: str, tree: Tree) -> str:
    """The country of this number (ISO 3166-1, UN M49)."""
    try:
        return tree.find(digits.zfill(3))
    except UnknownRegion:
        return ""
