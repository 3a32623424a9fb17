"""The sentences around the entries: banners, subject, title, the line under it, the preview line."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from alerts.model import HEADLINE_MAX, Certainty, Change, Digest, Kind, Severity, Status, Urgency
from alerts.rendering import moments
from alerts.rendering.cleaning import one_line, shortened
from alerts.rendering.directions import isolated
from alerts.rendering.view import RETRACTED, Banner, EntryView
from alerts.rules.cadence import Clock

CHANGE_WORD: dict[str, str] = {
    Change.NEW: "New",
    Change.UPDATED: "Updated",
    Change.CORRECTED: "Correction",
    Change.CLOSED: "Closed",
    Change.ENDED: "Ended",
    RETRACTED: "Retracted",
    Change.TOLD: "Went out at once",  # to whom it got is another matter: this is shared by all readers
}

_CHANGE_OF = {Kind.CORRECTION: Change.CORRECTED, Kind.CANCEL: Change.CLOSED, Kind.RETRACTION: RETRACTED}

#: What one of each is called where they are counted.
_STATUS_NOUN = {Status.ACTUAL: "update", Status.EXERCISE: "exercise", Status.TEST: "test"}
#: The longest headline beside a count: a phone shows less than this.
_SUBJECT_HEADLINE_MAX = 120
#: CAP's words in a sentence of ours; of what is unknown nothing is said.
CERTAINTY_WORD = {word: "" if word is Certainty.UNKNOWN else word.value for word in Certainty}
URGENCY_WORD = {
    Urgency.IMMEDIATE: "act at once",
    Urgency.EXPECTED: "act soon",
    Urgency.FUTURE: "act in the near future",
    Urgency.PAST: "no longer urgent",
    Urgency.UNKNOWN: "",
}

#: What stands above the lines of what began and was closed before any of it was delivered.
ENDED_TITLE = "Ended since your last digest"
#: What has changed, where an update goes out at once though nothing has.
NO_CHANGE = "Nothing: it is as it was told before"


def said_by(kind: Kind) -> str:
    """What a revision says to who knows the one before it."""
    return _CHANGE_OF.get(kind, Change.UPDATED)


def entry_banners(change: str, status: Status, note: str) -> Iterable[Banner]:
    yield from _status_banner(status)
    if change == Change.CORRECTED:
        fallback = "What we told you before was not right. This replaces it."
        yield Banner("correction", "Correction", note or fallback)
    if change == RETRACTED:
        fallback = "What we told you was wrong. Do not act on it, and tell whom you passed it on to."
        yield Banner(RETRACTED, "Retracted: this was wrong", note or fallback)
    if change == Change.CLOSED:
        yield Banner("closed", "This situation is closed", note or "No further updates are expected.")


def _status_banner(status: Status) -> Iterable[Banner]:
    if status is not Status.ACTUAL:
        text = "This is not a real situation. Take no action on it."
        yield Banner(status.value, status.value.upper(), text)


def digest_banners(digest: Digest, fresh: Sequence[EntryView], alone: bool) -> Iterable[Banner]:
    common = _common_status(fresh)
    if common and not alone:
        yield from _status_banner(Status(common))
    if digest.late:
        begin = _since(digest)
        due = f"It was due at {moments.brief(digest.horizon_ms, digest.clock)}, {_zone(digest)}."
        yield Banner(
            "late", "This digest is late", due + (f" It holds everything since {begin}." * bool(begin))
        )
    if digest.catch_up:
        text = "What has happened there lately that you have not been told yet."
        yield Banner("catch-up", "Where things stand in your area", text)


def _common_status(entries: Sequence[EntryView]) -> str:
    """`exercise` or `test` where that is true of every entry, else nothing."""
    statuses = {entry.status for entry in entries}
    return statuses.pop() if len(statuses) == 1 and Status.ACTUAL not in statuses else ""


def was(severity: Severity, day: str) -> str:
    """was severe on Tuesday 10 November."""
    return f"was {'of unknown severity' if severity is Severity.UNKNOWN else severity.value} on {day}"


def title_of(fresh: Sequence[EntryView], over: Sequence[EntryView], told: Sequence[EntryView]) -> str:
    """`4 updates and 1 exercise`, `3 updates, and 1 that has ended`, or what there is instead of news.

    As many updates as the subject counts.
    """
    if over:
        ended = "that has ended" if len(over) == 1 else "that have ended"
        news = f"{_news_title(fresh)}, and {len(over)}" if fresh else _updates(len(over))
        return f"{news} {ended}"
    if not fresh:
        return f"{_updates(len(told))}, which went out at once" if told else "All quiet"
    return _news_title(fresh)


def _news_title(fresh: Sequence[EntryView]) -> str:
    """`4 updates and 1 exercise`; where nothing is new, that."""
    statuses = Counter(entry.status for entry in _news(fresh))
    if not statuses:
        return unchanged_title(len(fresh))
    words = [_counted(statuses[s], _STATUS_NOUN[s]) for s in Status if statuses[s]]
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _news(entries: Sequence[EntryView]) -> list[EntryView]:
    """What a digest tells: what says nothing that was not told before is counted apart."""
    return [entry for entry in entries if not entry.unchanged]


def unchanged_title(count: int, beside: bool = True) -> str:
    """1 update without a change: `beside` what is news; else the digest's own title has said so."""
    return f"{_updates(count)} without a change" if beside else "As told before"


def capped_title(count: int, beside: bool) -> str:
    """2 more, beyond your daily cap: `beside` what is told whole."""
    return f"{count} more, beyond your daily cap" if beside else f"{count} beyond your daily cap"


def _updates(count: int) -> str:
    return _counted(count, "update")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def subject(
    digest: Digest,
    fresh: Sequence[EntryView],
    told: Sequence[EntryView],
    alone: bool,
    beside: Callable[[str], str] = str,
) -> str:
    """The headline of a digest of one; else the worst and a count: `SEVERE · Flooding, and 3 more · 08:00 …`.

    Exercises and tests are named only where there is nothing else. A mail of one has `thread_subject`.
    `beside` makes a headline fit to stand beside other words; a mail's subject holds it as it is.
    """
    status = _common_status(fresh)
    prefix = f"[{status.capitalize()}] " if status else ""
    if alone:
        words, headline = prefix + _before_headline(fresh[0]), fresh[0].headline
        return shortened(words + (beside(headline) if words else headline), HEADLINE_MAX)
    at = moments.brief(digest.horizon_ms, digest.clock)
    news = [entry for entry in _news(fresh) if status or entry.status == Status.ACTUAL]
    if not news:
        where = _countries(fresh or told)
        return shortened(
            prefix + " · ".join(filter(None, (title_of(fresh, (), told), where, at))), HEADLINE_MAX
        )
    worst = _before_headline(news[0]) + beside(shortened(news[0].headline, _SUBJECT_HEADLINE_MAX))
    more = f", and {len(news) - 1} more" if len(news) > 1 else ""
    return shortened(f"{prefix}{worst}{more} · {at}", HEADLINE_MAX)


def _countries(entries: Sequence[EntryView]) -> str:
    countries = list(dict.fromkeys(entry.country for entry in entries))
    return ", ".join(countries[:2]) + (f" +{len(countries) - 2}" if len(countries) > 2 else "")


def thread_subject(entry: EntryView) -> str:
    """A label and the headline: `[SEVERE · Updated] Flooding`; the headline alone where that says it all.

    The mails of one situation are a thread where their subjects are alike, and what stands first in square
    brackets is left out when that is asked (RFC 5256 §2.1, and Gmail: docs/adr/0034).
    """
    label = " · ".join(
        word
        for word in (
            "" if entry.status == Status.ACTUAL else entry.status.capitalize(),
            entry.severity.upper() if entry.rank >= Severity.SEVERE.rank and not entry.ended else "",
            "" if entry.change == Change.NEW else entry.change_word,
        )
        if word
    )
    return (f"[{label}] " if label else "") + shortened(entry.headline, HEADLINE_MAX)


def _before_headline(entry: EntryView) -> str:
    if entry.ended:
        return f"{entry.change_word}: "
    severe = f"{entry.severity.upper()} · " if entry.rank >= Severity.SEVERE.rank else ""
    return severe + ("" if entry.change == Change.NEW else f"{entry.change_word}: ")


def lead(digest: Digest) -> str:
    """When, in whose time, and since when."""
    if digest.all_quiet:
        since = f"{moments.brief(digest.from_ms, digest.clock)} {_zone(digest)}"
        return f"{'Nothing else was' if digest.entries else 'Nothing was'} due to you since {since}."
    begin = _since(digest)
    at = f"{moments.brief(digest.horizon_ms, digest.clock)} {_zone(digest)}"
    return f"{at} · everything since {begin}" if begin else at


def _since(digest: Digest) -> str:
    """Since when a digest holds everything; empty where nobody can say that.

    On a clock of several cadences each has a window of its own, and what is rarer waits in the longest.
    """
    if not (digest.clock and digest.from_ms) or digest.all_quiet or len(Clock.parse(digest.clock).parts) > 1:
        return ""
    return moments.brief(digest.from_ms, digest.clock)


def _zone(digest: Digest) -> str:
    return moments.zone_name(digest.clock)


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
