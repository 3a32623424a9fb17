"""Read the committed tables and the groups: regions and their names."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal

from alerts.regions.names import compact

Kind = Literal["world", "area", "country", "subdivision", "group"]
Second = Literal["", "same", "in", "partly in", "held by"]

WORLD = "001"
_DATA = files("alerts.regions") / "data"


@dataclass(frozen=True, slots=True)
class Region:
    """A node of the tree, or a named group.

    `parents` are the nodes directly around it: two where an area has two codes or two rulers. `second` says
    how it stands to the latter: it is all of it (FR-973, GF), in it, partly in it, or held by it.
    `members` are a group's, empty for the others. `prose` and `within` say how it stands in a sentence.
    """

    code: str
    name: str
    kind: Kind
    parents: tuple[str, ...]
    members: tuple[str, ...] = ()
    prose: str = ""
    within: str = ""
    second: Second = ""

    @property
    def wholly_in(self) -> tuple[str, ...]:
        """The parents but the one that it is only partly in, or that only holds it."""
        return self.parents[:-1] if self.second in ("partly in", "held by") else self.parents


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything read: regions by code, other codes (alpha-3, M49 numbers), other names as (code, name).

    `successors` are those of countries that are no more, by their compared names.
    """

    regions: dict[str, Region]
    codes: dict[str, str]
    aliases: list[tuple[str, str]]
    successors: dict[str, tuple[str, ...]]

    def label(self, code: str) -> str:
        """Show a region with its country and code: `Ukraine (UA)`, `Kyiv, Ukraine (UA-30)`."""
        region = self.regions[code]
        if region.kind == "subdivision":
            return f"{region.name}, {self.regions[code.partition('-')[0]].name} ({code})"
        return f"{region.name} ({code})"


def read() -> Tables:
    """Read the packaged tables, then the groups over them."""
    tables = Tables({}, {}, [], _successors())
    for code, alpha3, number, parents, name, aliases in rows("areas"):
        kind: Kind = "country" if alpha3 else "area" if parents else "world"
        tables.regions[code] = Region(code, name, kind, tuple(parents.split()))
        tables.codes.update((other, code) for other in (alpha3, number) if other)
        _add_aliases(tables, code, aliases)
    for code, parents, second, name, aliases in rows("subdivisions"):
        how: Second = second  # type: ignore[assignment]  # the generator writes no other
        tables.regions[code] = Region(code, name, "subdivision", tuple(parents.split()), second=how)
        _add_aliases(tables, code, aliases)
    for table in ("names_iso", "names_world"):
        for code, aliases in rows(table):
            _add_aliases(tables, code, aliases)
    _add_groups(tables, _toml("groups"))
    return tables


def _successors() -> dict[str, tuple[str, ...]]:
    return {
        compact(name): tuple(entry["successors"])
        for entry in _toml("former")["country"]
        for name in entry["names"]
    }


def _toml(table: str) -> dict[str, Any]:
    return tomllib.loads((_DATA / f"{table}.toml").read_text(encoding="utf-8"))


def rows(table: str) -> Iterator[list[str]]:
    """Yield the rows of a packaged table, without its line of column names."""
    return (line.split("\t") for line in text(table).splitlines()[1:])


def text(table: str) -> str:
    """Read a packaged table as it is."""
    return (_DATA / f"{table}.tsv").read_text(encoding="utf-8")


def _add_aliases(tables: Tables, code: str, aliases: str) -> None:
    if aliases:
        tables.aliases.extend((code, alias) for alias in aliases.split("|"))


def _add_groups(tables: Tables, groups: dict[str, Any]) -> None:
    for slug, entry in groups.items():
        tables.regions[slug] = Region(
            slug,
            entry["name"],
            "group",
            (WORLD,),
            tuple(dict.fromkeys(entry["members"])),
            entry.get("prose", ""),
            entry.get("within", ""),
        )
        tables.aliases.extend((slug, alias) for alias in entry.get("aliases", ()))
