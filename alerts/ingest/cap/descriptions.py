"""Areas in words → regions: “Tirol”, “Gro,Oax”, “Aswan in Egypt”, “State of MI”."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from alerts.errors import UnknownRegion
from alerts.regions import Tree, suggest
from alerts.regions.codes import country_of

#: Descriptions that go on longer are no lists of names.
_LONG, _PARTS_MOST = 2_000, 60
_LISTED = re.compile(r"\s*[,;/|]\s*")
_JOINED = re.compile(r"\s+(?:and|und|y|et|e)\s+")
_IN = re.compile(r"(.+) in (?:the )?(.+)")
_KINDS = re.compile(
    r"^(?:all of|the whole of|state of|province of|region of|county of|city of|kreis|stadt|land|provincia "
    r"de) ",
    re.IGNORECASE,
)
_ABBREVIATED = re.compile(r"[A-Za-z]{2,3}")


class Described(NamedTuple):
    """The regions that a description names, and whether it names others, too, which are not known."""

    codes: tuple[str, ...]
    whole: bool


def described(text: str, country: str, tree: Tree) -> Described:
    """Look up what is named; with a country, only in it. Without one, a text is searched for countries."""
    line = text[:_LONG].strip()
    if whole := _named(line, country, tree):
        return Described((whole,), True)
    parts = [part for part in _LISTED.split(line) if part][:_PARTS_MOST]
    found = [_joined(part, country, tree) for part in parts]
    if any(found):
        return Described(tuple(dict.fromkeys(code for codes in found for code in codes)), all(found))
    if country:
        return Described((), False)
    return Described(tuple(suggested.code for suggested in suggest(line, tree)[:2]), False)


def _joined(text: str, country: str, tree: Tree) -> tuple[str, ...]:
    """The region that is called so, or all that an “and” joins: some of them would be parts of a name."""
    if code := _named(text, country, tree):
        return (code,)
    parts = _JOINED.split(text)
    codes = [_named(part, country, tree) for part in parts] if len(parts) > 1 else []
    return tuple(codes) if codes and all(codes) else ()


def _named(text: str, country: str, tree: Tree) -> str:
    """The one region that is called so; empty for none, and for one that is elsewhere."""
    for name in _tries(text, country, tree):
        if not name or (_ABBREVIATED.fullmatch(name) and name.isupper()):
            continue  # “Brawley, CA” is not in Canada
        if name in tree and "-" in name:  # spelt as a code, on purpose
            return name
        try:
            code = tree.find(name)
        except UnknownRegion:
            continue
        if not country or country in (code, country_of(code)) or country in tree.ancestors(code):
            return code
    return ""


def _tries(text: str, country: str, tree: Tree) -> Iterator[str]:
    for name in filter(None, dict.fromkeys((text.strip(), _KINDS.sub("", text.strip())))):
        if country:
            if _ABBREVIATED.fullmatch(name):
                yield f"{country}-{name.upper()}"
            yield f"{name}, {tree.name(country)}"
        yield name
        if within := _IN.fullmatch(name):
            yield f"{within[1]}, {within[2]}"
