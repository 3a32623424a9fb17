"""One sender per worker process, whoever asks first: what is told to it is told to all of its threads."""

import os
import subprocess
import sys
from pathlib import Path

#: Many threads wait for their first doorbell, and all hear one at the same instant.
ASK = """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from alerts.runtime.process import batch_sender
from alerts.runtime.signals import hand_back

together = Barrier(16)
def first_bell(_):
    together.wait()
    return batch_sender()

with ThreadPoolExecutor(16) as threads:
    senders = set(threads.map(first_bell, range(16)))
hand_back()
print(len(senders), all(sender.services.stopping.is_set() for sender in senders))
"""


def test_threads_that_ask_together_get_the_same_batch_sender_and_sigterm_stops_them_all(
    tmp_path: Path,
) -> None:
    """Each got one of its own, and at SIGTERM only one of those heard that nothing more goes on the wire."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith("ALERTS_")}
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=tmp_path,
        env=plain | {"ALERTS_HOME": str(tmp_path)},
    )
    assert done.stdout == "1 True\n", done.stderr
