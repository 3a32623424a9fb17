"""Read the committed tables and the groups: regions and their names. Refuses groups that cannot be."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from alerts.errors import BadInput
from alerts.model import SLUG

Kind = Literal["world", "area", "country", "subdivision", "group"]

WORLD = "001"
_DATA = files("alerts.regions") / "data"
_GROUP_KEYS = {"name", "prose", "within", "aliases", "members"}


@dataclass(frozen=True, slots=True)
class Region:
    """A node of the tree, or a named group.

    `parents` are the nodes directly around it: more than one where ISO lists a territory twice (FR-973, GF).
    `members` are a group's, empty for the others. `prose` and `within` say how it stands in a sentence.
    """

    code: str
    name: str
    kind: Kind
    parents: tuple[str, ...]
    members: tuple[str, ...] = ()
    prose: str = ""
    within: str = ""


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything read: regions by code, other codes (alpha-3, M49 numbers), other names as (code, name)."""

    regions: dict[str, Region]
    codes: dict[str, str]
    aliases: list[tuple[str, str]]


def read(groups: Path | None = None) -> Tables:
    """Read the packaged tables, then the operator's groups. Raises BadInput for groups that cannot be."""
    tables = Tables({}, {}, [])
    for code, alpha3, number, parents, name, aliases in rows("areas"):
        kind: Kind = "country" if alpha3 else "area" if parents else "world"
        tables.regions[code] = Region(code, name, kind, tuple(parents.split()))
        tables.codes.update((other, code) for other in (alpha3, number) if other)
        _add_aliases(tables, code, aliases)
    for code, parents, name, aliases in rows("subdivisions"):
        tables.regions[code] = Region(code, name, "subdivision", tuple(parents.split()))
        _add_aliases(tables, code, aliases)
    for table in ("names_iso", "names_world"):
        for code, aliases in rows(table):
            _add_aliases(tables, code, aliases)
    _add_groups(tables, tomllib.loads((_DATA / "groups.toml").read_text(encoding="utf-8")))
    if groups is not None:
        _add_groups(tables, _toml(groups))
    return tables


def rows(table: str) -> Iterator[list[str]]:
    """Yield the rows of a packaged table, without its line of column names."""
    lines = (_DATA / f"{table}.tsv").read_text(encoding="utf-8").splitlines()
    return (line.split("\t") for line in lines[1:])


def _add_aliases(tables: Tables, code: str, aliases: str) -> None:
    if aliases:
        tables.aliases.extend((code, alias) for alias in aliases.split("|"))


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"The groups in {path} cannot be read: {error.strerror}.", "Check the path.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"The groups in {path} are not TOML: {error}.", "See docs/regions.md.") from None


def _add_groups(tables: Tables, groups: dict[str, Any]) -> None:
    for slug, entry in groups.items():
        if problem := next(_problems(tables, slug, entry), None):
            raise BadInput(
                f"The group “{slug[:80]}” {problem}.", "See docs/regions.md for how a group is written."
            )
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


def _problems(tables: Tables, slug: str, entry: Any) -> Iterator[str]:
    """What is wrong with a group, as ends of a sentence that begins with its slug. Only the first is sure."""
    if not SLUG.fullmatch(slug):
        yield "is not a slug: small letters, digits and hyphens"
    if slug.upper() in tables.regions or slug.upper() in tables.codes:
        yield "has the code of a country, an area or a subdivision"
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str) or not entry["name"]:
        yield "has no name"
    if unknown := sorted(entry.keys() - _GROUP_KEYS):
        yield f"has a line “{unknown[0][:80]}”, which means nothing here"
    if not all(isinstance(entry.get(key, ""), str) for key in ("prose", "within")):
        yield "has a prose or within that is not text"
    for key in ("members", "aliases"):
        value = entry.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            yield f"has {key} that are not a list of texts"
    if not entry.get("members"):
        yield "has no members"
    for member in entry["members"]:
        if member not in tables.regions:
            yield f"has the member “{member[:80]}”, which is no code"
        if tables.regions[member].kind in ("group", "world"):
            yield f"has the member “{member[:80]}”: members are areas, countries and subdivisions"
