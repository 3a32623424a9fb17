"""What is too long to be held: tables that come in, and answers of a line a person.

A table is laid down in a file that has no name, so that memory does not grow with it; an answer is made as it
is read.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import ExitStack
from http import HTTPStatus
from itertools import islice
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from fastapi import Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from alerts import private
from alerts.doors.web.api.problems import BadRequest
from alerts.services import Services

LINES = "application/x-ndjson"
#: The longest table: a million subscribers are some 100 MB.
TABLE_MAX = 1024**3
#: How long the next part of a table is waited for (s), and how much is written at once.
_PATIENCE_S, _PART = 30.0, 1024**2
#: Lines that are made in one go: each go is a change of threads.
_LINES_AT_ONCE = 200


def described(what: str, kinds: Iterable[str] = (LINES,)) -> dict[int | str, dict[str, Any]]:
    """An answer line by line, for the description of a route."""
    return {200: {"description": what, "content": {kind: {"schema": {"type": "string"}} for kind in kinds}}}


def line(row: object) -> str:
    """One line of an answer."""
    return json.dumps(row, ensure_ascii=False) + "\n"


def answer(lines: Iterable[str], kind: str = LINES, *, held: Callable[[], object] | None = None) -> "Lasting":
    """Answer with lines as they are made. `held` lets go of what they are made of, however that ends."""
    return Lasting(_in_portions(lines), kind, held)


class Lasting(StreamingResponse):
    """An answer that is made while it is sent, and lets go of what it holds however that ends."""

    def __init__(self, portions: Iterator[str], kind: str, held: Callable[[], object] | None) -> None:
        super().__init__(portions, media_type=kind)
        self._held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            if self._held:
                self._held()  # at once: whoever is cancelled waits for nothing


def _in_portions(lines: Iterable[str]) -> Iterator[str]:
    rest = iter(lines)
    while portion := "".join(islice(rest, _LINES_AT_ONCE)):
        yield portion


async def laid_down(request: Request, kinds: Iterable[str]) -> BinaryIO:
    """The body, in a file that is gone once it is closed. Raises BadRequest for another kind of body, one
    that is too long, or one that does not come whole.
    """
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in kinds:
        raise BadRequest(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"A table is not read from {kind[:80] or 'a body without Content-Type'}.",
            f"Send one of {', '.join(kinds)}.",
        )
    with ExitStack() as unless_whole:
        services: Services = request.app.state.services
        home = private.make_folder(services.settings.home.absolute())  # a container's /tmp is memory
        file = unless_whole.enter_context(TemporaryFile(dir=home))
        async for part in _parts(request):
            await run_in_threadpool(file.write, part)
            if file.tell() > TABLE_MAX:
                raise BadRequest(
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                    f"The table is longer than {TABLE_MAX:,} bytes.",
                    "Send it in several.",
                )
        await run_in_threadpool(file.seek, 0)
        unless_whole.pop_all()
        return file


async def _parts(request: Request) -> AsyncIterator[bytes]:
    """The body, a megabyte at a time."""
    gathered = bytearray()
    coming = aiter(request.stream())
    try:
        while True:
            async with asyncio.timeout(_PATIENCE_S):
                part = await anext(coming, None)
            if part is None:
                break
            gathered += part
            if len(gathered) >= _PART:
                yield bytes(gathered)
                gathered.clear()
    except TimeoutError:
        raise BadRequest(
            HTTPStatus.REQUEST_TIMEOUT, "The rest of the body does not come.", "Send it in one go."
        ) from None
    except ClientDisconnect:
        raise BadRequest(HTTPStatus.BAD_REQUEST, "The body breaks off.", "Send all of it.") from None
    yield bytes(gathered)
