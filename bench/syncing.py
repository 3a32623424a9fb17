"""What `alerts subscribers import FILE --sync` takes for a list of 200,000: by the clock, and of either core.

As an operator does it: a process of its own, from the file on the disk to its last line; three times over: of
a list that is new, one that is as it was, and one where a tenth has changed and a twentieth left.
"""

import csv
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench.scene import Scene, scene

ROWS, QUICK_ROWS = 200_000, 20_000
#: Different wishes: as many offices as a large list has, each with what it follows.
OFFICES = 2_000

COUNTRIES = (
    "Kenya",
    "Ukraine",
    "Mexico",
    "Germany",
    "Indonesia",
    "Colombia",
    "Nigeria",
    "France",
    "Japan",
    "Peru",
)
TAGS = ("flood", "unrest", "power", "aviation", "strike", "health")
ZONES = ("Africa/Nairobi", "Europe/Kyiv", "America/Bogota", "Asia/Jakarta", "Europe/Berlin", "")
CADENCES = ("immediate", "daily 08:00", "hourly", "weekly mon 08:00")


class Took(NamedTuple):
    """What one sync took (s): by the clock, and of CPU here and in the server."""

    clock: float
    client: float
    server: float


def run(quick: bool) -> dict[str, float]:
    rows = QUICK_ROWS if quick else ROWS
    found: dict[str, float] = {}
    with scene() as stage:
        folder = Path(stage.services.settings.home)
        for name, people in (
            ("new", _people(rows)),
            ("unchanged", _people(rows)),
            ("changed", _people(rows, changed=10, left=20)),
        ):
            file = folder / f"{name}.csv"
            _write(file, people)
            took = _sync(stage, file)
            found |= {f"sync.{name}_{what}_s": s for what, s in took._asdict().items()}
    return found


def _people(rows: int, changed: int = 0, left: int = 0) -> Iterator[list[str]]:
    """One line each; every `changed`th asks for something else, every `left`th is not there."""
    for n in range(rows):
        if left and n % left == 1:
            continue
        office = random.Random(n % OFFICES + (OFFICES if changed and n % changed == 0 else 0))
        yield [
            f"person.{n}@office{n % OFFICES}.example.org",
            f"Person {n}",
            office.choice(ZONES),
            ";".join(office.sample(COUNTRIES, office.choice((1, 1, 2, 3)))),
            ";".join(office.sample(TAGS, office.choice((0, 0, 1, 2)))),
            office.choice(CADENCES),
        ]


def _write(file: Path, people: Iterator[list[str]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as out:
        written = csv.writer(out)
        written.writerow(["address", "name", "timezone", "regions", "tags", "cadence"])
        written.writerows(people)


def _sync(stage: Scene, file: Path) -> Took:
    server, began = _server_cpu_s(stage), time.monotonic()
    words = ["subscribers", "import", str(file), "--sync", "--scope", "hr", "--yes", "--allow-leavers", "-q"]
    process = subprocess.Popen([sys.executable, "-m", "alerts", *words], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    clock = time.monotonic() - began
    assert os.waitstatus_to_exitcode(status) == 0, file
    return Took(clock, used.ru_utime + used.ru_stime, _server_cpu_s(stage) - server)


def _server_cpu_s(stage: Scene) -> float:
    used = stage.services.server.client.info("cpu")
    return float(used["used_cpu_user"]) + float(used["used_cpu_sys"])
