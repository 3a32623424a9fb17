"""Messages as files, where a channel is not configured: nothing leaves the building by accident.

    {channel}/{digest}/{sid}{suffix}

Files are written whole or not at all; sending a delivery again replaces its file.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

from alerts import private
from alerts.channels.contract import ChannelType, OutboxForm, Stop
from alerts.channels.registry import CHANNELS
from alerts.model import Channel, Instant, Message, Outcome, Recipient, RouteDown, Sent
from alerts.rendering import GalleryItem

#: Octets; nothing larger was written by us, so nothing larger is read.
LARGEST = 4 << 20


class OutboxSender:
    """Writes each message into `folder`, readable by its owner only."""

    in_flight = 1

    def __init__(self, folder: Path, kind: ChannelType) -> None:
        self._folder = folder
        self._channel = kind.name
        self._form = kind.outbox()

    def send(
        self, message: Message, recipients: Sequence[Recipient], stop: Stop
    ) -> Iterator[tuple[int, Outcome]]:
        """Write one file per recipient; see the contract. A full or missing disk closes the route."""
        place = self._folder / self._channel / message.digest
        for recipient in recipients:
            if stop():
                return
            name = f"{recipient.sid}{self._form.suffix}"
            content, post = self._form.written(message.fill(recipient.blanks), recipient)
            try:
                _write(place, name, content)
            except OSError as unwritable:
                yield recipient.sid, RouteDown(f"the outbox cannot be written: {unwritable.strerror}")
                return
            yield recipient.sid, Sent(f"{self._channel}/{message.digest}/{name}", post)

    def close(self) -> None:
        """Nothing is held open."""


def _write(place: Path, name: str, content: bytes) -> None:
    draft = f"{place}/.{name}.{os.getpid()}-{threading.get_ident()}"
    try:
        file = _draft(draft)
    except FileNotFoundError:
        private.make_folder(place)
        file = _draft(draft)
    with open(file, "wb") as out:
        out.write(content)
    os.replace(draft, f"{place}/{name}")


def _draft(path: str) -> int:
    return private.opener(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One message in the outbox. `raw` is the file, as its channel writes it."""

    channel: Channel
    address: str
    digest: str
    sid: int
    sent_at: Instant
    path: Path
    raw: bytes


def read_outbox(folder: Path) -> Iterator[OutboxItem]:
    """Read the outbox, newest first. Passes over whatever the outbox did not write, or not to its end."""
    found: list[tuple[int, Path, Channel]] = []
    forms = {name: kind.outbox() for name, kind in CHANNELS.items()}
    for name, form in forms.items():
        for path in folder.glob(f"{name}/*/*{form.suffix}"):
            with suppress(OSError):  # removed a moment ago
                found.append((path.stat().st_mtime_ns, path, name))
    for written_ns, path, name in sorted(found, key=itemgetter(0, 1), reverse=True):
        item = _item(name, forms[name], path, written_ns // 10**6)
        if item:
            yield item


def shown(item: OutboxItem) -> GalleryItem:
    """A message of the outbox as its channel shows it."""
    return CHANNELS[item.channel].outbox().shown(item.raw, item.address, item.sent_at, item.digest)


def _item(channel: Channel, form: OutboxForm, path: Path, sent_at: Instant) -> OutboxItem | None:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
        sid, address = int(path.name.removesuffix(form.suffix)), form.address(raw)
    except (OSError, ValueError, RecursionError):
        return None
    if not address or len(raw) > LARGEST:
        return None
    return OutboxItem(channel, address, path.parent.name, sid, sent_at, path, raw)
