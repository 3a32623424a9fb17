"""Generate the gazetteer's words: `python tools/regions/generate_words.py CORPORA [OUT]`, after generate.py.

CORPORA/regions holds the tables named in NOTICE; CORPORA/situation_updates the English texts that tell which
town names are ordinary words. A row: the kind of word, the countries it may point to, the words as tokens.

  name     a country         people   its people or language      acronym   "UK": in capitals only
  place    listed by hand: counts wherever it stands
  town     from a table, unmistakable: counts, but not as part of a longer run of capitals
  shy      from a table, shared or odd: counts only beside another word for one of its countries
  seat     of a government, named for it: an actor more than a place
  nowhere  begins like a place and is none
"""

import csv
import json
import re
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from alerts.regions.names import fold, tokens
from alerts.regions.tables import read, rows

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "alerts" / "regions" / "data"
OWN: dict[str, Any] = tomllib.loads((HERE / "gazetteer.toml").read_text(encoding="utf-8"))

#: Towns of these are called after English words and surnames: never sure.
ENGLISH = {"US", "GB", "CA", "AU", "NZ", "IE", "ZA"}
#: Shorter names from a table are too often something else.
SURE_LETTERS, SHY_LETTERS = 6, 4
#: A name in more countries than this says nothing.
MOST_COUNTRIES = 6

Words = dict[str, tuple[str, list[str]]]


def main(corpora: Path, out: Path = DATA) -> None:
    written = country_words(corpora / "regions")
    write(out, "words", [*written.items(), *around_places()])
    cities = geonames(corpora / "regions")
    stop = {spelt(name) for name in OWN["stop"]["names"]}
    ordinary = lower_case_words(corpora / "situation_updates") | stop
    provinces = from_tables(subdivisions(), cities, ordinary, written)
    write(out, "provinces", provinces.items())
    towns = from_tables(cities, {}, ordinary, written | provinces)
    sure = [item for item in towns.items() if item[1][0] == "town" and item[0].count(" ") < 2]
    write(out, "towns", sure)


def country_words(tables: Path) -> Words:
    """What is listed by hand, and what countries and peoples are called; who claims a word first keeps it."""
    entries = json.loads((tables / "mledoze_countries_unescaped.json").read_text(encoding="utf-8"))
    # Independent ones first: "French" is France's before the French Southern and Antarctic Lands'.
    entries.sort(key=lambda entry: not entry["independent"])
    names = list(english_names(entries))
    words: Words = {}
    add_own(words, {name for _, name in names})
    for code, name in names:
        add(words, name, "name", [code])
    for entry in entries:
        for demonym in re.split(r", | or ", entry["demonyms"].get("eng", {}).get("m", "")):
            if len(demonym) > 3:
                add(words, demonym, "people", [entry["cca2"]])
    add_capitals(words, entries, geonames(tables))
    for name in [*OWN["nowhere"]["names"], *areas_and_groups()]:
        add(words, name, "nowhere", [])
    for name in OWN["seats"]["names"]:
        words[spelt(name)] = ("seat", words[spelt(name)][1])
    for word, (kind, codes) in list(words.items()):
        if kind == "people":
            words.setdefault(f"{word}s", (kind, codes))
    return words


def add_own(words: Words, names: set[str]) -> None:
    for name, codes in OWN["shared"].items():
        kind = "name" if name in names else "people" if name.endswith(("ese", "an")) else "place"
        add(words, name, kind, codes)
    for section, kind in (("places", "place"), ("people", "people"), ("acronyms", "acronym")):
        for code, listed in OWN[section].items():
            for name in listed:
                add(words, name, kind, [code])


def add_capitals(words: Words, entries: Iterable[dict[str, Any]], cities: dict[str, set[str]]) -> None:
    """Capitals count wherever they stand, unless another country has a town of that name."""
    stop = {spelt(name) for name in OWN["stop"]["names"]}
    for entry in entries:
        for capital in entry["capital"]:
            others = sorted(cities.get(spelt(capital), set()) - {entry["cca2"]})
            if spelt(capital) not in stop:
                codes = [entry["cca2"], *others][:MOST_COUNTRIES]
                add(words, capital, "shy" if others else "place", codes)


def around_places() -> Iterable[tuple[str, tuple[str, list[str]]]]:
    """The words that tell what a place name beside them is; some are of two kinds."""
    return ((spelt(word), (kind, [])) for kind, listed in OWN["around"].items() for word in listed)


def english_names(entries: Iterable[dict[str, Any]]) -> Iterable[tuple[str, str]]:
    """Country names as English texts write them: no acronyms, nothing that is mostly something else."""
    odd = {"Persia", "Siam", "Formosa", "Emirates", "the States"}
    for code, alpha3, _, _, name, aliases in rows("areas"):
        for form in (name, *aliases.split("|")):
            if alpha3 and form and form not in odd and not form.isupper():
                yield code, form
    for entry in entries:
        yield entry["cca2"], entry["name"]["common"]
        yield entry["cca2"], entry["name"]["official"]


def areas_and_groups() -> Iterable[str]:
    """“South America” is not America, nor “Latin American” American: areas and groups are swallowed whole."""
    tables = read()
    great = {code for code, region in tables.regions.items() if region.kind in ("area", "group")}
    for code in great:
        yield tables.regions[code].name
    yield from (alias for code, alias in tables.aliases if code in great and not alias.isupper())


def subdivisions() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for code, _, _, name, aliases in rows("subdivisions"):
        for form in (name, *aliases.split("|")):
            for part in form.split(" / "):
                found.setdefault(spelt(part), set()).add(code.partition("-")[0])
    return found


def geonames(tables: Path) -> dict[str, set[str]]:
    """The countries in which a town of each name lies."""
    known = read()
    names = [*((r.code, r.name) for r in known.regions.values()), *known.aliases]
    by_name = {fold(name): code for code, name in names if known.regions[code].kind == "country"}
    by_name["no country found for alpha 2 code xk"] = "XK"
    found: dict[str, set[str]] = {}
    with (tables / "geonames_world_cities_open.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            found.setdefault(spelt(row["name"]), set()).add(by_name[fold(row["country"])])
    return found


def from_tables(
    names: dict[str, set[str]], elsewhere: dict[str, set[str]], ordinary: set[str], taken: Words
) -> Words:
    """Sort the names of a table into sure ones and shy ones, leaving out ordinary words and what is known."""
    words: Words = {}
    for word, own in sorted(names.items()):
        codes = own | elsewhere.get(word, set())
        letters = len(word.replace(" ", ""))
        generic = word in ordinary or ordinary.issuperset(word.split())  # “Southern Highlands”
        if word in taken or generic or letters < SHY_LETTERS or len(codes) > MOST_COUNTRIES:
            continue
        sure = len(codes) == 1 and letters >= SURE_LETTERS and not codes & ENGLISH
        words[word] = ("town" if sure else "shy", sorted(codes))
    return words


def lower_case_words(texts: Path) -> set[str]:
    """Every word that the texts write in small letters, and so is no name."""
    found: set[str] = set()
    for path in sorted([*texts.glob("*.md"), *texts.glob("*.jsonl"), *texts.glob("reliefweb*")]):
        found.update(re.findall(r"(?<![\w'’-])[a-z]{3,}(?![\w’-])", path.read_text(encoding="utf-8")))
    return found


def spelt(name: str) -> str:
    return " ".join(tokens(name))


def add(words: Words, name: str, kind: str, codes: list[str]) -> None:
    words.setdefault(spelt(name), (kind, codes))


def write(out: Path, table: str, words: Iterable[tuple[str, tuple[str, list[str]]]]) -> None:
    """One row per kind and countries, with all their words."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for word, (kind, codes) in sorted(words):
        grouped.setdefault((kind, " ".join(codes)), []).append(word)
    lines = [f"{kind}\t{codes}\t{'|'.join(group)}" for (kind, codes), group in sorted(grouped.items())]
    lines.insert(0, "kind\tcountries\twords")
    (out / f"{table}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
