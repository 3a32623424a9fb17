"""Octets that are the same on every Python: `python tests/rendering/goldens.py` writes them, once for all."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rendering_samples import FLOOD, MARCH, STALL, TALKS, alone, raw, several

from alerts.channels.email.headers import unstructured
from alerts.model import Change, Channel

GOLDEN = Path(__file__).parents[1] / "data"
HEADLINES: list[str] = json.loads((GOLDEN / "headlines.json").read_text("utf-8"))

MANY = [replace(TALKS, id=f"u-{n}", headline=text, body=text) for n, text in enumerate(HEADLINES)]
MAILS: dict[str, Callable[[], bytes]] = {
    "one": lambda: raw(alone(Channel("email"), TALKS)),
    "changed": lambda: raw(alone(Channel("email"), STALL, Change.UPDATED, before=TALKS, urgent=True)),
    "digest": lambda: raw(several(Channel("email"), [TALKS, FLOOD, MARCH])),
    "languages": lambda: raw(several(Channel("email"), MANY)),
}


def subjects() -> bytes:
    return b"".join(octets for text in HEADLINES for [octets] in [unstructured("Subject", text)])


if __name__ == "__main__":
    (GOLDEN / "subjects.txt").write_bytes(subjects())
    for name, make in MAILS.items():
        (GOLDEN / "mails" / f"{name}.eml").write_bytes(make())
