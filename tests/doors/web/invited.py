"""People are invited, as an operator does it: by a table of them."""

import io

from house import OPERATOR

from alerts.operations import Import, Inviting, Requested
from alerts.operations.lists.rows import Form, as_table, rows_of
from alerts.services import Services


def silent(*_: object) -> None:
    """Progress that nobody looks at."""


def table_of(services: Services, *addresses: str) -> Import:
    """A table, read, of people to whom Ukraine is offered."""
    rows = as_table(rows_of(addresses, Requested(("UA",))), Form.JSONL)
    read = Import(services, OPERATOR)
    read.read(io.BytesIO("".join(rows).encode()), silent, silent)
    return read


def invite(services: Services, *addresses: str) -> None:
    Inviting(services, OPERATOR, table_of(services, *addresses)).write(silent)
