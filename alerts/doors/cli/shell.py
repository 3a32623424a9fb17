"""Who types: the user of the shell. Whoever may run `alerts` on this machine may do all of it."""

import getpass
import os

from alerts.operations.acting import Actor, Permission


def shell_user() -> Actor:
    """The user this process runs as, by name, or by number where the system has no name for it."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container's number: Python 3.13 raises OSError, before it KeyError
        name = f"uid {os.getuid()}"
    return Actor(name, "command line", frozenset(Permission))
