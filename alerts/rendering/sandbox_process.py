"""What renders an operator's templates: `python -m alerts.rendering.sandbox_process FD`. Ends with its pipe.

It sets its bounds before it reads the first template. What goes beyond them raises where the template is at,
so its line is known. macOS does not keep the bound on memory: there is only what `environment` refuses.
"""

import json
import resource
import signal
import sys
from functools import lru_cache
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType

from alerts.errors import BadInput
from alerts.locales import Locale
from alerts.rendering.environment import Drawer

#: Octets of address space, the interpreter's own included.
MEMORY_MAX = 1 << 30
#: Seconds of processor time for one template: not of the clock, so that a busy machine fails none.
SECONDS_MAX = 3.0
#: A template, or what it calls, may catch what interrupts it once: then it is interrupted again (s).
_AGAIN_S = 0.2


class OverTime(Exception):
    pass


@lru_cache(maxsize=8)
def drawer(folder: Path) -> Drawer:
    return Drawer(folder)


def interrupt(_number: int, _frame: FrameType | None) -> None:
    raise OverTime(f"it takes more than {SECONDS_MAX:g} seconds")


def answer(folder: Path, name: str, given: dict[str, object], most: int, locale: Locale) -> dict[str, str]:
    signal.setitimer(signal.ITIMER_PROF, SECONDS_MAX, _AGAIN_S)
    try:
        text = drawer(folder).draw(name, given, most, locale)
        signal.setitimer(signal.ITIMER_PROF, 0)
    except BadInput as fault:
        signal.setitimer(signal.ITIMER_PROF, 0)
        return {"sentence": fault.sentence, "hint": fault.hint}
    return {"text": text}


def main() -> None:
    pipe = Connection(int(sys.argv[1]))
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, hard))
    signal.signal(signal.SIGPROF, interrupt)
    while True:
        try:
            question = pipe.recv()
        except EOFError:
            return
        pipe.send_bytes(json.dumps(answer(*question)).encode())


if __name__ == "__main__":
    main()
