"""How lists write a name: “Korea, Rep.”, “Iran (Islamic Republic of)”, “Bahamas, The”; and its core."""

import re
from collections.abc import Iterator

from alerts.regions.names import compact, fold

#: What the World Bank and others shorten. “Fed.” is two words: the Federal Republic, the Federated States.
_SHORT = {
    "rep": ("republic",),
    "dem": ("democratic",),
    "fed": ("federal", "federated"),
    "sts": ("states",),
    "pdr": ("people s democratic republic",),
    "rb": ("bolivarian republic",),
    "is": ("islands",),
    "isl": ("islands",),
}
#: What stands behind a name, after a comma or in brackets.
_HEAD_AND_TAIL = re.compile(r"(?P<head>[^,()]+?)\s*(?:,\s*(?P<tail>[^,()]+)|\(\s*(?P<inner>[^,()]+)\))\s*")
#: An article or another name behind it: “Cocos (Keeling) Islands (the)”, “Falkland Islands (the) [Malvinas]”.
_REMARK = re.compile(r"\s*(?:\(the\)|, the$|\[[^\]]*\])", re.IGNORECASE)
_STATE = (
    r"republic|kingdom|states?|federation|union|commonwealth|principality|sultanate|emirates?|duchy|"
    r"confederation|territory|territories"
)
_OF_STATE = re.compile(rf"(?:\w+ )*?(?:{_STATE}) of (?:the )?(?P<core>.+)")
_STATE_AFTER = re.compile(rf"(?P<core>.+?)(?: (?:{_STATE}))+")


def split(typed: str) -> tuple[str, str] | None:
    """Part a name from what stands behind it: `("Korea", "Rep.")`."""
    parts = _HEAD_AND_TAIL.fullmatch(typed)
    return (parts["head"], parts["tail"] or parts["inner"]) if parts else None


def keys(typed: str) -> Iterator[str]:
    """Yield what a name may be compared as: as it stands, then with its parts in natural order."""
    yield compact(typed)
    bare = _REMARK.sub("", typed)
    if bare != typed:
        yield compact(bare)
    if parts := split(typed):
        head, tails = fold(parts[0]), [fold(parts[1])]
        for short, spelt in _SHORT.items():
            tails = [re.sub(rf"\b{short}\b", word, tail) for tail in tails for word in spelt]
        for tail in tails:
            for joint in (" ", " of ", " of the "):
                yield compact(f"{tail}{joint}{head}")


def core(typed: str) -> str | None:
    """What is left of a name without the words for a state: “Georgia” of “Republic of Georgia”; else None."""
    words = fold(typed)
    found = _OF_STATE.fullmatch(words) or _STATE_AFTER.fullmatch(words)
    return found["core"] if found else None
