"""The web door as its own process, and requests to it as browsers, scanners and mail providers make them."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from alerts.runtime import web_command


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    text: str


class Unfollowed(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


OPENER = build_opener(ProxyHandler({}), Unfollowed)


class Door:
    """One running door, and what it has said."""

    def __init__(self, port: int, log: Path, pid: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.log = log
        self.pid = pid

    def ask(
        self,
        path: str,
        body: bytes | None = None,
        kind: str = "application/x-www-form-urlencoded",
        headers: Mapping[str, str] | None = None,
        **how: str,
    ) -> Answer:
        """One request: POST where there is a body; `path` may be a whole link out of an email."""
        there = self.url + (urlsplit(path).path if "://" in path else path)
        sent = {**(headers or {}), **({} if body is None else {"Content-Type": kind})}
        try:
            with OPENER.open(Request(there, body, sent, **how), timeout=120) as answer:
                return Answer(answer.status, answer.headers, answer.read().decode())
        except HTTPError as refused:
            with refused:
                return Answer(refused.code, refused.headers, refused.read().decode())


@contextmanager
def opened(folder: Path, factory: str = "alerts.doors.web:create", **settings: str) -> Iterator[Door]:
    """Run a door on a free port until the block ends; `factory` makes the application."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    plain = {k: v for k, v in os.environ.items() if not k.startswith("ALERTS_")}
    with (folder / "web.log").open("wb") as log:
        child = subprocess.Popen(
            [
                factory if word == "alerts.doors.web:create" else word
                for word in web_command("127.0.0.1", port)
            ],
            env=plain | settings,
            cwd=folder,
            stdout=log,
            stderr=log,
        )
    try:
        until_it_listens(child, port, folder / "web.log")
        yield Door(port, folder / "web.log", child.pid)
    finally:
        child.terminate()
        child.wait(120)


def until_it_listens(child: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + 120
    while child.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise AssertionError(f"it does not listen: {log.read_text()}")
