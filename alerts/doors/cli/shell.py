"""Who types: the user of the shell. Whoever may run `alerts` on this machine may do all of it."""

import os
import pwd

from alerts.operations.acting import Actor, Permission


def shell_user() -> Actor:
    """The user this process runs as, as the system knows them: by name, or by number where they have none.

    Not by `$USER` or `$LOGNAME`: anybody could act under anybody's name in the audit.
    """
    uid = os.getuid()
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:  # a container that runs under a bare number
        name = f"uid {uid}"
    return Actor(name, "command line", frozenset(Permission))
