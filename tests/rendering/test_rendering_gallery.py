"""The outbox as a page: whole, quiet, and safe to open."""

import re
from dataclasses import replace

from rendering_samples import FLOOD, HORIZON, STALL, TALKS, alone, post, raw, several

from alerts.channels.email.shown import shown_email
from alerts.channels.slack.shown import shown_slack
from alerts.model import Change, Channel
from alerts.rendering import gallery


def sample():
    update = alone(Channel("slack"), STALL, Change.UPDATED, before=TALKS)
    return [
        shown_email(raw(alone(Channel("email"), TALKS)), "olena@example.org", HORIZON, "r1"),
        shown_slack(post(update), "T024/C0KYIV", HORIZON + 60_000, "r2"),
    ]


def test_an_email_is_taken_apart():
    shown = sample()[0]
    assert shown.title == TALKS.headline
    assert ("To", "olena@example.org") in shown.headers
    assert "Talks in Istanbul tomorrow" in shown.text
    assert "<h1" in shown.html


def test_a_post_is_taken_apart_with_its_thread():
    shown = sample()[1]
    assert shown.title == f"SEVERE · Updated: {STALL.headline}"
    assert len(shown.posts) == 2


def test_the_page_shows_every_message_newest_first():
    page = gallery(sample())
    assert page.index("# C0KYIV") < page.index("<iframe")
    assert page.count("<article") == 2
    assert "in thread · " in page
    assert "Will Crouch" in page


def test_the_page_fetches_nothing_and_runs_nothing():
    page = gallery(sample())
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert not re.search(r"""(?:src|@import|url)\s*[=(]\s*["']?(?:https?:)?//""", page)


def test_what_an_author_wrote_stays_text_on_the_page():
    nasty = '"><script>alert(1)</script><!--'
    draft = replace(FLOOD, headline=nasty, body=nasty)
    items = [
        shown_email(raw(alone(Channel("email"), draft)), nasty, HORIZON),
        shown_slack(post(several(Channel("slack"), [draft, TALKS])), nasty, HORIZON),
    ]
    assert "<script" not in gallery(items)


def test_a_post_of_another_shape_is_shown_as_far_as_it_can_be():
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": "hello *you*"}},
        {"type": "actions", "elements": []},
    ]
    assert "hello *you*" in gallery([shown_slack({"text": "x", "blocks": blocks}, "T/C", HORIZON)])


def test_an_empty_outbox_says_so():
    assert "Nothing has been sent yet." in gallery([])
