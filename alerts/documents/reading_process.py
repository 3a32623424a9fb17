"""What reads one document: `python -m alerts.documents.reading_process KIND`. Bytes come in, JSON goes out.

It bounds its memory and its processor time before it looks at the first byte; what goes beyond its time is
ended by the system, also where a library in C does not return.
"""

import json
import resource
import signal
import sys
from collections.abc import Callable
from importlib import import_module

from alerts.documents.content import Content, Unreadable

#: Octets of address space, the interpreter's own (some 50 MB) included.
MEMORY_MAX = 100_000_000
#: Seconds of processor time for one document, after its reader is loaded.
SECONDS_MAX = 0.8
#: The module that reads each kind.
READERS = {"word": "word", "pdf": "pdf", "html": "web"}


def main() -> None:
    kind = sys.argv[1]
    try:
        read: Callable[[bytes], Content] = import_module(f"alerts.documents.{READERS[kind]}").read
    except ImportError:
        answer({"lacking": kind})
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, hard))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, SECONDS_MAX)
    try:
        found = read(sys.stdin.buffer.read())
    except Unreadable as fault:
        answer({"sentence": fault.sentence, "hint": fault.hint})
    except (MemoryError, RecursionError):
        answer({"excess": "memory"})
    else:
        answer({"content": found.to_dict()})


def answer(said: object) -> None:
    sys.stdout.buffer.write(json.dumps(said).encode())
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
