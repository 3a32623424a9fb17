"""A week as four readers read it: `python tests/rendering/week.py` writes what they get, to be read aloud."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from renderers import renderer
from rendering_samples import LINKS, READING, html_of, mail, post, text_of

from alerts.ingest import read_all
from alerts.model import Change, Channel, Digest, Entry, Kind, Message, Revision
from alerts.regions import load

DATA = Path(__file__).parents[1] / "data" / "week"
_TREE = load()
_RENDERER = renderer(None, mail_from="Situation Desk <desk@alerts.example.org>", place=_TREE.name)
_CHANGES = {Kind.UPDATE: Change.UPDATED, Kind.CORRECTION: Change.CORRECTED}

#: Who reads: the channel, the cadence, and the regions they ask for (none: all).
READERS: dict[str, tuple[Channel, str, tuple[str, ...]]] = {
    "analyst": (Channel("email"), "daily 20:00 UTC", ()),
    "team": (Channel("slack"), "daily 20:00 UTC", ()),
    "traveller": (Channel("email"), "", ("UG", "KE", "PE")),
    "watch": (Channel("slack"), "", ("BD", "BD-60", "KE", "LB", "PE")),
}


def revisions() -> list[Revision]:
    """The week's revisions, in the order of the log."""
    found: list[Revision] = []
    for reading in read_all((DATA / "situations.json").read_bytes(), "situations.json"):
        number = 1 + sum(other.update == reading.draft.id for other in found)
        published = reading.draft.published_at
        assert published, "each of the week has its time"
        at_ms = int(published.timestamp() * 1000)
        found.append(Revision(reading.draft.id, number, reading.draft, at_ms))
    return sorted(found, key=lambda revision: revision.accepted_ms or 0)


def messages() -> Iterator[tuple[str, Message]]:
    """Every message of the week by its name: the reader, and which of theirs it is."""
    log = revisions()
    known = {revision.ref: revision for revision in log}
    for reader, (channel, clock, regions) in READERS.items():
        theirs = [r for r in log if not regions or set(r.draft.regions) & set(regions)]
        if clock:
            for position, digest in enumerate(_digests(channel, clock, theirs), 1):
                yield f"{reader}-{position}", _RENDERER.render(digest, known)
        else:
            for position, revision in enumerate(theirs, 1):
                digest = Digest(channel, (_entry(revision, revision.number - 1),), revision.accepted_ms or 0)
                yield f"{reader}-{position}", _RENDERER.render(digest, known)


def _digests(channel: Channel, clock: str, log: list[Revision]) -> Iterator[Digest]:
    """The digests of a daily clock: of each update the latest revision, seen from the day before."""
    told: dict[str, int] = {}
    first = datetime.fromisoformat("2026-11-22T20:00:00+00:00")
    for day in range(3):
        begin, end = (int((first + timedelta(days=day + n)).timestamp() * 1000) for n in (0, 1))
        latest = {r.update: r for r in log if begin <= (r.accepted_ms or 0) < end}
        entries = tuple(_entry(revision, told.get(update, 0)) for update, revision in latest.items())
        told |= {revision.update: revision.number for revision in latest.values()}
        yield Digest(channel, entries, end, clock=clock, from_ms=begin)


def _entry(revision: Revision, since: int) -> Entry:
    change = Change.CLOSED if revision.kind.ends else _CHANGES.get(revision.kind, Change.NEW)
    return Entry(revision.update, revision.number, change, since)


def goldens() -> Iterator[tuple[str, str]]:
    """The files: an email's text with its subject, its page, and a post as it is read."""
    for name, message in messages():
        if message.channel is Channel("slack"):
            yield f"{name}.slack.txt", read_aloud(post(message))
        else:
            found = mail(message)
            link = LINKS.unsubscribe("olena@example.org")
            yield (
                f"{name}.txt",
                f"Subject: {found['Subject']}\n\n{text_of(found)}".replace(link, "LINK").replace(
                    READING, "TOKEN"
                ),
            )
            yield f"{name}.html", html_of(found).replace(link, "LINK").replace(READING, "TOKEN")


def read_aloud(arguments: dict[str, object]) -> str:
    """A post and its thread as a person reads them: a line a paragraph, a rule between posts."""
    posts = [arguments, *arguments["replies"], *([arguments["reply"]] if "reply" in arguments else [])]  # type: ignore[misc, list-item]
    return f"{arguments['text']}\n\n" + "\n-----\n".join(
        "".join(_read(block) for block in one["blocks"])  # type: ignore[index]
        for one in posts
    )


def _read(block: dict[str, object]) -> str:
    kind = block["type"]
    if kind == "divider":
        return "\n"
    if kind == "header":
        return f"\n# {block['text']['text']}\n"  # type: ignore[index]
    if kind == "context":
        return f"({block['elements'][0]['text']})\n"  # type: ignore[index]
    lines = []
    for element in block["elements"]:  # type: ignore[attr-defined]
        if element["type"] == "rich_text_list":
            lines += [f"• {_spans(item)}" for item in element["elements"]]
        else:
            mark = "> " if element["type"] == "rich_text_quote" else ""
            lines.append(mark + _spans(element).strip("\n"))
    return "\n".join(lines) + "\n"


def _spans(element: dict[str, object]) -> str:
    shown = ""
    for span in element["elements"]:  # type: ignore[attr-defined]
        struck = span.get("style", {}).get("strike")
        shown += f"~{span['text']}~" if struck else span["text"]
    return shown


if __name__ == "__main__":
    for old in [*DATA.glob("*.txt"), *DATA.glob("*.html")]:
        old.unlink()
    for file, text in goldens():
        (DATA / file).write_text(text, "utf-8")
    print(json.dumps(sorted(path.name for path in DATA.iterdir())))
