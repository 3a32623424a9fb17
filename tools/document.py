"""Writes docs/cli.md, formats.md, redis.md and openapi.json from the code they describe."""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from alerts.doors.cli import SECTIONS, cli
from alerts.doors.web import api
from alerts.errors import ExitCode
from alerts.ingest.described import UPDATE_FIELDS
from alerts.operations.lists.rows import MEANINGS
from alerts.store.keys import TABLE

DOCS = Path(__file__).parents[1] / "docs"
WIDTH = {"terminal_width": 100, "max_content_width": 100}


def cli_reference() -> str:
    """Every command as its own `--help` has it, in the order of `alerts --help`."""
    lines = [
        "# Commands",
        "",
        "Written by `make docs` from the commands themselves. `-` reads standard input, logs go to standard",
        "error.",
        "",
        "## Exit codes",
        "",
        "| code | means |",
        "|---|---|",
        *(f"| {code.value} | {_cell(code.meaning)} |" for code in ExitCode),
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
        for name in command.commands or command.list_commands(context):
            child = command.get_command(context, name)
            assert child, name
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


def format_reference() -> str:
    """Every format of a file that goes in: an example with all that it has room for, and each field."""
    lines = [
        "# Formats",
        "",
        "Written by `make docs` from the models that files are read into. `alerts new update.md` (`.json`,",
        "`.txt`) begins a file; `alerts read FILE` says what is in one and stores nothing. Files are",
        "UTF-8, or UTF-16. Whatever is wrong with a file is told at once.",
        "",
        "## Updates",
        "",
    ]
    for example in UPDATE_EXAMPLES:
        lines += _example(example)
    lines += [*DOCUMENTS, "### Fields of an update", "", "| field | says | fits |", "|---|---|---|"]
    lines += [f"| `{name}` | {_cell(d.meaning)} | {_cell(d.bounds)} |" for name, d in UPDATE_FIELDS.items()]
    lines += [
        "",
        "## Subscribers",
        "",
        "`alerts subscribers import FILE`. A row is a subscription; rows of one address merge. Cells are",
        "separated by `,` `;` tab or `|`, whichever the first line uses; lists within a cell by `;` or `|`.",
        "Columns come in any order, and only `address` and `regions` must be there. What another system",
        "calls otherwise is said with `--map work_email=address`; `--ignore-unknown` passes over the rest.",
        "A column `reason` is always passed over: `--rejects FILE` writes it. Above the first line, lines",
        "that begin with `#` say nothing, and Excel's `sep=;` says what separates the cells.",
        "",
    ]
    for example in SUBSCRIBER_EXAMPLES:
        lines += _example(example)
    lines += ["### Columns of subscribers", "", "| column | says | fits |", "|---|---|---|"]
    lines += [f"| `{name}` | {_cell(says)} | {_cell(fits)} |" for name, (says, fits) in MEANINGS.items()]
    return "\n".join(lines) + "\n"


def _example(path: Path) -> list[str]:
    """A file that a test reads, and what is to be said of it."""
    title, said = EXAMPLES[path.name]
    text = path.read_text(encoding="utf-8").rstrip("\n")
    kind = "xml" if path.suffix == ".cap" else path.suffix[1:]
    return [f"### {title}", "", said, "", f"```{kind}", text, "```", ""]


#: The examples, as they are in the tests' data: what they are, and what to know of them.
EXAMPLES = {
    "update.txt": (
        "A plain text page",
        "Words are taken literally. Any part may be missing but the headline; a first line with a date, an "
        "author's name alone on its line, and bullets above the text are known for what they are. Rows "
        "parted by tabs, or drawn with `|`, are a table. It names no region and no tag: give them with "
        "`--region` and `--tag`.",
    ),
    "update.md": (
        "Markdown",
        "Fields stand between two lines `---`; a line that begins with `#` there says nothing. Without a "
        "field `headline` the first heading is it. What stands below is the body.",
    ),
    "update.json": (
        "JSON",
        "One object, an array of them, or one after the other. A key that begins with `#` is a remark.",
    ),
    "update.cap": (
        "CAP",
        "A message of the Common Alerting Protocol, 1.0 to 1.2, alone, several, in EDXL-DE or in the "
        "entries of a "
        "feed: `alerts publish FILE`, or the API with `application/cap+xml`. Messages of one situation are "
        "revisions of one update, in whatever order they come. What becomes of what is in "
        "[ingest.md](ingest.md).",
    ),
    "subscribers.csv": (
        "Subscribers as CSV",
        "What `alerts subscribers export` writes, and Excel's CSV UTF-8.",
    ),
    "subscribers.jsonl": ("Subscribers as JSON lines", "One object a line; lists are lists."),
}
DATA = Path(__file__).parents[1] / "tests" / "data" / "formats"
UPDATE_EXAMPLES = [DATA / name for name in EXAMPLES if name.startswith("update")]
SUBSCRIBER_EXAMPLES = [DATA / name for name in EXAMPLES if name.startswith("subscribers")]

#: Formats that are no text: there is no example to copy.
DOCUMENTS = [
    "### Word, PDF and web page",
    "",
    "`.docx`, PDF and HTML are known by how they begin, and read like the text page that they hold:",
    "headline, author, day, key points, headings, lists and tables. [Where updates come from](ingest.md)",
    "says what is left out, and what is refused. Word and PDF need `pip install 'alerts[documents]'`.",
    "",
]

#: Every generated page and what writes it.
PAGES = {
    "cli.md": cli_reference,
    "formats.md": format_reference,
    "redis.md": key_reference,
    "openapi.json": api_description,
}


if __name__ == "__main__":
    for name, write in PAGES.items():
        (DOCS / name).write_text(write(), encoding="utf-8")
