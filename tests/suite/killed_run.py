"""A run to be killed, collected only where it is named: starts one of everything, says so, waits."""

import subprocess
import sys
import time
from pathlib import Path

from scene import scene
from smtp_server import SmtpServer

from alerts.runtime import Supervisor


def test_that_starts_one_of_everything(capfd) -> None:
    sleeper = [sys.executable, "-c", "import time; time.sleep(600)"]
    with SmtpServer() as smtp, scene(smtp) as it, Supervisor(lambda _: None) as children:
        it.worker()
        children.start("sleeper", sleeper)
        subprocess.Popen(sleeper, start_new_session=True)
        Path("started").write_text(str(it.server_pid()))
        time.sleep(600)
