"""Asking before something is done that cannot be undone: at a terminal, or by `--yes` where there is none."""

import sys

import click

from alerts.errors import BadInput

yes_option = click.option("--yes", is_flag=True, help="Do not ask; needed where there is no terminal.")


def confirm(question: str, yes: bool) -> None:
    """Return once somebody said yes. Raises BadInput where nobody can be asked, Abort for a no."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise BadInput(f"Nobody can be asked here: {question}", "Give --yes to do it without being asked.")
    click.confirm(question, abort=True, err=True)
