"""Brings the catalogs up to date with the texts: `make catalogs`, after a text that readers see has changed.

Writes `alerts/locales/catalogs/alerts.pot`, and each language anew: what it has translated stays, what is no
longer said goes, what is new stands there empty, and a test says so until somebody has translated it.
"""

import tomllib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from alerts.locales import CATALOGS
from alerts.locales.translated import CATALOGS_DIR

ROOT = Path(__file__).parents[1]
#: As `rendering.environment` has it.
JINJA = {
    "trimmed": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "newstyle_gettext": "true",
    "silent": "false",
}
#: Beside those of gettext, what `alerts.texts.Text` is made with.
KEYWORDS = DEFAULT_KEYWORDS | {"Text": None, "counted": (1, 2), "meant": ((1, "c"), 2)}
#: Operators' commands say nothing to readers; `Text` is rich's there.
PYTHON = [("doors/cli/**.py", "ignore"), ("**.py", "python")]
GROUPS = ROOT / "alerts/regions/data/groups.toml"
TAGS = ROOT / "alerts/store/tags.toml"


def extracted() -> Catalog:
    """All that readers may be told."""
    found = Catalog(project="alerts")
    for path, message, context, comments in sorted(_messages(), key=lambda one: one[0]):
        found.add(message, locations=[(path, 0)], auto_comments=comments, context=context)
    return found


def _messages() -> Iterator[tuple[str, str | tuple[str, ...], str | None, list[str]]]:
    for folder, kinds in (("alerts", PYTHON), ("templates", [("**.j2", "jinja2")])):
        for path, _, message, comments, context in extract_from_dir(
            ROOT / folder,
            method_map=kinds,
            options_map={"**.j2": JINJA},
            keywords=KEYWORDS,
            comment_tags=["Translators:"],
            strip_comment_tags=True,
        ):
            yield f"{folder}/{path}", message, context, comments
    for group in tomllib.loads(GROUPS.read_text("utf-8")).values():
        yield str(GROUPS.relative_to(ROOT)), group["name"], "region", []
    for group in tomllib.loads(TAGS.read_text("utf-8")).values():
        for meaning in group.values():
            yield str(TAGS.relative_to(ROOT)), meaning, "tag", []


def renewed(language: str, template: Catalog) -> Catalog:
    """A language's catalog with exactly these texts, each as it was translated; nothing is guessed."""
    path = CATALOGS_DIR / f"{language}.po"
    known = Catalog(locale=language)
    if path.exists():
        with path.open("rb") as file:
            known = read_po(file, locale=language, abort_invalid=True)
    made = Catalog(locale=language)
    for message in template:
        if message.id:
            before = known.get(message.id, message.context)
            made.add(
                message.id,
                before.string if before else "",
                message.locations,
                auto_comments=message.auto_comments,
                context=message.context,
            )
    return made


def written(catalog: Catalog) -> bytes:
    """A catalog as it stands in its file: no date and no line number, so that only its texts change it."""
    file = BytesIO()
    write_po(file, catalog, width=100, omit_header=True, include_lineno=False)
    head = [
        "Project-Id-Version: alerts",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    ]
    if catalog.locale:
        head += [f"Language: {catalog.locale_identifier}", f"Plural-Forms: {catalog.plural_forms}"]
    lines = "".join(f'"{line}\\n"\n' for line in head)
    return f'msgid ""\nmsgstr ""\n{lines}\n'.encode() + file.getvalue()


def main() -> None:
    """Write them all."""
    template = extracted()
    (CATALOGS_DIR / "alerts.pot").write_bytes(written(template))
    for language in CATALOGS:
        made = renewed(language, template)
        (CATALOGS_DIR / f"{language}.po").write_bytes(written(made))


if __name__ == "__main__":
    main()
