"""What a command loads of the worker: a bell to ring, and nothing of what hears it."""

import subprocess
import sys

LOADED = "import sys, alerts.doors.cli.ringing as bell; bell.runtime.doorbell; print(*sys.modules)"


def test_a_command_that_rings_loads_no_worker() -> None:
    """Whoever rang a bell loaded the sweep, the lanes and the steps of a worker with it."""
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, timeout=100)
    loaded = set(done.stdout.split())
    assert "alerts.runtime.doorbell" in loaded, done.stderr
    hearing = {
        f"alerts.runtime.{name}" for name in ("consumer", "lanes", "look", "process", "signals", "sweep")
    }
    assert loaded.isdisjoint(hearing)
