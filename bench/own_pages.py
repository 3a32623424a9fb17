"""What a person's own pages and the API take where 5,000 revisions are in the log: the door's processor time.

The person has five subscriptions with daily caps, which between them ask for most of what there is, and was
sent what came of some hundred updates lately. Each page is asked of a door that has been up for a while.
"""

import http.client
import json
import random
import subprocess
import time
from dataclasses import replace

from alerts.links import list_key
from alerts.model import Channel, Step, Subscriber
from alerts.operations import Permission, add_key
from alerts.operations.acting import Actor
from alerts.operations.owed_work import do_owed
from alerts.runtime import web_command
from alerts.services import Services
from alerts.store import PersonSession
from alerts.walk import steps
from alerts.walk.batch_sender import BatchSender
from bench.preview import KINDS, QUICK_REVISIONS, REVISIONS, ZONE, busy_month, revisions_of
from bench.scene import cpu_seconds, free_port, listening, scene, until

UPDATES, QUICK_UPDATES = 200, 20
#: Requests for one page, by which the clock ticks of the kernel (10 ms) come to tell 1 ms.
ASKED = 10
#: What a door may take to read ahead (s).
READING_AHEAD_S = 5.0
SECRET = "of-nobody-in-particular-at-all-x"
ROOT = Actor("bench", "bench", frozenset(Permission))


def run(quick: bool) -> dict[str, float]:
    with scene(api_rate="1000000") as stage:
        services = stage.services
        busy_month(stage, QUICK_REVISIONS if quick else REVISIONS)
        wanted = tuple(KINDS["five_capped"])
        new = Subscriber(0, Channel("email"), "anna@example.org", ZONE, wanted, 1)
        anna = services.subscribers.save(new, None)
        _walk_some(services, QUICK_UPDATES if quick else UPDATES)
        services.sessions.open(SECRET, PersonSession(anna.sid, anna.address), 3_600)
        key = add_key(services, ROOT, "bench", Permission).secret
        port = free_port()
        door = subprocess.Popen(web_command("127.0.0.1", port))
        try:
            until(lambda: listening(port), "the door does not listen", 60)
            ready = cpu_seconds(door.pid)
            time.sleep(READING_AHEAD_S)
            ahead = cpu_seconds(door.pid) - ready
            asked = _Asked(port, door.pid, key)
            return {
                "pages.door_ready_ms": ready * 1000,
                "pages.door_reads_ahead_after_ms": ahead * 1000,
                "pages.me_ms": asked.ms("GET", "/me"),
                "pages.subscription_ms": asked.ms("GET", f"/me/subscriptions/{list_key(wanted[0].name)}"),
                "pages.history_ms": asked.ms("GET", "/me/history"),
                "pages.data_ms": asked.ms("GET", "/me/data"),
                "pages.api_preview_ms": asked.ms(
                    "POST", "/api/v1/subscriptions/preview", {"address": "anna@example.org"}
                ),
                "pages.api_updates_ms": asked.ms("GET", "/api/v1/updates"),
                "pages.api_status_ms": asked.ms("GET", "/api/v1/status"),
                "pages.api_explain_ms": asked.ms(
                    "GET", "/api/v1/updates/u7/explain?address=anna@example.org"
                ),
            }
        finally:
            door.terminate()
            door.wait(30)


def _walk_some(services: Services, updates: int) -> None:
    """Publish some, and send what goes at once, as workers do."""
    dice, batch_sender = random.Random("of late"), BatchSender(services)
    for n in range(updates):
        for content in revisions_of(dice, f"late-{n}", dice.choice((1, 1, 2))):
            steps.publish(services, replace(content, body="They meet again tomorrow."))
        while works := [o.work for o in services.due.owed() if o.work.step is not Step.OPEN]:
            for work in works:
                do_owed(batch_sender, work)


class _Asked:
    """Requests to the door by a person and a program, and what each costs it."""

    def __init__(self, port: int, door: int, key: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._door = door
        self._headers = {
            "Cookie": f"__Host-alerts={SECRET}",
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
        }

    def ms(self, method: str, path: str, body: dict[str, str] | None = None) -> float:
        """Processor time of the door for one of them, after a first one."""
        self._ask(method, path, body)
        began = cpu_seconds(self._door)
        for _ in range(ASKED):
            self._ask(method, path, body)
        return (cpu_seconds(self._door) - began) / ASKED * 1000

    def _ask(self, method: str, path: str, body: dict[str, str] | None) -> None:
        self._connection.request(method, path, json.dumps(body) if body else None, self._headers)
        answer = self._connection.getresponse()
        if answer.read() == b"" or answer.status != 200:
            raise AssertionError(f"{path}: {answer.status}")
