"""A digest as Slack posts: plain text and rich text only, which Slack shows and never interprets.

So no update can ping anybody, hide where a link leads or break the layout. Mrkdwn is spoken in one place, the
`text` that notifications show, and there `&`, `<` and `>` are escaped: the three characters Slack asks for.
"""

import json
from collections.abc import Iterator, Mapping, Sequence

from alerts.channels.slack.blocks import HEADER_MAX, Block, context, header, packed, rich_text, weight
from alerts.links import reading_page
from alerts.model import Digest, Fill, Message, Revision, Severity
from alerts.rendering.cleaning import shortened
from alerts.rendering.composing import Place, compose
from alerts.rendering.directions import isolated
from alerts.rendering.environment import Templates
from alerts.rendering.markdown import Line, span, to_lines
from alerts.rendering.marks import Marks
from alerts.rendering.view import RETRACTED, Banner, DigestView, EntryList, EntryView

#: A thread longer than this is not read: the content is folded until it fits.
POSTS_MAX = 5

#: Characters of content to try, in a post and its thread together.
_BUDGETS = (40_000, 24_000, 12_000, 6_000, 3_000, 1_000, 0)
#: Characters, as JSON, of the lines of a digest in its first post; what is beyond is counted.
_LINES_MAX = 9_000
_TEXT_MAX = 3_000

_SIGN = {"extreme": "🔴", "severe": "🟠", "moderate": "🟡", "minor": "🟢", "unknown": "⚪"}
_BOLD, _STRUCK = {"bold": True}, {"strike": True}
_NO_BLANKS: Mapping[str, str] = {}
_DIVIDER: Block = {"type": "divider"}


class Posts:
    """Renders digests as the arguments of `chat.postMessage`, and what goes into their threads."""

    def __init__(self, templates: Templates, public_url: str, place: Place) -> None:
        self._templates = templates
        self._place = place
        self._reading = reading_page(public_url)

    def message(self, digest: Digest, revisions: Mapping[str, Revision]) -> Message:
        """Render a digest for every channel that is owed it. Raises BadInput for a template that fails.

        Beside Slack's arguments stand `replies`, the overflow for the thread, and for a digest of one its
        `source` and, where it tells a change, `edit_parent` and `reply` (text, blocks, broadcast).
        """
        marks = Marks(["reason", "page"])
        shown, (first, *rest) = self._posts(digest, revisions, marks)
        text = _escaped(shortened(" ".join(self._snippet("text", shown).split()), _TEXT_MAX))
        arguments: dict[str, object] = {
            "text": text,
            "blocks": first,
            "unfurl_links": False,
            "unfurl_media": False,
            "replies": [{"text": text, "blocks": blocks} for blocks in rest],
            "source": shown.one.page if shown.one else shown.page,
        }
        if shown.one and (digest.entries[0].since or shown.one.change in ("corrected", "closed")):
            arguments |= {"edit_parent": True, "reply": _reply(shown.one, text)}
        parts = marks.cut(json.dumps(arguments, ensure_ascii=False), Fill.JSON)
        pieces = (part.encode("utf-8") if isinstance(part, str) else part for part in parts)
        return Message(digest.id, digest.channel, tuple(pieces))

    def _posts(
        self, digest: Digest, revisions: Mapping[str, Revision], marks: Marks
    ) -> tuple[DigestView, list[list[Block]]]:
        """Fold until post and thread are short enough to be read."""
        reading = self._reading + marks.given["page"]
        for budget in _BUDGETS:
            shown = compose(digest, revisions, self._place, budget, reading)
            last = [_DIVIDER, context(self._snippet("footer", shown, marks.given))]
            posts = packed(list(_alone(shown.one, shown.banners) if shown.one else _overview(shown)), last)
            details = list(_details(shown))
            posts += packed(details, []) if details else []
            if len(posts) <= POSTS_MAX:
                break
        return shown, posts

    def _snippet(self, name: str, shown: DigestView, blank: Mapping[str, str] = _NO_BLANKS) -> str:
        given = {"digest": shown, "blank": blank}
        return self._templates.render(f"slack/{name}.txt.j2", given).strip()


def _overview(shown: DigestView) -> Iterator[Block]:
    """A line an update, the urgent ones on top; the details are in the thread."""
    yield header(shown.title)
    yield context(shown.lead)
    yield from _banners(shown.banners)
    entries = [(entry, entry.link) for group in shown.groups for entry in group.entries]
    folded = [(entry, entry.page) for entry in shown.folded.entries]
    yield from rich_text(_lines([*entries, *folded], shown.folded.more, shown.page))
    for listed in (shown.capped, shown.unchanged, shown.told):
        yield from _listed(listed, shown.page)
    if shown.groups:
        yield context("Details are in the thread.")


def _details(shown: DigestView) -> Iterator[Block]:
    for group in shown.groups:
        yield header(group.name)
        for entry in group.entries:
            yield from _banners(entry.banners)
            yield from rich_text([_headline(entry)])
            yield context(_meta(entry))
            yield from rich_text(_changes(entry, entry.beside))
            yield from rich_text([*_points(entry), *_body(entry)])


def _alone(entry: EntryView, banners: Sequence[Banner]) -> Iterator[Block]:
    yield from _banners((*banners, *entry.banners))
    if entry.ended:  # a header is plain text, and cannot be struck through
        yield from rich_text([_headline(entry)])
    else:
        yield header(entry.headline)
    yield context(_meta(entry))
    whole = [_headline(entry)] if len(entry.headline) > HEADER_MAX and not entry.ended else []
    yield from rich_text([*whole, *_changes(entry, entry.beside)])
    yield from rich_text(_points(entry))
    yield from rich_text(_body(entry))


def _banners(banners: Sequence[Banner]) -> Iterator[Block]:
    for banner in banners:
        yield from rich_text(
            [Line("quote", [span(f"{banner.title}. ", style=_BOLD), span(isolated(banner.text))])]
        )


def _headline(entry: EntryView) -> Line:
    return Line("text", [span(entry.headline, entry.link, _STRUCK if entry.ended else _BOLD)])


def _meta(entry: EntryView) -> str:
    return " · ".join((_severity(entry), entry.change_word, *entry.meta))


def _severity(entry: EntryView) -> str:
    """A sign in the severity's colour and its word; what is over, or never was so, has no colour."""
    if entry.ended:
        return f"Was {entry.severity_word if entry.severity != 'unknown' else 'of unknown severity'}"
    word = entry.severity_word if entry.severity != "unknown" else "Severity unknown"
    return f"{_SIGN[entry.severity]} {word}"


def _lines(entries: Sequence[tuple[EntryView, str]], more: int, page: str) -> list[Line]:
    """Severity, headline with its link and place of each, as many as are read, then a count."""
    lines, room = list[Line](), _LINES_MAX
    for position, (entry, link) in enumerate(entries):
        line = Line("bullet", list(_line(entry, link)))
        room -= weight(line.spans)
        if room < 0:
            more += len(entries) - position
            break
        lines.append(line)
    return lines + ([_more(more, page)] if more else [])


def _more(count: int, page: str) -> Line:
    return Line("bullet", [span(f"and {count} more", page)])


def _line(entry: EntryView, link: str) -> Iterator[dict[str, object]]:
    loud = entry.rank >= Severity.SEVERE.rank and not entry.ended
    yield span(f"{_severity(entry)} · {entry.prefix}", style=_BOLD if loud else {})
    yield span(entry.listed, link, _STRUCK if entry.ended else {})
    yield span(f" · {entry.where}")


def _changes(entry: EntryView, differences: Sequence[str]) -> list[Line]:
    """What changed; the note of a correction or a closing stands in its banner already."""
    note = entry.note if entry.change == "updated" else ""
    if not (note or differences):
        return []
    lines = [
        Line("text", [span("What changed", style=_BOLD), *([span(f": {isolated(note)}")] if note else [])])
    ]
    return lines + [Line("bullet", [span(difference)]) for difference in differences]


def _points(entry: EntryView) -> list[Line]:
    return [Line("bullet", [span(point)]) for point in entry.key_points]


def _body(entry: EntryView) -> list[Line]:
    lines = to_lines(entry.body)
    if entry.cut:
        lines.append(Line("text", [span("Read the whole update", entry.page)]))
    if entry.url or entry.source:
        lines.append(Line("text", [span("Source: "), span(entry.source or entry.url, entry.url)]))
    return lines


def _listed(lines: EntryList, page: str) -> Iterator[Block]:
    if not (lines.entries or lines.more):
        return
    listed = [Line("text", [span(lines.title, style=_BOLD)])]
    for entry in lines.entries:
        struck = _STRUCK if entry.ended else {}
        spans = [span(f"{_SIGN[entry.severity]} {entry.prefix}"), span(entry.in_line, entry.page, struck)]
        listed.append(Line("bullet", spans + ([span(f" at {entry.told}")] if entry.told else [])))
    if lines.more:
        listed.append(_more(lines.more, page))
    yield _DIVIDER
    yield from rich_text(listed)


def _reply(entry: EntryView, text: str) -> dict[str, object]:
    """What changed, for the thread: shown to the whole channel where it matters to act on it."""
    broadcast = entry.rose or entry.change in ("corrected", RETRACTED)
    unreal = [banner for banner in entry.banners if banner.kind in ("exercise", "test")]
    why = [banner for banner in entry.banners if banner not in unreal]
    headline = span(isolated(entry.headline), entry.link, _STRUCK if entry.ended else {})
    word = Line("text", [span(f"{entry.change_word}: ", style=_BOLD), headline])
    lines = [Line("text", [span(banner.text)]) for banner in why] + _changes(entry, entry.differences)
    return {
        "text": text,
        "blocks": [*_banners(unreal), *rich_text([word, *lines])],
        "broadcast": broadcast,
    }


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
