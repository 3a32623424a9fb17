"""Cells of a table that somebody opens with a spreadsheet."""

import re

#: A spreadsheet runs a cell that begins so, also in full width
#: (https://owasp.org/www-community/attacks/CSV_Injection).
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def guarded(cell: str) -> str:
    """A cell that no spreadsheet runs: one that looks like a formula gets a `'`."""
    return f"'{cell}" if _FORMULA.match(cell) else cell
