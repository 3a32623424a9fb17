"""The checkout as the promises read it: its files, and the commands that are written in them."""

from pathlib import Path

import click

from alerts.doors.cli import cli

ROOT = Path(__file__).parents[2]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def command(words: list[str]) -> str:
    """The command that these words call, options and all; raises as the command line would. Runs nothing."""
    context = cli.make_context("alerts", [], resilient_parsing=True)
    group: click.Command | None = cli
    while isinstance(group, click.Group):
        name, group, words = group.resolve_command(context, words)
        assert group is not None
        if isinstance(group, click.Group):
            context = click.Context(group, context, name)
        else:
            context = group.make_context(name, words, context)
    return context.command_path
