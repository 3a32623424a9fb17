"""What others say of mails, pages and posts: `make opinions`. Each asks a program that need not be there.

Prints a section for each, for docs/rendering.md; what cannot be asked says why. Exits with 1 for a fault:
a mail that a filter would hold, a page that fails WCAG 2.2 AA, a post that Slack's types refuse. What mail
programs do not show is no fault: it is to be read.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

HERE = Path(__file__).parent
HOUSE = HERE.parents[1]
sys.path[:0] = [str(HERE.parent), str(HOUSE / "tests"), str(HOUSE / "tests" / "rendering")]

from browser import browser, installed  # noqa: E402
from rendering_samples import HORIZON, TALKS, revisions  # noqa: E402
from screenshots import SENDER, Got, html_of, parsed, week  # noqa: E402

from alerts.model import Change, Channel, Digest, Entry, Severity  # noqa: E402
from alerts.operations.checks.checking_people import pages_of_people  # noqa: E402
from alerts.operations.people.leaving import OfferedList  # noqa: E402
from alerts.rendering import Page, Pages  # noqa: E402
from alerts.rendering.composing import compose  # noqa: E402
from alerts.rendering.stories import story  # noqa: E402

#: A text with some of each that Markdown has.
MARKDOWN = (
    "A *text* with [a link](https://example.org), and\n\n- a list\n\n> a quote\n\n|a|b|\n|-|-|\n|1|2|\n"
)
#: A score from which on SpamAssassin's authors hold a mail; ours are to stay far below it.
SCORE_MAX = 1.0
#: What stands above each mail of a mailbox: whom it is from, and when it came.
MAILBOX_LINE = b"From x@example.org Thu Nov 26 10:00:00 2026\n"
#: What a filter says of a mail that came from nowhere: it was not handed over by any server.
UNSENT = ("NO_RECEIVED", "NO_RELAYS")
AXE_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
#: What is good for a page as a whole, which a mail is not: its program has the landmarks and the title.
NOT_OF_MAILS = ("region", "landmark-one-main", "page-has-heading-one")


class Absent(Exception):
    """What somebody is to be asked with is not installed here."""


def main() -> int:
    everything = week()
    mails = {name: got for name, got in everything.items() if got.item.channel == "email"}
    posts = {name: got for name, got in everything.items() if got.item.channel == "slack"}
    asked: Mapping[str, Callable[[], tuple[list[str], bool]]] = {
        "What mail programs show (caniemail)": lambda: caniemail(mails),
        "What a filter says (SpamAssassin)": lambda: spamassassin(mails),
        "What a reading aloud meets (axe-core)": lambda: axe(mails),
        "What Slack's own types say (tsc)": lambda: slack_types(posts),
    }
    good = True
    for title, ask in asked.items():
        print(f"## {title}\n")
        try:
            lines, fine = ask()
        except Absent as absent:
            lines, fine = [f"Not asked: {absent}"], True
        print("\n".join(lines), end="\n\n")
        good = good and fine
    return 0 if good else 1


def caniemail(mails: Mapping[str, Got]) -> tuple[list[str], bool]:
    """Which features are not shown where, the least shown first."""
    node, _ = _node()
    with tempfile.TemporaryDirectory() as folder:
        pages = []
        for name, got in mails.items():
            pages.append(Path(folder) / f"{name}.html")
            pages[-1].write_text(html_of(parsed(got.item.raw)), "utf-8")
        found = json.loads(_said([node, str(HERE / "caniemail.mjs"), *map(str, pages)]))
    none, part, untested = found["none"], found["partial"], found["untested"]
    lines = [
        f"{len(pages)} mails.",
        "",
        "| what they use | not shown by | shown in part by |",
        "|---|---|---|",
    ]
    for title in sorted({*none, *part}, key=lambda title: (-len(none.get(title, ())), title)):
        lines.append(f"| {title} | {_programs(none.get(title, []))} | {_programs(part.get(title, []))} |")
    if untested:
        lines += ["", f"No results for something that is used: {_programs(untested)}."]
    return lines, True


def _programs(clients: Sequence[str]) -> str:
    """By name, and on how many systems: `gmail 4`."""
    counted = Counter(client.partition(".")[0] for client in clients)
    return ", ".join(f"{name} {n}" if n > 1 else name for name, n in counted.items())


def spamassassin(mails: Mapping[str, Got]) -> tuple[list[str], bool]:
    """The scores, by local rules alone: nothing is asked of the network."""
    program = shutil.which("spamassassin")
    if program is None:
        raise Absent("spamassassin is not installed.")
    # All of them in one run, as a mailbox: to read its rules takes longer than to go by them.
    names = {str(parsed(got.item.raw)["Message-ID"]): name for name, got in mails.items()}
    plain = (got.item.raw.replace(b"\r\n", b"\n").replace(b"\nFrom ", b"\n>From ") for got in mails.values())
    mailbox = b"".join(MAILBOX_LINE + mail + b"\n" for mail in plain)
    said = _said([program, "--local", "--test-mode", "--mbox"], mailbox)
    parts = said.split("Content analysis details:")
    scores: dict[str, float] = {}
    rules: dict[str, float] = {}
    for before, report in pairwise(parts):  # in an order of its own
        message_id = re.findall(r"^Message-ID: (\S+)", before, re.M | re.I)[-1]
        hits = re.findall(r"^ *(-?\d+\.\d) ([A-Z][A-Z0-9_]+)", report, re.M)
        points = {rule: float(number) for number, rule in hits if rule not in UNSENT}
        scores[names[message_id]], rules = sum(points.values()), rules | points
    worst = max(scores, key=lambda name: scores[name])
    lines = [
        f"{len(scores)} mails score from {min(scores.values()):.1f} to {scores[worst]:.1f} (`{worst}`); "
        f"less than {SCORE_MAX} is wanted, 5.0 is held.",
        "",
        "| rule | points |",
        "|---|--:|",
        *(f"| {rule} | {points:.1f} |" for rule, points in sorted(rules.items(), key=lambda r: -r[1])),
    ]
    return lines, scores[worst] < SCORE_MAX


def axe(mails: Mapping[str, Got]) -> tuple[list[str], bool]:
    """What is wrong for people who do not see the page, or see it badly: light and dark, narrow and wide."""
    _, modules = _node()
    program = installed()
    if program is None:
        raise Absent("there is no Chromium.")
    source = (modules / "axe-core" / "axe.min.js").read_text("utf-8")
    drawn = {name: html_of(parsed(got.item.raw)) for name, got in mails.items()}
    faults: dict[tuple[str, str], set[str]] = {}
    with browser(program) as page:
        for name, html in [*drawn.items(), *_pages().items()]:
            off = {rule: {"enabled": False} for rule in NOT_OF_MAILS if name in drawn}
            options = json.dumps({"runOnly": list(AXE_TAGS), "rules": off})
            for width in (320, 700):
                for dark in (False, True):
                    page.show(html, width, 900, dark=dark)
                    page.value(f"{source}; 0")
                    found = page.value(
                        f"axe.run(document, {options}).then(r => JSON.stringify(r.violations))"
                    )
                    for fault in json.loads(found):
                        faults.setdefault((fault["id"], fault["help"]), set()).add(name)
    lines = [f"{len(drawn)} mails and {len(_pages())} pages, each at 320 and 700 px, light and dark: "]
    lines[0] += f"{len(faults)} kinds of faults." if faults else "no fault."
    for (rule, meaning), where in sorted(faults.items()):
        lines.append(f"- `{rule}`: {meaning} ({len(where)}: {', '.join(sorted(where)[:3])})")
    return lines, not faults


def slack_types(posts: Mapping[str, Got]) -> tuple[list[str], bool]:
    """Whether what is posted is what Slack's library for TypeScript calls blocks."""
    node, modules = _node()
    blocks = []
    for got in posts.values():
        arguments = json.loads(got.item.raw)["arguments"]
        replies = [*arguments.get("replies", ()), *([arguments["reply"]] if "reply" in arguments else [])]
        blocks += [post["blocks"] for post in (arguments, *replies) if "blocks" in post]
    types = f"{modules}/@slack/types/dist/index.js"
    written = json.dumps(blocks, ensure_ascii=False)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "posts.ts"
        imported = f"import type {{ AnyBlock }} from {json.dumps(types)};"
        path.write_text(f"{imported}\nexport const posts: AnyBlock[][] = {written};\n", "utf-8")
        compiler = [node, f"{modules}/typescript/bin/tsc", "--noEmit", "--strict", "--skipLibCheck"]
        target = ["--module", "nodenext", "--moduleResolution", "nodenext", "--target", "es2022"]
        done = _run([*compiler, *target, str(path)])
    faults = [
        line.partition(": error ")[2][:300]
        for line in done.stdout.decode().splitlines()
        if ": error " in line
    ]
    said = "none is refused" if done.returncode == 0 else f"{len(faults)} faults"
    lines = [f"{len(blocks)} posts and replies: {said}.", *(f"- {fault}" for fault in faults[:10])]
    return lines, done.returncode == 0


def _pages() -> dict[str, str]:
    """The pages behind links, to read and to leave."""
    known = revisions(
        TALKS, replace(TALKS, severity=Severity.SEVERE, key_points=("They met",), body=MARKDOWN)
    )
    first, second = known.values()
    entry = Entry(TALKS.id, 2, Change.UPDATED, since=1)
    digest = Digest(Channel("email"), (entry, replace(entry, number=1)), HORIZON, clock="daily 08:00 UTC")
    drawn = Pages(None, SENDER)
    staff = OfferedList("0123abcd", "Staff", "Ukraine · immediate", ended=False, only=False)
    pages: dict[str, Page] = {
        "update": drawn.update(story(digest, entry, [first], second, later=None, place=str)),
        "digest": drawn.digest(compose(digest, known, str, 10_000, "token")),
        "home": drawn.home(),
        "unsubscribe": drawn.unsubscribe("somebody@example.org", "token"),
        "unsubscribed": drawn.unsubscribed("token"),
        "leave": drawn.leave([staff], "token", "token"),
        "list_left": drawn.list_left(staff, "token"),
        "not_found": drawn.not_found(),
    }
    pages |= {f"people {n}": draw(drawn) for n, draw in enumerate(pages_of_people(), 1)}
    return {name: page.html for name, page in pages.items()}


def _node() -> tuple[str, Path]:
    """Node, and the packages of package.json: installed here, once. Raises Absent."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise Absent("Node.js is not installed.")
    modules = HERE / "node_modules"
    if not modules.exists():
        quietly = ["--silent", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"]
        if _run([npm, "install", "--prefix", str(HERE), *quietly]).returncode:
            raise Absent("npm cannot install what package.json names.")
    return node, modules


def _said(command: Sequence[str], given: bytes = b"") -> str:
    done = _run(command, given)
    if done.returncode:
        raise Absent(f"{Path(command[0]).name} has failed: {done.stderr.decode('utf-8', 'replace')[-300:]}")
    return done.stdout.decode("utf-8", "replace")


def _run(command: Sequence[str], given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, input=given, capture_output=True, timeout=300, check=False)


if __name__ == "__main__":
    sys.exit(main())
