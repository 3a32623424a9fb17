"""The bundled server and the processes behind `alerts up`: started when needed, gone when nobody needs them.

Not used at all where `ALERTS_REDIS_URL` names a server. Knows Celery and uvicorn only as command lines.
"""

from alerts.runtime.bundled_server import attach
from alerts.runtime.supervisor import Supervisor, web_command, worker_command

__all__ = ["Supervisor", "attach", "web_command", "worker_command"]
