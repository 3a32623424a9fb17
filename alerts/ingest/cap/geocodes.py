"""Codes of areas → regions of the tree. Whose codes they are, every sender spells otherwise."""

import re
from collections.abc import Callable, Sequence

from alerts.regions import Tree

#: FIPS 5-2, the first two digits behind a part of a county in SAME (NWS Instruction 10-1712).
_US_STATES = {
    "01": "AL", "02": "AK", "04": "AZ", "05": "AR", "06": "CA", "08": "CO", "09": "CT", "10": "DE",
    "11": "DC", "12": "FL", "13": "GA", "15": "HI", "16": "ID", "17": "IL", "18": "IN", "19": "IA",
    "20": "KS", "21": "KY", "22": "LA", "23": "ME", "24": "MD", "25": "MA", "26": "MI", "27": "MN",
    "28": "MS", "29": "MO", "30": "MT", "31": "NE", "32": "NV", "33": "NH", "34": "NJ", "35": "NM",
    "36": "NY", "37": "NC", "38": "ND", "39": "OH", "40": "OK", "41": "OR", "42": "PA", "44": "RI",
    "45": "SC", "46": "SD", "47": "TN", "48": "TX", "49": "UT", "50": "VT", "51": "VA", "53": "WA",
    "54": "WV", "55": "WI", "56": "WY", "60": "AS", "66": "GU", "69": "MP", "72": "PR", "78": "VI",
}  # fmt: skip
#: Standard Geographical Classification of Statistics Canada, by its first two digits.
_CANADA = {
    **{"10": "NL", "11": "PE", "12": "NS", "13": "NB", "24": "QC", "35": "ON", "46": "MB"},
    **{"47": "SK", "48": "AB", "59": "BC", "60": "YT", "61": "NT", "62": "NU"},
}
#: Lands by the official key of municipalities (AGS), which the numbers of the DWD's warning cells hold; and
#: by NUTS 1.
_LANDS = ("SH", "HH", "NI", "HB", "NW", "HE", "RP", "BW", "BY", "SL", "BE", "BB", "MV", "SN", "ST", "TH")
_NUTS_LANDS = {
    "1": "BW", "2": "BY", "3": "BE", "4": "BB", "5": "HB", "6": "HH", "7": "HE", "8": "MV",
    "9": "NI", "A": "NW", "B": "RP", "C": "SL", "D": "SN", "E": "ST", "F": "SH", "G": "TH",
}  # fmt: skip
#: NUTS 2 of Austria are its states.
_NUTS_AUSTRIA = {"11": 1, "12": 3, "13": 9, "21": 2, "22": 6, "31": 4, "32": 5, "33": 7, "34": 8}
#: Ministry of the Interior of Taiwan: counties and cities.
_TAIWAN = {
    "63": "TPE", "64": "KHH", "65": "NWT", "66": "TXG", "67": "TNN", "68": "TAO",
    "10002": "ILA", "10004": "HSQ", "10005": "MIA", "10007": "CHA", "10008": "NAN", "10009": "YUN",
    "10010": "CYQ", "10013": "PIF", "10014": "TTT", "10015": "HUA", "10016": "PEN", "10017": "KEE",
    "10018": "HSZ", "10020": "CYI", "09020": "KIN", "09007": "LIE",
}  # fmt: skip
#: What Brussels and MeteoAlarm call otherwise than ISO.
_COUNTRIES = {"UK": "GB", "EL": "GR", "EI": "IE"}
#: Of UGC's first two letters, those of waters off one state (NWS Instruction 10-1702), and off several: what
#: lies there is told by words and shapes.
_SHORES = {"LC": "MI", "LO": "NY", "PH": "HI", "PK": "AK", "PS": "AS", "SL": "NY"}
_SEAS = frozenset(["AM", "AN", "GM", "LE", "LH", "LM", "LS", "PM", "PZ"])


def _iso(value: str) -> str:
    return value.upper()


def _ugc(value: str) -> str:
    letters = value[:2].upper()
    return "" if letters in _SEAS else f"US-{_SHORES.get(letters, letters)}"


def _same(value: str) -> str:
    """`PSSCCC`, `SSCCC`; zeros for all of the United States. Some write UGC under the name of FIPS."""
    if not value.isdigit():
        return _ugc(value)
    state = value[-5:-3]
    return "US" if state == "00" else f"US-{_US_STATES.get(state, '')}"


def _country(value: str) -> str:
    letters = value[:2].upper()
    return _COUNTRIES.get(letters, letters)


def _nuts(value: str) -> str:
    country, rest = value[:2].upper(), value[2:].upper()
    if country == "DE" and rest[:1] in _NUTS_LANDS:
        return f"DE-{_NUTS_LANDS[rest[0]]}"
    if country == "AT" and rest[:2] in _NUTS_AUSTRIA:
        return f"AT-{_NUTS_AUSTRIA[rest[:2]]}"
    return _country(value)


def _warning_cell(value: str) -> str:
    land = value[1:3]
    known = len(value) == 9 and value[0] in "12789" and land.isdigit() and 1 <= int(land) <= len(_LANDS)
    return f"DE-{_LANDS[int(land) - 1]}" if known else "DE"


def _canadian(value: str) -> str:
    return f"CA-{_CANADA.get(value[:2], '')}"


def _taiwanese(value: str) -> str:
    return f"TW-{_TAIWAN.get(value[:2]) or _TAIWAN.get(value[:5], '')}"


#: By what the scheme is called; each has its own way to the code of a region.
_SCHEMES: Sequence[tuple[re.Pattern[str], Callable[[str], str]]] = tuple(
    (re.compile(name, re.IGNORECASE), read)
    for name, read in (
        (r".*3166.*|.*iso\.org/iso/country.*|UN ?M\.?49", _iso),
        (r"UGC", _ugc),
        (r"SAME|FIPS ?6?", _same),
        (r"EMMA[_ ]?ID", _country),
        (r"NUTS ?[0-3]?", _nuts),
        (r"WARNCELLID", _warning_cell),
        (r"profile:CAP-CP:Location:.*", _canadian),
        (r"Taiwan_Geocode.*", _taiwanese),
    )
)


#: Why a code says less than its sender means by it.
_AT_SEA = "a zone at sea, off several states"
_COUNTRY_ALONE = "a district for which there is no free table: of it the country alone is known"
_NO_TABLE = "in no table here"


def shortfall(scheme: str, value: str, tree: Tree) -> str:
    """Why a code does not tell a part of a country, to be read after its name; empty where it does."""
    code = region_of(scheme, value, tree)
    if re.fullmatch(r"EMMA[_ ]?ID", scheme, re.IGNORECASE):
        return _COUNTRY_ALONE
    if code:
        return ""
    return _AT_SEA if value[:2].upper() in _SEAS and value[2:3].upper() in ("Z", "C") else _NO_TABLE


def region_of(scheme: str, value: str, tree: Tree) -> str:
    """The code of the region that a code lies in; empty where nothing tells."""
    for name, read in _SCHEMES:
        if name.fullmatch(scheme[:100]):
            code = read(value.strip()[:40])
            if code in tree:
                return code
            country = code.partition("-")[0]
            return country if country in tree and country != code and len(country) == 2 else ""
    return ""
