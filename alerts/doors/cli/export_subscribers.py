"""`alerts subscribers export`: every subscription, as a file that `import` takes."""

from pathlib import Path

import click

from alerts.doors.cli import frame
from alerts.doors.cli.output import tell
from alerts.doors.cli.shell import shell_user
from alerts.doors.cli.written import written
from alerts.operations.lists.exporting import export as export_all
from alerts.operations.lists.rows import Form
from alerts.texts import number_of


@click.command()
@click.argument("file", metavar="[FILE|-]", default="-")
@click.option(
    "-o", "--output", "form", type=click.Choice([f.value for f in Form]), help="By the file's name; else csv."
)
def export(file: str, form: str | None) -> None:
    """Write every subscription as a row of CSV or JSON lines, which `import` reads back unchanged."""
    chosen = Form(form) if form else Form.JSONL if Path(file).suffix == ".jsonl" else Form.CSV
    with frame.services() as services, written(file) as stream:
        done = export_all(services, shell_user())
        stream.writelines(done.lines(chosen))
    tell(f"{number_of(done.subscribers, 'subscriber')}, {number_of(done.rows, 'row')}")
    if done.paused:
        tell(f"Paused, which the rows do not say: {done.paused:,} of them. Imported anew they would be told.")
