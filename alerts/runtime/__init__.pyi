from . import doorbell
from .bundled_server import attach
from .supervisor import Supervisor, mail_command, mailbox_command, web_command, worker_command

__all__ = [
    "Supervisor",
    "attach",
    "doorbell",
    "mail_command",
    "mailbox_command",
    "web_command",
    "worker_command",
]
