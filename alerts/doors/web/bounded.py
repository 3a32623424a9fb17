"""Reads the body of a request: no more of it, and for no longer, than is wanted."""

import asyncio

from starlette.requests import Request


class BodyTooLong(Exception):
    """The body is longer than was to be read."""


async def read(request: Request, most: int, within_s: float) -> bytes:
    """The whole body. Raises BodyTooLong above `most` bytes, TimeoutError where it does not come in time."""
    body = bytearray()
    async with asyncio.timeout(within_s):
        async for part in request.stream():
            body += part
            if len(body) > most:
                raise BodyTooLong
    return bytes(body)
