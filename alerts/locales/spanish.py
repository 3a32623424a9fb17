"""The “and” and “or” of Spanish before the same sound: CLDR's patterns have one of each for all names."""

import re

#: “Siria e Irak”, but “Siria y Hierro”: the i of a diphthong is another sound.
_BEFORE_I = re.compile(r"\W*h?[ií](?![aeoáéó])", re.I)
#: “Irak u Omán”; figures as they are read: ocho, once, ochenta, once mil.
_BEFORE_O = re.compile(r"\W*(?:h?[oó]|8|11(?!\d)|11\d{3}(?!\d))", re.I)


def joined(listed: str, last: str) -> str:
    """A list in words whose last name is `last`, with what joins it to the others as it is said."""
    before = listed.removesuffix(last)
    if before.endswith(" y ") and _BEFORE_I.match(last):
        return f"{before[:-3]} e {last}"
    if before.endswith(" o ") and _BEFORE_O.match(last):
        return f"{before[:-3]} u {last}"
    return listed
