from .completion import complete
from .dates import placed, read_time
from .files import load_all
from .formats import Reading, read, read_all

__all__ = [
    "Reading",
    "complete",
    "load_all",
    "placed",
    "read",
    "read_all",
    "read_time",
]
