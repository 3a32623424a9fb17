"""Languages by their tags (BCP 47): checked against the registry, and written as it writes them."""

import langcodes
from langcodes.tag_parser import LanguageTagError

from alerts.errors import BadInput, did_you_mean

_HINT = "Write its tag in BCP 47: uk for Ukrainian, de, pt-BR, zh-Hant."
#: Not determined, several, none, not coded: nothing that a reading aloud could go by.
_UNKNOWN = ("und", "mul", "zxx", "mis")


def canonical(text: str) -> str:
    """The tag as the registry writes it (`pt_br` is `pt-BR`); empty for one that claims no language.

    Raises BadInput for what is no language, with the one that may be meant by the code of a country.
    """
    text = text.strip()
    try:
        valid = langcodes.tag_is_valid(text) if text else True
    except LanguageTagError:
        valid = False
    if not valid:
        meant = _spoken_in(text)
        hint = f"{did_you_mean([meant], '')} {_HINT}" if meant else _HINT
        raise BadInput(f"“{text[:40]}” is no language.", hint)
    tag = str(langcodes.standardize_tag(text)) if text else ""
    return "" if tag.partition("-")[0] in _UNKNOWN else tag


def _spoken_in(country: str) -> str:
    """The language that most people speak where this is the code of, if it is one of a country."""
    if len(country) != 2 or not country.isascii() or not country.isalpha():
        return ""
    tag = str(langcodes.Language.make(territory=country.upper()).maximize().language or "")
    return "" if tag in ("", "en", *_UNKNOWN) else tag
