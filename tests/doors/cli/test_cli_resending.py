"""`alerts resend`: it asks first, says what they had, and sends one more."""

import os
import subprocess
import sys

import pytest
from cli_runs import Runs
from house import draft, subscribe, tell, told, walk

from alerts.model import State
from alerts.services import Services
from alerts.settings import Settings


def test_without_a_terminal_yes_is_the_answer(services: Services, alerts: Runs) -> None:
    subscribe(services, "ann@example.org", "UA")
    tell(services, draft())
    said = alerts("resend", "ann@example.org", "ua-talks")
    assert (said.code, "--yes" in said.err, services.due.owed()) == (2, True, [])
    said = alerts("resend", "ann@example.org", "ua-talks", "--yes")
    assert (said.code, said.out.startswith("✓ ua-talks.r1 is sent once more to ann@example.org")) == (0, True)
    assert "who had r1 sent 20" in said.out
    walk(services)
    assert told(services, "ua-talks") == {"ann@example.org": [State.SENT] * 2}
    said = alerts("resend", "ann@example.org", "ua-talks", "--yes")
    assert (said.code, "was resent to ann@example.org" in said.err) == (4, True)


@pytest.mark.parametrize(("typed", "code"), [("y", 0), ("n", 130)])
def test_at_a_terminal_it_says_what_they_had_and_asks(
    services: Services, settings: Settings, typed: str, code: int
) -> None:
    subscribe(services, "ann@example.org", "UA")
    tell(services, draft())
    ours, theirs = os.openpty()
    try:
        os.write(ours, f"{typed}\n".encode())
        done = subprocess.run(
            [sys.executable, "-m", "alerts", "resend", "ann@example.org", "ua-talks"],
            stdin=theirs,
            capture_output=True,
            text=True,
            env=os.environ | {"ALERTS_HOME": str(settings.home)},
            timeout=120,
            check=False,
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert "ann@example.org had r1 sent 20" in done.stderr
    assert (done.returncode, len(services.due.owed())) == (code, 0 if code else 1)
