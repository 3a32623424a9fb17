from .allowances import Allowance
from .cap import Provenance
from .completion import complete, gather, id_of
from .dates import placed, read_time
from .files import attempt_file, load_all
from .formats import Reading, attempt_all, read, read_all, sole

__all__ = [
    "Allowance",
    "Provenance",
    "Reading",
    "attempt_all",
    "attempt_file",
    "complete",
    "gather",
    "id_of",
    "load_all",
    "placed",
    "read",
    "read_all",
    "read_time",
    "sole",
]
