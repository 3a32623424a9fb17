"""The API over loopback: reading, publishing and listening, one door process on a core, 100,000 subscribers.

Beside it, on the same core by turns, a bare FastAPI route that makes as many trips to the same server: what
is above that is ours.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from alerts.model import Channel, Filter, Subscriber, Subscription
from alerts.operations import Permission, add_key
from alerts.operations.acting import Actor
from alerts.runtime import web_command
from bench.scene import Scene, cpu_seconds, free_port, listening, scene, until

PEOPLE, QUICK_PEOPLE = 100_000, 2_000
#: As many audiences, in as many countries.
REGIONS = ("UA", "PL", "MD", "RO", "DE", "FR", "ES", "IT", "SK", "HU", "CZ", "AT", "LT", "LV", "EE", "FI")
READS, QUICK_READS = 6_000, 600
PUBLISHES, QUICK_PUBLISHES = 400, 40
LISTENERS, QUICK_LISTENERS = 1_000, 50
ROUNDS = 3
#: Connections that ask at once where the most per second is looked for.
AT_ONCE = 8
#: How long the listeners are left alone: three of the signs of life that each is given (s).
SILENCE_S, QUICK_SILENCE_S = 30.0, 10.0
ROOT = Actor("bench", "bench", frozenset(Permission))


@dataclass(frozen=True)
class Asked:
    """What came of many requests: how many a second, and how long each took (s), the shortest first."""

    per_s: float
    took: list[float]

    def at(self, part: float) -> float:
        return self.took[min(len(self.took) - 1, int(len(self.took) * part))]


def run(quick: bool) -> dict[str, float]:
    people, reads = (QUICK_PEOPLE, QUICK_READS) if quick else (PEOPLE, READS)
    publishes = QUICK_PUBLISHES if quick else PUBLISHES
    ours_on, others_on = {0}, set(range(1, os.cpu_count() or 1)) or {0}
    os.sched_setaffinity(0, others_on)  # and so are the server's, which is started next, and the asker's
    with scene(api_rate="1000000") as stage:
        stage.subscribe(_spread(people))
        key = add_key(stage.services, ROOT, "bench", Permission).secret
        port, bare_port = free_port(), free_port()
        trips = 0
        with _pinned(web_command("127.0.0.1", port), port, ours_on) as door:
            read = _request("GET", f"/api/v1/subscribers/person{people // 2}@example.org", key)
            asyncio.run(_ask(port, [read] * 200, 1))  # whatever is loaded once
            trips = _trips(stage, port, read)
            best, bare = 0.0, 0.0
            with _pinned(_bare_command(bare_port, stage, trips), bare_port, ours_on):
                for _ in range(ROUNDS):
                    best = max(best, asyncio.run(_ask(port, [read] * reads, AT_ONCE)).per_s)
                    plain = _request("GET", "/bare", key)
                    bare = max(bare, asyncio.run(_ask(bare_port, [plain] * reads, AT_ONCE)).per_s)
            idle = asyncio.run(_ask(port, _publishes(key, "one", publishes), 1))
            busy = asyncio.run(_ask(port, _publishes(key, "many", publishes), AT_ONCE))
            listeners = QUICK_LISTENERS if quick else LISTENERS
            silence_s = QUICK_SILENCE_S if quick else SILENCE_S
            percent = asyncio.run(_listen(port, key, listeners, silence_s, door))
    return {
        "api.read_per_s": best,
        "api.read_trips": trips,
        "api.bare_per_s": bare,
        "api.read_ratio_bare": bare / best,
        "api.publish_per_s": busy.per_s,
        "api.publish_p50_ms": idle.at(0.5) * 1000,
        "api.publish_p99_ms": idle.at(0.99) * 1000,
        "api.listeners": listeners,
        "api.listeners_core_percent": percent,
    }


def _spread(count: int) -> Iterator[Subscriber]:
    """People in some countries: as many audiences."""
    for n in range(count):
        wanted = (Subscription(Filter((REGIONS[n % len(REGIONS)],))),)
        yield Subscriber(0, Channel("email"), f"person{n}@example.org", "UTC", wanted, 0)


def _request(method: str, path: str, key: str, body: bytes = b"") -> bytes:
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _publishes(key: str, name: str, count: int) -> list[bytes]:
    found = []
    for n in range(count):
        update = {
            "id": f"{name}-{n}",
            "headline": f"Talks go on, day {n}",
            "regions": [REGIONS[n % len(REGIONS)]],
            "severity": "moderate",
            "body": "Both sides came back to the table. " * 30,
        }
        found.append(_request("POST", "/api/v1/updates", key, json.dumps(update).encode()))
    return found


async def _ask(port: int, requests: list[bytes], at_once: int) -> Asked:
    """Send each request, over as many connections; every one must be answered with 200 or 201."""
    rest, took = iter(requests), list[float]()

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request in rest:
            began = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201")):
                raise AssertionError(head.decode())
            length = next(x for x in head.lower().split(b"\r\n") if x.startswith(b"content-length:"))
            await reader.readexactly(int(length.partition(b":")[2]))
            took.append(time.perf_counter() - began)
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(connection() for _ in range(at_once)))
    return Asked(len(requests) / (time.perf_counter() - began), sorted(took))


def _trips(stage: Scene, port: int, request: bytes) -> int:
    """Commands that one request sends the server; those of scripts are not trips."""
    with stage.services.server.client.monitor() as watch:
        asyncio.run(_ask(port, [request], 1))
        stage.services.server.client.echo("over")
        trips = 0
        for command in watch.listen():
            if command["command"].startswith("ECHO"):
                return trips
            trips += command["client_type"] != "lua"
    raise AssertionError("the server watches no more")


async def _listen(port: int, key: str, count: int, silence_s: float, door: int) -> float:
    """How much of a core the door computes while so many listen and nothing happens (%)."""
    listening_now = []
    for _ in range(count):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(_request("GET", "/api/v1/events", key))
        await reader.readuntil(b": listening\n\n")
        listening_now.append((reader, writer))
    await asyncio.sleep(1)
    before, began = cpu_seconds(door), time.monotonic()
    await asyncio.sleep(silence_s)
    used, lasted = cpu_seconds(door) - before, time.monotonic() - began
    for _, writer in listening_now:
        writer.close()
    return used / lasted * 100


@contextmanager
def _pinned(command: list[str], port: int, cores: set[int]) -> Iterator[int]:
    """Run a web process on these cores until the block ends, from when it listens. Its process id."""
    process = subprocess.Popen(command)
    os.sched_setaffinity(process.pid, cores)  # it has no threads yet
    try:
        until(lambda: process.poll() is not None or listening(port), "it does not listen", 60)
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def _bare_command(port: int, stage: Scene, trips: int) -> list[str]:
    options = stage.services.server.client.connection_pool.connection_kwargs
    where = {"path": options["path"]} if "path" in options else {k: options[k] for k in ("host", "port")}
    secret = {k: options[k] for k in ("username", "password") if options.get(k)}
    given = json.dumps({"port": port, "trips": trips, "redis": where | secret, "unix": "path" in options})
    return [sys.executable, "-m", "bench.bare", given]
