"""What parts of countries are called in other languages, by CLDR. See NOTICE for where the names are from."""

from functools import cache
from importlib.resources import files


@cache
def subdivisions(language: str) -> dict[str, str]:
    """The names in one of the languages that there are catalogs of, by code. Read when it is first spoken.

    What CLDR has no name for is not there: a test says how many are.
    """
    table = (files("alerts.locales.subdivisions") / f"{language}.tsv").read_text(encoding="utf-8")
    named = (line.split("\t") for line in table.splitlines())
    return dict(named)
