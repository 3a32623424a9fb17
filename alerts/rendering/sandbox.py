"""An operator's templates are rendered in a process of their own: whatever they do holds up nothing else.

It bounds its processor time, memory and output itself (`sandbox_process`); we end it when it does not answer.
It is started when it is first needed, kept for the next template, and ends with us, as its pipe does. It is
given no setting and no secret.
"""

import atexit
import json
import os
import subprocess
import sys
from collections import deque
from collections.abc import Mapping
from multiprocessing import Pipe
from pathlib import Path

from alerts.errors import BadInput
from alerts.locales import Locale

#: Seconds until a process that was started must say so, and until one that renders must answer. Its own bound
#: (processor time) is much shorter, and knows the line: this one is for what even signals do not interrupt.
START_PATIENCE_S, ANSWER_PATIENCE_S = 60.0, 30.0
#: Processes that are kept while nothing is rendered.
KEPT = 2
#: What the interpreter needs to find itself and us; the rest of our environment holds secrets.
_ENVIRONMENT = ("PATH", "PYTHONHOME", "LD_LIBRARY_PATH", "LANG", "LC_ALL")


def render(folder: Path, name: str, given: Mapping[str, object], most: int, locale: Locale) -> str:
    """Render a template of this folder, or the shipped one of that name, into at most this many characters.

    Raises BadInput for one that fails or goes beyond a bound. Threads do not wait for each other's templates.
    """
    process = _taken()
    try:
        answer = process.ask((folder.absolute(), name, given, most, locale), most)
    except (EOFError, OSError):
        process.end()
        raise BadInput(
            f"The template {name} cannot be used: rendering it ended without an answer, or never.",
            "Look for what it repeats, or for something very large that it makes.",
        ) from None
    _give_back(process)
    if "text" not in answer:
        raise BadInput(answer["sentence"], answer["hint"])
    return answer["text"]


class _Process:
    def __init__(self) -> None:
        self._pipe, theirs = Pipe()
        program = [sys.executable, "-P", "-m", "alerts.rendering.sandbox_process", str(theirs.fileno())]
        kept = {key: os.environ[key] for key in _ENVIRONMENT if key in os.environ}
        self._popen = subprocess.Popen(  # noqa: S603 - our own program
            program,
            env=kept | {"PYTHONPATH": os.pathsep.join(sys.path)},
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C at the terminal is for us
        )
        theirs.close()
        self._patience_s = START_PATIENCE_S + ANSWER_PATIENCE_S

    def ask(self, question: object, most: int) -> dict[str, str]:
        """Have something rendered. The answer is JSON: what comes from there is never unpickled here."""
        self._pipe.send(question)
        if not self._pipe.poll(self._patience_s):
            raise EOFError
        self._patience_s = ANSWER_PATIENCE_S
        # A character is at most twelve octets of JSON; a fault is a sentence.
        answer: dict[str, str] = json.loads(self._pipe.recv_bytes(12 * most + 100_000))
        return answer

    def end(self) -> None:
        self._popen.kill()
        self._popen.wait()
        self._pipe.close()


_idle: deque[_Process] = deque()


def _taken() -> _Process:
    try:
        return _idle.pop()
    except IndexError:  # asking first would race with the other threads
        return _Process()


def _give_back(process: _Process) -> None:
    if len(_idle) < KEPT:
        _idle.append(process)
    else:
        process.end()


@atexit.register
def _end() -> None:
    while _idle:
        _idle.pop().end()
