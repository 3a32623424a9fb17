"""`alerts regions` and `alerts tags`: the words that filters and updates are written with."""

from dataclasses import asdict
from typing import Any

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.shell import shell_user
from alerts.errors import NothingMatched
from alerts.model import Draft
from alerts.regions import Region, Tree, load

FOUND_MOST = 20


@click.group()
def regions() -> None:
    """Look regions up."""


@click.group()
def tags() -> None:
    """Look tags up, and add to them."""


@regions.command()
@click.argument("text", nargs=-1, required=True, metavar="TEXT|CODE")
@output
def find(out: Output, text: tuple[str, ...]) -> None:
    """Find regions by code, by name or by a part of one."""
    tree, sought = load(), " ".join(text)
    found = tree.search(sought, FOUND_MOST)
    if not found:
        raise NothingMatched(
            f"No region is called anything like “{sought[:80]}”.",
            "Try another spelling, or its ISO 3166 code.",
        )
    rows = [_row(region, tree) for region in found]
    out.rows(rows, ("code", "name", "kind", "where"), "code")


def about(draft: Draft) -> str:
    """Say which regions an update is about, to people: `It is about Jalisco, Mexico (MX-JAL).`"""
    return f"It is about {'; '.join(map(load().label, draft.regions))}."


def _row(region: Region, tree: Tree) -> dict[str, Any]:
    where = [tree.name(code) for code in tree.ancestors(region.code)]
    members = [tree.name(code) for code in region.members]
    return {"code": region.code, "name": region.name, "kind": region.kind, "where": where or members}


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
    rows = [asdict(one) | {"meaning": meaning} for one in added]
    out.rows(rows, ("tag", "added"), "tag")
