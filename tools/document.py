"""Writes docs/cli.md, docs/redis.md and docs/openapi.json from the code they describe."""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from alerts.doors.cli import SECTIONS, cli
from alerts.doors.web import api
from alerts.store.keys import TABLE

DOCS = Path(__file__).parents[1] / "docs"
WIDTH = {"terminal_width": 100, "max_content_width": 100}


def cli_reference() -> str:
    """Every command as its own `--help` has it, in the order of `alerts --help`."""
    lines = [
        "# Commands",
        "",
        "Written by `make docs` from the commands themselves. `-` reads standard input, logs go to standard",
        "error. Exit codes: 0 done · 1 some failed · 2 wrong usage or input · 3 nothing matched ·",
        "4 not found or conflict · 5 the server cannot be reached or will not write.",
        "",
    ]
    context = cli.make_context("alerts", [], resilient_parsing=True, **WIDTH)
    for title, section in SECTIONS.items():
        lines += [f"## {title}", ""]
        for listed in section:
            command = cli.get_command(context, listed.name)
            assert command, listed
            lines += _pages(command, context)
    return "\n".join(lines).rstrip() + "\n"


def _pages(command: click.Command, above: click.Context) -> Iterator[str]:
    context = click.Context(command, above, command.name, **WIDTH, **command.context_settings)
    if isinstance(command, click.Group):
        for child in command.commands.values():
            yield from _pages(child, context)
    else:
        yield from (f"### `{context.command_path}`", "", "```", command.get_help(context), "```", "")


def key_reference() -> str:
    """Every key there is in Redis, in the order of the table."""
    lines = [
        "# Keys in Redis",
        "",
        "Written by `make docs` from `alerts/store/keys.py`; a test watches a running server and proves",
        "that it is complete, and which keys have a time to live. Every key begins with `ALERTS_KEY_PREFIX`.",
        "",
        "| key | type | holds | ends |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| `{_cell(key)}` | {spec.kind} | {_cell(spec.holds)} | {_cell(spec.ends)} |"
        for key, spec in TABLE.items()
    ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", r"\|")


def api_description() -> str:
    """The API as programs read it."""
    return json.dumps(api.described(), ensure_ascii=False, indent=1) + "\n"


#: Every generated page and what writes it.
PAGES = {"cli.md": cli_reference, "redis.md": key_reference, "openapi.json": api_description}


if __name__ == "__main__":
    for name, write in PAGES.items():
        (DOCS / name).write_text(write(), encoding="utf-8")
