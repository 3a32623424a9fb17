"""Areas in words → regions: “Tirol”, “Gro,Oax”, “Aswan in Egypt”, “State of MI”."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from alerts.ingest.cap.abbreviations import abbreviated
from alerts.regions import Tree, suggest
from alerts.regions.codes import country_of

#: Descriptions that go on longer are no lists of names.
_LONG, _PARTS_MOST = 2_000, 60
#: A quarter of a second's worth; the largest real message has 70 areas.
_NAMES_MOST = 400
_LISTED = re.compile(r"\s*[,;/|]\s*")
_JOINED = re.compile(r"\s+(?:and|und|y|et|e)\s+")
_IN = re.compile(r"(.+) in (?:the )?(.+)")
_KINDS = re.compile(
    r"^(?:all of|the whole of|state of|province of|region of|county of|city of|kreis|stadt|land|provincia "
    r"de) ",
    re.IGNORECASE,
)
_ABBREVIATED = re.compile(r"[A-Za-z]{2,3}")


class NamedRegions(NamedTuple):
    """The regions that a description names, and whether it names others, too, which are not known."""

    codes: tuple[str, ...]
    whole: bool


class Words:
    """Looks descriptions up, each name once: for one message, and no more names than a message can mean."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._known: dict[tuple[str, str], str] = {}

    def described(self, text: str, country: str) -> NamedRegions:
        """Look up what is named; with a country, only in it. Without one, it is searched for countries."""
        line = text[:_LONG].strip()
        if whole := self._named(line, country):
            return NamedRegions((whole,), True)
        parts = [part for part in _LISTED.split(line) if part][:_PARTS_MOST]
        found = [self._joined(part, country) for part in parts]
        if any(found):
            return NamedRegions(tuple(dict.fromkeys(code for codes in found for code in codes)), all(found))
        if country or len(self._known) > _NAMES_MOST:
            return NamedRegions((), False)
        return NamedRegions(tuple(suggested.code for suggested in suggest(line, self._tree)[:2]), False)

    def _joined(self, text: str, country: str) -> tuple[str, ...]:
        """The region that is called so, or all that an “and” joins: some of them would be parts of a name."""
        if code := self._named(text, country):
            return (code,)
        parts = _JOINED.split(text)
        codes = [self._named(part, country) for part in parts] if len(parts) > 1 else []
        return tuple(codes) if codes and all(codes) else ()

    def _named(self, text: str, country: str) -> str:
        """The one region that is called so; empty for none, and for one that is elsewhere."""
        named = (text, country)
        if named not in self._known:
            if len(self._known) > _NAMES_MOST:
                return ""
            self._known[named] = next((code for code in self._found(text, country) if code), "")
        return self._known[named]

    def _found(self, text: str, country: str) -> Iterator[str]:
        tree = self._tree
        for name in _tries(text, country, tree):
            if name in tree and "-" in name:  # spelt as a code, on purpose
                yield name
            elif not (_ABBREVIATED.fullmatch(name) and name.isupper()):  # “Brawley, CA” is not in Canada
                code = tree.called(name) or ""
                if code and (
                    not country or country in (code, country_of(code)) or country in tree.ancestors(code)
                ):
                    yield code


def _tries(text: str, country: str, tree: Tree) -> Iterator[str]:
    for name in filter(None, dict.fromkeys((text.strip(), _KINDS.sub("", text.strip())))):
        if country:
            if short := abbreviated(name, country):
                yield short
            if _ABBREVIATED.fullmatch(bare := name.replace(".", "")):
                yield f"{country}-{bare.upper()}"
            yield f"{name}, {tree.name(country)}"
        yield name
        if within := _IN.fullmatch(name):
            yield f"{within[1]}, {within[2]}"
