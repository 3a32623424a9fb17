"""What every command stands in: its place in the help, the services it needs, and how it may fail.

Whatever goes wrong becomes a sentence, a hint and an exit code. No traceback ever reaches a user.
"""

import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from alerts import private
from alerts.doors.cli.output import tell_fault
from alerts.errors import AlertsError, BadInput, did_you_mean
from alerts.runtime import attach
from alerts.services import Services, connect
from alerts.settings import Settings, load

#: What a shell gives for a program that SIGINT has ended: 128 and the signal's number.
INTERRUPTED = 130


@contextmanager
def services() -> Iterator[Services]:
    """Have the services of the settings, and the bundled server run where none is configured."""
    with connected(load()) as ready:
        yield ready


@contextmanager
def connected(settings: Settings) -> Iterator[Services]:
    """Have the services of these settings."""
    with attach(settings):
        ready = connect(settings)
        try:
            yield ready
        finally:
            ready.close()


class Frame(click.Group):
    """The group of all commands: lists them by section, and turns whatever they raise into an exit code.

    A command returns its exit code; None is 0.
    """

    def __init__(self, *args: Any, sections: Mapping[str, Sequence[click.Command]], **options: Any) -> None:
        super().__init__(*args, **options)
        self._sections = sections
        for commands in sections.values():
            for command in commands:
                self.add_command(command)

    def main(self, args: Sequence[str] | None = None, *others: Any, **options: Any) -> Any:
        """Run a command line and exit."""
        given = list(sys.argv[1:] if args is None else args)
        options["standalone_mode"] = False
        try:
            code = super().main(given, *others, **options) or 0
        except click.exceptions.NoArgsIsHelpError as asked:
            asked.show()
            code = BadInput.exit_code
        except click.ClickException as misused:
            code = _told(_usage(misused), given)
        except AlertsError as fault:
            code = _told(fault, given)
        except (click.Abort, KeyboardInterrupt):
            code = INTERRUPTED
        except Exception as unforeseen:  # noqa: BLE001 - the last line before the user
            code = _told(_crashed(unforeseen), given)
        raise SystemExit(code)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or refuse with the nearest one."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            near = get_close_matches(args[0], self.list_commands(ctx), n=3)
            hint = did_you_mean([f"`alerts {name}`" for name in near], "alerts --help")
            raise BadInput(f"There is no command “{args[0][:40]}”.", hint)
        return super().resolve_command(ctx, args)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands in their sections."""
        widest = max(map(len, self.commands))
        for title, commands in self._sections.items():
            with formatter.section(title):
                formatter.write_dl(
                    [((c.name or "").ljust(widest), c.get_short_help_str(200)) for c in commands]
                )


def _told(fault: AlertsError, given: Sequence[str]) -> int:
    tell_fault(fault, _wants_json(given))
    return fault.exit_code


def _usage(misused: click.ClickException) -> BadInput:
    context = getattr(misused, "ctx", None)
    command = context.command_path if context else "alerts"
    return BadInput(misused.format_message(), f"See `{command} --help`.")


def _wants_json(given: Sequence[str]) -> bool:
    """Whether errors are to be JSON too: asked of the words themselves, which may not parse."""
    line = " ".join(given).replace("=", " ")
    return any(asked in f" {line} " for asked in (" -o json ", " -ojson ", " --output json "))


def _crashed(fault: Exception) -> AlertsError:
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
