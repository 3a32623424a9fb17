"""One connection to a real postfix, 20 ms away and back: ours against `smtplib` that keeps its connection."""

import os
import smtplib
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.postfix import postfix
from bench.scene import PARAGRAPH, Scene, draft, free_port, people, running, scene

ROUND_TRIP_S = 0.020
CHUNKED, CHUNKED_QUICK = 5_000, 1_500
PIPELINED, PIPELINED_QUICK = 1_000, 200
PLAIN, PLAIN_QUICK = 200, 60
SIZE = 12 * 1024


def run(quick: bool) -> dict[str, float]:
    if os.geteuid() != 0:
        print("left out, for postfix runs only as root", file=sys.stderr, end=" ")
        return {}
    port = free_port()
    with scene(smtp_url=f"smtp://127.0.0.1:{port}?tls=none") as stage:
        with _far_away(port):
            plain = _smtplib(port, PLAIN_QUICK if quick else PLAIN)
            chunked = _ours(stage, "chunked", CHUNKED_QUICK if quick else CHUNKED)
        with _far_away(port, withheld="chunking"):
            alone = _smtplib(port, PLAIN_QUICK if quick else PLAIN)
            pipelined = _ours(stage, "pipelined", PIPELINED_QUICK if quick else PIPELINED)
    return {
        "wan.smtplib_per_s": plain,
        "wan.chunking_per_s": chunked,
        "wan.pipelining_per_s": pipelined,
        "wan.ratio_chunking": chunked / plain,
        "wan.ratio_pipelining": pipelined / alone,
    }


@contextmanager
def _far_away(port: int, withheld: str = "") -> Iterator[None]:
    with postfix(withheld) as there:
        proxy = [sys.executable, "-m", "bench.delay", str(port), str(there), str(ROUND_TRIP_S / 2)]
        with running(proxy, port):
            yield


def _ours(stage: Scene, update: str, count: int) -> float:
    """Publish → recorded as sent, by one worker with one thread: one connection."""
    stage.empty()
    stage.subscribe(people(count, "UA"))
    with stage.workers(1, threads=1):
        began = time.monotonic()
        stage.publish(draft(update, "UA"))
        return count / (stage.until_sent(update, count) - began)


def _smtplib(port: int, count: int) -> float:
    body = (PARAGRAPH.encode("ascii", "replace").decode() + "\r\n\r\n") * (SIZE // len(PARAGRAPH))
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        smtp.ehlo()
        began = time.monotonic()
        for n in range(count):
            head = f"From: alerts@example.org\r\nTo: person{n}@example.org\r\nSubject: Negotiations\r\n\r\n"
            smtp.sendmail("alerts@example.org", [f"person{n}@example.org"], head + body)
        return count / (time.monotonic() - began)
