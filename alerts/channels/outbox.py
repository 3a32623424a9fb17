"""Messages as files, where no SMTP or Slack is configured: nothing leaves the building by accident.

    email/{digest}/{sid}.eml      slack/{digest}/{sid}.json

Files are written whole or not at all; sending a delivery again replaces its file.
"""

import json
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.utils import parseaddr
from pathlib import Path

from alerts import private
from alerts.channels.contract import Stop
from alerts.model import Channel, Instant, Message, Outcome, Post, Recipient, RouteDown, Sent

SUFFIX = {Channel.EMAIL: ".eml", Channel.SLACK: ".json"}

#: Octets; nothing larger was written by us, so nothing larger is read.
LARGEST = 4 << 20


class OutboxSender:
    """Writes each message into `folder`, readable by its owner only."""

    in_flight = 1

    def __init__(self, folder: Path, channel: Channel) -> None:
        self._folder = folder
        self._channel = channel

    def send(
        self, message: Message, recipients: Sequence[Recipient], stop: Stop
    ) -> Iterator[tuple[int, Outcome]]:
        """Write one file per recipient; see the contract. A full or missing disk closes the route."""
        place = self._folder / self._channel / message.digest
        for recipient in recipients:
            if stop():
                return
            name = f"{recipient.sid}{SUFFIX[self._channel]}"
            content, post = message.fill(recipient.blanks), None
            if self._channel is Channel.SLACK:
                content, post = _posted(content, recipient)
            try:
                _write(place, name, content)
            except OSError as unwritable:
                yield recipient.sid, RouteDown(f"the outbox cannot be written: {unwritable.strerror}")
                return
            yield recipient.sid, Sent(f"{self._channel}/{message.digest}/{name}", post)

    def close(self) -> None:
        """Nothing is held open."""


def _posted(filled: bytes, recipient: Recipient) -> tuple[bytes, Post]:
    """The post as Slack would keep it, and where: an edit stays where its parent stands."""
    arguments = json.loads(filled)
    now = time.time_ns() // 1000
    post = Post(recipient.address.partition("/")[2], f"{now // 10**6}.{now % 10**6:06}")
    if arguments.get("edit_parent") and recipient.blanks.get("thread_ts"):
        post = Post(recipient.blanks["post_channel"], recipient.blanks["thread_ts"])
    kept = {"address": recipient.address, "ts": post.ts, "arguments": arguments}
    return json.dumps(kept).encode("ascii"), post


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
    """One message in the outbox. `raw` is the file: a MIME message, or JSON with the post's arguments."""

    channel: Channel
    address: str
    digest: str
    sid: int
    sent_at: Instant
    path: Path
    raw: bytes


def read_outbox(folder: Path) -> Iterator[OutboxItem]:
    """Read the outbox, newest first. Passes over whatever the outbox did not write, or not to its end."""
    found: list[tuple[int, Channel, Path]] = []
    for channel, suffix in SUFFIX.items():
        for path in folder.glob(f"{channel}/*/*{suffix}"):
            with suppress(OSError):  # removed a moment ago
                found.append((path.stat().st_mtime_ns, channel, path))
    for written_ns, channel, path in sorted(found, reverse=True):
        item = _item(channel, path, written_ns // 10**6)
        if item:
            yield item


def _item(channel: Channel, path: Path, sent_at: Instant) -> OutboxItem | None:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
        sid, address = int(path.stem), _address(channel, raw)
    except (OSError, ValueError, RecursionError):
        return None
    if not address or len(raw) > LARGEST:
        return None
    return OutboxItem(channel, address, path.parent.name, sid, sent_at, path, raw)


def _address(channel: Channel, raw: bytes) -> str:
    """Whom a file is for; empty if it is not one of ours."""
    if channel is Channel.EMAIL:
        head, end, _ = raw.partition(b"\r\n\r\n")
        return parseaddr(message_from_bytes(head).get("To", ""))[1] if end else ""
    match json.loads(raw):
        case {"address": str(address), "ts": str(), "arguments": dict()}:
            return address
    return ""
