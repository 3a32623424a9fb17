"""The screens on which pages are looked at: each is one size, one language, with scripts or without."""

from collections.abc import Collection
from itertools import product
from typing import NamedTuple
from zlib import crc32

from thorough import THOROUGH


class Screen(NamedTuple):
    """A browser's: CSS pixels, what it asks pages for, whether it runs their scripts."""

    width: int
    language: str
    scripts: bool = True

    def __str__(self) -> str:
        return f"{self.width} px, {self.language}, {'with' if self.scripts else 'without'} scripts"


#: The longest words are Ukrainian and French; Arabic is read from the right.
HEIGHT, WIDTHS, LANGUAGES = 800, (320, 1280), ("en-GB", "ar", "uk", "fr")
ALL = [Screen(*one) for one in product(WIDTHS, LANGUAGES)]
#: The pages that have scripts: the others are the same without.
LIVELY = {"join", "join_confirm", "subscription"}


def screens_for(path: str, pages: Collection[str]) -> list[Screen]:
    """Those on which a path to these pages is gone: one, and without scripts the one that is least like it.

    Which one depends on the name of the path, so that all paths together are gone on all. `make soak` has
    each path on each.
    """
    nth = crc32(path.encode()) % len(ALL)
    without = [screen._replace(scripts=False) for screen in reversed(ALL)]
    lively = not LIVELY.isdisjoint(pages)
    return [
        *(ALL if THOROUGH else [ALL[nth]]),
        *((without if THOROUGH else [without[nth]]) if lively else []),
    ]
