"""What changed between the revision told before and the one shown now, in sentences."""

from collections.abc import Callable

from alerts.model import Draft, Severity
from alerts.rendering import moments
from alerts.rendering.cleaning import one_line, shortened
from alerts.rendering.directions import isolated

_POINTS_SHOWN = 5
_POINT_MAX = 200


def differences(before: Draft, now: Draft, place: Callable[[str], str], clock: str = "") -> tuple[str, ...]:
    """Name each difference a reader acts on; of a text or a source that alone was revised, that it was."""
    found = []
    if before.status is not now.status:
        found.append(f"Status changed: {before.status.capitalize()} → {now.status.capitalize()}")
    if before.severity is not now.severity:
        found.append(_severity(before.severity, now.severity))
    found += _reworded("Certainty", before.certainty, now.certainty)
    found += _reworded("Urgency", before.urgency, now.urgency)
    for label, older, newer in (
        ("Regions added", before.regions, now.regions),
        ("Regions no longer concerned", now.regions, before.regions),
    ):
        names = [one_line(place(code)) for code in newer if code not in older]
        if names:
            found.append(_listed(label, names))
    for label, old_points, new_points in (
        ("New key point", before.key_points, now.key_points),
        ("No longer a key point", now.key_points, before.key_points),
    ):
        points = [one_line(point) for point in new_points if point not in old_points]
        found += [f"{label}: {isolated(shortened(point, _POINT_MAX))}" for point in points[:_POINTS_SHOWN]]
        if len(points) > _POINTS_SHOWN:
            found.append(f"{label}: {len(points) - _POINTS_SHOWN} more")
    for label, old_tags, new_tags in (
        ("Tags added", before.tags, now.tags),
        ("Tags removed", now.tags, before.tags),
    ):
        tags = [one_line(tag) for tag in new_tags if tag not in old_tags]
        if tags:
            found.append(_listed(label, tags))
    if one_line(before.headline) != one_line(now.headline):
        found.append(f"Headline before: {isolated(one_line(before.headline))}")
    if before.expires_at != now.expires_at:
        found.append(
            f"Expiry before: {moments.full(before.expires_at, clock) if before.expires_at else 'none'}"
        )
    if not found and one_line(before.body) != one_line(now.body):
        found.append("Text revised")
    if not found and (before.url, before.source) != (now.url, now.source):
        found.append("Source revised")
    return tuple(found)


def rose(before: Severity, now: Severity) -> bool:
    """Whether a situation is known to have become worse; from or to unknown, nobody can say."""
    return Severity.UNKNOWN not in (before, now) and now.rank > before.rank


def _reworded(label: str, before: str, now: str) -> list[str]:
    return [f"{label}: {before.capitalize()} → {now.capitalize()}"] if before != now else []


def _severity(before: Severity, now: Severity) -> str:
    if now is Severity.UNKNOWN:
        return f"Severity no longer known (was {before.capitalize()})"
    if before is Severity.UNKNOWN:
        return f"Severity now known: {now.capitalize()}"
    return f"Severity {'rose' if rose(before, now) else 'fell'}: {before.capitalize()} → {now.capitalize()}"


def _listed(label: str, names: list[str]) -> str:
    rest = len(names) - _POINTS_SHOWN
    return f"{label}: {', '.join(names[:_POINTS_SHOWN])}" + (f" and {rest} more" if rest > 0 else "")
