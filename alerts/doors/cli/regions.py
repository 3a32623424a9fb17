"""`alerts regions`: looked up without a server, and without anything else that takes time to load."""

from typing import Any

import click

from alerts.doors.cli.output import Output, output
from alerts.errors import NothingMatched
from alerts.model import Draft
from alerts.regions import Region, Tree, load

FOUND_MOST = 20


@click.group()
def regions() -> None:
    """Look regions up."""


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
