"""Until when a muted situation is silent: one sentence a row."""

import pytest
from house import draft

from alerts.model import Kind, Mute, Revision, Severity, Status
from alerts.rules.mutes import STILL_MUTED, is_silent, silent_until

#: Muted at the first revision, moderate, at 100; revisions come at 10, 200, 300, …
AT = (10, 200, 300, 400)
MUTE = Mute(100, 0, 1, Severity.MODERATE)
SAME = {"severity": Severity.MODERATE}
WORSE = {"severity": Severity.SEVERE}


def story(*later: dict[str, object]) -> list[Revision]:
    return [Revision("u", n, draft("u", **content), AT[n - 1]) for n, content in enumerate((SAME, *later), 1)]


@pytest.mark.parametrize(
    ("later", "mute", "seen_ms", "expected"),
    [
        ((), MUTE, 150, STILL_MUTED),
        ((), MUTE, 99, 0),
        ((SAME, {"severity": Severity.MINOR}), MUTE, 500, STILL_MUTED),
        ((SAME, WORSE, SAME), MUTE, 500, 300),
        (({"severity": Severity.UNKNOWN},), MUTE, 500, STILL_MUTED),
        (({"severity": Severity.UNKNOWN},), MUTE._replace(severity=Severity.MINOR), 500, 200),
        ((WORSE | {"status": Status.EXERCISE},), MUTE, 500, STILL_MUTED),
        ((WORSE | {"kind": Kind.CORRECTION},), MUTE, 500, 200),
        (({"kind": Kind.CORRECTION} | SAME,), MUTE, 500, STILL_MUTED),
        (({"kind": Kind.CANCEL} | SAME, SAME), MUTE, 500, 200),
        (({"kind": Kind.RETRACTION} | SAME,), MUTE, 500, 200),
        ((WORSE,), MUTE._replace(number=2, severity=Severity.SEVERE), 500, STILL_MUTED),
        ((SAME, WORSE), MUTE._replace(until_ms=250), 500, 250),
        ((WORSE,), MUTE._replace(until_ms=250), 500, 200),
        ((SAME,), MUTE._replace(until_ms=250), 240, STILL_MUTED),
    ],
    ids=[
        "as long as nothing comes",
        "not before it was muted",
        "what is as bad, or less, does not end it",
        "the first that is worse does, and what comes after is heard as well",
        "unknown is between minor and moderate: no worse than moderate",
        "and worse than minor",
        "an exercise is never worse",
        "a correction may find that it is worse",
        "a correction that finds it as bad does not end it",
        "its end ends it, and what opens it again is heard",
        "so does its retraction",
        "what is muted when it is severe is heard when it is extreme only",
        "to take it back ends it",
        "unless it had got worse before that",
        "seen from before that, it is muted still",
    ],
)
def test_until_when_a_situation_is_silent(
    later: tuple[dict[str, object], ...], mute: Mute, seen_ms: int, expected: int
) -> None:
    assert silent_until(mute, story(*later), seen_ms) == expected


def test_what_was_taken_back_is_not_silent_from_that_moment_on() -> None:
    """Its end is later than all that is in the log, and may be a moment away where a slot was run early."""
    assert not is_silent(MUTE._replace(until_ms=10_000), story(SAME), 500)


def test_a_mute_is_read_as_it_was_written() -> None:
    assert Mute.parse(str(MUTE)) == MUTE
