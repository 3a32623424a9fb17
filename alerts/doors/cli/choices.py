"""The files, what of them is taken, and the options that say what a file does not."""

from collections.abc import Callable
from typing import Any, get_args

import click

from alerts.ingest.allowances import Allowance

ALLOW = click.option(
    "--allow",
    type=click.Choice(get_args(Allowance)),
    multiple=True,
    help="Take messages of CAP, too, that are drafts, between systems, or not for everybody.",
)
FILES = click.argument("files", nargs=-1, required=True, metavar="FILE...")


def choices(command: Any) -> Any:
    """Give a command the options that say what a file does not."""
    options: tuple[Callable[[Any], Any], ...] = (
        click.option(
            "--new-tag", "new_tags", is_flag=True, help="Put tags on the list that are not there yet."
        ),
        click.option(
            "--accept-suggestions",
            is_flag=True,
            help="Where no region is named, take those the text speaks of at least twice, at most five.",
        ),
        click.option(
            "--id", "id", metavar="ID", help="The update's id; the same id again is its next revision."
        ),
        click.option("--severity", metavar="SEVERITY", help="extreme, severe, moderate, minor or unknown."),
        click.option(
            "--tag", "tags", multiple=True, metavar="TAG", help="A tag; may be given several times."
        ),
        click.option(
            "--region",
            "regions",
            multiple=True,
            metavar="REGION",
            help="A region by name or code; several times.",
        ),
    )
    for option in options:
        command = option(command)
    return command
