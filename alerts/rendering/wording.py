"""The sentences around the entries: banners, subject, title, the line under it, the preview line."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from alerts.locales import Locale
from alerts.model import HEADLINE_MAX, Change, Digest, Kind, Severity, Status
from alerts.rendering import moments
from alerts.rendering.cleaning import one_line, shortened
from alerts.rendering.directions import isolated
from alerts.rendering.view import Banner, EntryView
from alerts.rendering.words import RETRACTED, capital, commas, labelled, status_word
from alerts.rules.cadence import Clock
from alerts.rules.describing import severity_word

_CHANGE_OF = {Kind.CORRECTION: Change.CORRECTED, Kind.CANCEL: Change.CLOSED, Kind.RETRACTION: RETRACTED}

#: The longest headline beside a count: a phone shows less than this.
_SUBJECT_HEADLINE_MAX = 120


def said_by(kind: Kind) -> str:
    """What a revision says to who knows the one before it."""
    return _CHANGE_OF.get(kind, Change.UPDATED)


def no_change(locale: Locale) -> str:
    """What has changed, where an update goes out at once though nothing has."""
    return locale.gettext("Nothing: it is as it was told before")


def entry_banners(change: str, status: Status, note: str, locale: Locale) -> Iterable[Banner]:
    yield from _status_banner(status, locale)
    if change == Change.CORRECTED:
        fallback = locale.gettext("What we told you before was not right. This replaces it.")
        yield Banner("correction", locale.gettext("Correction"), note or fallback)
    if change == RETRACTED:
        fallback = locale.gettext(
            "What we told you was wrong. Do not act on it, and tell anyone you passed it on to."
        )
        yield Banner(RETRACTED, locale.gettext("Retracted: this was wrong"), note or fallback)
    if change == Change.CLOSED:
        fallback = locale.gettext("No further updates are expected.")
        yield Banner("closed", locale.gettext("This situation is closed"), note or fallback)


def _status_banner(status: Status, locale: Locale) -> Iterable[Banner]:
    if status is not Status.ACTUAL:
        text = locale.gettext("This is not a real situation. Take no action on it.")
        yield Banner(status.value, status_word(status, locale).upper(), text)


def digest_banners(
    digest: Digest, fresh: Sequence[EntryView], alone: bool, locale: Locale
) -> Iterable[Banner]:
    common = _common_status(fresh)
    if common and not alone:
        yield from _status_banner(Status(common), locale)
    if digest.late:
        begin = _since(digest, locale)
        due = moments.brief(digest.horizon_ms, digest.clock, locale)
        at = {"due": due, "zone": moments.zone_name(digest.clock)}
        if begin:
            text = locale.gettext(
                "It was due at %(due)s, %(zone)s. It holds everything since %(begin)s.", begin=begin, **at
            )
        else:
            text = locale.gettext("It was due at %(due)s, %(zone)s.", **at)
        yield Banner("late", locale.gettext("This digest is late"), text)
    if digest.catch_up:
        text = locale.gettext("What has happened there lately that you have not been told yet.")
        yield Banner("catch-up", locale.gettext("Where things stand in your area"), text)


def _common_status(entries: Sequence[EntryView]) -> str:
    """`exercise` or `test` where that is true of every entry, else nothing."""
    statuses = {entry.status for entry in entries}
    return statuses.pop() if len(statuses) == 1 and Status.ACTUAL not in statuses else ""


def was(severity: Severity, day: str, locale: Locale) -> str:
    """was severe on Tuesday 10 November."""
    if severity is Severity.UNKNOWN:
        return locale.gettext("was of unknown severity on %(day)s", day=day)
    return locale.gettext("was %(severity)s on %(day)s", severity=severity_word(severity, locale), day=day)


def title_of(
    fresh: Sequence[EntryView], over: Sequence[EntryView], told: Sequence[EntryView], locale: Locale
) -> str:
    """`4 updates and 1 exercise`, `3 updates, and 1 that has ended`, or what there is instead of news.

    As many updates as the subject counts.
    """
    if over and fresh:
        return locale.ngettext(
            "%(news)s, and %(num)s that has ended",
            "%(news)s, and %(num)s that have ended",
            len(over),
            news=_news_title(fresh, locale),
        )
    if over:
        return locale.ngettext("%(num)s update that has ended", "%(num)s updates that have ended", len(over))
    if fresh:
        return _news_title(fresh, locale)
    if told:
        return locale.ngettext(
            "%(num)s update, which went out at once", "%(num)s updates, which went out at once", len(told)
        )
    return locale.gettext("All quiet")


def _news_title(fresh: Sequence[EntryView], locale: Locale) -> str:
    """`4 updates and 1 exercise`; where nothing is new, that."""
    statuses = Counter(entry.status for entry in _news(fresh))
    if not statuses:
        return unchanged_title(len(fresh), True, locale)
    return locale.all_of([_counted(statuses[s], s, locale) for s in Status if statuses[s]])


def _news(entries: Sequence[EntryView]) -> list[EntryView]:
    """What a digest tells: what says nothing that was not told before is counted apart."""
    return [entry for entry in entries if not entry.unchanged]


def ended_title(locale: Locale) -> str:
    """What stands above the lines of what began and was closed before any of it was delivered."""
    return locale.gettext("Ended since your last digest")


def unchanged_title(count: int, beside: bool, locale: Locale) -> str:
    """1 update without a change: `beside` what is news; else the digest's own title has said so."""
    if not beside:
        return locale.gettext("As told before")
    return locale.ngettext("%(num)s update without a change", "%(num)s updates without a change", count)


def capped_title(count: int, beside: bool, locale: Locale) -> str:
    """2 more, beyond your daily cap: `beside` what is told whole."""
    if beside:
        return locale.ngettext(
            "%(num)s more, beyond your daily cap", "%(num)s more, beyond your daily cap", count
        )
    return locale.ngettext("%(num)s beyond your daily cap", "%(num)s beyond your daily cap", count)


def _counted(count: int, status: Status, locale: Locale) -> str:
    match status:
        case Status.ACTUAL:
            return locale.ngettext("%(num)s update", "%(num)s updates", count)
        case Status.EXERCISE:
            return locale.ngettext("%(num)s exercise", "%(num)s exercises", count)
        case Status.TEST:
            return locale.ngettext("%(num)s test", "%(num)s tests", count)


def subject(
    digest: Digest,
    fresh: Sequence[EntryView],
    told: Sequence[EntryView],
    alone: bool,
    *,
    locale: Locale,
    beside: Callable[[str], str] = str,
) -> str:
    """The headline of a digest of one; else the worst and a count: `SEVERE · Flooding, and 3 more · 08:00 …`.

    Exercises and tests are named only where there is nothing else. A mail of one has `thread_subject`.
    `beside` makes a headline fit to stand beside other words; a mail's subject holds it as it is.
    """
    status = _common_status(fresh)
    prefix = f"[{capital(status_word(Status(status), locale))}] " if status else ""
    if alone:
        words, headline = prefix + _before_headline(fresh[0]), fresh[0].headline
        return shortened(words + (beside(headline) if words else headline), HEADLINE_MAX)
    at = moments.brief(digest.horizon_ms, digest.clock, locale)
    news = [entry for entry in _news(fresh) if status or entry.status == Status.ACTUAL]
    if not news:
        where = _countries(fresh or told, locale)
        said = filter(None, (title_of(fresh, (), told, locale), where, at))
        return shortened(prefix + " · ".join(said), HEADLINE_MAX)
    worst = _before_headline(news[0]) + beside(shortened(news[0].headline, _SUBJECT_HEADLINE_MAX))
    more = len(news) - 1
    if more:
        worst = locale.ngettext(
            "%(first)s, and %(num)s more", "%(first)s, and %(num)s more", more, first=worst
        )
    return shortened(f"{prefix}{worst} · {at}", HEADLINE_MAX)


def _countries(entries: Sequence[EntryView], locale: Locale) -> str:
    countries = list(dict.fromkeys(entry.country for entry in entries))
    more = len(countries) - 2
    return commas(countries[:2], locale) + (f" +{locale.number(more)}" if more > 0 else "")


def thread_subject(entry: EntryView) -> str:
    """A label and the headline: `[SEVERE · Updated] Flooding`; the headline alone where that says it all.

    The mails of one situation are a thread where their subjects are alike, and what stands first in square
    brackets is left out when that is asked (RFC 5256 §2.1, and Gmail: docs/adr/0034).
    """
    label = " · ".join(
        word
        for word in (
            "" if entry.status == Status.ACTUAL else capital(entry.status_word),
            entry.severity_word.upper() if entry.rank >= Severity.SEVERE.rank and not entry.ended else "",
            "" if entry.change == Change.NEW else entry.change_word,
        )
        if word
    )
    return (f"[{label}] " if label else "") + shortened(entry.headline, HEADLINE_MAX)


def _before_headline(entry: EntryView) -> str:
    if entry.ended:
        return labelled(entry.change_word, "", entry.locale)
    severe = f"{entry.severity_word.upper()} · " if entry.rank >= Severity.SEVERE.rank else ""
    return severe + ("" if entry.change == Change.NEW else labelled(entry.change_word, "", entry.locale))


def lead(digest: Digest, locale: Locale) -> str:
    """When, in whose time, and since when."""
    if digest.all_quiet:
        since = moments.brief_in_zone(digest.from_ms, digest.clock, locale)
        if digest.entries:
            return locale.gettext("Nothing else has been due to you since %(since)s.", since=since)
        return locale.gettext("Nothing has been due to you since %(since)s.", since=since)
    begin = _since(digest, locale)
    at = moments.brief_in_zone(digest.horizon_ms, digest.clock, locale)
    return locale.gettext("%(at)s · everything since %(begin)s", at=at, begin=begin) if begin else at


def _since(digest: Digest, locale: Locale) -> str:
    """Since when a digest holds everything; empty where nobody can say that.

    On a clock of several cadences each has a window of its own, and what is rarer waits in the longest.
    """
    if not (digest.clock and digest.from_ms) or digest.all_quiet or len(Clock.parse(digest.clock).parts) > 1:
        return ""
    return moments.brief(digest.from_ms, digest.clock, locale)


def preheader(entries: Sequence[EntryView], alone: bool, subject_names_first: bool) -> str:
    """What mail programs show beside the subject: what that has not said."""
    if alone:
        entry = entries[0]
        why = [banner.text for banner in entry.banners if banner.kind in ("correction", "closed", RETRACTED)]
        why += [entry.note] if entry.change == Change.UPDATED and entry.note else []
        beside = isolated if entry.unreal or entry.differences else str
        parts = [*map(beside, why), *(entry.differences or map(beside, entry.key_points))]
        return shortened(entry.unreal + (" · ".join(parts) or beside(one_line(entry.body))), 140)
    if subject_names_first and len(entries) > 1:
        first = next((e for e in entries if e.status == Status.ACTUAL), entries[0])
        entries = [entry for entry in entries if entry is not first]
    return shortened(" · ".join(entry.prefix + isolated(entry.headline) for entry in entries[:5]), 140)
