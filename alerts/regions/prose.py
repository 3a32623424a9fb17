"""Regions in sentences: “Mali is in the Sahel”, “the EU and NATO share Belgium, Bulgaria, …”."""

import re
from collections.abc import Sequence

from alerts.regions.tables import Region

#: Names that English puts an article before.
_THE = re.compile(
    r"(?:World$|Americas|Bahamas|Caribbean|Comoros|Gambia$|Holy See|Isle of|Maldives|Philippines|Republic of|"
    r"Seychelles|United|US )"
    r"|.*(?:Republic|Islands|Netherlands|Territor(?:y|ies)|Region|Community|District)$"
)
#: Names that mean several, and take “are”.
_MANY = re.compile(r".*(?:Islands|Territories|states|countries)$|Americas$")

#: How many shared regions a sentence names before it counts the rest.
_NAMED = 3


def noun(region: Region) -> str:
    """Name a region as it stands in a sentence: “the United Kingdom”, “the EU”."""
    if region.prose:
        return region.prose
    return f"the {region.name}" if region.kind != "group" and _THE.match(region.name) else region.name


def about(region: Region) -> str:
    return f"it is about {noun(region)}"


def inside(inner: Region, outer: Region, through: Region | None = None, how: str = "in") -> str:
    """Say that one lies in the other, through a country between them where that explains it.

    `how` may also be `partly in` or `held by`; it is said of the country where there is one.
    """
    one, other = noun(inner), noun(outer)
    if one == other:  # Jerusalem is listed in two countries
        one, other = f"{one} ({inner.code})", f"{other} ({outer.code})"
    if through is not None:
        member = outer.within or f"in {noun(outer)}"
        return f"{one} {_are(inner)} {how} {noun(through)}, which {_are(through)} {member}"
    return f"{one} {_are(inner)} {outer.within or f'{how} {other}'}"


def shared(one: Region, other: Region, common: Sequence[Region]) -> str:
    """Say what two regions have in common, naming a few."""
    named = [noun(region) for region in common[:_NAMED]]
    if more := len(common) - len(named):
        named.append(f"{more} more")
    listed = " and ".join(filter(None, [", ".join(named[:-1]), named[-1]]))
    return f"{noun(one)} and {noun(other)} share {listed}"


def _are(region: Region) -> str:
    return "are" if _MANY.match(noun(region)) else "is"
