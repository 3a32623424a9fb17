"""`alerts receive`: a mail that came back, or an update, on standard input, from a mail server's pipe."""

import os
import sys

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.shell import shell_user
from alerts.errors import AlertsError
from alerts.returns import OCTETS_MAX


@click.command()
@click.option("--to", multiple=True, metavar="ADDRESS", help="Whom it was for, by its envelope.")
def receive(to: tuple[str, ...]) -> int:
    """Take in one mail, from standard input: one that came back, or an update.

    An update is one to `publish+SECRET@…`: see `alerts senders`. For the pipe of a mail server: exits with 0
    once it is taken in, whatever it was, and with 75 (EX_TEMPFAIL) where it must be kept and tried again: its
    sender is empty, and refused it would be lost.
    """
    octets = sys.stdin.buffer.read(OCTETS_MAX + 1)
    try:
        with frame.services() as services:
            list(do.take_in(services, shell_user(), [(octets, to)]))
    except AlertsError as fault:
        click.echo(f"{fault.sentence} {fault.hint}", err=True)
        return os.EX_TEMPFAIL
    except Exception as unforeseen:  # noqa: BLE001 - whatever it is, the mail is kept
        click.echo(f"The mail could not be taken in ({type(unforeseen).__name__}).", err=True)
        return os.EX_TEMPFAIL
    return os.EX_OK
