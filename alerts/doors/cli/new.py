"""`alerts new`: a file to be filled in."""

from pathlib import Path

import click

from alerts.doors.cli.output import Output, output
from alerts.errors import BadInput, Conflict
from alerts.ingest.skeletons import SKELETONS

#: Endings of messages in CAP.
_BY_PROGRAMS = (".cap", ".xml", ".edxlde")


@click.command()
@click.argument("file", metavar="FILE")
@output
def new(out: Output, file: str) -> int:
    """Begin an update: write a file that says what goes where, by its ending .md, .json or .txt.

    `alerts read` names what is not filled in yet. A file that is there is never written over.
    """
    path = Path(file)
    skeleton = SKELETONS.get(path.suffix.lower())
    if path.suffix.lower() in _BY_PROGRAMS:
        raise BadInput(
            f"Nobody fills in a {path.suffix.lower()} by hand: programs of warning services write it.",
            f"Name a file that ends with {', '.join(SKELETONS)}. What is published is offered as CAP, too.",
        )
    if skeleton is None:
        raise BadInput(
            f"There is no skeleton for “{path.suffix or path.name}”.",
            f"Name a file that ends with {', '.join(SKELETONS)}.",
        )
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(skeleton())
    except FileExistsError:
        raise Conflict(f"{file} is there already.", "Choose another name; nothing was written.") from None
    except OSError as fault:
        raise BadInput(f"{file} cannot be written: {fault.strerror}.", "Check the path.") from None
    if out.human:
        out.line(f"✓ {file} is written: fill it in, then look with `alerts read {file}`")
    else:
        out.record({"file": file}, "file")
    return 0
