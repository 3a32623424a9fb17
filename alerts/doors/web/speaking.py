"""In which language a page is: its reader's, where they are known, else one that their browser asks for."""

import re
from collections.abc import Iterator

from fastapi import Request

from alerts.locales import catalog_for, locale_for
from alerts.rendering import Pages
from alerts.services import Services

#: Characters of a header that are looked at: nobody reads that many languages.
_HEADER_MAX = 300
#: A language and its weight; which variety of it is asked for is passed over.
_WANTED = re.compile(
    r"\s*([A-Za-z]{2,3})(?:-[A-Za-z0-9]{1,8})*\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?\s*"
)


def pages_in(request: Request, *readers: str) -> Pages:
    """The pages in the first language that is known of their readers, else in one that the browser asks for.

    Asks no server.
    """
    services: Services = request.app.state.services
    pages: Pages = request.app.state.pages
    return pages.spoken(locale_for(*readers, *accepted(request), services.settings.language))


def accepted(request: Request) -> list[str]:
    """Those of our languages that a browser asks for (RFC 9110 §12.5.4), the most wanted first.

    As such, not the varieties that it names: whatever it asks for, there are five.
    """
    header = request.headers.get("Accept-Language", "")[:_HEADER_MAX]
    wanted = sorted(_wanted(header), key=lambda one: -one[1])
    return [tag for tag, quality in wanted if tag and quality]


def _wanted(header: str) -> Iterator[tuple[str, float]]:
    for part in header.split(","):
        if found := _WANTED.fullmatch(part):
            yield catalog_for(found[1]), float(found[2] or 1)
