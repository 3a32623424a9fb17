"""A digest in Slack, however many updates it tells: a line each, or all of it where that is read at once."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import week
from block_kit import check_posts, shown
from rendering_samples import AT, HORIZON, HOUR, TALKS, alone, post, renderer, revisions, several
from slack_server import SlackServer

from alerts.channels.slack.sender import SlackSender
from alerts.model import Change, Channel, Digest, Draft, Entry, Message, Recipient, Sent, Severity, Status

SLACK = Channel("slack")
#: Most are minor, and the worst is not the first.
SEVERITIES = (Severity.MINOR, Severity.MODERATE, Severity.MINOR, Severity.SEVERE, Severity.UNKNOWN)
SIZES = (1, 2, 3, 5, 9, 30, 60)


def drafts(count: int, **changes: Any) -> list[Draft]:
    """As a desk writes them: two key points, two paragraphs, a page of its own."""
    body = "The delegations met in the morning; a second round is expected to begin tomorrow. " * 2
    return [
        replace(
            TALKS,
            id=f"u-{n}",
            headline=f"Situation number {n} goes on in the north of the district",
            regions=(("UA", "RU", "TR", "BD", "KE")[n % 5],),
            severity=SEVERITIES[n % 5],
            body=f"{n}. {body}\n\n{body}",
            url=f"https://desk.example.org/updates/{n}",
            **changes,
        )
        for n in range(count)
    ]


def posts(count: int, **changes: Any) -> list[dict[str, Any]]:
    arguments = post(several(SLACK, drafts(count, **changes)))
    check_posts(arguments)
    return [arguments, *arguments["replies"]]


@pytest.mark.parametrize("count", SIZES)
def test_each_update_is_in_the_post_itself_with_its_link_the_urgent_ones_on_top(count: int) -> None:
    """Of sixty, thirty-eight had a line, and of the others nothing was said but how many."""
    whole = json.dumps(posts(count)[0]["blocks"], ensure_ascii=False)
    # What there is no room for in the thread leads to its page.
    links = (re.search(rf'"(https://desk.example.org/updates/{n}|[^"]*/u-{n})"', whole) for n in range(count))
    order = sorted((link.start(), SEVERITIES[n % 5]) for n, link in enumerate(links) if link)
    assert len(order) == count
    severe = [severity is Severity.SEVERE for _, severity in order]
    assert severe == sorted(severe, reverse=True)


@pytest.mark.parametrize("count", [n for n in SIZES if n > 3])
def test_a_longer_one_is_a_line_an_update_with_the_details_in_the_thread(count: int) -> None:
    first, *thread = posts(count)
    lines = [line for line in shown(first["blocks"]).split("\n") if line.startswith("• ")]
    assert len(lines) == count
    assert all(line.count(" · ") == 2 for line in lines), "severity, headline, place"
    assert "Details are in the thread." in shown(first["blocks"])
    assert "The delegations" not in shown(first["blocks"])
    assert 1 <= len(thread) <= 4


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_short_one_is_one_post(count: int) -> None:
    """Two short updates took two calls, a second apart, and a click to be read."""
    [only] = posts(count)
    assert shown(only["blocks"]).count("a second round is expected") == 4 * count
    assert "thread" not in shown(only["blocks"])


def test_two_long_ones_have_a_line_each_and_a_thread() -> None:
    first, *thread = posts(2, key_points=tuple(f"Point {n} of many: {'words ' * 30}" for n in range(12)))
    assert len(thread) == 1
    assert shown(first["blocks"]).count("• ") == 2


def test_one_call_posts_a_short_one() -> None:
    with SlackServer() as slack:
        sender = SlackSender("xoxb-of-the-test", slack.url, lambda _route, _n: 0.0)
        blanks = {"reason": "Why.", "page": "token", "thread_ts": "", "post_channel": ""}
        outcomes = dict(
            sender.send(several(SLACK, drafts(2)), [Recipient(7, "T1/C1", blanks)], lambda: False)
        )
        sender.close()
    assert isinstance(outcomes[7], Sent)
    assert not outcomes[7].flaw, "the server takes the times as they are"
    assert [call.method for call in slack.calls] == ["chat.postMessage"]


@pytest.mark.parametrize("count", [9, 30, 60])
def test_a_post_and_a_thread_say_each_thing_once(count: int) -> None:
    first, *thread = posts(count)
    for text in (shown(first["blocks"]), "\n".join(shown(one["blocks"]) for one in thread)):
        long = [line for line in text.split("\n") if "number" in line]
        assert len(long) == len(set(long))


@pytest.mark.parametrize("count", range(4, 40, 3))
def test_nothing_stands_in_another_post_than_what_it_must_be_read_with(count: int) -> None:
    """The words EXERCISE ended one post, and the typhoon of the exercise began the next."""
    updates = drafts(count)
    exercises = [replace(draft, id=f"e-{draft.id}", status=Status.EXERCISE) for draft in updates[:count:2]]
    arguments = post(several(SLACK, [*updates, *exercises]))
    for one in arguments["replies"]:
        assert one["blocks"][-1]["type"] != "header"
        after = [*one["blocks"][1:], {"type": "divider"}]
        for block, following in zip(one["blocks"], after, strict=True):
            if shown([block]).startswith("EXERCISE. "):
                assert "number" in shown([block])
            elif block["type"] == "header":
                assert following["type"] == "rich_text"


def dates(part: Any) -> list[dict[str, Any]]:
    if isinstance(part, dict):
        return [part] if part.get("type") == "date" else dates(list(part.values()))
    return [found for each in part for found in dates(each)] if isinstance(part, list) else []


def test_each_reader_sees_times_in_their_own_zone() -> None:
    """A channel has readers on four continents, and read the zone of whoever had subscribed it."""
    draft = replace(TALKS, expires_at=datetime(2022, 3, 30, 6, tzinfo=UTC))
    found = dates(post(alone(SLACK, draft))["blocks"])
    assert [(date["timestamp"], date["fallback"]) for date in found] == [
        (int(AT.timestamp()), "28 March 2022, 17:00 UTC"),
        (1_648_620_000, "30 March 2022, 06:00 UTC"),
    ]


def test_where_slack_cannot_it_is_the_zone_of_the_clock() -> None:
    entries = [Entry("u-0", 1, Change.NEW), Entry("u-1", 1, Change.TOLD, at_ms=HORIZON - 3 * HOUR)]
    message: Message = renderer().render(
        Digest(SLACK, tuple(entries), HORIZON, clock="daily 20:00 Europe/Kyiv"), revisions(*drafts(2))
    )
    fallbacks = [date["fallback"] for date in dates(post(message)["blocks"])]
    assert fallbacks == ["28 March 2022, 20:00 Europe/Kyiv", "17:00 Europe/Kyiv"]


@pytest.mark.parametrize(
    "published", [datetime(1950, 1, 1, tzinfo=UTC), datetime(2500, 1, 1, tzinfo=UTC), AT.date()], ids=str
)
def test_a_day_and_what_no_reader_has_a_clock_for_stay_as_written(published: datetime) -> None:
    arguments = post(alone(SLACK, replace(TALKS, published_at=published)))
    assert dates(arguments["blocks"]) == []
    assert f" {published.year}" in week.read_aloud(arguments)
