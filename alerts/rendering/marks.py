"""Where the personal blanks stand while a message is still being made, and the cut that opens them."""

import re
import secrets
from collections.abc import Iterable

from alerts.errors import BadInput
from alerts.model import Blank, Fill


class Marks:
    """The marks of one message in the making. No text can hold one: each has a word nobody has seen yet.

    Letters, digits and hyphens only, which neither Jinja, HTML nor JSON change. Nothing of a mark is in the
    message that is cut at it, so equal content stays equal bytes.
    """

    def __init__(self, names: Iterable[str], fill: Fill) -> None:
        self._word = f"blank{secrets.token_hex(8)}"
        self._blanks = {f"{self._word}-{name}-": Blank(name, fill) for name in names}
        #: What a template is given as `blank`.
        self.given = {blank.name: mark for mark, blank in self._blanks.items()}

    def cut(self, text: str) -> list[str | Blank]:
        """Cut a text at its marks: literals and blanks in turn. Raises BadInput for a changed one."""
        parts = re.split(f"({'|'.join(map(re.escape, self._blanks))})", text)
        if any(self._word in literal.lower() for literal in parts[::2]):
            raise BadInput(
                "A template changes what differs per person.",
                "It can place a blank, not read or change it (docs/templates.md).",
            )
        return [self._blanks.get(part, part) for part in parts]
