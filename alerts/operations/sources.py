"""What a feed and a sender are added with alike: a name, and what holds where an update does not say."""

import re
from functools import partial
from typing import NamedTuple

from alerts.errors import BadInput, Faults
from alerts.model import SLUG
from alerts.operations.subscribing.requested_values import severity as severity_of
from alerts.services import Services

NAME_MAX = 40
#: Names that are tried for one whose own is taken.
_NAMES_MOST = 1_000


class Defaults(NamedTuple):
    """What holds of an update that says nothing else; the tags are of each, beside its own."""

    regions: tuple[str, ...]
    tags: tuple[str, ...]
    severity: str


def read_defaults(
    services: Services, faults: Faults, regions: tuple[str, ...], tags: tuple[str, ...], severity: str
) -> Defaults:
    """Look the words up; what is wrong with them is added to the faults."""
    nowhere: tuple[str, ...] = ()
    codes = faults.of(lambda: tuple(dict.fromkeys(map(services.tree.find, regions))), nowhere)
    listed = tuple(sorted({tag.strip().lower() for tag in tags}))
    faults.of(lambda: services.tags.require(list(listed)), None)
    degree = faults.of(partial(severity_of, severity), None)
    return Defaults(codes, listed, degree.value if degree else "")


def read_name(faults: Faults, name: str, noun: str) -> None:
    """Add to the faults what is wrong with a name that somebody gave, if anything is."""
    if name and (len(name) > NAME_MAX or not SLUG.fullmatch(name)):
        faults.found.append(
            BadInput(
                f"“{name[:60]}” cannot be the name of a {noun}.",
                f"Use at most {NAME_MAX} of a-z, 0-9 and hyphens between them.",
            )
        )


def names_for(asked: str, made_of: str, noun: str) -> list[str]:
    """The names to try in turn: the one asked for alone, else one made of a word, then with a number."""
    if asked:
        return [asked]
    base = re.sub("[^a-z0-9]+", "-", made_of).strip("-")[: NAME_MAX - 4].strip("-") or noun
    return [base, *(f"{base}-{n}" for n in range(2, _NAMES_MOST))]
