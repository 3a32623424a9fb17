"""Live one plan: publish it while the world misbehaves, let it heal, wait until nothing is owed, judge."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.torture.judge import WINDOW, judge
from tests.torture.plan import Plan, make
from tests.torture.rack import Rack
from tests.torture.relay import Relay
from tests.torture.workspace import Workspace

#: Seconds to wait, once the world has healed, until nothing is owed.
HEALING_MAX = 400
WORKERS = 2
#: Seconds after a fault for which it excuses: a lease runs out, a worker starts again on a busy machine.
AFTERMATH = 20


@dataclass(frozen=True)
class Weather:
    """How often what breaks, and how fast the desk publishes."""

    faults: Mapping[str, int]  #: how likely each is, against the others
    pause_s: tuple[float, float]  #: between one and the next
    publish_every_s: float  #: at most


#: Something is always broken: nearly no urgent mail is undisturbed.
STORM = Weather(
    {"kill": 6, "kill all": 2, "stop": 1, "freeze": 2, "server": 1, "spoil": 2, "doorbells": 2}, (0.5, 4), 2
)
#: The same faults, with time between them in which urgent mail has no excuse. Relay and Slack sulk as ever.
CALM = Weather(
    {"kill": 2, "kill all": 1, "stop": 2, "freeze": 2, "server": 1, "spoil": 1, "doorbells": 3}, (30, 60), 6
)


def torture(
    seed: int,
    folder: Path,
    people: int,
    situations: int,
    chaos_s: float,
    urgent_share: float,
    weather: Weather = STORM,
) -> tuple[dict[str, Any], bool]:
    """Run one seed in a folder that does not exist yet. The figures, and whether every promise was kept."""
    plan = make(seed, people, situations, urgent_share)
    begun = time.monotonic()
    with Relay(plan) as relay, Workspace(plan) as workspace, Rack(folder, relay.port, workspace.url) as rack:
        _enrol(rack, plan, folder)
        for n in range(WORKERS):
            rack.start_worker(n)
        published: dict[str, float] = {}
        chaos = Chaos(rack, relay, random.Random(seed), chaos_s, weather)
        publisher = threading.Thread(target=_publish, args=(rack, plan, published, chaos))
        publisher.start()
        chaos.run()
        publisher.join()
        relay.calm = workspace.calm = True
        healing = time.monotonic()
        owed = _wait(rack)
        healed_s = time.monotonic() - healing
        verdict = judge(
            plan,
            relay.mails,
            relay.sulked,
            workspace.posts,
            published,
            chaos.times,
            chaos.twins_bound(),
            chaos.done["freeze"],
        )
    if owed:
        verdict.lost.append(f"still owed: {owed[:5]}")
    if len(published) < len(plan.tellings):
        verdict.lost.append("not everything could be published")
    _leave(folder, plan, relay, workspace, chaos, begun)
    figures = asdict(verdict) | {
        "seed": seed,
        "kept": verdict.kept,
        "revisions": len(plan.tellings),
        "faults": dict(chaos.done),
        "swallowed": relay.swallowed,
        "urgent_s": _spread(verdict.urgent_s),
        "disturbed_s": _spread(verdict.disturbed_s),
        "healed_s": round(healed_s, 1),
        "took_s": round(time.monotonic() - begun, 1),
    }
    return figures, verdict.kept


def _spread(seconds: list[float]) -> dict[str, float]:
    row = sorted(seconds) or [0.0]
    at = {"p50": len(row) // 2, "p99": len(row) * 99 // 100, "max": len(row) - 1}
    return {"mails": len(seconds)} | {name: round(row[place], 2) for name, place in at.items()}


def _leave(
    folder: Path, plan: Plan, relay: Relay, workspace: Workspace, chaos: "Chaos", begun: float
) -> None:
    """Leave behind what is needed to understand a run: story, tempers, faults, and what was got, in order."""
    lines = [(0.0, f"person {p}") for p in plan.people] + [(0.0, f"telling {t}") for t in plan.tellings]
    lines += [(0.0, f"temper {who} {what}") for who, what in plan.tempers.items()]
    lines += [
        (m.at - begun, f"mail {m.recipient} S{m.situation}R{m.number} {m.message_id}") for m in relay.mails
    ]
    lines += [
        (p.at - begun, f"post {p.channel} {p.ts} in {p.thread or '-'} {p.name} {p.text[:300]}")
        for p in workspace.posts
        if p.name
    ]
    lines += [
        (b - begun, f"fault {what} for {e - b:.1f}")
        for what, (b, e) in zip(chaos.story, chaos.times, strict=True)
    ]
    lines += [(at - begun, f"publish {what}") for at, what in chaos.answers]
    (folder / "story.txt").write_text("".join(f"{at:8.2f} {line}\n" for at, line in sorted(lines)))


def _enrol(rack: Rack, plan: Plan, folder: Path) -> None:
    """Import everybody from one file, as an operator would."""
    rows = ["channel,address,name,timezone,regions,tags,all_tags,none_tags,min_severity,cadence"]
    for p in plan.people:
        channel = "slack" if p.slack else "email"
        wish = f"{';'.join(sorted(p.regions))},{';'.join(sorted(p.tags))},,,{p.least}"
        rows.append(f"{channel},{p.address},,UTC,{wish},immediate")
    file = folder / "people.csv"
    file.write_text("\n".join(rows) + "\n")
    for tag in sorted(
        {tag for t in plan.tellings for tag in t.tags} | {t for p in plan.people for t in p.tags}
    ):
        rack.command("tags", "add", tag)
    code, out, err = rack.command("subscribers", "import", str(file), "-o", "json")
    assert code == 0, out + err


def _publish(rack: Rack, plan: Plan, published: dict[str, float], chaos: "Chaos") -> None:
    """Publish every revision in turn, each until it is answered, as a patient desk does."""
    dice = random.Random(plan.seed + 1)
    for telling in plan.tellings:
        text = json.dumps(telling.document())
        for _ in range(40):
            begun = time.monotonic()
            code, out, err = rack.command("publish", "-", "-o", "json", given=text)
            if code == 0:
                published[telling.mark] = begun  # its answer comes later than the first mails
                chaos.answers.append((time.monotonic(), telling.mark))
                break
            chaos.answers.append((time.monotonic(), f"{telling.mark}: {code} {(err or out)[-300:]!r}"))
            time.sleep(1)
        time.sleep(dice.random() * chaos.weather.publish_every_s)
    chaos.published.set()


def _wait(rack: Rack) -> list[dict[str, object]]:
    deadline = time.monotonic() + HEALING_MAX
    quiet = 0
    while time.monotonic() < deadline:
        owed = rack.owed()
        quiet = 0 if owed else quiet + 1
        if quiet >= 3:
            return []
        time.sleep(2)
    return owed


class Chaos:
    """Breaks something now and then, until the time is over and everything is published."""

    def __init__(
        self, rack: Rack, relay: Relay, dice: random.Random, seconds: float, weather: Weather
    ) -> None:
        self.rack, self.relay, self.dice, self.seconds = rack, relay, dice, seconds
        self.weather = weather
        self.published = threading.Event()
        self.answers: list[tuple[float, str]] = []  #: of each try to publish
        self.story: list[str] = []
        self.times: list[tuple[float, float]] = []  #: of each fault, with its aftermath
        self.done: Counter[str] = Counter()
        self._open_at_faults = 0

    def run(self) -> None:
        deadline = time.monotonic() + self.seconds
        time.sleep(4)  # the workers start
        while time.monotonic() < deadline or not self.published.is_set():
            if time.monotonic() > deadline + 240:
                break
            self.strike()
            on = time.monotonic() + self.dice.uniform(*self.weather.pause_s)
            while time.monotonic() < on and not (self.published.is_set() and time.monotonic() > deadline):
                time.sleep(0.25)

    def twins_bound(self) -> int:
        """A window for each connection that was open when something died or could not be recorded."""
        return WINDOW * (self._open_at_faults + self.relay.swallowed)

    def strike(self) -> None:
        """Break one thing."""
        n = self.dice.choice(sorted(self.rack.workers))
        likely = self.weather.faults
        what = self.dice.choices(list(likely), list(likely.values()))[0]
        self.done[what] += 1
        begun = time.monotonic()
        if what != "doorbells":
            self._open_at_faults += max(1, self.relay.connections)
        if what in ("kill", "kill all"):
            self.rack.kill_worker(n, alone=what == "kill")
        elif what == "stop":
            self.rack.stop_worker(n)
        elif what == "freeze":
            self.rack.freeze_worker(n, self.dice.uniform(1, 16))
        elif what == "server":
            self.rack.kill_server(self.dice.uniform(0.2, 2))
        elif what == "spoil":
            how = self.dice.choice(["full", "read-only", "too few replicas", "silent"])
            self.rack.spoil_server(how, self.dice.uniform(0.5, 4))
        else:
            self.rack.lose_doorbells()
        self.story.append(f"{what} {n}")
        self.times.append((begun, time.monotonic() + AFTERMATH))
