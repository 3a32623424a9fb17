"""Live through one story: publish it while processes are killed, wait until nothing is owed, judge."""

import random
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from email import message_from_bytes, policy
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from tests.national.naive import Message
from tests.national.story import Bulletin, Story, tell
from tests.national.verdict import Received, Verdict, judge
from tests.torture.plan import Plan
from tests.torture.rack import Rack
from tests.torture.relay import Relay
from tests.torture.run import Chaos, Weather

_MARK = re.compile(r"S(\d+)R(\d+)E")
WORKERS = 2
#: Seconds to wait, once all is published, until nothing is owed.
SETTLED_MAX = 400
#: Seconds without a mail after which it is asked what is owed.
QUIET_S = 2.0
#: Publishing one is tried again as often as this: a patient desk, whose program is killed now and then.
TRIES = 40
KILLED_WHILE_PUBLISHING = 0.1
#: Files of one command, where there is no time between them.
TOGETHER = 12


class Sink(Relay):
    """The relay of the torture, without a temper; it also keeps every bulletin that a mail speaks of."""

    def __init__(self, seed: int) -> None:
        super().__init__(Plan(seed, [], [], {}, random.Random(seed)))
        self.received: list[Received] = []

    def keep(self, recipient: str, raw: bytes) -> int:
        message = message_from_bytes(raw, policy=policy.default)
        body = message.get_body(("plain",))
        said = f"{message['Subject']}\n{body.get_content() if body else ''}"
        marks = frozenset((int(found[1]), int(found[2])) for found in _MARK.finditer(said))
        self.received.append(Received(time.monotonic(), recipient, marks, str(message["Message-ID"])))
        return super().keep(recipient, raw)


def replay(
    messages: Sequence[Message],
    seed: int,
    folder: Path,
    *,
    people: int,
    speed: float,
    pause_max_s: float,
    weather: Weather,
    digests: bool,
    workers: int = WORKERS,
    strikes: int = sys.maxsize,
) -> tuple[dict[str, Any], bool]:
    """Run one seed in a folder that does not exist yet. The figures, and whether every promise was kept."""
    began = time.monotonic()
    slots = _slots(messages, speed, pause_max_s) if digests else {_in_half_a_day(): float("inf")}
    story = tell(
        messages,
        seed,
        people=people,
        speed=speed,
        pause_max_s=pause_max_s,
        begin=datetime.now(UTC),
        slots=[*slots],
    )
    with Sink(seed) as sink, Rack(folder, sink.port, "http://127.0.0.1:9/") as rack:
        _enrol(rack, story)
        for n in range(workers):
            rack.start_worker(n)
        desk = Desk(rack, random.Random(seed + 1))
        lasts = sum(arrival.pause_s for arrival in story.arrivals)
        chaos = Chaos(rack, sink, random.Random(seed), lasts, weather)
        if lasts:
            thread = threading.Thread(target=desk.publish_all, args=(story, chaos.published))
            thread.start()
            chaos.run()
            thread.join()
        else:
            desk.publish_at_once(story, chaos.strike, strikes)
        if digests:
            time.sleep(max(0.0, max(slots.values()) + 5 - time.monotonic()))
        owed = _settled(rack, sink)
        verdict = judge(story, sink.received, desk.answered, slots)
    verdict.twins_bound = chaos.twins_bound()
    verdict.lost += [f"still owed: {owed[:5]}"] * bool(owed)
    verdict.lost += [f"never answered: {mark}" for mark in desk.unanswered(story)]
    figures = _figures(verdict, story, desk, chaos, seed, began)
    return figures, verdict.kept


class Desk:
    """Publishes every bulletin in turn, each until it is answered, and is killed over it now and then."""

    def __init__(self, rack: Rack, dice: random.Random) -> None:
        self._rack, self._dice = rack, dice
        self.answered: dict[
            str, tuple[float, float]
        ] = {}  #: when publishing it began first, when it was answered
        self.done: Counter[str] = Counter()

    def publish_all(self, story: Story, published: threading.Event) -> None:
        try:
            for arrival in story.arrivals:
                time.sleep(arrival.pause_s)
                self._publish(arrival.bulletin)
        finally:
            published.set()

    def publish_at_once(self, story: Story, strike: Callable[[], None], strikes: int) -> None:
        """Publish as many with one command as may come together; break something after each of the first."""
        for real, group in groupby(story.arrivals, key=lambda arrival: arrival.bulletin.message.real):
            waiting = [arrival.bulletin for arrival in group]
            while waiting:
                self._publish(*waiting[:TOGETHER] if real else waiting[:1])
                waiting = waiting[TOGETHER if real else 1 :]
                if real and strikes:
                    strikes -= 1
                    strike()

    def unanswered(self, story: Story) -> list[str]:
        return sorted({arrival.bulletin.mark for arrival in story.arrivals} - set(self.answered))

    def _publish(self, *bulletins: Bulletin) -> None:
        files = [self._rack.folder / f"{bulletin.mark}.cap" for bulletin in bulletins]
        for file, bulletin in zip(files, bulletins, strict=True):
            file.write_bytes(bulletin.source)
        began = time.monotonic()
        for _ in range(TRIES):
            if self._dice.random() < KILLED_WHILE_PUBLISHING:
                self._start(files, self._dice.uniform(0.3, 2.5))
                self.done["killed while publishing"] += 1
            code, said = self._start(files, None)
            if code == 0 or (not bulletins[0].message.real and "--confirm test" in said):
                for bulletin in bulletins:
                    self.answered.setdefault(bulletin.mark, (began, time.monotonic()))
                self.done["refused" if code else "published"] += len(bulletins)
                return
            self.done[f"tried again: {said[-200:]}"] += 1
            time.sleep(1)

    def _start(self, files: Sequence[Path], killed_after_s: float | None) -> tuple[int, str]:
        """Run `alerts publish`; its exit code and complaints, of one that is killed none."""
        command = [sys.executable, "-m", "alerts", "publish", *map(str, files)]
        running = subprocess.Popen(
            command,
            env=self._rack.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            _, said = running.communicate(timeout=killed_after_s)
        except subprocess.TimeoutExpired:
            running.kill()
            _, said = running.communicate()
        return running.returncode, said.decode("utf-8", "replace")


def _slots(messages: Sequence[Message], speed: float, pause_max_s: float) -> dict[int, float]:
    """Three minutes of the day within the replay, and when each is on the clock."""
    gaps = (b.sent - a.sent for a, b in pairwise(messages))
    lasts = sum(min(gap.total_seconds() / speed, pause_max_s) for gap in gaps) + len(messages)
    now, clock = datetime.now(UTC), time.monotonic()
    found = {}
    for part in (0.3, 0.6, 0.95):
        minute = int((now.timestamp() + max(60.0, part * lasts)) // 60 + 1)
        found[minute % 1440] = clock + minute * 60 - now.timestamp()
    return found


def _in_half_a_day() -> int:
    """A slot that does not come while somebody waits for it: nothing is told before."""
    return (int(time.time()) // 60 + 720) % 1440


def _enrol(rack: Rack, story: Story) -> None:
    """Import everybody from one file, as an operator would."""
    rows = ["channel,address,timezone,regions,min_severity,cadence"]
    for p in story.people:
        rows.append(f"email,{p.address},UTC,{';'.join(sorted(p.regions))},{p.least},{p.cadence}")
    file = rack.folder / "people.csv"
    file.write_text("\n".join(rows) + "\n")
    code, out, err = rack.command("subscribers", "import", str(file), "-o", "json")
    assert code == 0, out + err


def _settled(rack: Rack, sink: Sink) -> list[dict[str, object]]:
    """What is owed at last: nothing, if no mail came for a while and then it was nothing."""
    deadline = time.monotonic() + SETTLED_MAX
    owed: list[dict[str, object]] = [{"unknown": "nobody asked"}]
    while owed and time.monotonic() < deadline:
        mails = -1
        while mails < len(sink.received):
            mails = len(sink.received)
            time.sleep(QUIET_S)
        owed = rack.owed()
    return owed


def _figures(
    verdict: Verdict, story: Story, desk: Desk, chaos: Chaos, seed: int, began: float
) -> dict[str, Any]:
    return asdict(verdict) | {
        "seed": seed,
        "kept": verdict.kept,
        "bulletins": len({arrival.bulletin.number for arrival in story.arrivals}),
        "situations": len({arrival.bulletin.situation for arrival in story.arrivals}),
        "arrivals": len(story.arrivals),
        "people": len(story.people),
        "in_digests": sum(person.slot is not None for person in story.people),
        "desk": dict(desk.done),
        "faults": dict(chaos.done),
        "took_s": round(time.monotonic() - began, 1),
    }
