"""The only place that holds Jinja: a sandbox, strict about names, with nothing global to reach for.

A template is looked for in the operator's folder first, then among the shipped ones, file by file.
"""

import traceback
from collections.abc import Mapping
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from alerts.errors import BadInput
from alerts.rendering import markdown
from alerts.rendering.directions import direction

_HINT = "Mend the file, or remove it from ALERTS_TEMPLATES_DIR to use the shipped one (docs/templates.md)."

# What a template can raise: Jinja's own errors, and those of the expressions written in it.
_FAULTS = (TemplateError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def shipped_templates() -> Path:
    """The folder of the shipped templates: inside the package when installed, at the top in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"


class Templates:
    """Renders templates by name: `*.html.j2` escapes every value, `*.txt.j2` has nothing to escape."""

    def __init__(self, folder: Path | None) -> None:
        folders = [folder, shipped_templates()] if folder else [shipped_templates()]
        self._loader = FileSystemLoader(folders)
        self._html = self._environment(autoescape=True)
        self._html.filters |= {"markdown": markdown.to_html, "direction": direction}
        self._text = self._environment(autoescape=False)
        self._text.filters |= {
            "markdown": markdown.to_plain,
            "wrapped": markdown.wrapped,
            "item": markdown.item,
        }

    def render(self, name: str, given: Mapping[str, object]) -> str:
        """Render one template. Raises BadInput naming the file and the line at fault."""
        environment = self._html if name.endswith(".html.j2") else self._text
        try:
            return environment.get_template(name).render(given)
        except _FAULTS as fault:
            raise BadInput(f"The template {_where(fault, name)} cannot be used: {fault}.", _HINT) from fault

    def _environment(self, autoescape: bool) -> ImmutableSandboxedEnvironment:
        # Always or never: select_autoescape() looks at the last suffix and would miss `.html.j2`.
        environment = ImmutableSandboxedEnvironment(
            loader=self._loader,
            autoescape=autoescape,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        environment.globals.clear()
        return environment


def _where(fault: Exception, name: str) -> str:
    """The file and line: a syntax error knows them, else the innermost template on the stack does."""
    if isinstance(fault, TemplateSyntaxError):
        return f"{fault.filename or name}, line {fault.lineno},"
    if isinstance(fault, TemplateNotFound):
        return str(fault.name)
    frames = [f for f in traceback.extract_tb(fault.__traceback__) if f.filename.endswith(".j2")]
    return f"{frames[-1].filename}, line {frames[-1].lineno}," if frames else name
