"""What a process that lives long loads at its start: all that it may need.

Rooms load their files when they are first used, which is for commands. A worker that loaded its Slack sender
a week later could find the next version of it there, beside what it has loaded of this one.
"""

import gc
from importlib import import_module
from pkgutil import walk_packages

import alerts

#: The doors, and the processes of this room, load themselves.
_ELSEWHERE = ("__main__", "doors", "runtime")
#: So do the processes that read one document or draw one template. What reads documents need not even be
#: installed.
_BY_THEMSELVES = (
    "alerts.documents.pdf",
    "alerts.documents.reading_process",
    "alerts.documents.web",
    "alerts.documents.word",
    "alerts.rendering.sandbox_process",
)


def load_whole() -> None:
    """Load every file of the house below this room that this process may need."""
    for found in walk_packages(alerts.__path__, "alerts."):
        if found.name.split(".")[1] not in _ELSEWHERE and found.name not in _BY_THEMSELVES:
            import_module(found.name)
    gc.freeze()  # what is loaded stays: who reads a month of the log had all of it looked through for garbage
