"""From a digest and its revisions to what is shown of them: a pure function, whatever the channel."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time

from alerts.locales import Locale
from alerts.model import Certainty, Change, Digest, Draft, Entry, Kind, Revision, Severity, Status
from alerts.regions import country_of
from alerts.rendering import moments, times
from alerts.rendering.changes import Changes
from alerts.rendering.cleaning import many_lines, one_line, shortened
from alerts.rendering.directions import direction_of, isolated
from alerts.rendering.editions import changes_between, foreign, foreign_text
from alerts.rendering.folding import fitted, fold, groups, lines
from alerts.rendering.times import Seen
from alerts.rendering.view import DigestView, EntryView
from alerts.rendering.wording import (
    capped_title,
    digest_banners,
    ended_title,
    entry_banners,
    lead,
    no_change,
    preheader,
    subject,
    thread_subject,
    title_of,
    unchanged_title,
    was,
)
from alerts.rendering.words import RETRACTED, and_more, capital, certainty_word, change_word, urgency_word
from alerts.rules.describing import severity_word
from alerts.rules.translations import Edition, edition
from alerts.texts import safe_url

#: Region code → display name.
Place = Callable[[str], str]
#: An update's id and a revision of it → where everybody reads it, empty for nowhere.
PublicPage = Callable[[str, Draft], str]

_NAMES_SHOWN = 8
_NOTE_MAX = 1_500
#: Entries that are read without a list of them on top.
_WITHOUT_GLANCE = 5


def no_page(_update: str, _draft: Draft) -> str:
    """Where nobody but who was sent it may read an update."""
    return ""


def compose(
    digest: Digest,
    revisions: Mapping[str, Revision],
    place: Place,
    budget: int,
    page: str,
    *,
    locale: Locale,
    public_page: PublicPage = no_page,
) -> DigestView:
    """Lay a digest out in about `budget` characters; what does not fit is folded and counted.

    `place` names a region in English, which is said as `locale` has it.
    `page`: where its reader finds all of it, and behind `/` and an update's id each entry whole.
    """
    place = _named(place, locale)
    alone = digest.alone and not (digest.clock and _unchanged(digest.entries[0], revisions, locale))
    room = budget if alone else None
    shown = [
        replace(
            _entry(entry, digest, revisions, place, locale=locale, room=room),
            page="" if digest.of_outage else f"{page}/{entry.update}",
            public_page=public_page(entry.update, revisions[entry.ref].draft),
        )
        for entry in digest.entries
    ]
    fresh = sorted((e for e in shown if e.change != Change.TOLD), key=_order)
    told = sorted((e for e in shown if e.change == Change.TOLD), key=_order)
    over = [entry for entry in fresh if entry.change == Change.ENDED]
    fresh = [entry for entry in fresh if entry.change != Change.ENDED]
    beyond = {entry.update for entry in digest.entries if entry.folded}
    same = [] if alone else [entry for entry in fresh if entry.unchanged]
    news = [entry for entry in fresh if alone or not entry.unchanged]
    within = [entry for entry in news if entry.update not in beyond]
    capped = [entry for entry in news if entry.update in beyond]
    full, rest = ([], []) if alone else fold(within, budget)
    grouped = groups(full, locale)
    return DigestView(
        id=digest.id,
        page=page,
        subject=thread_subject(fresh[0])
        if alone
        else subject(digest, news or over or same, told, alone, locale=locale),
        notification=subject(digest, news or over or same, told, alone, locale=locale, beside=isolated),
        title=title_of(fresh, over, told, locale),
        lead=lead(digest, locale),
        preheader=preheader([*news, *over] or same or told, alone, bool(news or over))
        if shown
        else lead(digest, locale),
        urgent=digest.urgent,
        scheduled=bool(digest.clock),
        banners=tuple(digest_banners(digest, [*fresh, *over], alone, locale)),
        quiet=digest.all_quiet,
        outage=digest.of_outage,
        one=fresh[0] if alone else None,
        glance=tuple(e for group in grouped for e in group.entries) if len(full) > _WITHOUT_GLANCE else (),
        groups=grouped,
        folded=lines(locale.gettext("Also"), rest, budget // 4),
        ended=lines(ended_title(locale), over, budget // 4),
        capped=lines(capped_title(len(capped), bool(within), locale), capped, budget // 4),
        unchanged=lines(unchanged_title(len(same), bool(news), locale), same, budget // 4),
        told=lines(change_word(Change.TOLD, locale), told, budget // 4),
    )


def shown_alone(
    entry: Entry,
    seen: Seen,
    revisions: Mapping[str, Revision],
    place: Place,
    *,
    locale: Locale,
    room: int = sys.maxsize,
) -> EntryView:
    """Show one entry with all of its text, or as much of it as `room` characters hold."""
    return _entry(entry, seen, revisions, _named(place, locale), locale=locale, room=room)


def _named(place: Place, locale: Locale) -> Place:
    """What names a region in a language."""
    return lambda code: locale.region(code, place(code))


def _entry(
    entry: Entry,
    seen: Seen,
    revisions: Mapping[str, Revision],
    place: Place,
    *,
    locale: Locale,
    room: int | None,
) -> EntryView:
    revision = revisions[entry.ref]
    read = edition(revision.draft, locale.reads)
    draft = read.draft
    peak = revisions[entry.peak_ref] if entry.peak_ref else None
    told = _told(entry, revisions, locale)
    before = told.draft if told else None
    changes = changes_between(told, read, place, seen.clock, locale) if told else _unmarked(draft)
    unchanged = told is not None and _says_nothing(entry, draft, changes.said)
    if entry.change is Change.ENDED and peak:
        worst = edition(peak.draft, locale.reads)
        read = replace(read, headline=worst.headline)
        draft = replace(draft, severity=worst.draft.severity, headline=worst.draft.headline)
    change = RETRACTED if revision.kind is Kind.RETRACTION else entry.change.value
    if entry.change is Change.CLOSED:
        draft = as_ended(draft, before)
        changes = _unmarked(draft)
        if draft.language != read.headline:  # it stands under the headline of before, which its note names
            read = replace(read, headline=draft.language, note="")
    written = times.published(revision, seen)
    published = written if isinstance(written, datetime) else None
    whole = many_lines(draft.body)
    points, body, cut = fitted(changes.points, whole, room)
    note = shortened(one_line(draft.note), _NOTE_MAX)
    under = entry.under or country_of(draft.regions[0])
    regions = sorted(draft.regions, key=lambda code: country_of(code) != under)
    sure = "" if draft.certainty is Certainty.UNKNOWN else certainty_word(draft.certainty, locale)
    return EntryView(
        locale=locale,
        update=entry.update,
        change=change,
        change_word=change_word(change, locale),
        status=draft.status.value,
        severity=draft.severity.value,
        severity_word=capital(severity_word(draft.severity, locale)),
        certainty=sure,
        urgency=urgency_word(draft.urgency, locale),
        headline=one_line(draft.headline) or locale.gettext("(no headline)"),
        when=times.when(written, seen.clock, locale),
        expiry=times.expiry(draft.expires_at, seen.horizon_ms, seen.clock, locale),
        country=one_line(place(under)),
        places=_some(map(place, regions), locale),
        tags=_some(draft.tags, locale),
        author=isolated(one_line(draft.author)),
        source=isolated(one_line(draft.source)),
        url=safe_url(draft.url, ("http", "https")),
        page="",
        public_page="",
        key_points=points,
        bare_points=tuple(map(one_line, draft.key_points)),
        language=read.headline,
        direction=direction_of(read.headline),
        points_language=read.key_points,
        points_direction=direction_of(read.key_points),
        body_language=read.body,
        note_language=read.note,
        note_direction=direction_of(read.note),
        foreign=foreign(read, locale),
        foreign_text=foreign_text(read, locale),
        body=body,
        whole=whole,
        cut=cut,
        note=note,
        differences=(no_change(locale),) if unchanged else changes.said,
        beside=(no_change(locale),) if unchanged else changes.beside,
        banners=tuple(entry_banners(change, draft.status, note, locale)),
        peak=was(
            peak.draft.severity, moments.weekday(times.published(peak, seen), seen.clock, locale), locale
        )
        if peak
        else "",
        told=moments.since_then(entry.at_ms, seen.horizon_ms, seen.clock, locale)
        if entry.change is Change.TOLD
        else "",
        told_at=moments.utc(entry.at_ms) if entry.change is Change.TOLD else None,
        rose=before is not None and draft.urgent and before.severity.rank < draft.severity.rank,
        unchanged=unchanged,
        rank=draft.severity.rank,
        moment=published or datetime.combine(written, time(), UTC),
        published=published,
        expires=draft.expires_at,
        expiry_word=times.expiry_word(draft.expires_at, seen.horizon_ms, locale) if draft.expires_at else "",
    )


def _unmarked(draft: Draft) -> Changes:
    return Changes((), tuple(map(one_line, draft.key_points)), ())


def as_ended(draft: Draft, before: Draft | None) -> Draft:
    """What is over, or never was so, is not told again as if it were: only what its author wrote anew.

    It was as severe as it was told to be, and is struck through under the headline it was told by: a new one
    is said beside it.
    """
    if before is not None:
        anew = draft.headline if one_line(draft.headline) != one_line(before.headline) else ""
        note = _sentences(anew, draft.note)
        language = draft.language if draft.language == before.language else ""
        draft = replace(
            draft, headline=before.headline, note=note, severity=before.severity, language=language
        )
    known = before.key_points if before else draft.key_points
    points = tuple(point for point in draft.key_points if point not in known)
    again = before is None or before.body == draft.body
    return replace(draft, key_points=points, body="" if again else draft.body)


def _sentences(*texts: str) -> str:
    """Texts one after the other, each ended as a sentence is."""
    found = [text for text in map(one_line, texts) if text]
    return " ".join([*(text if text[-1] in ".!?؟。" else f"{text}." for text in found[:-1]), *found[-1:]])


def _told(entry: Entry, revisions: Mapping[str, Revision], locale: Locale) -> Edition | None:
    """What its reader was told of it before."""
    return edition(revisions[entry.since_ref].draft, locale.reads) if entry.since_ref else None


def _unchanged(entry: Entry, revisions: Mapping[str, Revision], locale: Locale) -> bool:
    """Whether a reader who knows what was told before learns nothing: it became as it was."""
    told, read = _told(entry, revisions, locale), edition(revisions[entry.ref].draft, locale.reads)
    return told is not None and _says_nothing(
        entry, read.draft, changes_between(told, read, str, "", locale).said
    )


def _says_nothing(entry: Entry, now: Draft, changes: Sequence[str]) -> bool:
    return entry.change is Change.UPDATED and not (one_line(now.note) or changes or entry.peak)


def _some(names: Iterable[str], locale: Locale) -> tuple[str, ...]:
    every = tuple(one_line(name) for name in names)
    rest = len(every) - _NAMES_SHOWN
    return every if rest <= 1 else (*every[:_NAMES_SHOWN], and_more(rest, locale))


def _order(entry: EntryView) -> tuple[bool, bool, int, float, str]:
    """What is real first; what is over last; the most severe first, an unknown severity after all known.

    What was told in error stands where it stood: somebody may be acting on it.
    """
    rank = -1 if entry.severity == Severity.UNKNOWN else entry.rank
    over = entry.change == Change.CLOSED
    return (entry.status != Status.ACTUAL, over, -rank, -entry.moment.timestamp(), entry.update)
