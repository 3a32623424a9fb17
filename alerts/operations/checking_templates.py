"""Whether everything there is a template for can be drawn: a sample of each."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from operator import methodcaller
from typing import Any

from alerts.errors import AlertsError
from alerts.model import Change, Channel, Digest, Draft, Entry, Ref, Revision, Severity
from alerts.operations.findings import problem
from alerts.rendering import GalleryItem, Pages, gallery, shown_slack
from alerts.services import Services
from alerts.settings import Problem, Settings

_WHEN = datetime(2022, 3, 28, 17, 0, tzinfo=UTC)
_WHEN_MS = int(_WHEN.timestamp() * 1000)
_SAMPLE = Draft(
    "A sample",
    ("UA",),
    key_points=("One point",),
    body="A paragraph.\n\n- and\n- a list",
    tags=("sample",),
    severity=Severity.SEVERE,
    note="What changed.",
    author="Desk",
    source="Source",
    url="https://example.org",
    published_at=_WHEN,
)
#: One of each kind of digest there is a layout for.
_DIGESTS = tuple(
    Digest(
        channel,
        tuple(Entry(f"sample-{n}", 2, change, 1, folded=n == 1) for n, change in enumerate(changes)),
        _WHEN_MS,
        clock="" if len(changes) == 1 else "daily 17:00 UTC",
        late=len(changes) > 1,
    )
    for channel in Channel
    for changes in ((Change.CORRECTED,), (Change.NEW, Change.UPDATED, Change.CLOSED, Change.TOLD), ())
)
_TEXT = {"type": "text", "text": "words", "style": {"bold": True, "italic": True, "code": True}}
_SPANS = [
    _TEXT,
    {"type": "text", "text": "words"},
    {"type": "link", "text": "a link", "url": "https://a.example"},
]
#: Every kind of block that Slack is sent.
_BLOCKS: list[dict[str, Any]] = [
    {"type": "header", "text": {"type": "plain_text", "text": "A sample"}},
    {"type": "divider"},
    {"type": "context", "elements": [{"type": "plain_text", "text": "Why you get this."}]},
    {"type": "section", "text": {"type": "plain_text", "text": "One point"}},
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_list",
                "style": "ordered",
                "indent": 0,
                "offset": 1,
                "elements": [{"elements": _SPANS}],
            },
            {"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": [{"elements": _SPANS}]},
            *(
                {"type": f"rich_text_{kind}", "elements": _SPANS}
                for kind in ("section", "quote", "preformatted")
            ),
        ],
    },
]
#: One message of each channel as the gallery shows it, Slack's with a thread.
_SHOWN = (
    GalleryItem(
        Channel.EMAIL,
        "somebody@example.org",
        _WHEN_MS,
        "A sample",
        "digest",
        (("To", "you"),),
        "<p>One point",
        "One",
    ),
    shown_slack(
        {"text": "A sample", "blocks": _BLOCKS, "reply": {"blocks": _BLOCKS}}, "T1/C1", _WHEN_MS, "digest"
    ),
)
#: Each page behind a link, the second one with and without a way back.
_PAGES = (
    methodcaller("unsubscribe", "somebody@example.org"),
    methodcaller("unsubscribed", "token"),
    methodcaller("unsubscribed", ""),
    methodcaller("resubscribed"),
    methodcaller("not_found"),
    methodcaller("unavailable"),
)


def check_templates(services: Services) -> list[Problem]:
    """Draw a sample of everything there is a template for."""
    found = []
    for name, draw in _drawings(services):
        try:
            draw()
        except AlertsError as fault:
            found.append(problem(f"templates.{name}", fault))
    return list(dict.fromkeys(found))


def _drawings(services: Services) -> Iterator[tuple[str, Callable[[], object]]]:
    """Whatever a template may be asked for: digests, the gallery, the pages behind links."""
    revisions: dict[str, Revision] = {
        Ref.of(e.update, number): Revision(e.update, number, _SAMPLE, _WHEN_MS)
        for digest in _DIGESTS
        for e in digest.entries
        for number in (1, 2)
    }
    for digest in _DIGESTS:
        yield digest.channel, partial(_render, services, digest, revisions)
    chosen = services.settings
    for items in (_SHOWN, ()):
        yield "web", partial(gallery, items, chosen.templates_dir)
    for page in _PAGES:
        yield "web", partial(_draw, chosen, page)


def _render(services: Services, digest: Digest, revisions: Mapping[str, Revision]) -> None:
    services.renderer.render(digest, revisions)


def _draw(chosen: Settings, page: Callable[[Pages], object]) -> None:
    page(Pages(chosen.templates_dir, chosen.mail_from))
