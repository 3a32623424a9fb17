"""Publish → all recorded as sent, into postfix's `smtp-sink`; beside it `smtp-source` and a naive worker.

All three in one run, by turns, into the same sink, with messages of the same size: their ratios mean
something even where the machine is slow.
"""

import statistics
import subprocess
import time

from bench import naive
from bench.scene import Scene, draft, people, running, scene, sink, tool

PEOPLE, QUICK_PEOPLE = 20_000, 4_000
NAIVE_PEOPLE, NAIVE_QUICK = 2_000, 200
SESSIONS = (1, 2, 4, 8, 16)
ROUNDS = 3


def run(quick: bool) -> dict[str, float]:
    count = QUICK_PEOPLE if quick else PEOPLE
    command, port = sink()
    with scene(smtp_url=f"smtp://127.0.0.1:{port}") as stage, running(command, port):
        stage.subscribe(people(count, "UA"))
        ours, cpu, fresh, reused = [], [], [], []
        with stage.workers() as workers:
            for number in range(ROUNDS):
                before = workers.usage().cpu_s
                ours.append(count / _send(stage, f"round-{number}", count))
                cpu.append((workers.usage().cpu_s - before) / count * 1e6)
                size = _message_size(stage, f"round-{number}")
                fresh += [_source(port, count, size, sessions) for sessions in SESSIONS]
                reused += [_source(port, count, size, sessions, "-d") for sessions in SESSIONS]
        stage.empty()
        slow = naive.emails_per_s(stage.services.settings, port, NAIVE_QUICK if quick else NAIVE_PEOPLE, size)
    best = max(ours)
    return {
        "throughput.emails_per_s": best,
        "throughput.message_bytes": size,
        "throughput.smtp_source_per_s": max(fresh),
        "throughput.smtp_source_reused_per_s": max(reused),
        "throughput.naive_per_s": slow,
        "throughput.ratio_smtp_source": best / max(fresh),
        "throughput.ratio_smtp_source_reused": best / max(reused),
        "throughput.ratio_naive": best / slow,
        "cost.cpu_us_per_email": statistics.median(cpu),
    }


def _send(stage: Scene, update: str, count: int) -> float:
    began = time.monotonic()
    stage.publish(draft(update, "UA"))
    return stage.until_sent(update, count) - began


def _message_size(stage: Scene, update: str) -> int:
    """Bytes of the first message of an update, without its blanks."""
    services = stage.services
    [name] = services.updates.digests(update)
    return sum(len(piece) for piece in services.messages.get(name).pieces if isinstance(piece, bytes))


def _source(port: int, count: int, size: int, sessions: int, *options: str) -> float:
    """Emails per second of `smtp-source`: a connection for each, or with `-d` one for each session."""
    command = [tool("smtp-source"), *options, "-s", str(sessions), "-m", str(count), "-l", str(size)]
    began = time.monotonic()
    subprocess.run([*command, "-f", "a@example.org", "-t", "b@example.org", f"127.0.0.1:{port}"], check=True)
    return count / (time.monotonic() - began)
