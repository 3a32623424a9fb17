"""What a digest says in one line: never less than whoever reads only that line must know."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from rendering_samples import (
    FLOOD,
    HORIZON,
    HOUR,
    MARCH,
    READING,
    STALL,
    TALKS,
    alone,
    chat,
    html_of,
    mail,
    post,
    posted,
    renderer,
    revisions,
    said,
    several,
    text_of,
)

from alerts.channels import CHANNELS
from alerts.model import Change, Channel, Digest, Draft, Entry, Message, Status

DAILY = {"clock": "daily 20:00 Europe/Kyiv", "from_ms": HORIZON - 24 * HOUR}
DRILL = replace(FLOOD, status=Status.EXERCISE)


def digest(channel: Channel, entries: list[Entry], *drafts: Draft, **more: object) -> Message:
    return renderer().render(Digest(channel, tuple(entries), HORIZON, **(DAILY | more)), revisions(*drafts))


def text(message: Message) -> str:
    """What a reader sees, markup aside."""
    if message.channel is Channel("slack"):
        return said([post(message)["blocks"], post(message)["replies"]])
    if message.channel is Channel("webhook"):
        return chat(message)
    return text_of(mail(message))


def many(count: int, **changes: object) -> list[Draft]:
    """Too much for one mail or post."""
    return [
        replace(TALKS, id=f"u-{n}", headline=f"Situation {n}", body="word " * 90, **changes)
        for n in range(count)
    ]


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    ("change", "word"),
    [(Change.CLOSED, "Closed: "), (Change.CORRECTED, "Correction: "), (Change.UPDATED, "Updated: ")],
)
def test_a_line_says_that_it_is_no_news_of_its_own(channel: Channel, change: Change, word: str) -> None:
    """Seventy corrected and closed situations in one catch-up: those folded to a line looked new."""
    before = many(90)
    after = [replace(draft, note="wrong") for draft in before]
    entries = [Entry(draft.id, 2, change, since=1) for draft in before]
    shown = text(digest(channel, entries, *before, *after, catch_up=True, clock="", from_ms=0))
    lines = (
        shown.partition("Details are in the thread")[0]
        if channel is Channel("slack")
        else shown.partition("Also")[2]
    )
    assert lines.count(word) > 5


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_is_new_needs_no_word_in_its_line(channel: Channel) -> None:
    assert "New: " not in text(several(channel, many(90)))


def test_the_lines_of_an_email_lead_to_what_they_name_whole():
    """They led to their source, which says other things; without one, “ask us by headline or name”."""
    found = mail(several(Channel("email"), many(200, url="https://news.example.org/a")))
    folded = html_of(found).partition(">Also</h2>")[2].partition("</ul>")[0]
    page = f"https://alerts.example.org/r/{READING}"
    assert folded.count(f'<a href="{page}/u-') == folded.count("<li") - 1 > 20
    assert f'<a href="{page}"' in folded.rpartition("<li")[2]
    lines = text_of(found).partition("== Also ==")[2]
    assert lines.count(f"\n  {page}/u-") > 20
    assert f" more\n  {page}\n" in lines
    assert len(html_of(found).encode()) <= 90_000


def test_an_exercise_among_others_is_one_wherever_its_headline_stands():
    """Its banner stands in the mail; the list of mails and the notification showed a severe flood.

    A subject has no room for what is not real while there is anything that is.
    """
    found = mail(several(Channel("email"), [DRILL, TALKS]))
    assert found["Subject"] == f"{TALKS.headline} · 20:00 Mon 28 Mar"
    assert f"EXERCISE: {FLOOD.headline}" in html_of(found).partition("preheader")[2]
    assert post(several(Channel("slack"), [DRILL, TALKS]))["text"] == found["Subject"]
    one = html_of(mail(alone(Channel("email"), replace(TALKS, status=Status.TEST))))
    assert one.partition('class="preheader"')[2].partition(">")[2].startswith("TEST: Negotiations continue")


def test_beside_the_subject_stands_why_it_closed_and_not_what_was_true_before():
    """The list of mails said “Closed: …”, and beside it what had been told of the open situation."""
    closed = replace(TALKS, note="The round ended.")
    html = html_of(mail(alone(Channel("email"), closed, Change.CLOSED, before=TALKS)))
    assert html.partition('class="preheader"')[2].partition(">")[2].startswith("The round ended.")


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_became_as_it_was_is_counted(channel: Channel) -> None:
    """It rose and fell again between two digests: nobody who reads the later one learns anything."""
    entries = [Entry(MARCH.id, 1, Change.NEW), Entry(TALKS.id, 3, Change.UPDATED, since=1)]
    again = replace(TALKS, note=" ", published_at=None)
    shown = text(digest(channel, entries, MARCH, TALKS, STALL, again))
    assert "1 update without a change" in shown
    assert "Updated" not in shown
    assert "Talks in Istanbul tomorrow" not in shown
    assert shown.index("1 update without a change") < shown.index(TALKS.headline)
    assert "2 updates" not in shown, "the title counts what is told, as the subject does"
    assert shown.startswith("1 update\n")


@pytest.mark.parametrize(
    ("updates", "same", "exercises", "tests", "title"),
    [
        (3, 0, 0, 0, "3 updates"),
        (3, 2, 0, 0, "3 updates"),
        (2, 0, 1, 0, "2 updates and 1 exercise"),
        (2, 1, 2, 1, "2 updates, 2 exercises and 1 test"),
        (1, 1, 0, 0, "1 update"),
        (0, 0, 2, 0, "2 exercises"),
        (0, 2, 0, 0, "2 updates without a change"),
        (0, 0, 1, 1, "1 exercise and 1 test"),
    ],
)
def test_subject_and_title_count_the_same(
    updates: int, same: int, exercises: int, tests: int, title: str
) -> None:
    """“Flooding, and 2 more” stood above “5 updates”: the title counted what was as told before, too."""
    counts = {"new": updates, "same": same, "exercise": exercises, "test": tests}
    names = [f"{kind}-{n}" for kind, count in counts.items() for n in range(count)]
    status = {"exercise": Status.EXERCISE, "test": Status.TEST}
    drafts = [replace(TALKS, id=n, status=status.get(n.partition("-")[0], Status.ACTUAL)) for n in names]
    entries = [
        Entry(
            n, 2 if n.startswith("same") else 1, Change.UPDATED if n.startswith("same") else Change.NEW, since
        )
        for n in names
        for since in [int(n.startswith("same"))]
    ]
    again = [draft for draft in drafts if draft.id.startswith("same")]
    found = mail(digest(Channel("email"), entries, *drafts, *again))
    assert f"\n{title}\n" in f"\n{text_of(found)}"
    more = re.search(r", and (\d+) more · ", found["Subject"])
    told = updates or (exercises if not tests else 0)
    assert (int(more[1]) + 1 if more else min(told, 1)) == told


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_slot_with_nothing_but_that_says_so(channel: Channel) -> None:
    message = digest(channel, [Entry(FLOOD.id, 2, Change.UPDATED, since=1)], FLOOD, FLOOD)
    assert text(message).count("1 update without a change") == 1
    assert text(message).index("As told before") < text(message).index(FLOOD.headline)
    subject = {
        "email": lambda: mail(message)["Subject"],
        "slack": lambda: post(message)["text"],
        "webhook": lambda: posted(message)["data"]["notification"],
    }[channel]()
    assert subject == "1 update without a change · Bangladesh · 20:00 Mon 28 Mar"


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_goes_out_at_once_without_a_change_is_shown_whole_and_says_so(channel: Channel) -> None:
    """A post of it is edited and its thread told, as for every change."""
    message = alone(channel, TALKS, Change.UPDATED, before=TALKS)
    assert "Nothing: it is as it was told before" in text(message)
    assert "Talks in Istanbul tomorrow" in text(message)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"body": "Quite another text."}, "The text adds: Quite another text."),
        ({"url": "https://desk.example/b"}, "Source revised"),
        ({"tags": ("conflict", "aid")}, "Tags added: aid"),
        ({"tags": ("conflict",)}, "Tags removed: negotiations"),
        ({"status": Status.EXERCISE}, "Status changed: Actual → Exercise"),
        ({"expires_at": datetime(2022, 4, 2, tzinfo=UTC)}, "Expiry before: none"),
        ({"note": "Only a note."}, "Only a note."),
    ],
    ids=str,
)
@pytest.mark.parametrize("channel", CHANNELS)
def test_the_least_change_is_a_change(channel: Channel, changes: dict[str, object], sentence: str) -> None:
    entries = [Entry(TALKS.id, 2, Change.UPDATED, since=1), Entry(MARCH.id, 1, Change.NEW)]
    shown = text(digest(channel, entries, TALKS, replace(TALKS, **changes), MARCH))
    assert "without a change" not in shown
    assert sentence in shown


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    "clock", ["daily 20:00 + weekly wed 08:00", "daily 20:00 + immediate quiet 22:00-07:00"]
)
def test_a_clock_of_several_cadences_does_not_say_since_when(channel: Channel, clock: str) -> None:
    """Its window reaches back to the rarest slot, and most of what it holds was told at the others."""
    entries = [Entry(MARCH.id, 1, Change.NEW), Entry(FLOOD.id, 1, Change.NEW)]
    shown = text(digest(channel, entries, MARCH, FLOOD, clock=f"{clock} Europe/Kyiv", late=True))
    assert "everything since" not in shown
    assert "20:00 Mon 28 Mar Europe/Kyiv" in shown


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_late_digest_says_when_it_was_due_in_whose_time(channel: Channel) -> None:
    entries = [Entry(MARCH.id, 1, Change.NEW), Entry(FLOOD.id, 1, Change.NEW)]
    shown = " ".join(text(digest(channel, entries, MARCH, FLOOD, late=True)).split())
    assert "It was due at 20:00 Mon 28 Mar, Europe/Kyiv. It holds everything since 20:00 Sun 27 Mar." in shown
    quiet = " ".join(text(digest(channel, [], late=True)).split())
    assert "It was due at 20:00 Mon 28 Mar, Europe/Kyiv." in quiet
    assert "It holds" not in quiet


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_went_out_at_once_is_not_said_to_have_arrived(channel: Channel) -> None:
    """The words are shared by all readers; with one of them a delivery may have failed or still be tried."""
    entries = [Entry(MARCH.id, 1, Change.NEW), Entry(FLOOD.id, 1, Change.TOLD, at_ms=HORIZON - 3 * HOUR)]
    shown = text(digest(channel, entries, MARCH, FLOOD))
    assert "Went out at once" in shown
    assert "sent" not in shown.lower().replace("sent by", "")
    assert "17:00 Europe/Kyiv" in shown


@pytest.mark.parametrize("note", ["", "The round ended early."])
@pytest.mark.parametrize("change", [Change.UPDATED, Change.CORRECTED, Change.CLOSED])
def test_beside_the_subject_parts_stand_apart_and_none_is_empty(change: Change, note: str) -> None:
    """An update without a note began with a dot that parted nothing: “ · 21 → 24 confirmed cases”."""
    found = mail(alone(Channel("email"), replace(STALL, note=note), change, before=TALKS))
    [shown] = re.findall(r'class="preheader"[^>]*>([^<]*)<', html_of(found))
    assert shown
    assert all(part == part.strip() and part for part in shown.split(" · ")), shown


def test_beside_all_quiet_stands_what_is_quiet() -> None:
    found = mail(digest(Channel("email"), []))
    assert "Nothing has been due to you since" in html_of(found).partition("<h1")[0]
    assert html_of(found).partition("<h1")[0].count("your subscription “Kyiv office” wants Ukraine") == 1
