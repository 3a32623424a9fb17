"""The web door within this process: requests as its server hands them on, in milliseconds."""

import asyncio
from collections.abc import Mapping
from email.message import Message
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from doors import Answer

from alerts.doors.web import application
from alerts.doors.web.drawn import Drawn
from alerts.doors.web.public import KEPT_S
from alerts.operations import SnsClient
from alerts.rendering import Pages
from alerts.services import Services

_application = cache(application)  # it is the same for all, and takes a while to be described


class Inside:
    """The door over these services."""

    def __init__(self, services: Services, sns: SnsClient | None = None) -> None:
        self._app = _application()
        self._app.state.sns = sns
        self._app.state.services = services
        self._app.state.pages = Pages(services.settings.templates_dir, services.settings.mail_from)
        self._app.state.drawn = Drawn(KEPT_S)

    def ask(
        self,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        method: str = "GET",
    ) -> Answer:
        """One request: POST where there is a body; `path` may be a whole link out of a message."""
        url = urlsplit(path)
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST" if body is not None else method,
            "scheme": "http",
            "server": ("127.0.0.1", 8000),
            "client": ("127.0.0.1", 40_000),
            "root_path": "",
            "path": url.path,
            "raw_path": url.path.encode(),
            "query_string": url.query.encode(),
            "headers": [(k.lower().encode(), v.encode()) for k, v in (headers or {}).items()],
        }
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body or b"", "more_body": False}

        async def send(part: dict[str, Any]) -> None:
            sent.append(part)

        asyncio.run(self._app(scope, receive, send))  # type: ignore[arg-type]
        start, *parts = sent
        named = Message()
        for name, value in start["headers"]:
            named[name.decode()] = value.decode()
        return Answer(start["status"], named, b"".join(part.get("body", b"") for part in parts).decode())
