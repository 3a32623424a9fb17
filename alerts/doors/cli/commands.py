"""The group of all commands. It loads one when it is run, so that `alerts --help` is there at once."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

from alerts.errors import AlertsError, BadInput, ExitCode, did_you_mean


@dataclass(frozen=True, slots=True)
class Listed:
    """A command as `alerts --help` lists it, and the module of this door that has it under its name."""

    name: str
    module: str
    help: str  #: the first sentence of the command's own help, as a test holds it


class Commands(click.Group):
    """All commands: listed by section, loaded when they are run, and what they raise made an exit code.

    A command returns its `ExitCode`; None is that it is done.
    """

    def __init__(self, *args: Any, sections: Mapping[str, Sequence[Listed]], **options: Any) -> None:
        super().__init__(*args, **options)
        self._sections = sections
        self._listed = {listed.name: listed for section in sections.values() for listed in section}

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return sorted(self._listed)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the module of a command, and no other."""
        listed = self._listed.get(cmd_name)
        if listed is None:
            return None
        command: click.Command = getattr(loaded(listed.module), listed.name.replace("-", "_"))
        return command

    def main(self, args: Sequence[str] | None = None, *others: Any, **options: Any) -> Any:
        """Run a command line and exit."""
        given = list(sys.argv[1:] if args is None else args)
        options["standalone_mode"] = False
        try:
            code = super().main(given, *others, **options) or ExitCode.DONE
        except click.exceptions.NoArgsIsHelpError as asked:
            asked.show()
            code = ExitCode.BAD_INPUT
        except click.ClickException as misused:
            code = _failing().tell(_failing().usage(misused), given)
        except AlertsError as fault:
            code = _failing().tell(fault, given)
        except (click.Abort, KeyboardInterrupt):
            code = ExitCode.INTERRUPTED
        except Exception as unforeseen:  # noqa: BLE001 - the last line before the user
            code = _failing().tell(_failing().crashed(unforeseen), given)
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
        widest = max(map(len, self._listed))
        for title, section in self._sections.items():
            with formatter.section(title):
                formatter.write_dl([(listed.name.ljust(widest), listed.help) for listed in section])


class Subcommands(click.Group):
    """A group that loads one of its commands when it is run: looking somebody up loads nothing that imports.

    `parts` says which module of this door has a command, and its name there: `module:name`.
    """

    def __init__(self, *args: Any, parts: Mapping[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self._parts = parts

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return sorted(self._parts)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the module of a command, and no other."""
        if cmd_name not in self._parts:
            return None
        module, name = self._parts[cmd_name].split(":")
        command: click.Command = getattr(loaded(module), name)
        return command


def loaded(module: str) -> Any:
    """A module of this door, loaded now: all of them together take longer than most commands do."""
    return import_module(f"alerts.doors.cli.{module}")


def _failing() -> Any:
    return loaded("failing")
