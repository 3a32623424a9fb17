"""Where the personal blanks stand while a message is still being made, and the cut that opens them."""

import re
import secrets
from collections.abc import Iterable

from alerts.errors import BadInput
from alerts.links import READING_MAX
from alerts.model import Blank, Fill


class Marks:
    """The marks of one message in the making. No text can hold one: each has a word nobody has seen yet.

    Letters, digits and hyphens only, which neither Jinja, HTML nor JSON change. Nothing of a mark is in the
    message that is cut at it, so equal content stays equal bytes. `page`, of which there may be one an entry,
    is as long as its longest value: what is measured with its marks in it fits without them.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._word = f"blank{secrets.token_hex(8)}"
        lengths = {"page": READING_MAX}
        self._names = {f"{self._word}-{name}-".ljust(lengths.get(name, 0), "-"): name for name in names}
        #: What a template is given as `blank`.
        self.given = {name: mark for mark, name in self._names.items()}

    def cut(self, text: str, fill: Fill) -> list[str | Blank]:
        """Cut a text at its marks: literals and blanks in turn. Raises BadInput for a changed one."""
        parts = re.split(f"({'|'.join(map(re.escape, self._names))})", text)
        if any(self._word in literal.lower() for literal in parts[::2]):
            raise BadInput(
                "A template changes what differs per person.",
                "It can place a blank, not read or change it (docs/templates.md).",
            )
        return [Blank(self._names[part], fill) if part in self._names else part for part in parts]
