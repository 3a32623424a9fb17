"""The only place that holds Jinja: a sandbox, strict about names, with nothing global but what translates.

A template is looked for in the operator's folder first, then among the shipped ones, file by file. Where
there is such a folder, everything is rendered in another process, within bounds (`sandbox`). Without one it
is in this process: the shipped templates are ours.
"""

import json
import os
import traceback
from collections.abc import Callable, Generator, Mapping
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Literal, cast

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from alerts.errors import BadInput
from alerts.locales import ENGLISH, Locale, locale_for
from alerts.rendering import markdown, sandbox, translated
from alerts.rendering.cleaning import literal
from alerts.rendering.directions import direction

_HINT = "Mend the file, or remove it from ALERTS_TEMPLATES_DIR to use the shipped one (docs/templates.md)."

#: Characters that one template may come to: ten times what a mail program shows of an email.
OUTPUT_MAX = 1_000_000
#: Elements of a text or list that is repeated, and bits of a number that is multiplied or raised.
REPEATED_MAX, BITS_MAX = 1_000_000, 4_096
#: Environments that are kept: three a language, and its varieties.
_ENVIRONMENTS = 64
#: Columns of a text that no program breaks by itself.
_UNBROKEN = 1_000_000

_Writes = Literal["html", "json", "text"]


def shipped_templates() -> Path:
    """The folder of the shipped templates: inside the package when installed, at the top in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"


class Templates:
    """Renders templates by name: `*.html.j2` escapes every value, `*.json.j2` writes each as JSON, `*.txt.j2`
    has nothing to escape.
    """

    def __init__(self, folder: Path | None) -> None:
        self._draw = partial(sandbox.render, folder) if folder else Drawer(None).draw

    def render(
        self,
        name: str,
        given: Mapping[str, object],
        most: int = OUTPUT_MAX,
        locale: Locale = ENGLISH,
    ) -> str:
        """Render one template. Raises BadInput naming the file and the line.

        `most`: the characters that it may come to; `locale`: in which its fixed texts are said.
        """
        return self._draw(name, given, most, locale)


class Drawer:
    """Renders in this process."""

    def __init__(self, folder: Path | None) -> None:
        shipped = FileSystemLoader(shipped_templates())
        self._loader = ChoiceLoader([_Folder(folder), shipped]) if folder else shipped
        # One for each language: what a template imports from another is made once for all who import it.
        self._environment_of = lru_cache(maxsize=_ENVIRONMENTS)(self._made)

    def draw(self, name: str, given: Mapping[str, object], most: int, locale: Locale) -> str:
        """Render one template, into at most this many characters. Raises BadInput as above."""
        environment = self._environment_of(_writes(name), locale.tag)
        pieces: list[str] = []
        try:
            # A generator, whatever its type says: so the line that made too much can be told of it.
            drawing = cast("Generator[str, None, None]", environment.get_template(name).generate(given))
            for piece in drawing:
                pieces.append(piece)
                most -= len(piece)
                if most < 0:
                    drawing.throw(SecurityError("it comes to more text than anybody is sent"))
        except BadInput:
            raise
        except Exception as fault:  # whatever an expression in it, or what it calls, can raise
            why = "it takes too much memory" if isinstance(fault, MemoryError) else fault
            raise BadInput(f"The template {_where(fault, name)} cannot be used: {why}.", _HINT) from fault
        return "".join(pieces)

    def _made(self, writes: _Writes, tag: str) -> ImmutableSandboxedEnvironment:
        locale = locale_for(tag)
        match writes:
            case "html":
                environment = self._environment(locale, autoescape=True)
                environment.filters |= {"markdown": markdown.to_html, "direction": direction}
            case "json":
                # Whatever a template writes is a whole value: no quotation mark in a headline can end it.
                environment = self._environment(locale, autoescape=True, finalize=_as_json)
                environment.filters |= {"markdown": partial(markdown.to_plain, width=_UNBROKEN)}
            case "text":
                environment = self._environment(locale, autoescape=False)
                environment.filters |= {
                    "markdown": markdown.to_plain,
                    "wrapped": markdown.wrapped,
                    "item": markdown.item,
                    "literal": literal,
                }
        return environment

    def _environment(
        self, locale: Locale, *, autoescape: bool, finalize: Callable[[object], object] | None = None
    ) -> ImmutableSandboxedEnvironment:
        # Always or never: select_autoescape() looks at the last suffix and would miss `.html.j2`.
        environment = _BoundedEnvironment(
            loader=self._loader,
            autoescape=autoescape,
            undefined=StrictUndefined,
            finalize=finalize,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        environment.globals.clear()
        translated.install(environment, locale, writes_html=autoescape and finalize is None)
        return environment


class _BoundedEnvironment(ImmutableSandboxedEnvironment):
    """Refuses at once what one operator makes huge: no signal interrupts it while it is being made."""

    intercepted_binops = frozenset({"*", "**"})
    #: `{% trans %}` gives a text and its values together, so that the values can be escaped into it.
    newstyle_gettext = True

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
        if isinstance(left, int) and isinstance(right, int):
            bits = left.bit_length(), right.bit_length()
            if (bits[0] * abs(right) if operator == "**" else sum(bits)) > BITS_MAX:
                raise SecurityError("it makes a number of more than a thousand digits")
        for some, times in ((left, right), (right, left)):
            if (
                isinstance(some, str | list | tuple)
                and isinstance(times, int)
                and len(some) * times > REPEATED_MAX
            ):
                raise SecurityError(f"it repeats something to more than {REPEATED_MAX:,} elements")
        return super().call_binop(context, operator, left, right)


class _Folder(FileSystemLoader):
    """An operator's folder. Links within it are followed; what leads out of it, or is no file, is refused."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._folder = folder

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        path = self._folder / template
        if os.path.lexists(path):
            whole = path.resolve()
            if not whole.is_relative_to(self._folder.resolve()):
                raise BadInput(
                    f"The template {path} cannot be used: it leads out of ALERTS_TEMPLATES_DIR.",
                    "Put the file itself there, not a link to it.",
                )
            if not whole.is_file():
                raise BadInput(f"The template {path} cannot be used: it is not a file.", _HINT)
        return super().get_source(environment, template)


def _writes(name: str) -> _Writes:
    """What a template writes, by its name."""
    if name.endswith(".json.j2"):
        return "json"
    return "html" if name.endswith(".html.j2") else "text"


def _as_json(value: object) -> object:
    """A value as JSON; what a macro has written is JSON already."""
    return value if isinstance(value, Markup) else Markup(_JSON.encode(value))  # noqa: S704 - never in HTML


def _plain(value: object) -> str:
    """What JSON has no form for. Raises UndefinedError for a name that there is not."""
    return value.isoformat() if isinstance(value, datetime) else str(value)


_JSON = json.JSONEncoder(ensure_ascii=False, default=_plain)


def _where(fault: Exception, name: str) -> str:
    """The file and line: a syntax error knows them, else the innermost template on the stack does."""
    if isinstance(fault, TemplateSyntaxError):
        return f"{fault.filename or name}, line {fault.lineno},"
    if isinstance(fault, TemplateNotFound):
        return str(fault.name)
    frames = [f for f in traceback.extract_tb(fault.__traceback__) if f.filename.endswith(".j2")]
    return f"{frames[-1].filename}, line {frames[-1].lineno}," if frames else name
