from .completion import complete, gather
from .dates import placed, read_time
from .files import attempt_file, load_all
from .formats import Reading, attempt_all, read, read_all, sole

__all__ = [
    "Reading",
    "attempt_all",
    "attempt_file",
    "complete",
    "gather",
    "load_all",
    "placed",
    "read",
    "read_all",
    "read_time",
    "sole",
]
