"""Whatever goes wrong becomes a sentence, a hint and an exit code. No traceback ever reaches a user."""

import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

import click

from alerts import private
from alerts.doors.cli.output import tell_fault
from alerts.errors import AlertsError, BadInput, ExitCode
from alerts.settings import load


def tell(fault: AlertsError, given: Sequence[str]) -> ExitCode:
    """Say on standard error what went wrong, in the format that was asked for; the exit code."""
    tell_fault(fault, _wants_json(given))
    return fault.exit_code


def usage(misused: click.ClickException) -> BadInput:
    """A command that was written wrongly, as bad input like other."""
    context = getattr(misused, "ctx", None)
    command = context.command_path if context else "alerts"
    said = " ".join(misused.format_message().split()).replace("''", "“”")  # click lists choices in columns
    return BadInput(said, f"See `{command} --help`.")


def _wants_json(given: Sequence[str]) -> bool:
    """Whether errors are to be JSON too: asked of the words themselves, which may not parse."""
    line = " ".join(given).replace("=", " ")
    return any(asked in f" {line} " for asked in (" -o json ", " -ojson ", " --output json "))


def crashed(fault: Exception) -> AlertsError:
    """What nobody planned: the traceback goes into a file, a sentence to the user."""
    try:
        folder = private.make_folder(load().home.absolute() / "logs")
    except (AlertsError, OSError):
        folder = Path(tempfile.gettempdir())
    prefix = time.strftime("crash-%Y%m%dT%H%M%SZ-", time.gmtime())
    with tempfile.NamedTemporaryFile(
        "w", prefix=prefix, suffix=".log", dir=folder, delete=False, encoding="utf-8"
    ) as log:
        log.writelines(traceback.format_exception(fault))
    return AlertsError(
        f"Something went wrong that nobody foresaw ({type(fault).__name__}).",
        f"Please report it with {log.name}.",
    )
