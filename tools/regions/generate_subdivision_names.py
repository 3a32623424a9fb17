"""Write the names of subdivisions in the languages that we speak, from CLDR's (Unicode License).

    python tools/regions/generate_subdivision_names.py CLDR/common/subdivisions

CLDR is its release 41 (Debian has it as unicode-cldr-core): release 48 has three names a language. Most are
drafts from Wikidata under ISO's codes of 2021: what ISO has coded anew is moved, and what was seen to be
wrong is left out (subdivision_names.toml). No name is made up: what is not there keeps the gazetteer's.
"""

import re
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from babel import Locale

from alerts.locales import CATALOGS
from alerts.regions import load

HERE = Path(__file__).parent
WRITTEN = HERE.parents[1] / "alerts" / "locales" / "subdivisions"
OWN: dict[str, Any] = tomllib.loads((HERE / "subdivision_names.toml").read_text(encoding="utf-8"))

#: What tells articles of an encyclopedia apart, behind a name: “Смолян (область)”.
REMARK = re.compile(r" \([^()]*\)?$")
#: CLDR's mark of a name that another place of the country has as well.
NOT_ALONE = "²"
#: Arabic puts the kind of a place before its name, as CLDR does for half of them.
KIND_BEHIND = re.compile(r"(?P<name>.+) (?P<kind>أوبلاست)")
#: Marks that nobody sees: joiners, directions.
UNSEEN = re.compile("[\u200b-\u200f\u2060]")


def main(cldr: Path, out: Path = WRITTEN) -> None:
    for language in CATALOGS:
        names = names_in(cldr, language)
        lines = [f"{code}\t{name}\n" for code, name in sorted(names.items())]
        (out / f"{language}.tsv").write_text("".join(lines), encoding="utf-8")


def names_in(cldr: Path, language: str) -> dict[str, str]:
    """What CLDR calls the subdivisions that the tree has, by their codes."""
    entries = ElementTree.parse(cldr / f"{language}.xml").iter("subdivision")
    listed = {entry.attrib["type"]: entry.text or "" for entry in entries}
    left_out = (*OWN["left_out"]["all"], *OWN["left_out"].get(language, ()))
    found, territories = {}, Locale.parse(language).territories
    for region in load():
        source = OWN["moved"].get(region.code)
        if region.kind == "subdivision" and (source or not region.code.startswith(left_out)):
            source = source or region.code.lower().replace("-", "")
            if source in listed:
                found[region.code] = tidied(listed[source])
            elif region.second == "same" and region.parents[-1] in territories:
                found[region.code] = territories[region.parents[-1]]  # FR-974 is all of RE
    return alone(without_remarks(found))


def tidied(name: str) -> str:
    """A name without marks that nobody sees, its kind where the language has it."""
    return KIND_BEHIND.sub(r"\g<kind> \g<name>", " ".join(UNSEEN.sub("", name).split()))


def without_remarks(names: dict[str, str]) -> dict[str, str]:
    """The same without what stands in brackets, unless two places of a country are told apart by it."""
    bare = {code: REMARK.sub("", name) for code, name in names.items()}
    bearers = Counter((code[:2], name) for code, name in bare.items())
    return {code: bare[code] if bearers[code[:2], bare[code]] == 1 else name for code, name in names.items()}


def alone(names: dict[str, str]) -> dict[str, str]:
    """Leave out what another place of its country is called as well, unless one lies in the other."""
    bearers: dict[tuple[str, str], list[str]] = {}
    for code, name in names.items():
        bearers.setdefault((code[:2], name.rstrip(NOT_ALONE)), []).append(code)
    tree = load()
    found = {}
    for (_, name), codes in bearers.items():
        nested = all(a == b or a in tree.lineage(b) for a in codes for b in codes)
        if nested:
            found.update(dict.fromkeys(codes, name))
        else:
            found.update({code: name for code in codes if names[code] == name})
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
