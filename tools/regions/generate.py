"""Generate the tables of the tree from the public ones: `python tools/regions/generate.py CORPUS_DIR [OUT]`.

CORPUS_DIR holds the tables named in NOTICE. One output per source, so that each licence covers its own file.
"""

import csv
import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

from alerts.regions.names import fold

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "alerts" / "regions" / "data"
OWN: dict[str, Any] = tomllib.loads((HERE / "names.toml").read_text(encoding="utf-8"))
#: The second parent of a subdivision, and how it stands to it.
SECOND = {code: (how, second) for how, listed in OWN["second"].items() for code, second in listed.items()}

#: Words for "province" and the like, as ISO 3166-2 has them: "Sichuan Sheng" is also looked up as "Sichuan".
KIND_WORDS = re.compile(
    r"^(?:Provincia del?|Región de|Região Autónoma d[ao]s?|Departamento de|Oblast|Région d[eu]|County) |"
    r"[ -](?:oblast'?|voblasts'|oblysy|kraj|kray|Respublika|avtonomn\S+ okrug|Sheng|Shi|\S+ Zizhiqu|SAR|län|"
    r"megye|Region|Province|District|County|Governorate|viloyati|maakond|novads|rajons|vald|fylke)$"
)
#: What stands in brackets and is no name: codes, and remarks about status and language.
REMARK = re.compile(r"[A-Z]{2}-[A-Z0-9]{2,3}|EH|EH-partial|city|stolitsa|Région|(?:Arctic )?Region.*")


def main(corpus: Path, out: Path = DATA) -> None:
    areas = m49(corpus)
    write(out, "areas", ["code", "alpha3", "m49", "parents", "name", "aliases"], areas)
    subdivisions = iso_3166_2(corpus)
    write(out, "subdivisions", ["code", "parents", "second", "name", "aliases"], subdivisions)
    write(out, "names_iso", ["code", "aliases"], iso_3166_1(corpus))
    write(out, "names_world", ["code", "aliases"], country_names(corpus))


def m49(corpus: Path) -> list[list[str]]:
    """World, areas and countries: the UNSD table, plus Taiwan and Kosovo wherever it lacks them."""
    areas: dict[str, list[str]] = {"001": ["001", "", "", "", "World", aliases("001")]}
    countries: dict[str, list[str]] = {}
    with (corpus / "unsd_m49_en.csv").open(encoding="utf-8-sig", newline="") as table:
        for row in csv.DictReader(table):
            parent = "001"
            for level in ("Region", "Sub-region", "Intermediate Region"):
                if code := row[f"{level} Code"]:
                    areas[code] = [code, "", "", parent, row[f"{level} Name"], aliases(code)]
                    parent = code
            if alpha2 := row["ISO-alpha2 Code"]:
                countries[alpha2] = country(
                    alpha2, row["ISO-alpha3 Code"], row["M49 Code"], parent, row["Country or Area"]
                )
    countries.setdefault("TW", country("TW", "TWN", "158", "030", "Taiwan"))
    countries.setdefault("XK", country("XK", "XKX", "", "039", "Kosovo"))
    return [*(areas[c] for c in sorted(areas)), *(countries[c] for c in sorted(countries))]


def country(alpha2: str, alpha3: str, number: str, parent: str, official: str) -> list[str]:
    name = OWN["display"].get(alpha2, official)
    return [alpha2, alpha3, number, parent, name, aliases(alpha2, official, besides=name)]


def iso_3166_2(corpus: Path) -> list[list[str]]:
    """All subdivisions, their parents, and the names their entries carry in brackets."""
    rows = []
    for entry in json.loads((corpus / "pycountry_iso3166-2.json").read_text(encoding="utf-8"))["3166-2"]:
        code, listed = entry["code"], entry["name"]
        clean, others = parts(listed)
        name = OWN["display"].get(code, clean)
        how, second = SECOND.get(code, ("", ""))
        parents = f"{entry.get('parent', code.partition('-')[0])} {second}".rstrip()
        rows.append([code, parents, how, name, aliases(code, clean, *others, besides=name)])
    return sorted(rows)


def parts(listed: str) -> tuple[str, list[str]]:
    """Split a listed name into the name itself and its other forms.

    "Asturias, Principado de" is also "Principado de Asturias"; "Lleida [Lérida]" is also "Lérida".
    Codes and remarks in brackets ("GB-CYM", "EH-partial", "SE-01") are no names.
    """
    others = [
        re.sub(r" ?[A-Z]{2}-[A-Z0-9]{2,3}$", "", inner)
        for inner in re.findall(r"[\[(]([^\])]*)[\])]", listed)
        if not REMARK.fullmatch(inner)
    ]
    name = re.sub(r" ?[\[(][^\])]*[\])]", "", listed).strip(" */†")
    head, comma, tail = name.partition(", ")
    if comma and not re.search(r" (?:and|y) ", tail):
        name, others = head, [*others, f"{tail} {head}", f"{head} {tail}"]
    others += name.split(" / ")  # two languages, or two regions since merged
    short = KIND_WORDS.sub("", name)
    return name, [*others, *([short] if len(short) > 2 else [])]


def iso_3166_1(corpus: Path) -> list[list[str]]:
    """What ISO 3166-1 calls countries: "Bolivia, Plurinational State of", official and common names."""
    rows = []
    for entry in json.loads((corpus / "pycountry_iso3166-1.json").read_text(encoding="utf-8"))["3166-1"]:
        names = [entry[key] for key in ("name", "official_name", "common_name") if key in entry]
        head, comma, tail = names[0].partition(", ")
        rows.append([entry["alpha_2"], distinct([*names, *([f"{tail} {head}"] if comma else [])])])
    return sorted(rows)


def country_names(corpus: Path) -> list[list[str]]:
    """What else countries are called: official, native and alternative names."""
    rows = []
    for entry in json.loads((corpus / "mledoze_countries_unescaped.json").read_text(encoding="utf-8")):
        natives = [n for name in entry["name"]["native"].values() for n in (name["common"], name["official"])]
        names = [entry["name"]["common"], entry["name"]["official"], *natives, *entry["altSpellings"]]
        rows.append([entry["cca2"], distinct([n for n in names if len(fold(n)) > 2])])
    return sorted(rows)


def aliases(code: str, *more: str, besides: str = "") -> str:
    return distinct([*OWN["aliases"].get(code, []), *more], besides)


def distinct(names: list[str], besides: str = "") -> str:
    """Join names that differ once folded, leaving out what the shown name already says."""
    seen = {fold(besides): ""}
    for name in names:
        seen.setdefault(fold(name), name)
    return "|".join(name for name in seen.values() if name)


def write(out: Path, name: str, columns: list[str], rows: list[list[str]]) -> None:
    lines = ["\t".join(row) for row in [columns, *rows]]
    (out / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
