"""`alerts tags`: what is on the tag list, and what it means."""

from dataclasses import asdict

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.shell import shell_user


@click.group()
def tags() -> None:
    """Look tags up, and add to them."""


@tags.command("list")
@output
def list_(out: Output) -> None:
    """List the tags and what they mean."""
    with frame.services() as services:
        listed = do.list_tags(services, shell_user())
    rows = [{"tag": tag, "meaning": meaning} for tag, meaning in listed.items()]
    out.rows(rows, ("tag", "meaning"), "tag")


@tags.command()
@click.argument("tag", nargs=-1, required=True)
@click.option("--meaning", default="", help="What it means, in a few words.")
@output
def add(out: Output, tag: tuple[str, ...], meaning: str) -> None:
    """Put tags on the list."""
    with frame.services() as services:
        added = do.add_tags(services, shell_user(), tag, meaning)
    out.rows(map(asdict, added), ("tag", "added"), "tag")
