"""Mails in every language, as text; run with `PYTHONPATH=tests:tests/rendering` it writes them.

Whoever commits what it has written to `tests/data/locales` has read it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from functools import lru_cache
from pathlib import Path

from renderers import rendering_settings
from rendering_samples import (
    AT,
    FLOOD,
    HORIZON,
    HOUR,
    LINKS,
    MARCH,
    READING,
    SENDER,
    STALL,
    TALKS,
    parsed,
    post,
    posted,
    renderer,
    revisions,
    said,
    text_of,
)

from alerts.channels.contract import OneTimeMail, Personal
from alerts.channels.email.blanks import blanks
from alerts.locales import locale_for
from alerts.model import (
    Audience,
    Cadence,
    Change,
    Channel,
    Digest,
    Draft,
    Entry,
    Errand,
    Filter,
    Kind,
    OneTimeLink,
    QuietHours,
    Revision,
    Severity,
    Status,
    Subscription,
)
from alerts.regions import load
from alerts.rules.cadence import clock_of, describe, next_slot
from alerts.rules.describing import describe as in_words
from alerts.rules.reasons import reasons

GOLDEN = Path(__file__).parents[1] / "data" / "locales"
LANGUAGES = ("ar", "es", "fr", "uk")
EMAIL = Channel("email")
ASKED = (
    Subscription(
        Filter(
            ("UA", "eu"),
            any_tags=("conflict", "negotiations"),
            none_tags=("sport",),
            min_severity=Severity.MODERATE,
        ),
        Cadence.parse("daily 20:00"),
        QuietHours.parse("22:00-07:00"),
        Severity.SEVERE,
        "Kyiv office",
        5,
        True,
    ),
    Subscription(Filter(("BD", "KE")), Cadence.parse("weekly mon,thu 09:00"), name="Far away"),
)
TREE, RENDERER = load(), renderer()
PERSON = Audience(EMAIL, "Europe/Kyiv", ASKED)

FALLEN = replace(
    STALL,
    headline="Talks resume",
    severity=Severity.MODERATE,
    regions=("UA",),
    key_points=("Negotiations continue", "A date is set", "Both sides confirm"),
    tags=("negotiations",),
    note="",
    expires_at=AT + timedelta(hours=6),
)
CORRECTED = replace(STALL, kind=Kind.CORRECTION, note="", severity=Severity.UNKNOWN)
DRILL = replace(MARCH, id="ke-drill", headline="A drill in Nairobi", status=Status.EXERCISE)
CLOSED = replace(TALKS, id="ua-closed", kind=Kind.CANCEL, headline="Talks are over")


@lru_cache
def mails(language: str) -> tuple[tuple[str, EmailMessage], ...]:
    """Each with what it shows."""
    return tuple(_mails(language))


def _mails(language: str) -> Iterator[tuple[str, EmailMessage]]:
    for what, digest, known in told(EMAIL):
        yield what, _filled(language, digest, known)
    for errand in Errand:
        yield f"one-time, {errand}", _one_time(language, errand)


def posts(language: str) -> Iterator[tuple[str, str]]:
    """The same as Slack posts and in chat programs, all that they say."""
    reason = in_words(ASKED[0], TREE.located, locale_for(language))
    for what, digest, known in told(Channel("slack")):
        arguments = post(RENDERER.render(digest, known, language), reason)
        shown = [arguments["blocks"], *(part["blocks"] for part in arguments["replies"])]
        shown += [arguments["reply"]["blocks"]] if "reply" in arguments else []
        yield f"Slack: {what}", "\n".join([arguments["text"], *map(said, shown)])
    for what, digest, known in told(Channel("webhook")):
        message = RENDERER.render(digest, known, language)
        yield f"Mattermost: {what}", posted(message, "mattermost", reason)["text"]
        yield f"Teams: {what}", said(posted(message, "teams", reason))


def told(channel: Channel) -> Iterator[tuple[str, Digest, dict[str, Revision]]]:
    """Digests in which every fixed text stands that a digest can have, each with what it shows."""
    yield "one, new", *_alone(channel, TALKS)
    yield "one, worse", *_alone(channel, STALL, TALKS, Change.UPDATED, urgent=True)
    yield "one, better", *_alone(channel, FALLEN, STALL, Change.UPDATED)
    yield "one, corrected", *_alone(channel, CORRECTED, TALKS, Change.CORRECTED)
    yield "one, closed", *_alone(channel, replace(TALKS, kind=Kind.CANCEL), TALKS, Change.CLOSED)
    yield "one, retracted", *_alone(channel, replace(TALKS, kind=Kind.RETRACTION), TALKS, Change.CLOSED)
    yield "one, an exercise", *_alone(channel, replace(TALKS, status=Status.EXERCISE))
    yield "several, late", *_several(channel, [TALKS, FLOOD, MARCH, DRILL], late=True)
    yield "several exercises", *_several(channel, [DRILL, replace(DRILL, id="ke-drill-2")])
    yield "told at once", *_several(channel, [TALKS, FLOOD], change=Change.TOLD)
    yield "all quiet", *_several(channel, [])


def _alone(
    channel: Channel,
    draft: Draft,
    before: Draft | None = None,
    change: Change = Change.NEW,
    *,
    urgent: bool = False,
) -> tuple[Digest, dict[str, Revision]]:
    known = revisions(*([before] if before else []), draft)
    entry = Entry(draft.id, len(known), change, since=1 if before else 0)
    return Digest(channel, (entry,), HORIZON, urgent=urgent), known


def _several(
    channel: Channel, drafts: list[Draft], change: Change = Change.NEW, **more: object
) -> tuple[Digest, dict[str, Revision]]:
    entries = tuple(
        Entry(draft.id, 1, change, at_ms=HORIZON - HOUR if change is Change.TOLD else 0) for draft in drafts
    )
    slot = {"clock": "daily 20:00 Europe/Kyiv", "from_ms": HORIZON - 24 * HOUR, **more}
    return Digest(channel, entries, HORIZON, **slot), revisions(*drafts)


def _filled(language: str, digest: Digest, known: dict[str, Revision]) -> EmailMessage:
    """As somebody of this language gets it."""
    locale, clock = locale_for(language), clock_of(PERSON)
    assert clock
    following = describe(next_slot(clock, HORIZON), clock.zone, locale=locale)
    who = Personal(
        digest,
        7,
        "olena@example.org",
        LINKS,
        HORIZON,
        reasons(PERSON, known.values(), TREE, digest.all_quiet, locale),
        locale.gettext("Your next digest: %(moment)s.", moment=following),
        batch=1,
        zone="Europe/Kyiv",
        told=known[digest.entries[0].ref] if digest.alone else None,
        lists=tuple(subscription.name for subscription in ASKED),
        locale=locale,
    )
    values = {**blanks(rendering_settings(mail_from=SENDER), who), "page": READING}
    return parsed(RENDERER.render(digest, known, language).fill(values))


def _one_time(language: str, errand: Errand) -> EmailMessage:
    link = OneTimeLink(
        "0123456789abcdef",
        errand,
        EMAIL,
        "olena@example.org",
        HORIZON,
        HORIZON + 24 * HOUR,
        ASKED,
        "Europe/Kyiv",
        language,
    )
    words = tuple(in_words(one, TREE.located, locale_for(language), spoken=True) for one in ASKED)
    never = "" if errand is Errand.COME_IN else "https://alerts.example.org/n/token"
    mail = OneTimeMail(link, "https://alerts.example.org/join/token", words, HORIZON, never)
    return parsed(RENDERER.one_time(mail).fill({}))


def written(language: str) -> str:
    """All of them, one below the other."""
    return "\n".join(
        f"######## {what}\nSubject: {mail['Subject']}\n\n{text_of(mail)}" for what, mail in mails(language)
    )


if __name__ == "__main__":
    for language in LANGUAGES:
        (GOLDEN / f"{language}.txt").write_text(written(language), encoding="utf-8")
