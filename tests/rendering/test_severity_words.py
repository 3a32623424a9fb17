"""Unknown is no level: a severity neither rises from it nor falls to it."""

import json
import re
from dataclasses import replace

import pytest
from rendering_samples import alone, html_of, mail, post, said, text_of

from alerts.model import Change, Channel, Draft, Kind, Severity
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


@pytest.mark.parametrize("channel", ["email", "slack"])
def test_what_is_over_was_as_severe_as_it_was_told(channel: str) -> None:
    """An extreme typhoon was closed as “Was Minor”: that is the severity of its closing."""
    typhoon = Draft("Typhoon Ulan", ("PH",), "ulan", severity=S.EXTREME)
    over = replace(typhoon, kind=Kind.CANCEL, severity=S.MINOR)
    message = alone(Channel(channel), over, Change.CLOSED, before=typhoon)
    shown = text_of(mail(message)) if channel == "email" else said(post(message))
    assert "Was Extreme" in shown
    assert "Minor" not in shown


@pytest.mark.parametrize("channel", ["email", "slack"])
def test_what_is_struck_through_is_what_was_told_and_not_that_it_is_over(channel: str) -> None:
    """“~Typhoon Ulan is over~” stood: so it was not."""
    typhoon = Draft("Typhoon Ulan nears Bicol", ("PH",), "ulan", severity=S.EXTREME)
    over = replace(typhoon, kind=Kind.CANCEL, headline="Typhoon Ulan is over", note="All airports are open.")
    message = alone(Channel(channel), over, Change.CLOSED, before=typhoon)
    shown = text_of(mail(message)) if channel == "email" else said(post(message))
    assert "Typhoon Ulan is over. All airports are open." in " ".join(shown.split())
    assert shown.count("Typhoon Ulan is over") == shown.count("All airports are open")
    html = html_of(mail(message)) if channel == "email" else json.dumps(post(message))
    struck = (
        r'class="struck"[^>]*>(.*?)</h'
        if channel == "email"
        else r'"text": "([^"]*)", "style": {[^}]*"strike"'
    )
    assert set(re.findall(struck, html)) == {"Typhoon Ulan nears Bicol"}
