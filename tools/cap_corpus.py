"""Counts how a corpus of CAP is read, by source, into docs/ingest.md: `python tools/cap_corpus.py CORPUS`.

CORPUS is a folder of files; each one's source is its name up to the first `_`. A zip is read member by
member. What is refused, and what is about no region, is named.
"""

import re
import sys
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from alerts.errors import BadInput
from alerts.ingest import read_all

PAGE = Path(__file__).parents[1] / "docs" / "ingest.md"
BEGINS, ENDS = "<!-- counted by tools/cap_corpus.py -->\n", "<!-- counted -->\n"
#: What is in the corpus beside messages.
NO_MESSAGES = (".xsd", ".jsonl")


def counted(corpus: Path) -> str:
    """The table and the list of misses, as Markdown."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    misses: dict[str, list[str]] = {}
    for source, name, content in files(corpus):
        counts[source]["files"] += 1
        try:
            readings = read_all(content, name)
        except BadInput as fault:
            counts[source]["refused"] += 1
            misses.setdefault(fault.sentence, []).append(name)
            continue
        for reading in readings:
            nowhere = bool(reading.said.headline and not reading.said.regions)
            said = {"read": 1, "ends": bool(reading.said.kind), "translated": bool(reading.said.translations)}
            counts[source].update(said | {"nowhere": nowhere})
            if nowhere:
                misses.setdefault("It is read, and nothing tells which region it is about.", []).append(name)
    total = sum(counts.values(), Counter[str]())
    columns = ("files", "read", "ends", "translated", "refused", "nowhere")
    rows = [*sorted(counts.items()), ("all", total)]
    lines = [
        "| source | files | messages read | that end something | in several languages | files refused"
        " | about no region |"
    ]
    lines += ["|---|--:|--:|--:|--:|--:|--:|"]
    lines += [
        f"| {source} | {' | '.join(f'{found[name]:,}' for name in columns)} |" for source, found in rows
    ]
    lines += ["", "Every file that is refused, and every message without a region:", ""]
    for why, names in misses.items():
        shown = why.replace("\xa0", " ").replace("|", r"\|")
        lines.append(f"- {', '.join(f'`{name}`' for name in names)}: {shown}")
    return "\n".join(lines) + "\n"


def files(corpus: Path) -> Iterator[tuple[str, str, bytes]]:
    """Each file with its source and name, members of archives as files."""
    for path in sorted(corpus.iterdir()):
        source = path.name.partition("_")[0].partition(".")[0]
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                yield from ((f"{source} (cities)", name, archive.read(name)) for name in archive.namelist())
        elif path.suffix not in NO_MESSAGES:
            yield source, path.name, path.read_bytes()


def written(page: str, table: str) -> str:
    """The page with this table in the place of the one it has."""
    return re.sub(f"(?<={re.escape(BEGINS)}).*(?={re.escape(ENDS)})", lambda _: table, page, flags=re.DOTALL)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), counted(Path(sys.argv[1]))), encoding="utf-8")
