"""Whatever an author writes is shown in each medium and said when it changes, or there is a reason not to."""

import quopri
from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest
import renderers
from rendering_samples import HORIZON, NAMES, TALKS, raw

from alerts.channels import CHANNELS
from alerts.model import (
    Certainty,
    Change,
    Channel,
    Digest,
    Draft,
    Entry,
    Kind,
    Revision,
    Severity,
    Status,
    Urgency,
)

#: By field: another value, and the words by which a reader finds that one.
OTHERS: dict[str, tuple[object, str]] = {
    "headline": ("The talks are over", "The talks are over"),
    "regions": (("UA", "TR"), "Türkiye"),
    "key_points": (("Nobody came",), "Nobody came"),
    "body": ("Another text altogether.", "Another text altogether."),
    "tags": (("ceasefire",), "ceasefire"),
    "severity": (Severity.EXTREME, "Extreme"),
    "urgency": (Urgency.IMMEDIATE, "act at once"),
    "certainty": (Certainty.OBSERVED, "observed"),
    "status": (Status.EXERCISE, "EXERCISE"),
    "note": ("The round ended.", "The round ended."),
    "author": ("Ann Other", "Ann Other"),
    "source": ("The Istanbul Gazette", "The Istanbul Gazette"),
    "url": ("https://other.example/page", "https://other.example/page"),
    "published_at": (datetime(2022, 3, 28, 18, 30, tzinfo=UTC), "18:30"),
    "expires_at": (datetime(2022, 4, 2, 9, 15, tzinfo=UTC), "2 April 2022, 09:15"),
}
#: Shown or compared in no message, and why.
NEVER = {
    "id": "the update's name for operators; readers have links",
    "kind": "shown as the change: updated, correction, closed",
    "language": "said to programs, which read aloud and translate by it: tests/rendering/test_languages.py",
    "translations": "each reader has one of them: tests/rendering/test_translated_updates.py",
    "shapes": "drawn by programs, which have them in CAP; readers have the names of places",
    "public": "who else may read it is nothing to who reads it already",
}
NOT_COMPARED = NEVER | {
    "published_at": "every revision has a later one",
    "author": "it stands in the line under the headline; another shift of the desk is no news",
    "note": "it is what the author says has changed, and stands there itself",
}


def rendered(channel: Channel, before: Draft, now: Draft) -> str:
    known = [Revision("u", 1, before, HORIZON), Revision("u", 2, now, HORIZON)]
    digest = Digest(channel, (Entry("u", 2, Change.UPDATED, 1),), HORIZON)
    renderer = renderers.renderer(None, place=lambda c: NAMES.get(c, c))
    message = renderer.render(digest, {r.ref: r for r in known})
    return (
        raw(message, now) if channel == "email" else message.fill({"reason": "[reason]", "page": "[page]"})
    ).decode()


def read_by_people(channel: Channel, text: str) -> str:
    """Without transfer encoding, soft line breaks and the isolates around what is quoted."""
    if channel == "email":
        text = quopri.decodestring(text.encode()).decode("utf-8", "replace")
    return (
        "".join(c for c in text if c not in "\u2066\u2067\u2068\u2069")
        .replace("\r\n", " ")
        .replace("\n", " ")
    )


def test_every_field_is_here_or_excused() -> None:
    names = {f.name for f in fields(Draft)}
    assert names == OTHERS.keys() | NEVER.keys()


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("name", OTHERS)
def test_every_field_is_shown(name: str, channel: Channel) -> None:
    """Urgency and certainty were shown nowhere, and in Slack a source without an address vanished."""
    value, words = OTHERS[name]
    now = replace(TALKS, kind=Kind.UPDATE, **{name: value})
    assert words in read_by_people(channel, rendered(channel, now, now)), name


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("name", sorted(OTHERS.keys() - NOT_COMPARED.keys()))
def test_every_field_is_compared(name: str, channel: Channel) -> None:
    """“Possible” became “observed”, and the mail said “Nothing: it is as it was told before”."""
    now = replace(TALKS, kind=Kind.UPDATE, **{name: OTHERS[name][0]})
    shown = read_by_people(channel, rendered(channel, TALKS, now))
    assert "What changed" in shown
    assert "it is as it was told before" not in shown
