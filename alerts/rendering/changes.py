"""What changed between the revision told before and the one shown now, in sentences."""

from collections.abc import Callable

from alerts.model import Draft
from alerts.rendering.cleaning import one_line, shortened

_POINTS_SHOWN = 5
_POINT_MAX = 200


def differences(before: Draft, now: Draft, place: Callable[[str], str]) -> tuple[str, ...]:
    """Name each difference a reader acts on; the body speaks for itself."""
    found = []
    if before.severity is not now.severity:
        moved = "rose" if now.severity.rank > before.severity.rank else "fell"
        found.append(f"Severity {moved}: {before.severity.capitalize()} → {now.severity.capitalize()}")
    for label, older, newer in (
        ("Regions added", before.regions, now.regions),
        ("Regions no longer concerned", now.regions, before.regions),
    ):
        names = [one_line(place(code)) for code in newer if code not in older]
        if names:
            found.append(f"{label}: {', '.join(names[:_POINTS_SHOWN])}{_rest(names)}")
    for label, old_points, new_points in (
        ("New key point", before.key_points, now.key_points),
        ("No longer a key point", now.key_points, before.key_points),
    ):
        points = [one_line(point) for point in new_points if point not in old_points]
        found += [f"{label}: {shortened(point, _POINT_MAX)}" for point in points[:_POINTS_SHOWN]]
        if len(points) > _POINTS_SHOWN:
            found.append(f"{label}:{_rest(points)}")
    if one_line(before.headline) != one_line(now.headline):
        found.append(f"Headline before: {one_line(before.headline)}")
    return tuple(found)


def _rest(names: list[str]) -> str:
    rest = len(names) - _POINTS_SHOWN
    return f" and {rest} more" if rest > 0 else ""
