"""Many commands, sent in parts: while the server does some, the next are put into words here."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")

#: As many rows are put into words before they are sent off.
AT_ONCE = 100


def in_parts(rows: Sequence[T], worded: Callable[[Sequence[T]], Any]) -> list[Any]:
    """Send what `worded` makes of some rows, a pipeline, in their order; the answers, one a row.

    A list of 200,000 keeps two cores busy so; of two, one was always waiting.
    """
    if len(rows) <= AT_ONCE:
        return list(worded(rows).execute())
    with ThreadPoolExecutor(1) as sending:
        sent = [
            sending.submit(worded(rows[first : first + AT_ONCE]).execute)
            for first in range(0, len(rows), AT_ONCE)
        ]
    return [answer for part in sent for answer in part.result()]
