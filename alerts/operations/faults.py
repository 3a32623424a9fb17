"""What is wrong with the parts of one thing, gathered so that it is said at once and not one a round."""

from collections.abc import Callable
from typing import TypeVar

from alerts.errors import BadInput

T = TypeVar("T")


class Hopeless(BadInput):
    """Too much of it means nothing: it is not worth reading on."""


class Faults:
    """Gathers what the parts of one thing raise."""

    def __init__(self) -> None:
        self.found: list[BadInput] = []

    def of(self, read: Callable[[], T], otherwise: T) -> T:
        """What a part is read as, or `otherwise` where it cannot be read. Raises Hopeless."""
        try:
            return read()
        except Hopeless:
            raise
        except BadInput as fault:
            self.found.append(fault)
            return otherwise

    def complain(self) -> None:
        """Raise BadInput with all of them, if there are any."""
        if self.found:
            raise BadInput.together(self.found).with_traceback(None)
