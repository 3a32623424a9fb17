"""What languages are called."""

from functools import cache

import babel


@cache
def language_name(tag: str, spoken: str) -> str:
    """A language as CLDR calls it in another: `Ukrainian`, `Brazilian Portuguese`; else its tag."""
    names = babel.Locale.parse(spoken).languages
    return str(names.get(tag.replace("-", "_")) or names.get(tag.partition("-")[0]) or tag)
