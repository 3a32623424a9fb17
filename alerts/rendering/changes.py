"""What changed between the revision told before and the one shown now, as an editor would say it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from alerts.model import Draft, Severity
from alerts.rendering import moments
from alerts.rendering.cleaning import one_line, shortened
from alerts.rendering.directions import isolated
from alerts.rendering.markdown import to_plain
from alerts.rendering.sentences import Compared, arrows, compared, covered, revision, sentences
from alerts.rendering.wording import URGENCY_WORD

_POINTS_SHOWN = 5
_SENTENCES_SHOWN = 3
_POINT_MAX = 200
_MORE_POINTS = " points"
#: The longest part of a body that is compared, in characters.
_BODY_MAX = 20_000
_UNWRAPPED = 1_000_000


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed, for who reads nothing else, and for who reads the key points below it."""

    said: tuple[str, ...]  #: each difference in a sentence
    points: tuple[str, ...]  #: the key points of now, what is new or was revised marked in place
    beside: tuple[str, ...]  #: what of `said` the marked points do not show


def differences(before: Draft, now: Draft, place: Callable[[str], str], clock: str = "") -> tuple[str, ...]:
    """Name each difference a reader acts on, once; of a source that alone was revised, that it was."""
    return compare(before, now, place, clock).said


def compare(before: Draft, now: Draft, place: Callable[[str], str], clock: str = "") -> Changes:
    """Find what changed. `place` names a region by its code."""
    points = tuple(map(one_line, now.key_points))
    body = _sentences(now.body) if _words(before) != _words(now) else []
    became = compared(map(one_line, before.key_points), points, [one_line(now.headline), *body])
    marks = {new: revision(old, new) for old, new in became.revised}
    marks |= {new: f"New: {isolated(new)}" for new in became.new}
    found = _differences(before, now, place, became, body, clock=clock)
    shown = {f"New: {_quoted(new)}" for new in became.new} | {revision(*pair) for pair in became.revised}
    return Changes(
        tuple(found),
        tuple(marks.get(point, point) for point in points),
        tuple(line for line in found if line not in shown and not line.endswith(_MORE_POINTS)),
    )


def _differences(
    before: Draft,
    now: Draft,
    place: Callable[[str], str],
    became: Compared,
    body: Sequence[str],
    *,
    clock: str,
) -> list[str]:
    found = []
    if before.status is not now.status:
        found.append(f"Status changed: {before.status.capitalize()} → {now.status.capitalize()}")
    if before.severity is not now.severity:
        found.append(_severity(before.severity, now.severity))
    found += _reworded("Certainty", before.certainty.capitalize(), now.certainty.capitalize())
    urgency = (URGENCY_WORD[draft.urgency] or "not stated" for draft in (before, now))
    found += _reworded("Urgency", *urgency)
    found += _regions(before.regions, now.regions, place)
    found += _points(became)
    found += _texts(before, now, became, body)
    for label, old_tags, new_tags in (
        ("Tags added", before.tags, now.tags),
        ("Tags removed", now.tags, before.tags),
    ):
        tags = [one_line(tag) for tag in new_tags if tag not in old_tags]
        if tags:
            found.append(_listed(label, tags))
    if before.expires_at != now.expires_at:
        was = moments.full(before.expires_at, clock) if before.expires_at else "none"
        found.append(f"Expiry before: {was}")
    if not found and _words(before) != _words(now):
        found.append("Text revised")
    if not found and (before.url, before.source) != (now.url, now.source):
        found.append("Source revised")
    return found


def rose(before: Severity, now: Severity) -> bool:
    """Whether a situation is known to have become worse; from or to unknown, nobody can say."""
    return Severity.UNKNOWN not in (before, now) and now.rank > before.rank


def _reworded(label: str, before: str, now: str) -> list[str]:
    return [f"{label}: {before} → {now}"] if before != now else []


def _severity(before: Severity, now: Severity) -> str:
    if now is Severity.UNKNOWN:
        return f"Severity no longer known (was {before.capitalize()})"
    if before is Severity.UNKNOWN:
        return f"Severity now known: {now.capitalize()}"
    return f"Severity {'rose' if rose(before, now) else 'fell'}: {before.capitalize()} → {now.capitalize()}"


def _words(draft: Draft) -> list[str]:
    return [*map(one_line, (draft.headline, *draft.key_points)), one_line(draft.body)]


def _regions(before: Sequence[str], now: Sequence[str], place: Callable[[str], str]) -> Iterator[str]:
    """Where it is now: narrowed, widened, or some places for others."""
    added, gone = ([c for c in these if c not in those] for these, those in ((now, before), (before, now)))
    names = {code: one_line(place(code)) for code in (*before, *now)}
    if gone and all(_inside(code, before) for code in now):
        narrowed = all(any(_inside(code, [wider]) for code in now) for wider in gone)
        yield _listed("Now only", [names[code] for code in now]) + _aside(
            "before" if narrowed else "no longer", [names[code] for code in gone]
        )
    elif added and gone and all(_inside(code, now) for code in before):
        yield _listed("Now all of", [names[code] for code in added]) + _aside(
            "before", [names[code] for code in gone]
        )
    else:
        for label, codes in (("Regions added", added), ("Regions no longer concerned", gone)):
            if codes:
                yield _listed(label, [names[code] for code in codes])


def _inside(code: str, regions: Sequence[str]) -> bool:
    """Whether a region is one of these, or a subdivision of one (ISO 3166-2)."""
    return code in regions or code.partition("-")[0] in regions


def _aside(label: str, names: list[str]) -> str:
    return f" ({_listed(label, names)})"


def _texts(before: Draft, now: Draft, told: Compared, body: Sequence[str]) -> Iterator[str]:
    """What the headline and the text say beyond the key points."""
    changed = {pair for old, new in told.revised for pair in arrows(old, new)}
    older, newer = one_line(before.headline), one_line(now.headline)
    if older != newer and not _known(older, newer, changed):
        yield f"Headline before: {isolated(older)}"
        changed.update(arrows(older, newer))
    if before.body != now.body:
        heard, was = [newer, *map(one_line, now.key_points)], _sentences(before.body)
        text = compared(was, body, heard)
        if len(text.new) > 1 and len(was) > 1 and not text.revised and not set(was) & set(body):
            yield "The text is new"
            return
        revised = [(old, new) for old, new in text.revised if not _known(old, new, changed)]
        revised = [(old, new) for old, new in revised if arrows(old, new) or not covered(new, heard)]
        new = tuple(one for one in text.new if not covered(one, heard))
        yield from _sentences_changed(Compared(tuple(revised), new, text.gone))


def _known(old: str, new: str, changed: set[tuple[str, str]]) -> bool:
    """Whether the same words took the place of the same in something said already."""
    pairs = arrows(old, new)
    return bool(pairs) and changed.issuperset(pairs)


def _points(told: Compared) -> Iterator[str]:
    yield from _some([revision(old, new) for old, new in told.revised], f"revised{_MORE_POINTS}")
    yield from _some([f"New: {_quoted(point)}" for point in told.new], f"new{_MORE_POINTS}")
    yield from _some([f"No longer mentioned: {_quoted(point)}" for point in told.gone], "points no longer")


def _sentences_changed(text: Compared) -> Iterator[str]:
    found = [f"In the text: {revision(old, new)}".replace(": Now:", " now:", 1) for old, new in text.revised]
    found += [f"The text adds: {_quoted(sentence)}" for sentence in text.new]
    found += [f"The text no longer mentions: {_quoted(sentence)}" for sentence in text.gone]
    yield from found[:_SENTENCES_SHOWN]
    if len(found) > _SENTENCES_SHOWN:
        rest = len(found) - _SENTENCES_SHOWN
        yield f"{rest} more change{'' if rest == 1 else 's'} in the text"


def _sentences(body: str) -> list[str]:
    return sentences(to_plain(body[:_BODY_MAX], _UNWRAPPED))


def _quoted(text: str) -> str:
    return isolated(shortened(text, _POINT_MAX))


def _some(found: list[str], what: str) -> Iterator[str]:
    yield from found[:_POINTS_SHOWN]
    if len(found) > _POINTS_SHOWN:
        yield f"{len(found) - _POINTS_SHOWN} more {what}"


def _listed(label: str, names: list[str]) -> str:
    rest = len(names) - _POINTS_SHOWN
    return f"{label}: {', '.join(names[:_POINTS_SHOWN])}" + (f" and {rest} more" if rest > 0 else "")
