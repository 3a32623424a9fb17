"""Processes: a worker with its doorbells, sweep and lanes; the bundled server; the supervisor of `alerts up`.

`worker` is what Celery loads; only ringing, and the bundled server, are for other processes as well. What is
offered here knows Celery and uvicorn as command lines: importing it loads neither.
"""

from alerts.runtime.bundled_server import attach
from alerts.runtime.supervisor import Supervisor, mail_command, mailbox_command, web_command, worker_command

__all__ = ["Supervisor", "attach", "mail_command", "mailbox_command", "web_command", "worker_command"]
