"""A document is read by a process that ends with it: it can take no more time or memory than it is given.

The process is given no setting and no secret, and answers in JSON: what breaks out of a reader there can say
no more here than a text.
"""

import json
import os
import subprocess
import sys
from typing import Any

from alerts.documents.content import Content
from alerts.errors import BadInput

#: What the interpreter needs to find itself and us; the rest of our environment holds secrets.
_ENVIRONMENT = ("PATH", "PYTHONHOME", "LD_LIBRARY_PATH", "LANG", "LC_ALL")
#: Seconds on the clock until it is ended: its own bound is on processor time, this one is for a busy machine.
PATIENCE_S = 60.0
#: A document of these octets and more is no update.
OCTETS_MAX = 10_000_000
#: An answer is a text, and at most twelve octets of JSON for each character.
_ANSWER_MAX = 10_000_000

_NOUNS = {"word": "a Word file", "pdf": "a PDF", "html": "a web page"}
_EXPORT = "open it, copy its text, and save that as plain text or Markdown."


def read(source: bytes, kind: str) -> Content:
    """Read a `word`, `pdf` or `html` file. Raises BadInput for what is none, or takes too much to be read."""
    noun = _NOUNS[kind]
    if len(source) > OCTETS_MAX:
        raise BadInput(f"It is {noun} of more than {OCTETS_MAX // 1_000_000} MB.", f"Better: {_EXPORT}")
    said = _answer(source, kind)
    if "content" in said:
        found = said["content"]
        return Content(**(found | {"lines": [tuple(line) for line in found["lines"]]}))
    if "sentence" in said:
        raise BadInput(said["sentence"], said["hint"])
    if "lacking" in said:
        raise BadInput(
            f"It is {noun}, and what reads those is not installed.",
            f"Install it: `pip install 'alerts[documents]'`. Or do without: {_EXPORT}",
        )
    raise BadInput(f"It is {noun} that takes too long, or too much memory, to be read.", f"Better: {_EXPORT}")


def _answer(source: bytes, kind: str) -> dict[str, Any]:
    kept = {key: os.environ[key] for key in _ENVIRONMENT if key in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            [
                sys.executable,
                "-P",
                "-m",
                "alerts.documents.reading_process",
                kind,
            ],  # -P: from no folder we are in
            input=source,
            env=kept | {"PYTHONPATH": os.pathsep.join(filter(os.path.isabs, sys.path))},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE_S,
            start_new_session=True,  # Ctrl-C at the terminal is for us
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {}
    if done.returncode or len(done.stdout) > _ANSWER_MAX:
        return {}
    said: dict[str, Any] = json.loads(done.stdout)
    return said
