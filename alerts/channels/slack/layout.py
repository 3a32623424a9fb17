"""A digest as Slack posts: plain text and rich text only, which Slack shows and never interprets.

So no update can ping anybody, hide where a link leads or break the layout. Mrkdwn is spoken in one place, the
`text` that notifications show, and there `&`, `<` and `>` are escaped: the three characters Slack asks for.
"""

import json
from collections.abc import Iterator, Mapping, Sequence

from alerts.channels.slack.blocks import HEADER_MAX, Block, context, header, packed, rich_text
from alerts.model import Digest, Fill, Message, Revision
from alerts.rendering.cleaning import shortened
from alerts.rendering.composing import Place, compose
from alerts.rendering.directions import isolated
from alerts.rendering.environment import Templates
from alerts.rendering.markdown import Line, span, to_lines
from alerts.rendering.marks import Marks
from alerts.rendering.view import Banner, DigestView, EntryList, EntryView

#: A thread longer than this is not read: the content is folded until it fits.
POSTS_MAX = 5

#: Characters of content to try, in a post and its thread together.
_BUDGETS = (24_000, 12_000, 6_000, 3_000, 1_000, 0)
_TEXT_MAX = 3_000

_SIGN = {"extreme": "🔴", "severe": "🟠", "moderate": "🟡", "minor": "🟢", "unknown": "⚪"}
_BOLD = {"bold": True}
_NO_BLANKS: Mapping[str, str] = {}
_DIVIDER: Block = {"type": "divider"}


class Posts:
    """Renders digests as the arguments of `chat.postMessage`, and what goes into their threads."""

    def __init__(self, templates: Templates, place: Place) -> None:
        self._templates = templates
        self._place = place

    def message(self, digest: Digest, revisions: Mapping[str, Revision]) -> Message:
        """Render a digest for every channel that is owed it. Raises BadInput for a template that fails.

        Beside Slack's arguments stand `replies`, the overflow for the thread, and for a digest of one its
        `source` and, where it tells a change, `edit_parent` and `reply` (text, blocks, broadcast).
        """
        marks = Marks(["reason"], Fill.JSON)
        shown, (first, *rest) = self._posts(digest, revisions, marks)
        text = _escaped(shortened(" ".join(self._snippet("text", shown).split()), _TEXT_MAX))
        arguments: dict[str, object] = {
            "text": text,
            "blocks": first,
            "unfurl_links": False,
            "unfurl_media": False,
            "replies": [{"text": text, "blocks": blocks} for blocks in rest],
            "source": shown.one.url if shown.one else "",
        }
        if shown.one and (digest.entries[0].since or shown.one.change in ("corrected", "closed")):
            arguments |= {"edit_parent": True, "reply": _reply(shown.one, text)}
        parts = marks.cut(json.dumps(arguments, ensure_ascii=False))
        pieces = (part.encode("utf-8") if isinstance(part, str) else part for part in parts)
        return Message(digest.id, digest.channel, tuple(pieces))

    def _posts(
        self, digest: Digest, revisions: Mapping[str, Revision], marks: Marks
    ) -> tuple[DigestView, list[list[Block]]]:
        """Fold until post and thread are short enough to be read."""
        for budget in _BUDGETS:
            shown = compose(digest, revisions, self._place, budget)
            footer = context(self._snippet("footer", shown, marks.given))
            posts = packed(list(_blocks(shown)), [_DIVIDER, footer])
            if len(posts) <= POSTS_MAX:
                break
        return shown, posts

    def _snippet(self, name: str, shown: DigestView, blank: Mapping[str, str] = _NO_BLANKS) -> str:
        given = {"digest": shown, "blank": blank}
        return self._templates.render(f"slack/{name}.txt.j2", given).strip()


def _blocks(shown: DigestView) -> Iterator[Block]:
    if shown.one:
        yield from _alone(shown.one, shown.banners)
        return
    yield header(shown.title)
    yield context(shown.lead)
    yield from _banners(shown.banners)
    for group in shown.groups:
        yield _DIVIDER
        yield header(group.name)
        for entry in group.entries:
            yield from _banners(entry.banners)
            yield from rich_text([_headline(entry)])
            yield context(_meta(entry))
            yield from rich_text(_changes(entry))
            yield from rich_text([*_points(entry), *_body(entry)])
    for lines in (shown.folded, shown.capped, shown.unchanged, shown.told):
        yield from _listed(lines)


def _alone(entry: EntryView, banners: Sequence[Banner]) -> Iterator[Block]:
    yield from _banners((*banners, *entry.banners))
    yield header(entry.headline)
    yield context(_meta(entry))
    whole = [_headline(entry)] if len(entry.headline) > HEADER_MAX else []
    yield from rich_text([*whole, *_changes(entry)])
    yield from rich_text(_points(entry))
    yield from rich_text(_body(entry))


def _banners(banners: Sequence[Banner]) -> Iterator[Block]:
    for banner in banners:
        yield from rich_text(
            [Line("quote", [span(f"{banner.title}. ", style=_BOLD), span(isolated(banner.text))])]
        )


def _headline(entry: EntryView) -> Line:
    return Line("text", [span(entry.headline, entry.url, _BOLD)])


def _meta(entry: EntryView) -> str:
    return " · ".join((f"{_SIGN[entry.severity]} {entry.severity_word}", entry.change_word, *entry.meta))


def _changes(entry: EntryView) -> list[Line]:
    """What changed; the note of a correction or a closing stands in its banner already."""
    note = entry.note if entry.change == "updated" else ""
    if not (note or entry.differences):
        return []
    lines = [
        Line("text", [span("What changed", style=_BOLD), *([span(f": {isolated(note)}")] if note else [])])
    ]
    return lines + [Line("bullet", [span(difference)]) for difference in entry.differences]


def _points(entry: EntryView) -> list[Line]:
    return [Line("bullet", [span(point)]) for point in entry.key_points]


def _body(entry: EntryView) -> list[Line]:
    lines = to_lines(entry.body)
    if entry.url:
        label = "Read the full update" if entry.cut else entry.source or "Source"
        lines.append(Line("text", [span(label, entry.url)]))
    elif entry.cut:
        lines.append(Line("text", [span("Shortened here.", style={"italic": True})]))
    elif entry.source:
        lines.append(Line("text", [span(f"Source: {entry.source}")]))
    return lines


def _listed(lines: EntryList) -> Iterator[Block]:
    if not (lines.entries or lines.more):
        return
    listed = [Line("text", [span(lines.title, style=_BOLD)])]
    for entry in lines.entries:
        spans = [span(f"{_SIGN[entry.severity]} {entry.prefix}"), span(entry.in_line, entry.url)]
        listed.append(Line("bullet", spans + ([span(f" at {entry.told}")] if entry.told else [])))
    if lines.more:
        listed.append(Line("bullet", [span(f"and {lines.more} more")]))
    yield _DIVIDER
    yield from rich_text(listed)


def _reply(entry: EntryView, text: str) -> dict[str, object]:
    """What changed, for the thread: shown to the whole channel where it matters to act on it."""
    word = Line(
        "text", [span(f"{entry.change_word}: ", style=_BOLD), span(isolated(entry.headline), entry.url)]
    )
    return {
        "text": text,
        "blocks": [*_banners(entry.banners), *rich_text([word, *_changes(entry)])],
        "broadcast": entry.rose or entry.change in ("corrected", "closed"),
    }


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
