"""Unknown is no level: a severity neither rises from it nor falls to it."""

from dataclasses import replace

import pytest

from alerts.model import Draft, Severity
from alerts.rendering.changes import differences

S = Severity


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (S.MODERATE, S.SEVERE, "Severity rose: Moderate → Severe"),
        (S.SEVERE, S.MINOR, "Severity fell: Severe → Minor"),
        (S.MODERATE, S.UNKNOWN, "Severity no longer known (was Moderate)"),
        (S.UNKNOWN, S.MODERATE, "Severity now known: Moderate"),
    ],
)
def test_a_change_of_severity_is_said_as_a_reader_means_it(before: S, now: S, words: str) -> None:
    draft = Draft("Talks", ("UA",), severity=before)
    assert differences(draft, replace(draft, severity=now), str) == (words,)
