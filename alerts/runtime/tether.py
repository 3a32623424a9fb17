"""Become the given command, and die when its supervisor does: `tether.py SUPERVISOR COMMAND…`. Linux only.

A program of its own because the request must be made in the child before it becomes the command, where
`preexec_fn` could deadlock in a process with threads. It outlives the exec (prctl(2), PR_SET_PDEATHSIG).
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1

if __name__ == "__main__":
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
    if os.getppid() != int(sys.argv[1]):
        sys.exit("The supervisor is gone.")  # it died before it was asked to be told
    try:
        os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606 - no shell is wanted
    except OSError as error:
        sys.exit(f"{sys.argv[2]} cannot be run: {error.strerror}")
