"""A door over an empty server of its own, with a worker, and a key that may do everything."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

sys.path += [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "doors" / "web")]

from doors import opened

from alerts.operations import Permission, add_key
from alerts.operations.acting import Actor
from alerts.runtime import attach, worker_command
from alerts.services import Services, connect
from alerts.settings import Settings

ROOT = Actor("fuzz", "test", frozenset(Permission))
#: The name of the key. No path leads to it: schemathesis revokes whatever it finds listed.
KEPT = "fuzz/itself"
#: Requests a second that the key may make: more than anything here asks for.
RATE = "100000"


@dataclass(frozen=True)
class Running:
    """Where the door is, what opens it, and what it has said."""

    url: str
    key: str
    log: Path
    services: Services


@contextmanager
def door(folder: Path) -> Iterator[Running]:
    """Run it until the block ends. Messages go to an outbox in the folder."""
    settings = Settings(home=folder / "home", api_rate=float(RATE))
    with attach(settings):
        services = connect(settings)
        made = add_key(services, ROOT, "fuzz", Permission)
        services.api_keys.revoke("fuzz")
        services.api_keys.add(replace(made.key, name=KEPT))
        given = {"ALERTS_HOME": str(settings.home), "ALERTS_API_RATE": RATE}
        with opened(folder, **given) as ready, _worker(folder, given):
            yield Running(ready.url, made.secret, ready.log, services)
        services.close()


@contextmanager
def _worker(folder: Path, given: dict[str, str]) -> Iterator[None]:
    plain = {k: v for k, v in os.environ.items() if not k.startswith("ALERTS_")}
    with (folder / "worker.log").open("wb") as log:
        child = subprocess.Popen(worker_command(4), env=plain | given, cwd=folder, stdout=log, stderr=log)
    try:
        yield
    finally:
        child.terminate()
        child.wait(60)
