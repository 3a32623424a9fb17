"""Doorbells that cannot be rung, that pile up unheard, or that are heard by a worker with another clock."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
import redis

from alerts.model import Work
from alerts.services import Services
from alerts.settings import Settings

#: A sweep whose lanes have no room left, so that all depends on the bells.
SWEEP = """
from types import SimpleNamespace
from alerts.runtime.process import batch_sender
from alerts.runtime.sweep import sweep
sweep(batch_sender().services, SimpleNamespace(offer=list), "here:1")
"""
NOWHERE = "redis://127.0.0.1:1/0"


def sweep(settings: Settings, **others: str) -> None:
    """As a worker does it once a second."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith("ALERTS_")}
    env = plain | {"ALERTS_HOME": str(settings.home)} | others
    done = subprocess.run([sys.executable, "-c", SWEEP], capture_output=True, text=True, timeout=100, env=env)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def bells(settings: Settings) -> Iterator[redis.Redis]:
    """The broker's database on the shared server."""
    with redis.Redis(unix_socket_path=str(settings.socket_path), db=0) as client:
        yield client


def backlog(services: Services) -> set[Work]:
    works = {Work.parse(f"{lane}:rab12/{n}") for lane in ("send", "send!") for n in range(200)}
    services.server.client.zadd(services.server.keys("due"), {str(work): 0 for work in works})
    return works


def due(services: Services) -> set[Work]:
    now_ms = services.server.now_ms()
    return {owed.work for owed in services.due.owed() if owed.look_ms <= now_ms}


def test_what_a_dead_broker_cannot_be_rung_for_is_due_again_at_once(
    services: Services, settings: Settings
) -> None:
    """A backlog waited for bells that nobody had rung: minutes, for 30,000 batches."""
    works = backlog(services)
    sweep(settings, ALERTS_BROKER_URL=NOWHERE)
    assert due(services) == works


def test_what_a_full_broker_cannot_be_rung_for_is_due_again_at_once(
    services: Services, settings: Settings
) -> None:
    works = backlog(services)
    services.server.client.config_set("maxmemory", "1")
    try:
        sweep(settings)
        assert due(services) == works
    finally:
        services.server.client.config_set("maxmemory", "0")


def test_a_bell_has_no_end_of_its_own(services: Services, settings: Settings, bells: redis.Redis) -> None:
    """It ended after a minute by the clock of the worker: a fast one threw away what all the others rang."""
    works = backlog(services)
    before_ms = services.server.now_ms()
    sweep(settings)
    rung = [json.loads(bell) for lane in ("urgent", "routine") for bell in bells.lrange(lane, 0, -1)]
    assert len(rung) == len(works)
    assert {bell["headers"]["expires"] for bell in rung} == {None}
    assert min(owed.look_ms for owed in services.due.owed()) > before_ms


def test_bells_that_nobody_hears_do_not_pile_up(
    services: Services, settings: Settings, bells: redis.Redis
) -> None:
    """As many as wait already, and no more; the other lanes are rung, and nothing is forgotten."""
    works = backlog(services)
    bells.rpush("routine", *(b"unheard" for _ in range(1_000)))
    sweep(settings)
    assert bells.llen("routine") == 1_000
    assert bells.llen("urgent") == 200
    assert {owed.work for owed in services.due.owed()} == works


def alerts(settings: Settings, *words: str) -> None:
    """A command, as an operator types it."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith("ALERTS_")}
    env = plain | {"ALERTS_HOME": str(settings.home)}
    done = subprocess.run(
        [sys.executable, "-m", "alerts", *words], capture_output=True, text=True, timeout=100, env=env
    )
    assert done.returncode == 0, done.stderr


def rung(bells: redis.Redis, lane: str) -> list[str]:
    """The entries that bells wait for in a lane, the first one first."""
    waiting = [json.loads(bell)["headers"]["argsrepr"] for bell in reversed(bells.lrange(lane, 0, -1))]
    return [entry for (entry,) in map(ast.literal_eval, waiting)]


def test_a_change_of_subscriptions_rings_for_the_catch_up(
    services: Services, settings: Settings, bells: redis.Redis
) -> None:
    """Of all that an operator can do, this alone rang for nothing: it waited for the next sweep."""
    alerts(settings, "subscribers", "add", "anna@example.org", "--region", "UA")
    alerts(settings, "subscribers", "set", "anna@example.org", "--name", "Anna")
    assert rung(bells, "control") == []
    alerts(settings, "subscriptions", "add", "anna@example.org", "--region", "KE")
    [catch_up] = services.due.owed()
    assert rung(bells, "control") == [str(catch_up.work)]
    services.due.done(catch_up.work)
    alerts(settings, "subscribers", "pause", "anna@example.org")
    assert len(rung(bells, "control")) == 1
    alerts(settings, "subscribers", "resume", "anna@example.org")
    [another] = services.due.owed()
    assert rung(bells, "control") == [str(catch_up.work), str(another.work)]
