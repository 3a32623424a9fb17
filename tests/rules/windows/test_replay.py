"""Ten weeks of travel advice as it really changed, for a reader of ten countries at eight in London.

Two of the days are kept as they read, in `golden/`; see NOTICE for their licence.
"""

import email
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import policy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from renderers import renderer, rendering_settings

from alerts.channels import CHANNELS, Personal
from alerts.channels.webhook.posting import payload
from alerts.links import Links
from alerts.model import (
    Audience,
    Cadence,
    Channel,
    Digest,
    Draft,
    Filter,
    Instant,
    Revision,
    Severity,
    Subscription,
)
from alerts.regions import load
from alerts.rules.cadence import Clock, describe, next_slot, part_next
from alerts.rules.describing import naming
from alerts.rules.reasons import reasons
from alerts.rules.windows import Window, entries, looking

CORPUS = Path(__file__).parents[3].parent / "shared/corpora/situation_updates/fcdo_observed_replay_open.jsonl"
GOLDEN = Path(__file__).with_name("golden")
COUNTRIES = ("BO", "KW", "BH", "ML", "SA", "IL", "LB", "UA", "CO", "UG")
ZONE, DAILY = "Europe/London", Cadence.parse("daily 08:00")
CLOCK = Clock.of(ZONE, [(DAILY, None)])
DAYS = ("2026-04-02", "2026-05-20")
SEVERITY = {"🟢": Severity.MINOR, "🟡": Severity.MODERATE, "⚠️": Severity.SEVERE, "🔴": Severity.EXTREME}
#: Where on the site a change stands, as its notes say in a dozen spellings: our readers get a link.
PAGE = re.compile(
    r"\s*\(?(?:See )?[(‘'\"“][^()]*\b(?:pages?|insurance|security)\b[^()]*\)?\.?$", re.IGNORECASE
)

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the corpora are not here")


@cache
def revisions() -> tuple[Revision, ...]:
    """One update a country; each change observed is its next revision."""
    numbers: dict[str, int] = {}
    found = []
    for line in CORPUS.read_text("utf-8").splitlines():
        row = json.loads(line)
        slug = row["slug"]
        numbers[slug] = numbers.get(slug, 0) + 1
        at = datetime.fromisoformat(row["observed_at"])
        found.append(Revision(slug, numbers[slug], advice(row, at), int(at.timestamp() * 1000)))
    return tuple(found)


def advice(row: dict[str, Any], at: datetime) -> Draft:
    """An observed change as a desk would publish it."""
    country, _, sign = row["title"].rpartition(" ")
    notes = list(dict.fromkeys(PAGE.sub("", note["text"]).rstrip(" .") for note in row["new_notes"]))
    levels = row["advisory_after"] or []
    news = (levels + notes or ["Travel advice edited"])[0].rstrip(".")
    return Draft(
        f"{country}: {news}"[:250],
        (load().find(row["slug"].replace("-", " ")),),
        row["slug"],
        key_points=tuple(notes if levels else notes[1:]),
        body="\n\n".join(levels),
        tags=("travel-advice",),
        severity=SEVERITY.get(sign, Severity.UNKNOWN),
        source="FCDO travel advice",
        url=f"https://www.gov.uk/foreign-travel-advice/{row['slug']}",
        published_at=at,
    )


def digests(channel: Channel) -> Iterator[tuple[str, Digest]]:
    """Every digest of the ten weeks, by its day."""
    audience, look = reader(channel), looking(load())
    opened_ms = next_slot(CLOCK, (revisions()[0].accepted_ms or 0) - 24 * 3_600_000)
    while opened_ms < (revisions()[-1].accepted_ms or 0):
        slot_ms = next_slot(CLOCK, opened_ms)
        told = entries(audience, revisions(), look, Window(opened_ms, slot_ms))
        if told:
            yield day(slot_ms), Digest(channel, told, slot_ms, clock=str(CLOCK), from_ms=opened_ms)
        opened_ms = slot_ms


def reader(channel: Channel) -> Audience:
    return Audience.of(channel, ZONE, [Subscription(Filter(COUNTRIES), DAILY)])


def day(at_ms: Instant) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).date().isoformat()


def shown(digest: Digest) -> dict[str, str]:
    """A digest as it reads: the parts of the email, or the post, or a webhook in a chat."""
    sender = "Situation Desk <desk@alerts.example.org>"
    known = {r.ref: r for r in revisions()}
    message = renderer(None, mail_from=sender, place=naming(load())).render(digest, known)
    told = [known[e.ref] for e in digest.entries]
    following = part_next((DAILY, None), ZONE, digest.horizon_ms)
    links = Links("https://alerts.example.org", b"a key of the tests", "tests")
    who = Personal(
        digest,
        7,
        "mattermost+https://chat.example.org/hooks/x"
        if digest.channel == "webhook"
        else "reader@example.org",
        links,
        digest.horizon_ms,
        reason=reasons(reader(digest.channel), told, load()),
        next_slot=f"Your next digest: {describe(following, ZONE)}.",
    )
    filled = message.fill(CHANNELS[digest.channel].blanks(rendering_settings(mail_from=sender), who))
    if digest.channel is Channel("slack"):
        post = json.loads(filled)
        return {"slack": "\n".join([post["text"], "", *_said([post["blocks"], post["replies"]])])}
    if digest.channel is Channel("webhook"):
        return {"webhook": json.loads(payload(filled, "mattermost"))["text"] + "\n"}
    mail = email.message_from_bytes(filled, policy=policy.default)
    parts = {kind: mail.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("plain", "html")}
    return {"email": f"Subject: {mail['Subject']}\n\n{parts['plain']}", "html": parts["html"]}


def _said(part: Any) -> Iterator[str]:
    """Each block's words in a line of their own."""
    if isinstance(part, list):
        for each in part:
            yield from _said(each)
    elif part.get("type") in ("text", "link", "mrkdwn", "plain_text"):
        yield part["text"] + (f" <{part['url']}>" if "url" in part else "")
    elif part.get("type") == "date":
        yield f"[{part['fallback']}]"
    elif part.get("type") in ("rich_text_section", "rich_text_quote"):
        yield "".join(_said(part["elements"]))
    elif part.get("type") == "divider":
        yield "---"
    else:
        yield from _said([value for value in part.values() if isinstance(value, dict | list)])


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("kept", DAYS)
def test_two_days_read_as_they_did_when_somebody_last_read_them(kept: str, channel: Channel) -> None:
    text = shown(dict(digests(channel))[kept])[channel]
    assert text == (GOLDEN / f"{kept}.{channel}.txt").read_text("utf-8")


def test_every_change_of_the_ten_countries_is_told_once_on_its_day() -> None:
    told = [(when, entry.ref) for when, digest in digests(Channel("email")) for entry in digest.entries]
    wanted = [(day(r.accepted_ms or 0), r.ref) for r in revisions() if r.draft.regions[0] in COUNTRIES]
    assert sorted(told) == sorted(wanted)


def test_every_digest_renders_whole() -> None:
    for channel in CHANNELS:
        for _, digest in digests(channel):
            for text in shown(digest).values():
                assert "Shortened here" not in text
                assert len(text) < 90_000
