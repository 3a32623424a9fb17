"""A digest as JSON, in every format that a receiver may take: a line each, for who gets which is seen later.

What an author wrote is a value in it and never markup: the templates write JSON through a filter they cannot
leave out, and what Markdown would interpret is escaped.
"""

import json
import re
from collections.abc import Mapping

from alerts.channels.webhook.formats import FORMATS, PayloadFormat
from alerts.errors import BadInput
from alerts.links import reading_page
from alerts.locales import Locale
from alerts.model import Digest, Fill, Message, Revision
from alerts.rendering import moments
from alerts.rendering.composing import Place, PublicPage, compose
from alerts.rendering.environment import Templates
from alerts.rendering.marks import Marks

#: Characters of content to try, one after the other, until a format holds what comes of it.
_BUDGETS = (100_000, 40_000, 16_000, 8_000, 4_000, 2_000, 1_000, 0)
_GAPS = re.compile(r"\n{3,}")


class Payloads:
    """Renders digests as JSON."""

    def __init__(self, templates: Templates, public_url: str, place: Place, public_page: PublicPage) -> None:
        self._templates = templates
        self._place = place
        self._public_page = public_page
        self._reading = reading_page(public_url)

    def message(self, digest: Digest, revisions: Mapping[str, Revision], locale: Locale) -> Message:
        """Render a digest for every receiver that is owed it. Raises BadInput for a template that fails."""
        marks = Marks(["reason", "page"])
        lines = (self._document(digest, revisions, marks, one, locale) for one in FORMATS.values())
        parts = marks.cut("\n".join(lines), Fill.JSON)
        pieces = (part.encode("utf-8") if isinstance(part, str) else part for part in parts)
        return Message(digest.id, digest.channel, tuple(pieces))

    def _document(
        self,
        digest: Digest,
        revisions: Mapping[str, Revision],
        marks: Marks,
        made: PayloadFormat,
        locale: Locale,
    ) -> str:
        """Fold until its receiver takes it; the last fold goes out whatever comes of it."""
        name = f"webhook/{made.name}.json.j2"
        given: dict[str, object] = {
            "blank": marks.given,
            "at": moments.utc(digest.horizon_ms),
            "numbers": {entry.update: entry.number for entry in digest.entries},
        }
        for budget in _BUDGETS:
            reading = self._reading + marks.given["page"]
            given["digest"] = compose(
                digest,
                revisions,
                self._place,
                budget,
                reading,
                locale=locale,
                public_page=self._public_page,
            )
            text = self._text(given, locale) if made.text_max else ""
            document = _compact(name, self._templates.render(name, given | {"text": text}, locale=locale))
            if made.holds(document.encode("utf-8"), text):
                break
        return document

    def _text(self, given: Mapping[str, object], locale: Locale) -> str:
        """A message as chat programs show it, without the gaps that a template leaves."""
        return _GAPS.sub("\n\n", self._templates.render("webhook/chat.txt.j2", given, locale=locale)).strip()


def _compact(name: str, drawn: str) -> str:
    """The JSON of a template in one line. Raises BadInput for what is none."""
    try:
        return json.dumps(json.loads(drawn), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (ValueError, RecursionError) as fault:
        why = f" (line {fault.lineno})" if isinstance(fault, json.JSONDecodeError) else ""
        raise BadInput(
            f"What the template {name} makes is not JSON{why}.",
            "Write every value as {{ … }}, without quotation marks of your own (docs/templates.md).",
        ) from None
