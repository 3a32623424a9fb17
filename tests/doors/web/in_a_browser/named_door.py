"""A door in this process for a browser: behind every page it says which template that was drawn from."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Thread

import uvicorn
from fastapi import FastAPI

from alerts.rendering import Page, Pages


class NamedPages(Pages):
    """Draws the pages as they are, and names each in a comment behind it."""

    def _page(self, name: str, looks: str = "page", **given: object) -> Page:
        drawn = super()._page(name, looks, **given)
        return replace(drawn, html=named(drawn.html, name))


def named(html: str, template: str) -> str:
    """A document that says which template it was drawn from."""
    return f"{html}<!--{template}-->"


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Answer for an application, whose state the caller sets, until the block ends; gives its address.

    By the name that browsers trust as they trust HTTPS: a cookie that must be secure is kept for no other.
    """
    config = uvicorn.Config(app, lifespan="off", access_log=False, log_config=None)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        try:
            yield f"http://localhost:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(60)
