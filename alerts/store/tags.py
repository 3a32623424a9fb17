"""The tag list, shipped and added to by operators: what is not on it is refused with the nearest that is."""

import tomllib
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from alerts.errors import BadInput, UnknownTag
from alerts.model import SLUG
from alerts.store.server import Server, translated


class Tags:
    """The tags there are.

    Key: `tags`, those that operators added; the shipped ones come with the version. None is ever taken off.
    """

    def __init__(self, server: Server) -> None:
        self._client = server.client
        self._key = server.keys("tags")

    def all(self) -> dict[str, str]:
        """Every tag with what it means, in alphabetical order."""
        with translated():
            rows = self._client.hgetall(self._key)
        added = {tag.decode(): meaning.decode() for tag, meaning in rows.items()}
        return dict(sorted((shipped() | added).items()))

    def add(self, tags: list[str], meaning: str = "") -> list[str]:
        """Put tags on the list; those that were not there. Raises BadInput for what is no slug."""
        for tag in tags:
            if not SLUG.fullmatch(tag):
                raise BadInput(f"“{tag[:60]}” is not a tag.", "Write lower-case letters, digits and dashes.")
        with translated():
            return [
                tag for tag in tags if tag not in shipped() and self._client.hsetnx(self._key, tag, meaning)
            ]

    def require(self, tags: list[str]) -> None:
        """Raises UnknownTag for a tag that is not on the list, with the nearest; BadInput for several."""
        asked = [tag for tag in tags if tag not in shipped()]
        if not asked:
            return
        with translated():
            present = self._client.hmget(self._key, asked)
        unknown = [tag for tag, meaning in zip(asked, present, strict=True) if meaning is None]
        if unknown:
            known = self.all()
            raise BadInput.together(
                [UnknownTag(tag, get_close_matches(tag[:60], known, n=3)) for tag in unknown]
            )


@cache
def shipped() -> dict[str, str]:
    """The tags on the list of a fresh install."""
    groups = tomllib.loads((files("alerts.store") / "tags.toml").read_text(encoding="utf-8"))
    return {tag: meaning for group in groups.values() for tag, meaning in group.items()}
