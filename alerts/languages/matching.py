"""Which of several languages serves the reader of one."""

from collections.abc import Iterable
from functools import lru_cache

import langcodes

#: The distance, by CLDR, up to which who reads one variety of a language reads another: between the two
#: scripts of Serbian it is 5, between those of Chinese 54, and between those of Punjabi as much.
_READABLE = 10


def closest(wanted: str, offered: Iterable[str]) -> str:
    """The offered tag that serves a reader of `wanted`; empty where none does.

    The very tag; else the same language in a script they read, the nearest variety first: `pt` for a reader
    of `pt-BR`, `zh-Hant` for one of `zh-TW`. A language that is part of a macrolanguage is the same as that
    (`arb`: `ar`). Never another language: CLDR would give Russian to a reader of Ukrainian.
    """
    tags = [tag for tag in offered if tag]
    if not wanted or wanted in tags:
        return wanted if wanted in tags else ""
    near = {tag: langcodes.tag_distance(wanted, tag) for tag in tags if _language(tag) == _language(wanted)}
    readable = [tag for tag, distance in near.items() if distance <= _READABLE]
    return min(readable, key=lambda tag: (near[tag], tag), default="")


@lru_cache(maxsize=1_000)
def _language(tag: str) -> str:
    """The language of a tag, or the macrolanguage it belongs to. Of Norwegian, CLDR means Bokmål."""
    name = langcodes.Language.get(langcodes.standardize_tag(tag, macro=True)).language or ""
    return "nb" if name == "no" else name
