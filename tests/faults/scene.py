"""One installation of real processes, what may befall it, and what must hold when it is over.

A bundled server in a home of its own, Celery workers as `alerts worker` starts them, a real SMTP or Slack
server on loopback. Nothing is patched: waits of minutes are cut short in the ledger itself (`hurry`).
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from slack_server import TOKEN, SlackServer
from smtp_server import SmtpServer

from alerts.model import Channel, Draft, Filter, Severity, State, Subscriber, Subscription, Work
from alerts.runtime import attach, worker_command
from alerts.services import Services, connect
from alerts.settings import Settings
from alerts.store import Delivery
from alerts.walk import steps

#: Sent and not recorded at any instant, at most, on one connection: docs/faults.md.
W = 32
#: How much slower a machine under load may be.
PATIENCE = 5
#: Connections to the relay that a worker may have beside those of Celery's threads: its lanes', ADR 19.
LANES = 3
#: Subscribers that are saved in one round trip.
ROWS = 500

#: Cuts waits short: what rests in the ledger is to be tried now, the breakers are closed, all of it is due.
HURRY = """
local prefix = ARGV[1]
for _, entry in ipairs(redis.call('ZRANGE', prefix .. 'due', 0, -1)) do
  local digest, k = entry:match('^send!?:(.+)/(%d+)$')
  if digest and redis.call('EXISTS', prefix .. 'lease:' .. digest .. '/' .. k) == 0 then
    local batch = prefix .. 'digest:' .. digest .. ':batch:' .. k
    local rows = redis.call('HGETALL', batch)
    for i = 1, #rows, 2 do
      local tried = rows[i + 1]:match('^([du]%d+)%+[1-9]%d*$')
      if tried then redis.call('HSET', batch, rows[i], tried .. '+0') end
    end
    redis.call('ZADD', prefix .. 'due', 'XX', 0, entry)
  end
end
for _, channel in ipairs({'email', 'slack'}) do
  local breaker = prefix .. 'breaker:' .. channel
  if redis.call('EXISTS', breaker) == 1 then redis.call('HSET', breaker, 'until', 0) end
end
"""


class Worker:
    """One Celery worker process, started as `alerts worker` starts it."""

    def __init__(self, number: int, env: dict[str, str], log: Path, threads: int) -> None:
        # Celery takes the last of each: as much is logged as can be, so that addresses would show.
        command = [*worker_command(threads), "--loglevel=info", "-n", f"scene-{number}@%h"]
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                command, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
            )

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


class Scene:
    """Use as `with scene(…) as it`. Addresses end in @example.org, which no log may ever show."""

    def __init__(self, settings: Settings, env: dict[str, str], stack: ExitStack) -> None:
        self.settings = settings
        self.services: Services = connect(settings)
        self.env = env
        self.log = settings.home.parent / "workers.log"
        self.workers: list[Worker] = []
        self._stack = stack

    def worker(self, threads: int = 2, ready: bool = True) -> Worker:
        """Start one more worker; return once its sweep has given a sign of life."""
        made = Worker(len(self.workers), self.env, self.log, threads)
        self.workers.append(made)
        self._stack.callback(made.kill)
        if ready:
            until(lambda: self.is_alive(made), 20, "the worker does not start")
        return made

    def is_alive(self, worker: Worker) -> bool:
        """Whether its sweep gave a sign of life lately."""
        return any(name.endswith(f":{worker.process.pid}") for name in self.services.workers.live())

    def crowd(self, people: int) -> None:
        """Subscribe `p0@example.org`, … to everything about Ukraine, at once."""
        self.subscribe(*(f"p{n}@example.org" for n in range(people)))

    def subscribe(self, *addresses: str, region: str = "UA") -> None:
        wish = (Subscription(Filter((region,))),)
        for start in range(0, len(addresses), ROWS):
            self.services.subscribers.save_all(
                [
                    (Subscriber(0, channel_of(address), address, "UTC", wish, 0), None)
                    for address in addresses[start : start + ROWS]
                ]
            )

    def publish(self, update: str = "ua-talks", **changes: Any) -> list[Work]:
        """Publish an urgent update about Ukraine; the sweep of a worker finds it within a second or two."""
        content: dict[str, Any] = {
            "headline": "Negotiations continue between Russia and Ukraine",
            "regions": ("RU", "UA"),
            "tags": ("negotiations",),
            "severity": Severity.SEVERE,
            "body": "The delegations meet tomorrow.",
        }
        _, bells = steps.publish(self.services, Draft(id=update, **(content | changes)))
        return bells

    def hurry(self) -> None:
        """Let nothing wait for its next try any longer."""
        self.services.server.client.eval(HURRY, 0, self.settings.key_prefix)

    def finish(self, seconds: float, *, hurry: bool = True) -> None:
        """Wait until nothing is owed."""

        def nothing_is_owed() -> bool:
            if hurry:
                self.hurry()
            return self.services.due.count() == 0

        until(nothing_is_owed, seconds, "something stays owed", every=0.25)

    def server_pid(self) -> int:
        return int(self.services.server.client.info("server")["process_id"])

    def records(self, update: str = "ua-talks") -> dict[str, Delivery]:
        """The latest record of everyone in an update's digests, by address."""
        found: dict[str, Delivery] = {}
        services = self.services
        for digest, how in services.digests.progress(services.updates.digests(update)).items():
            records = services.ledger.records(digest, range(1, how.batches + 1))
            for person in services.subscribers.destinations(list(records)):
                found[person.address] = records[person.sid]
        return found

    def states(self, update: str = "ua-talks") -> dict[str, State]:
        return {address: record.state for address, record in self.records(update).items()}

    def sent(self, update: str = "ua-talks") -> int:
        """How many are recorded as sent so far."""
        counts = self.services.digests.progress(self.services.updates.digests(update)).values()
        return sum(how.counts.get(State.SENT, 0) for how in counts)

    def ended(self, update: str = "ua-talks") -> set[str]:
        """Those of whom nothing is owed any more."""
        return {address for address, state in self.states(update).items() if not state.owed}

    def notes(self, update: str = "ua-talks") -> dict[str, str]:
        """The provider's last words about each, by address."""
        services, found = self.services, {}
        for digest, how in services.digests.progress(services.updates.digests(update)).items():
            sids = list(services.ledger.records(digest, range(1, how.batches + 1)))
            for person in services.subscribers.destinations(sids):
                found[person.address] = services.ledger.note(digest, person.sid)
        return found

    def books_are_in_order(self, attempts: int = 1, update: str = "ua-talks") -> None:
        """Counters equal the ledger, all of it is terminal, nothing is held, and no log names anybody."""
        services, client = self.services, self.services.server.client
        for digest, how in services.digests.progress(services.updates.digests(update)).items():
            records = services.ledger.records(digest, range(1, how.batches + 1)).values()
            assert how.counts == Counter(record.state for record in records)
            assert how.state == "done"
            assert not any(record.state.owed for record in records)
            assert max((record.attempt for record in records), default=0) <= attempts
            for k in range(1, how.batches + 1):
                assert not client.hexists(f"{self.settings.key_prefix}digest:{digest}:batch:{k}", "!")
        assert services.due.count() == 0
        assert not list(client.scan_iter(f"{self.settings.key_prefix}lease:*"))
        assert "example.org" not in self.logged()

    def logged(self) -> str:
        return self.log.read_text(errors="replace")


def twins(smtp: SmtpServer) -> int:
    """How many mails came that nobody needed. All copies of one mail carry the same Message-ID."""
    named: dict[str, set[str]] = {}
    times: Counter[str] = Counter()
    for mail in list(smtp.arrived):
        [address] = mail.recipients
        times[address] += 1
        named.setdefault(address, set()).add(message_id(mail.data))
    assert all(len(names) == 1 for names in named.values())
    return sum(times.values()) - len(times)


def judge_false_alarm(smtp: SmtpServer, instead: int | None = None) -> None:
    """Whoever got the alert got “A false alarm” once, and nothing after it; all of `instead` got that."""
    got: dict[str, list[bool]] = {}
    for mail in list(smtp.arrived):
        [address] = mail.recipients
        message = message_from_bytes(mail.data, policy=policy.default)
        body = message.get_body(("plain",))  # what is over keeps its headline: the new one is said beside it
        assert body
        got.setdefault(address, []).append("false alarm" in f"{message['Subject']}\n{body.get_content()}")
    assert any(len(told) > 1 for told in got.values())
    missed = {address: told for address, told in got.items() if told.count(True) != 1 or not told[-1]}
    assert not missed, f"{len(missed)} of {len(got)}: {dict(list(missed.items())[:3])}"
    assert instead in (None, len(got))


def message_id(mail: bytes) -> str:
    return str(message_from_bytes(mail.partition(b"\r\n\r\n")[0])["Message-ID"])


def heard(smtp: SmtpServer) -> set[str]:
    """Who got a mail."""
    return {address for mail in list(smtp.arrived) for address in mail.recipients}


def channel_of(address: str) -> Channel:
    return Channel("email") if "@" in address else Channel("slack")


@contextmanager
def scene(smtp: SmtpServer | None = None, slack: SlackServer | None = None, **more: str) -> Iterator[Scene]:
    """Set the scene: a server, no worker yet. Whatever is left of it in the end is killed by its pid."""
    folder = Path(tempfile.mkdtemp(prefix="alerts-", dir="/tmp"))
    chosen = {"ALERTS_HOME": str(folder / "home"), "ALERTS_MAIL_FROM": "Desk <desk@alerts.test>"} | more
    if smtp:
        chosen["ALERTS_SMTP_URL"] = smtp.url
    if slack:
        chosen |= {"ALERTS_SLACK_BOT_TOKEN": TOKEN, "ALERTS_SLACK_API_URL": slack.url}
    env = {k: v for k, v in os.environ.items() if not re.match(r"ALERTS_|https?_proxy", k, re.IGNORECASE)}
    settings = Settings(**{name.removeprefix("ALERTS_").lower(): value for name, value in chosen.items()})
    try:
        with attach(settings), ExitStack() as stack:
            made = Scene(settings, env | chosen, stack)
            stack.callback(made.services.close)
            yield made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def until(
    holds: Callable[[], object],
    seconds: float,
    otherwise: str = "it did not happen in time",
    every: float = 0.05,
) -> None:
    """Wait for it; the seconds are those of an idle machine, and all they mean is that it does not hang."""
    deadline = time.monotonic() + seconds * PATIENCE
    while not holds():
        assert time.monotonic() < deadline, otherwise
        time.sleep(every)
