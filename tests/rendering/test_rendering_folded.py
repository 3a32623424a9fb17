"""Two digests that say little: all quiet, and what is beyond a daily cap."""

from dataclasses import replace

import pytest
from rendering_samples import (
    FLOOD,
    HORIZON,
    HOUR,
    MARCH,
    TALKS,
    chat,
    html_of,
    mail,
    post,
    renderer,
    revisions,
    said,
    text_of,
)

from alerts.channels import CHANNELS
from alerts.model import Change, Channel, Digest, Entry, Message, Status

SLOT = {"clock": "daily 20:00 Europe/Kyiv", "from_ms": HORIZON - 24 * HOUR}
QUIET = "Nothing has been due to you since 20:00 Sun 27 Mar Europe/Kyiv."
DRILL = replace(FLOOD, status=Status.EXERCISE)


def digest(channel: Channel, *entries: Entry, **more: object) -> Message:
    known = revisions(TALKS, DRILL, MARCH)
    return renderer().render(Digest(channel, entries, HORIZON, **(SLOT | more)), known)


def text(message: Message) -> str:
    """What a reader sees, markup aside."""
    if message.channel is Channel("slack"):
        return said(post(message)["blocks"])
    if message.channel is Channel("webhook"):
        return chat(message)
    return text_of(mail(message))


@pytest.mark.parametrize("channel", CHANNELS)
def test_all_quiet_is_said_in_a_line_with_its_reason(channel: Channel) -> None:
    shown = text(digest(channel))
    assert "All quiet" in shown
    assert QUIET in shown
    assert "You get this because" in shown
    assert "update" not in shown.lower().replace("situation update", "")


def test_all_quiet_is_seen_in_the_list_of_mails() -> None:
    found = mail(digest(Channel("email")))
    assert found["Subject"] == "All quiet · 20:00 Mon 28 Mar"
    assert '<div class="preheader"' in html_of(found)
    assert html_of(found).count(QUIET) == 2  # the preview line, and the page


def test_all_quiet_notifies_in_one_line() -> None:
    arguments = post(digest(Channel("slack")))
    assert arguments["text"] == "All quiet · 20:00 Mon 28 Mar"
    assert arguments["replies"] == []


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_late_all_quiet_says_that_it_is_late(channel: Channel) -> None:
    assert "This digest is late" in text(digest(channel, late=True))


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_went_out_at_once_is_named_where_nothing_else_is_new(channel: Channel) -> None:
    shown = text(digest(channel, Entry(TALKS.id, 1, Change.TOLD, 0, HORIZON - HOUR)))
    assert "1 update, which went out at once" in shown
    assert "Nothing else has been due to you since" in shown
    assert TALKS.headline in shown


@pytest.mark.parametrize("channel", CHANNELS)
def test_beyond_the_cap_there_are_headlines_and_their_count(channel: Channel) -> None:
    beyond = [Entry(draft.id, 1, Change.NEW, folded=True) for draft in (DRILL, MARCH)]
    message = digest(channel, Entry(TALKS.id, 1, Change.NEW), *beyond)
    shown = text(message)
    whole = shown.partition("2 more")[0]
    assert "2 more, beyond your daily cap" in shown
    assert "Talks in Istanbul tomorrow" in whole
    assert shown.index("2 more, beyond your daily cap") < shown.index(MARCH.headline)
    assert "2 updates and 1 exercise" in shown


@pytest.mark.parametrize("channel", CHANNELS)
def test_one_alone_beyond_the_cap_is_not_shown_whole(channel: Channel) -> None:
    shown = text(digest(channel, Entry(TALKS.id, 1, Change.NEW, folded=True)))
    assert "1 beyond your daily cap" in shown
    assert TALKS.headline in shown
    assert "Talks in Istanbul tomorrow" not in shown


@pytest.mark.parametrize("channel", CHANNELS)
def test_an_exercise_in_one_line_is_called_one(channel: Channel) -> None:
    """Among others it has no banner of its own there."""
    beyond = Entry(DRILL.id, 1, Change.NEW, folded=True)
    shown = text(digest(channel, Entry(TALKS.id, 1, Change.NEW), beyond))
    line = next(n for n, line in enumerate(shown.splitlines()) if DRILL.headline in line)
    assert "EXERCISE: " in "".join(shown.splitlines()[line - 1 : line + 1])
