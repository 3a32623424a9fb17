"""An SMTP server with a temper for each recipient, written from RFC 5321, 2920 and 3030."""

import asyncio
import re
import threading
import time
from dataclasses import dataclass, field
from email import message_from_bytes, policy

from tests.torture.plan import Plan

_MARK = re.compile(r"S(\d+)R(\d+)E")


@dataclass(frozen=True)
class Mail:
    """One mail that was answered 250, or would have been had the answer not been swallowed."""

    at: float  #: seconds, monotonic
    recipient: str
    situation: int
    number: int
    message_id: str
    whole: bool  #: its header block holds what it must, once


@dataclass
class Relay:
    """Listens on a port of its own; `mails` is read by the judge once all is over."""

    plan: Plan
    mails: list[Mail] = field(default_factory=list)
    #: Who was misbehaved to, and when: before the data, whatever situation it was about.
    sulked: list[tuple[str, float]] = field(default_factory=list)
    swallowed: int = 0  #: mails accepted whose answer was never sent
    connections: int = 0  #: open now
    calm: bool = False  #: no more tempers
    port: int = 0

    def __post_init__(self) -> None:
        self._never = {p.address: p.never for p in self.plan.people if p.never}
        self._tempers = {k: v for k, v in self.plan.tempers.items() if "/" not in k[0]}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> "Relay":
        self._thread.start()
        self.port = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._leave(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _leave(self) -> None:
        """Close the door, and whatever still goes on behind it."""
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _listen(self) -> int:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 22)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await _Session(self, reader, writer).run()
        except (OSError, asyncio.IncompleteReadError, ValueError):
            pass
        finally:
            self.connections -= 1
            writer.close()

    def never(self, recipient: str) -> str:
        return self._never.get(recipient, "")

    def spend(self, recipient: str, situation: int | None, phase: str) -> str:
        """What to do to this recipient at this command, once. Before the data any situation will do."""
        if self.calm:
            return ""
        for key in list(self._tempers):
            if key[0] == recipient and situation in (None, key[1]) and self._tempers[key][0] == phase:
                self.sulked.append((recipient, time.monotonic()))
                return self._tempers.pop(key)[1]
        return ""

    def keep(self, recipient: str, raw: bytes) -> int:
        """Take a mail in; its situation."""
        message = message_from_bytes(raw, policy=policy.default)
        body = message.get_body(("plain",))
        said = f"{message['Subject']}\n{body.get_content() if body else ''}"
        # What is over keeps the headline it was told by: the latest that is spoken of is what is told.
        found = max(((int(m[1]), int(m[2])) for m in _MARK.finditer(said)), default=(-1, -1))
        situation, number = found
        once = all(
            len(message.get_all(name, [])) == 1 for name in ("Subject", "To", "From", "Date", "Message-ID")
        )
        whole = once and recipient in str(message["To"]) and not message.defects and message["Bcc"] is None
        self.mails.append(
            Mail(time.monotonic(), recipient, situation, number, str(message["Message-ID"]), whole)
        )
        return situation


class _Session:
    def __init__(self, relay: Relay, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.relay, self.reader, self.writer = relay, reader, writer
        self.recipient = ""
        self.mail = False
        self.held = b""

    async def say(self, line: str) -> None:
        self.writer.write(line.encode() + b"\r\n")
        await self.writer.drain()

    async def run(self) -> None:
        await self.say("220 torture ESMTP")
        while line := (await self.reader.readuntil(b"\n")).strip():
            verb = line[:4].upper()
            if verb in (b"EHLO", b"HELO"):
                offers = ["torture", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"]
                offers += ["PIPELINING"] * self.relay.plan.pipelining + [
                    "CHUNKING"
                ] * self.relay.plan.chunking
                for offer in offers[:-1]:
                    await self.say(f"250-{offer}")
                await self.say(f"250 {offers[-1]}")
            elif verb == b"MAIL":
                self.mail, self.recipient, self.held = True, "", b""
                await self.say("250 2.1.0 sender ok")
            elif verb == b"RCPT":
                await self.rcpt(line)
            elif verb == b"DATA":
                await self.data()
            elif verb == b"BDAT":
                await self.bdat(line)
            elif verb == b"RSET":
                self.mail, self.recipient, self.held = False, "", b""
                await self.say("250 2.0.0 reset")
            elif verb == b"NOOP":
                await self.say("250 2.0.0 ok")
            elif verb == b"QUIT":
                await self.say("221 2.0.0 bye")
                return
            else:
                await self.say("502 5.5.1 what?")

    async def rcpt(self, line: bytes) -> None:
        recipient = line.partition(b"<")[2].partition(b">")[0].decode()
        if not self.mail:
            await self.say("503 5.5.1 MAIL first")
            return
        if refusal := self.relay.never(recipient):
            await self.say(refusal)
            return
        for phase in ("mail", "rcpt"):  # who it is for is known only here
            if (sulk := self.relay.spend(recipient, None, phase)) and not await self.sulk(sulk):
                return
        self.recipient = recipient
        await self.say("250 2.1.5 recipient ok")

    async def data(self) -> None:
        if not self.recipient:
            await self.say("503 5.5.1 RCPT first")
            return
        if (sulk := self.relay.spend(self.recipient, None, "data")) and not await self.sulk(sulk):
            return
        await self.say("354 go ahead")
        lines = []
        while (line := await self.reader.readuntil(b"\n")) != b".\r\n":
            lines.append(line[1:] if line.startswith(b".") else line)
        await self.dot(b"".join(lines))

    async def bdat(self, line: bytes) -> None:
        words = line.split()
        self.held += await self.reader.readexactly(int(words[1]))
        if not self.recipient:
            await self.say("503 5.5.1 RCPT first")
            return
        if len(words) < 3:
            await self.say("250 2.0.0 more")
            return
        if (sulk := self.relay.spend(self.recipient, None, "data")) and not await self.sulk(sulk):
            return
        await self.dot(self.held)

    async def dot(self, raw: bytes) -> None:
        found = _MARK.search(str(message_from_bytes(raw, policy=policy.default)["Subject"]))
        sulk = self.relay.spend(self.recipient, int(found[1]) if found else None, "dot")
        if sulk == "accept and drop":
            self.relay.keep(self.recipient, raw)
            self.relay.swallowed += 1
            raise OSError
        if sulk and not await self.sulk(sulk):
            return
        self.relay.keep(self.recipient, raw)
        self.mail, self.recipient, self.held = False, "", b""
        await self.say("250 2.0.0 accepted")

    async def sulk(self, how: str) -> bool:
        """Misbehave. True: and go on as if nothing had been."""
        if how[0].isdigit():
            await self.say(how)
            if how.startswith("421"):
                raise OSError
            self.mail, self.recipient, self.held = False, "", b""
            return False
        if how == "garbage":
            await self.say("\x00\xff what is this")
        elif how == "extra":
            await self.say("250 2.0.0 nobody asked")
            return True
        elif how == "hang":
            await asyncio.sleep(3)
        elif how == "drip":
            for octet in b"451 4.3.0 slow":
                self.writer.write(bytes([octet]))
                await self.writer.drain()
                await asyncio.sleep(0.3)
        raise OSError
