"""JSON Feed (https://www.jsonfeed.org/version/1.1/), an id may be a number, most may be missing."""

import json
from collections.abc import Mapping

from alerts.errors import BadInput
from alerts.ingest.feeds.items import CATEGORIES_MOST, RawItem, moment, require_few
from alerts.ingest.feeds.words import plain, plain_line

#: Objects and lists of a document: each takes memory before anything can be looked at.
PARTS_MAX = 100_000
_VERSION = (
    "https://jsonfeed.org/version/",
    "https://www.jsonfeed.org/version/",
    "http://jsonfeed.org/version/",
)


def read_json_feed(text: str) -> tuple[str, str, list[RawItem]]:
    """Its title, its language and its items. Raises BadInput for what is no JSON Feed."""
    if text.count("{") + text.count("[") > PARTS_MAX:
        raise BadInput("It has too many parts.", "Ask its publisher for a feed of the latest alone.")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise BadInput("It begins like JSON and is none.", "Is the address that of a feed?") from None
    if not isinstance(found, dict) or not _said(found, "version").startswith(_VERSION):
        raise BadInput("It is JSON, and no JSON Feed.", "A feed of JSON has a `version` of jsonfeed.org.")
    items = found.get("items")
    if not isinstance(items, list):
        raise BadInput("It is a JSON Feed without `items`.", "Ask its publisher.")
    require_few(len(items))
    read = [_item(item) for item in items if isinstance(item, dict)]
    return plain_line(_said(found, "title"), False), _said(found, "language"), read


def _item(item: Mapping[str, object]) -> RawItem:
    html = _said(item, "content_html")
    text = plain(html, True) if html else plain(_said(item, "content_text"), False)
    tags = item.get("tags")
    return RawItem(
        id=_said(item, "id"),
        link=_said(item, "url") or _said(item, "external_url"),
        headline=plain_line(_said(item, "title"), False),
        text=text or plain(_said(item, "summary"), False),
        at=moment(_said(item, "date_published") or _said(item, "date_modified")),
        author=_author(item),
        language=_said(item, "language"),
        categories=tuple(str(tag) for tag in tags[:CATEGORIES_MOST]) if isinstance(tags, list) else (),
    )


def _author(item: Mapping[str, object]) -> str:
    authors = item.get("authors") or [item.get("author")]
    first = authors[0] if isinstance(authors, list) and authors else None
    return plain_line(_said(first, "name"), False) if isinstance(first, dict) else ""


def _said(data: Mapping[str, object], name: str) -> str:
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    try:
        return str(value)
    except ValueError:  # a number of absurd length
        return ""
