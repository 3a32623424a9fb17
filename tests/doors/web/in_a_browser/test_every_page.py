"""No page is left out: what has a template is looked at in a browser, on some path."""

import ast
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, nodes

from alerts.rendering import shipped_templates

WEB = shipped_templates() / "web"


def pages() -> Iterator[str]:
    """The templates of whole documents: those that fill one in, or are one that nothing else fills in."""
    jinja = Environment(extensions=["jinja2.ext.i18n"])
    trees = {path: jinja.parse(path.read_text("utf-8")) for path in WEB.glob("*.html.j2")}
    filled = {tree: tree.find(nodes.Extends) for tree in trees.values()}
    bases = {one.template.as_const() for one in filled.values() if one}
    for path, tree in trees.items():
        whole = "<!doctype html>" in path.read_text("utf-8")
        if filled[tree] or (whole and f"web/{path.name}" not in bases):
            yield path.name.partition(".")[0]


def visited() -> Iterator[str]:
    """What paths say that they lead to, which each of them is held to."""
    for path in Path(__file__).parent.glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(attr="pages", value=ast.Attribute(attr="mark")), args=names):
                    yield from (ast.literal_eval(name) for name in names)


def test_every_page_is_looked_at_in_a_browser() -> None:
    """A dozen pages had never been seen by axe: each new one must be on a path."""
    assert set(visited()) == set(pages())
