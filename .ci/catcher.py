"""A mail catcher for `.ci/compose`: SMTP on 1025, a JSON line for each mail; slow, to be interrupted."""

import asyncio
import json
import os
import re
import signal

#: Seconds that each mail takes: a stop then falls into the middle of a batch.
EACH_S = float(os.environ.get("EACH_S", "0.002"))


async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 catcher\r\n")
    to = ""
    while line := await reader.readline():
        word = line[:4].upper()
        if word == b"DATA":
            writer.write(b"354 go on\r\n")
            lines = []
            while (body := await reader.readline()) not in (b".\r\n", b""):
                lines.append(body)
            if not body:
                break
            await asyncio.sleep(EACH_S)
            raw = b"".join(lines).decode("utf-8", "replace")
            name = re.search(r"^Message-ID:\s*(\S+)", raw, re.MULTILINE | re.IGNORECASE)
            with open("/caught/mails", "a", encoding="utf-8") as out:
                out.write(json.dumps({"to": to, "id": name[1] if name else ""}) + "\n")
        elif word == b"RCPT":
            to = line.decode().split("<")[1].split(">")[0]
        writer.write(b"250 catcher\r\n" if word == b"EHLO" else b"250 ok\r\n")
        await writer.drain()
        if word == b"QUIT":
            break
    writer.close()


async def main() -> None:
    server = await asyncio.start_server(talk, "0.0.0.0", 1025)  # noqa: S104 - in a container
    await server.serve_forever()


signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
asyncio.run(main())
