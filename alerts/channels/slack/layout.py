"""A digest as Slack posts: plain text and rich text only, which Slack shows and never interprets.

So no update can ping anybody, hide where a link leads or break the layout. Mrkdwn is spoken in one place, the
`text` that notifications show, and there `&`, `<` and `>` are escaped: the three characters Slack asks for.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from alerts.channels.slack.blocks import (
    FIRST_MAX,
    HEADER_MAX,
    Block,
    context,
    header,
    moment,
    packed,
    rich_text,
    weight,
)
from alerts.channels.slack.fallback import CUT, READ_IT
from alerts.links import reading_page
from alerts.locales import Locale
from alerts.model import Digest, Fill, Message, Revision, Severity
from alerts.rendering.cleaning import shortened
from alerts.rendering.composing import Place, PublicPage, compose
from alerts.rendering.directions import isolated
from alerts.rendering.environment import Templates
from alerts.rendering.markdown import Line, span, to_lines
from alerts.rendering.marks import Marks
from alerts.rendering.view import Banner, DigestView, EntryList, EntryView
from alerts.rendering.words import RETRACTED, labelled

#: A thread longer than this is not read: the content is folded until it fits.
POSTS_MAX = 5

#: Characters of content to try, in a post and its thread together.
_BUDGETS = (40_000, 24_000, 12_000, 6_000, 3_000, 1_000, 0)
#: Characters, as JSON, of the lines of a digest in its first post; what is beyond is counted.
_LINES_MAX = 19_000
#: What the JSON around one line takes.
_BULLET_COST = 50
#: A digest of so few entries, and so short as JSON, is one post: nobody opens a thread for three sentences.
_WHOLE_ENTRIES, _WHOLE_MAX = 3, 6_000
_TEXT_MAX = 3_000
#: Characters of one fact under a headline.
_FACT_MAX = 500

_SIGN = {"extreme": "🔴", "severe": "🟠", "moderate": "🟡", "minor": "🟢", "unknown": "⚪"}
_BOLD, _STRUCK = {"bold": True}, {"strike": True}
_NO_BLANKS: Mapping[str, str] = {}
_DIVIDER: Block = {"type": "divider"}


class Posts:
    """Renders digests as the arguments of `chat.postMessage`, and what goes into their threads."""

    def __init__(self, templates: Templates, public_url: str, place: Place, public_page: PublicPage) -> None:
        self._templates = templates
        self._place = place
        self._public_page = public_page
        self._reading = reading_page(public_url)

    def message(self, digest: Digest, revisions: Mapping[str, Revision], locale: Locale) -> Message:
        """Render a digest for every channel that is owed it. Raises BadInput for a template that fails.

        Beside Slack's arguments stand `replies`, the overflow for the thread, `plain`, what is said where it
        shows not all, its `source` and, where it tells a change, `edit_parent` and `reply`.
        """
        marks = Marks(["reason", "page"])
        shown, (first, *rest) = self._posts(digest, revisions, marks, locale)
        text = _escaped(shortened(" ".join(self._snippet("text", shown, locale).split()), _TEXT_MAX))
        arguments: dict[str, object] = {
            "text": text,
            "blocks": first,
            "unfurl_links": False,
            "unfurl_media": False,
            "replies": [{"text": text, "blocks": blocks} for blocks in rest],
            "source": shown.one.page if shown.one else shown.page,
            "plain": {"read_it": locale.say(READ_IT), "cut": locale.say(CUT)},
        }
        if shown.one and (digest.entries[0].since or shown.one.change in ("corrected", "closed")):
            arguments |= {"edit_parent": True, "reply": _reply(shown.one, text)}
        parts = marks.cut(json.dumps(arguments, ensure_ascii=False), Fill.JSON)
        pieces = (part.encode("utf-8") if isinstance(part, str) else part for part in parts)
        return Message(digest.id, digest.channel, tuple(pieces))

    def _posts(
        self, digest: Digest, revisions: Mapping[str, Revision], marks: Marks, locale: Locale
    ) -> tuple[DigestView, list[list[Block]]]:
        """Fold until post and thread are short enough to be read."""
        reading = self._reading + marks.given["page"]
        for budget in _BUDGETS:
            shown = compose(
                digest,
                revisions,
                self._place,
                budget,
                reading,
                locale=locale,
                public_page=self._public_page,
            )
            footer = self._snippet("footer", shown, locale, marks.given)
            last = [] if shown.outage else [_DIVIDER, context(footer)]
            posts = _dealt(shown, last, locale)
            if len(posts) <= POSTS_MAX:
                break
        return shown, posts

    def _snippet(
        self, name: str, shown: DigestView, locale: Locale, blank: Mapping[str, str] = _NO_BLANKS
    ) -> str:
        given = {"digest": shown, "blank": blank}
        return self._templates.render(f"slack/{name}.txt.j2", given, locale=locale).strip()


def _dealt(shown: DigestView, last: Sequence[Block], locale: Locale) -> list[list[Block]]:
    """The post, and what is in its thread: of several updates a line each, and the details there.

    Where all of it is read at once, in the post itself.
    """
    if shown.one:
        return packed(list(_alone(shown.one, shown.banners, bare=shown.outage)), last)
    details = list(_details(shown))
    if _is_short(shown, details):
        return packed(list(_around(shown, details, locale)), last)
    overview = [*_around(shown, rich_text(_lines(shown, locale)), locale)]
    if not details:
        return packed(overview, last, FIRST_MAX)
    return [
        *packed([*overview, context(locale.gettext("Details are in the thread."))], last, FIRST_MAX),
        *packed(details, []),
    ]


def _is_short(shown: DigestView, details: Sequence[Block]) -> bool:
    """Whether all of a digest is read in its post. What was folded is in no details: it has its line."""
    entries = sum(len(group.entries) for group in shown.groups)
    return entries <= _WHOLE_ENTRIES and not shown.folded.count and weight(details) <= _WHOLE_MAX


def _around(shown: DigestView, entries: Iterable[Block], locale: Locale) -> Iterator[Block]:
    yield header(shown.title)
    yield context(shown.lead)
    yield from _banners(shown.banners)
    yield from entries
    for listed in (shown.ended, shown.capped, shown.unchanged, shown.told):
        yield from _listed(listed, shown.page, locale)


def _details(shown: DigestView) -> Iterator[Block]:
    for group in shown.groups:
        yield header(group.name)
        for entry in group.entries:
            # In one block with its headline: whatever is dealt into another post, no exercise looks real.
            head = Line("text", [*_headline(entry).spans, span("\n"), *_meta(entry).spans])
            yield from rich_text([*_warnings(entry.banners), head, *_changes(entry, entry.beside)])
            yield from rich_text([*_points(entry), *_body(entry)])


def _alone(entry: EntryView, banners: Sequence[Banner], *, bare: bool = False) -> Iterator[Block]:
    """One update; `bare`: without severity, place and time, where it is no situation."""
    yield from _banners((*banners, *entry.banners))
    if entry.ended:  # a header is plain text, and cannot be struck through
        yield from rich_text([_headline(entry)])
    else:
        yield header(entry.headline)
    whole = [_headline(entry)] if len(entry.headline) > HEADER_MAX and not entry.ended else []
    meta = [] if bare else [_meta(entry)]
    yield from rich_text([*meta, *whole, *_changes(entry, entry.beside)])
    yield from rich_text(_points(entry))
    yield from rich_text(_body(entry))


def _banners(banners: Sequence[Banner]) -> Iterator[Block]:
    for warning in _warnings(banners):
        yield from rich_text([warning])


def _warnings(banners: Sequence[Banner]) -> list[Line]:
    return [
        Line("quote", [span(f"{banner.title}. ", style=_BOLD), span(isolated(banner.text))])
        for banner in banners
    ]


def _headline(entry: EntryView) -> Line:
    return Line("text", [span(entry.headline, entry.link, _STRUCK if entry.ended else _BOLD)])


def _meta(entry: EntryView) -> Line:
    """Severity, what became of it, where, when, who: each reader sees the times in their own zone."""
    line = Line("text", [span(f"{_severity(entry)} · {entry.change_word}")])
    for fact in entry.facts:
        line.spans.append(span(f" · {fact.word if fact.at else ''}"))
        text = shortened(fact.text.removeprefix(fact.word), _FACT_MAX)
        line.spans.append(moment(fact.at, text) if fact.at else span(text))
    return line


def _severity(entry: EntryView) -> str:
    """A sign in the severity's colour and its word; what is over, or never was so, has no colour."""
    return entry.severity_now if entry.ended else f"{_SIGN[entry.severity]} {entry.severity_now}"


def _lines(shown: DigestView, locale: Locale) -> list[Line]:
    """Severity, headline with its link and place of each, the urgent on top; what is not read is counted."""
    entries = [(entry, entry.link) for group in shown.groups for entry in group.entries]
    entries += [(entry, entry.page) for entry in shown.folded.entries]
    lines, room, more = list[Line](), _LINES_MAX, shown.folded.more
    for position, (entry, link) in enumerate(entries):
        line = Line("bullet", list(_line(entry, link)))
        room -= weight(line.spans) + _BULLET_COST
        if room < 0:
            more += len(entries) - position
            break
        lines.append(line)
    return lines + ([_more(more, shown.page, locale)] if more else [])


def _more(count: int, page: str, locale: Locale) -> Line:
    return Line("bullet", [span(locale.ngettext("and %(num)s more", "and %(num)s more", count), page)])


def _line(entry: EntryView, link: str) -> Iterator[dict[str, object]]:
    loud = entry.rank >= Severity.SEVERE.rank and not entry.ended
    yield span(f"{_severity(entry)} · {entry.prefix}", style=_BOLD if loud else {})
    yield span(entry.listed, link, _STRUCK if entry.ended else {})
    yield span(f" · {entry.where}" + (f" · {entry.peak}" if entry.peak else ""))


def _changes(entry: EntryView, differences: Sequence[str]) -> list[Line]:
    """What changed; the note of a correction or a closing stands in its banner already."""
    note = entry.note if entry.change == "updated" else ""
    if not (note or differences):
        return []
    title = span(entry.locale.gettext("What changed"), style=_BOLD)
    said = [span(labelled("", isolated(note), entry.locale))] if note else []
    lines = [Line("text", [title, *said])]
    return lines + [Line("bullet", [span(difference)]) for difference in differences]


def _points(entry: EntryView) -> list[Line]:
    return [Line("bullet", [span(point)]) for point in entry.key_points]


def _body(entry: EntryView) -> list[Line]:
    lines = to_lines(entry.body)
    if entry.cut:
        lines.append(Line("text", [span(entry.locale.gettext("Read the whole update"), entry.page)]))
    if entry.url or entry.source:
        source = labelled(entry.locale.gettext("Source"), "", entry.locale)
        lines.append(Line("text", [span(source), span(entry.source or entry.url, entry.url)]))
    if entry.public_page:
        lines.append(_public_page(entry))
    return lines


def _public_page(entry: EntryView) -> Line:
    """The link, and around it what it is in this language."""
    link = entry.locale.gettext("Latest on this situation")
    before, after = entry.locale.gettext("%(link)s, for everybody to read", link="\n").split("\n")
    around = [span(before)] if before else []
    return Line("text", [*around, span(link, entry.public_page), span(after)])


def _listed(lines: EntryList, page: str, locale: Locale) -> Iterator[Block]:
    if not (lines.entries or lines.more):
        return
    listed = [Line("text", [span(lines.title, style=_BOLD)])]
    for entry in lines.entries:
        struck = _STRUCK if entry.ended else {}
        sign = "" if entry.ended else f"{_SIGN[entry.severity]} "
        spans = [span(f"{sign}{entry.before_headline}"), span(entry.in_line, entry.page, struck)]
        behind = [span(f" · {entry.behind_headline}")] if entry.behind_headline else []
        at = [span(" · "), moment(entry.told_at, entry.told)] if entry.told_at else []
        listed.append(Line("bullet", spans + (at or behind)))
    if lines.more:
        listed.append(_more(lines.more, page, locale))
    yield _DIVIDER
    yield from rich_text(listed)


def _reply(entry: EntryView, text: str) -> dict[str, object]:
    """What changed, for the thread: shown to the whole channel where it matters to act on it."""
    broadcast = entry.rose or entry.change in ("corrected", RETRACTED)
    unreal = [banner for banner in entry.banners if banner.kind in ("exercise", "test")]
    why = [banner for banner in entry.banners if banner not in unreal]
    headline = span(isolated(entry.headline), entry.link, _STRUCK if entry.ended else {})
    word = Line("text", [span(labelled(entry.change_word, "", entry.locale), style=_BOLD), headline])
    lines = [Line("text", [span(banner.text)]) for banner in why] + _changes(entry, entry.differences)
    return {
        "text": text,
        "blocks": [*_banners(unreal), *rich_text([word, *lines])],
        "broadcast": broadcast,
    }


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
