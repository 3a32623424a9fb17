"""What officials of a country call its states for short, where that is no code of ISO 3166-2.

MX  Servicio Meteorológico Nacional, and INEGI's list of federal entities; DF until 2016
US  the abbreviations of before 1963, which the press and the weather service still write
CA  the traditional ones, English and French
AT  those of the federal administration
"""

from functools import cache

_WRITTEN = {
    "MX": "AGU Ags, BCN BC, CAM Camp, CHP Chis, CHH Chih, CMX DF, COA Coah, DUR Dgo, GUA Gto, HID Hgo, "
    "MEX Edomex, MIC Mich, NLE NL, QUE Qro, ROO Q Roo, TAM Tamps, TLA Tlax",
    "US": "AL Ala, AK Alas, AZ Ariz, AR Ark, CA Calif, CO Colo, CT Conn, DE Del, FL Fla, ID Ida, IL Ill, "
    "IN Ind, KS Kan, MA Mass, MI Mich, MN Minn, MS Miss, MT Mont, NE Neb, NV Nev, ND N Dak, OK Okla, OR Ore, "
    "SD S Dak, TN Tenn, TX Tex, WA Wash, WV W Va, WI Wis, WY Wyo",
    "CA": "AB Alta, MB Man, NL Nfld, NT NWT, ON Ont, PE PEI, QC Que, SK Sask, BC C-B, PE Î-P-É, NB N-B, "
    "NS N-É, NL T-N-L, NT T N-O",
    "AT": "1 Bgld, 2 Ktn, 3 NÖ, 4 OÖ, 5 Sbg, 6 Stmk, 8 Vbg",
}


def abbreviated(text: str, country: str) -> str:
    """The code of the state that is written so for short, with dots and capitals or without; or nothing."""
    return _by_letters(country).get(_letters(text), "") if len(text) <= 12 else ""


@cache
def _by_letters(country: str) -> dict[str, str]:
    pairs = (pair.strip().partition(" ") for pair in _WRITTEN.get(country, "").split(",") if pair)
    return {_letters(short): f"{country}-{code}" for code, _, short in pairs}


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalpha())
