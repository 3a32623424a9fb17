"""A file → drafts. Reads tolerantly, refuses with a sentence and a hint, looks nothing up by itself.

`load_all` or `read` in whatever format it is, then `complete` what it says with what its publisher adds.
"""

from alerts.ingest.cap import Allowance, Provenance
from alerts.ingest.completion import complete, id_of
from alerts.ingest.dates import placed, read_time
from alerts.ingest.files import load_all
from alerts.ingest.formats import Reading, read, read_all

__all__ = [
    "Allowance",
    "Provenance",
    "Reading",
    "complete",
    "id_of",
    "load_all",
    "placed",
    "read",
    "read_all",
    "read_time",
]
