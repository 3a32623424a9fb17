"""What changed between the revision told before and the one shown now, as an editor would say it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from alerts.locales import ENGLISH, Locale
from alerts.model import Draft, Severity, Urgency
from alerts.rendering import moments
from alerts.rendering.cleaning import one_line, shortened
from alerts.rendering.directions import isolated
from alerts.rendering.markdown import to_plain
from alerts.rendering.sentences import Compared, arrows, both, compared, covered, marked, revision, sentences
from alerts.rendering.words import behind_label, certainty_word, some_of, status_word, urgency_word
from alerts.rules.describing import severity_word

_POINTS_SHOWN = 5
_NAMES_SHOWN = 5
_SENTENCES_SHOWN = 3
_POINT_MAX = 200
#: The longest part of a body that is compared, in characters.
_BODY_MAX = 20_000
_UNWRAPPED = 1_000_000


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed, for who reads nothing else, and for who reads the key points below it."""

    said: tuple[str, ...]  #: each difference in a sentence
    points: tuple[str, ...]  #: the key points of now, what is new or was revised marked in place
    beside: tuple[str, ...]  #: what of `said` the marked points do not show


class _Difference(NamedTuple):
    text: str
    in_points: bool = False  #: whether the marked key points show it, too


def differences(
    before: Draft,
    now: Draft,
    place: Callable[[str], str],
    clock: str = "",
    locale: Locale = ENGLISH,
) -> tuple[str, ...]:
    """Name each difference a reader acts on, once; of a source that alone was revised, that it was."""
    return compare(before, now, place, clock, locale).said


def compare(before: Draft, now: Draft, place: Callable[[str], str], clock: str, locale: Locale) -> Changes:
    """Find what changed. `place` names a region by its code."""
    points = tuple(map(one_line, now.key_points))
    body = _sentences(now.body) if _words(before) != _words(now) else []
    became = compared(map(one_line, before.key_points), points, [one_line(now.headline), *body])
    marks = {new: revision(old, new, locale) for old, new in became.revised}
    marks |= {new: locale.gettext("New: %(text)s", text=isolated(new)) for new in became.new}
    found = _differences(before, now, place, became, body, clock=clock, locale=locale)
    return Changes(
        tuple(one.text for one in found),
        tuple(marks.get(point, point) for point in points),
        tuple(one.text for one in found if not one.in_points),
    )


def _differences(
    before: Draft,
    now: Draft,
    place: Callable[[str], str],
    became: Compared,
    body: Sequence[str],
    *,
    clock: str,
    locale: Locale,
) -> list[_Difference]:
    found = [_Difference(text) for text in _facts(before, now, locale)]
    found += [_Difference(text) for text in _regions(before.regions, now.regions, place, locale)]
    found += _points(became, locale)
    found += [_Difference(text) for text in _texts(before, now, became, body, locale)]
    found += [_Difference(text) for text in _tags(before.tags, now.tags, locale)]
    if before.expires_at != now.expires_at:
        found.append(_Difference(_expiry(before, clock, locale)))
    if not found and _words(before) != _words(now):
        found.append(_Difference(locale.gettext("Text revised")))
    if not found and (before.url, before.source) != (now.url, now.source):
        found.append(_Difference(locale.gettext("Source revised")))
    return found


def same_words(before: Draft, now: Draft) -> bool:
    """Whether headline, key points and text are the same."""
    return _words(before) == _words(now)


def rose(before: Severity, now: Severity) -> bool:
    """Whether a situation is known to have become worse; from or to unknown, nobody can say."""
    return Severity.UNKNOWN not in (before, now) and now.rank > before.rank


def _facts(before: Draft, now: Draft, locale: Locale) -> Iterator[str]:
    """What became of the words that CAP has for it."""
    if before.status is not now.status:
        words = {"before": status_word(before.status, locale), "now": status_word(now.status, locale)}
        yield locale.gettext("Status changed: %(before)s → %(now)s", **_behind_label(words, locale))
    if before.severity is not now.severity:
        yield _severity(before.severity, now.severity, locale)
    if before.certainty is not now.certainty:
        words = {
            "before": certainty_word(before.certainty, locale),
            "now": certainty_word(now.certainty, locale),
        }
        yield locale.gettext("Certainty: %(before)s → %(now)s", **_behind_label(words, locale))
    if before.urgency is not now.urgency:
        yield locale.gettext(
            "Urgency: %(before)s → %(now)s",
            before=_urgency(before.urgency, locale),
            now=_urgency(now.urgency, locale),
        )


def _behind_label(words: dict[str, str], locale: Locale) -> dict[str, str]:
    return {name: behind_label(word, locale) for name, word in words.items()}


def _urgency(urgency: Urgency, locale: Locale) -> str:
    return urgency_word(urgency, locale) or locale.pgettext("urgency", "not stated")


def _severity(before: Severity, now: Severity, locale: Locale) -> str:
    words = {"before": severity_word(before, locale), "now": severity_word(now, locale)}
    words = _behind_label(words, locale)
    if now is Severity.UNKNOWN:
        return locale.gettext("Severity no longer known (was %(before)s)", before=words["before"])
    if before is Severity.UNKNOWN:
        return locale.gettext("Severity now known: %(now)s", now=words["now"])
    if rose(before, now):
        return locale.gettext("Severity rose: %(before)s → %(now)s", **words)
    return locale.gettext("Severity fell: %(before)s → %(now)s", **words)


def _expiry(before: Draft, clock: str, locale: Locale) -> str:
    if before.expires_at is None:
        return locale.gettext("Expiry before: none")
    return locale.gettext("Expiry before: %(moment)s", moment=moments.full(before.expires_at, clock, locale))


def _words(draft: Draft) -> list[str]:
    return [*map(one_line, (draft.headline, *draft.key_points)), one_line(draft.body)]


def _regions(
    before: Sequence[str], now: Sequence[str], place: Callable[[str], str], locale: Locale
) -> Iterator[str]:
    """Where it is now: narrowed, widened, or some places for others."""
    added, gone = ([c for c in these if c not in those] for these, those in ((now, before), (before, now)))
    names = {code: one_line(place(code)) for code in (*before, *now)}

    def listed(codes: Sequence[str]) -> str:
        return some_of([names[code] for code in codes], _NAMES_SHOWN, locale)

    if gone and all(_inside(code, before) for code in now):
        places = {"places": listed(now), "before": listed(gone)}
        if all(any(_inside(code, [wider]) for code in now) for wider in gone):
            yield locale.gettext("Now only: %(places)s (before: %(before)s)", **places)
        else:
            yield locale.gettext("Now only: %(places)s (no longer: %(before)s)", **places)
    elif added and gone and all(_inside(code, now) for code in before):
        places = {"places": listed(added), "before": listed(gone)}
        yield locale.gettext("Now all of: %(places)s (before: %(before)s)", **places)
    else:
        if added:
            yield locale.gettext("Regions added: %(places)s", places=listed(added))
        if gone:
            yield locale.gettext("Regions no longer concerned: %(places)s", places=listed(gone))


def _tags(before: Sequence[str], now: Sequence[str], locale: Locale) -> Iterator[str]:
    added = [one_line(tag) for tag in now if tag not in before]
    if added:
        yield locale.gettext("Tags added: %(tags)s", tags=some_of(added, _NAMES_SHOWN, locale))
    removed = [one_line(tag) for tag in before if tag not in now]
    if removed:
        yield locale.gettext("Tags removed: %(tags)s", tags=some_of(removed, _NAMES_SHOWN, locale))


def _inside(code: str, regions: Sequence[str]) -> bool:
    """Whether a region is one of these, or a subdivision of one (ISO 3166-2)."""
    return code in regions or code.partition("-")[0] in regions


def _texts(before: Draft, now: Draft, told: Compared, body: Sequence[str], locale: Locale) -> Iterator[str]:
    """What the headline and the text say beyond the key points."""
    changed = {pair for old, new in told.revised for pair in arrows(old, new)}
    older, newer = one_line(before.headline), one_line(now.headline)
    if older != newer and not _known(older, newer, changed):
        yield locale.gettext("Headline before: %(headline)s", headline=isolated(older))
        changed.update(arrows(older, newer))
    if before.body != now.body:
        heard, was = [newer, *map(one_line, now.key_points)], _sentences(before.body)
        text = compared(was, body, heard)
        if len(text.new) > 1 and len(was) > 1 and not text.revised and not set(was) & set(body):
            yield locale.gettext("The text is new")
            return
        revised = [(old, new) for old, new in text.revised if not _known(old, new, changed)]
        revised = [(old, new) for old, new in revised if arrows(old, new) or not covered(new, heard)]
        new = tuple(one for one in text.new if not covered(one, heard))
        yield from _sentences_changed(Compared(tuple(revised), new, text.gone), locale)


def _known(old: str, new: str, changed: set[tuple[str, str]]) -> bool:
    """Whether the same words took the place of the same in something said already."""
    pairs = arrows(old, new)
    return bool(pairs) and changed.issuperset(pairs)


def _points(told: Compared, locale: Locale) -> Iterator[_Difference]:
    for old, new in told.revised[:_POINTS_SHOWN]:
        yield _Difference(revision(old, new, locale), in_points=True)
    if more := _more(told.revised):
        text = locale.ngettext("%(num)s more revised point", "%(num)s more revised points", more)
        yield _Difference(text, in_points=True)
    for new in told.new[:_POINTS_SHOWN]:
        yield _Difference(locale.gettext("New: %(text)s", text=_quoted(new)), in_points=True)
    if more := _more(told.new):
        text = locale.ngettext("%(num)s more new point", "%(num)s more new points", more)
        yield _Difference(text, in_points=True)
    for gone in told.gone[:_POINTS_SHOWN]:
        yield _Difference(locale.gettext("No longer mentioned: %(text)s", text=_quoted(gone)))
    if more := _more(told.gone):
        text = locale.ngettext("%(num)s more point no longer", "%(num)s more points no longer", more)
        yield _Difference(text)


def _more(found: Sequence[object]) -> int:
    return max(0, len(found) - _POINTS_SHOWN)


def _sentences_changed(text: Compared, locale: Locale) -> Iterator[str]:
    found = [_revised_in_text(old, new, locale) for old, new in text.revised]
    found += [locale.gettext("The text adds: %(text)s", text=_quoted(one)) for one in text.new]
    found += [locale.gettext("The text no longer mentions: %(text)s", text=_quoted(one)) for one in text.gone]
    yield from found[:_SENTENCES_SHOWN]
    if len(found) > _SENTENCES_SHOWN:
        rest = len(found) - _SENTENCES_SHOWN
        yield locale.ngettext("%(num)s more change in the text", "%(num)s more changes in the text", rest)


def _revised_in_text(old: str, new: str, locale: Locale) -> str:
    if shown := marked(old, new):
        return locale.gettext("In the text: %(text)s", text=shown)
    return locale.gettext("In the text now: %(now)s (before: %(before)s)", **both(old, new))


def _sentences(body: str) -> list[str]:
    return sentences(to_plain(body[:_BODY_MAX], _UNWRAPPED))


def _quoted(text: str) -> str:
    return isolated(shortened(text, _POINT_MAX))
