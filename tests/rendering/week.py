"""A week as twelve readers get it, to be read aloud: `COMMAND` writes it.

The week walks the whole way: files are read and published, people pause and come back, slots open when it is
time, and what lies in the outbox is what is written down. Only the clock is the test's.
"""

import json
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from clocked import clocked, move_to, ms
from house import OPERATOR, walk
from rendering_samples import SENDER, html_of, parsed, text_of

from alerts.channels import OutboxItem, read_outbox
from alerts.ingest import read_all
from alerts.model import (
    Cadence,
    Channel,
    Filter,
    Instant,
    QuietHours,
    Severity,
    Standing,
    Subscriber,
    Subscription,
)
from alerts.operations.publishing.preparing import Choices
from alerts.operations.publishing.publishing import Conditions, publish
from alerts.operations.publishing.readings import NamedReading
from alerts.operations.publishing.withdrawing import withdraw
from alerts.runtime import attach
from alerts.services import Services
from alerts.settings import Settings

COMMAND = "PYTHONPATH=tests .venv/bin/python tests/rendering/week.py"
DATA = Path(__file__).parents[1] / "data" / "week"
FILES = sorted((DATA / "situations").iterdir())
BEGIN, END = "2026-11-22T20:00Z", "2026-11-30T09:00Z"

#: Held until an hour by their publisher, by their files.
HELD = {"25-1000-sg-visa": "2026-11-25T18:00Z", "26-0900-kz-airport": "2026-11-27T12:00Z"}
#: Taken back before that hour, and seen by nobody.
TAKEN_BACK = {"kz-airport": "2026-11-26T15:30Z"}
#: Who pauses, and until when.
PAUSED = {"returning": ("2026-11-24T10:00Z", "2026-11-27T09:00Z")}


def wants(
    *regions: str, cadence: str = "immediate", quiet: str = "", floor: str = "minor", **more: Any
) -> Subscription:
    """A subscription; `any_tags`, `all_tags` and `none_tags` are words with spaces between them."""
    tags = {
        name: tuple(more.pop(name).split()) for name in ("any_tags", "all_tags", "none_tags") if name in more
    }
    return Subscription(
        Filter(regions, **tags, min_severity=Severity(floor)),
        Cadence.parse(cadence),
        QuietHours.parse(quiet) if quiet else None,
        **more,
    )


WORLD, EUROPE, AFRICA, ASIA, AMERICAS = "001", "150", "002", "142", "019"

#: Who reads: where, in which zone, and what they ask for.
READERS: dict[str, tuple[str, str, tuple[Subscription, ...]]] = {
    "analyst": ("analyst@example.org", "Europe/Kyiv", (wants(WORLD, cadence="daily 08:00"),)),
    "team": ("T1/C1", "Europe/London", (wants(WORLD, floor="severe"),)),
    "channel": ("T1/C2", "Europe/London", (wants(WORLD, cadence="daily 08:00", floor="moderate"),)),
    "weekly": ("weekly@example.org", "Europe/Paris", (wants(EUROPE, ASIA, cadence="weekly mon 08:00"),)),
    "turkiye": ("turkiye@example.org", "Europe/Istanbul", (wants("TR"),)),
    "hq": (
        "hq@example.org",
        "America/New_York",
        (wants(AMERICAS, AFRICA, cadence="hourly", floor="moderate"),),
    ),
    "tags": (
        "health@example.org",
        "Africa/Nairobi",
        (
            wants(WORLD, cadence="daily 08:00", any_tags="epidemic health water", none_tags="food"),
            wants(WORLD, cadence="daily 08:00", all_tags="aviation strike"),
        ),
    ),
    "quiet": (
        "quiet@example.org",
        "Asia/Tokyo",
        (wants(ASIA, quiet="22:00-07:00", floor="moderate", bypass=Severity.EXTREME),),
    ),
    "returning": (
        "returning@example.org",
        "Africa/Nairobi",
        (wants("UG", "KE", "ET", "SD", cadence="daily 08:00"),),
    ),
    "silent": ("T1/C3", "Europe/Berlin", (wants("EC", "DE", "PL", cadence="daily 08:00", all_quiet=True),)),
    "several": (
        "several@example.org",
        "Asia/Beirut",
        (
            wants("LB", "SY", name="Staff"),
            wants("145", cadence="daily 18:00", floor="moderate", name="The region"),
            wants(EUROPE, cadence="weekly fri 12:00", any_tags="aviation rail", name="My way home"),
        ),
    ),
    "floor": ("floor@example.org", "Asia/Tokyo", (wants("030", "035", floor="severe"),)),
}


class Got(NamedTuple):
    """A message as a reader has it."""

    reader: str
    at_ms: Instant
    item: OutboxItem

    @property
    def name(self) -> str:
        """Who got it, and when by their own clock: `analyst-24-tue-0800`."""
        local = datetime.fromtimestamp(self.at_ms / 1000, ZoneInfo(READERS[self.reader][1]))
        return f"{self.reader}-{local:%d-%a-%H%M}".lower()


@dataclass
class Week:
    """The week as it goes by."""

    services: Services

    def run(self) -> Iterator[Got]:
        """Go from one instant at which something happens, or is due, to the next."""
        for address, zone, subscriptions in READERS.values():
            channel = Channel("email" if "@" in address else "slack")
            self.services.subscribers.save(Subscriber(0, channel, address, zone, subscriptions, 0), None)
        events = sorted(self.events(), key=lambda event: event[0])
        while (now_ms := self.services.server.now_ms()) < ms(END):
            while events and events[0][0] <= now_ms:
                events.pop(0)[1]()
            walk(self.services)
            yield from self.got(now_ms)
            due = [owed.look_ms for owed in self.services.due.owed() if owed.look_ms > now_ms]
            move_to(self.services, min([*due, *(at_ms for at_ms, _ in events[:1]), ms(END)]))

    def events(self) -> Iterator[tuple[Instant, Callable[[], object]]]:
        """What people do, and when."""
        for path in FILES:
            yield accepted_ms(path), lambda path=path: self.publish(path)
        for update, at in TAKEN_BACK.items():
            yield ms(at), lambda update=update: withdraw(self.services, OPERATOR, update)
        for reader, (begin, end) in PAUSED.items():
            yield ms(begin), lambda reader=reader: self.put(reader, Standing.PAUSED)
            yield ms(end), lambda reader=reader: self.put(reader, Standing.ACTIVE)

    def publish(self, path: Path) -> None:
        [reading] = read_all(path.read_bytes(), path.name)
        named = [NamedReading(path.name, reading)]
        publish(self.services, OPERATOR, named, Choices(), Conditions(at=HELD.get(path.stem)))

    def put(self, reader: str, standing: Standing) -> None:
        channel, address = Channel("email"), READERS[reader][0]
        person = self.services.subscribers.find(channel, address)
        self.services.subscribers.save(replace(person, standing=standing), person, catch_up=True)

    def got(self, now_ms: Instant) -> Iterator[Got]:
        """Empty the outbox."""
        readers = {address: reader for reader, (address, _, _) in READERS.items()}
        for item in sorted(
            read_outbox(self.services.settings.outbox), key=lambda item: (item.address, item.digest)
        ):
            yield Got(readers[item.address], now_ms, item)
            item.path.unlink()


#: Above a reply that Slack shows in the channel, too.
ALSO = "(Also sent to the channel)\n"
#: Links that are another's for each person, and in each installation.
SIGNED = re.compile(r"https?://[^/\s\"<>]+/[a-z]/[\w.~-]{20,}")


def accepted_ms(path: Path) -> Instant:
    """When a file was published: its name begins with the day and the hour, `23-0205-tr-hatay-quake.md`."""
    return ms(f"2026-11-{path.name[:7].replace('-', 'T')}Z")


def goldens(settings: Settings) -> Iterator[tuple[str, str]]:
    """The files: an email's text with its subject, its page, and a post as it is read."""
    services = clocked(settings.model_copy(update={"mail_from": SENDER, "timezone": "Europe/London"}), BEGIN)
    names: Counter[str] = Counter()
    for got in Week(services).run():
        names[got.name] += 1
        name = f"{got.name}-{names[got.name]}" if names[got.name] > 1 else got.name
        for suffix, text in written(got.item):
            yield f"{name}{suffix}", SIGNED.sub("LINK", text)
    services.close()


def written(item: OutboxItem) -> Iterator[tuple[str, str]]:
    if item.channel is Channel("slack"):
        yield ".slack.txt", read_aloud(json.loads(item.raw)["arguments"])
    else:
        mail = parsed(item.raw)
        yield ".txt", f"Subject: {mail['Subject']}\n\n{text_of(mail)}"
        yield ".html", html_of(mail)


def read_aloud(arguments: dict[str, Any]) -> str:
    """A post and its thread as a person reads them: a line a paragraph, a rule between posts."""
    posts = [
        arguments,
        *arguments.get("replies", ()),
        *([arguments["reply"]] if "reply" in arguments else []),
    ]
    read = "\n-----\n".join(
        ALSO * post.get("broadcast", False) + "".join(map(_read, post["blocks"])) for post in posts
    )
    return f"{arguments['text']}\n\n{read}"


def _read(block: dict[str, Any]) -> str:
    kind = block["type"]
    if kind == "divider":
        return "\n"
    if kind == "header":
        return f"\n# {block['text']['text']}\n"
    if kind == "context":
        return f"({block['elements'][0]['text']})\n"
    lines = []
    for element in block["elements"]:
        if element["type"] == "rich_text_list":
            ordered = element.get("style") == "ordered"
            for number, item in enumerate(element["elements"], 1):
                lines.append(f"{f'{number}.' if ordered else '•'} {_spans(item)}")
        else:
            mark = "> " if element["type"] == "rich_text_quote" else ""
            lines.append(mark + _spans(element).strip("\n"))
    return "\n".join(lines) + "\n"


def _spans(element: dict[str, Any]) -> str:
    return "".join(
        f"~{span['text']}~"
        if span.get("style", {}).get("strike")
        else span.get("text") or span.get("fallback") or span["url"]
        for span in element["elements"]
    )


def main() -> None:
    for old in DATA.glob("*.*"):
        old.unlink()
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home))
        with attach(settings):
            for name, text in goldens(settings):
                (DATA / name).write_text(text, "utf-8")
    print(f"{len(list(DATA.glob('*.*')))} files in {DATA}")


if __name__ == "__main__":
    main()
