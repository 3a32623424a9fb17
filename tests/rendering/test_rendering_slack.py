"""A Slack post as Slack reads it: literal text in blocks, no mention anywhere, never too big."""

import json
import re
from dataclasses import replace

import pytest
from block_kit import check_posts, shown
from hypothesis import given, settings
from hypothesis import strategies as st
from rendering_samples import FLOOD, MARCH, STALL, TALKS, alone, post, said, several

from alerts.model import Change, Channel, Status

SLACK = Channel("slack")


def every_post(arguments):
    return [arguments, *arguments["replies"], *([arguments["reply"]] if "reply" in arguments else [])]


def test_a_post_has_a_header_a_line_of_facts_the_content_and_the_reason():
    arguments = post(alone(SLACK, TALKS))
    kinds = [block["type"] for block in arguments["blocks"]]
    assert kinds == ["header", "rich_text", "rich_text", "rich_text", "divider", "context"]
    assert arguments["blocks"][0]["text"]["text"] == TALKS.headline
    assert "Moderate · New · Ukraine, Russia · 28 March 2022, 17:00 UTC · Will Crouch" in shown(
        arguments["blocks"][1:2]
    )
    assert arguments["blocks"][-1]["elements"][0]["text"].startswith("You get this because")
    assert (arguments["unfurl_links"], arguments["unfurl_media"]) == (False, False)
    assert not {"edit_parent", "reply"} & set(arguments)


def test_markdown_becomes_rich_text():
    elements = post(alone(SLACK, TALKS))["blocks"][3]["elements"]
    assert [e["type"] for e in elements] == ["rich_text_section", "rich_text_list", "rich_text_section"]
    assert {"type": "text", "text": "several", "style": {"italic": True}} in elements[0]["elements"]
    assert {"type": "link", "url": "https://desk.example/a", "text": "the desk"} in elements[2]["elements"]


@pytest.mark.parametrize(
    ("sentence", "draft", "change", "broadcast"),
    [
        ("a rise to severe concerns the whole channel", STALL, Change.UPDATED, True),
        ("so does a correction", replace(TALKS, note="n"), Change.CORRECTED, True),
        ("a closing is in the card, and in its thread", TALKS, Change.CLOSED, False),
        ("a quiet update stays in the thread", replace(TALKS, note="n"), Change.UPDATED, False),
    ],
)
def test_a_change_edits_the_parent_and_is_told_in_the_thread(sentence, draft, change, broadcast):
    arguments = post(alone(SLACK, draft, change, before=TALKS))
    assert arguments["edit_parent"] is True
    assert arguments["reply"]["broadcast"] is broadcast, sentence
    if draft.note:
        assert draft.note in said(arguments["reply"]["blocks"])


@pytest.mark.parametrize("status", [Status.EXERCISE, Status.TEST])
def test_an_exercise_is_marked_in_the_post_the_thread_and_the_notification(status):
    draft = replace(STALL, status=status)
    arguments = post(alone(SLACK, draft, Change.UPDATED, before=TALKS))
    assert arguments["text"].startswith(f"[{status.capitalize()}] ")
    assert said(arguments["blocks"][0]).startswith(f"{status.upper()}. ")
    assert said(arguments["reply"]["blocks"]).startswith(f"{status.upper()}. ")
    digest = post(several(SLACK, [replace(draft, id=f"u-{n}") for n in range(5)]))
    assert said(digest["blocks"]).count(f"{status.upper()}. ") == 1
    assert said(digest["blocks"]).count(f"{status.upper()}: ") == 5
    assert said(digest["replies"]).count(f"{status.upper()}. ") == 5


def within_limits(arguments):
    for one in every_post(arguments):
        assert len(one["blocks"]) <= 50
        # Of the first one's lines, half is JSON and addresses.
        most = 20_000 if one is arguments else 12_000
        assert len(json.dumps(one["blocks"], ensure_ascii=False)) <= most
        assert len(said(one["blocks"])) <= 12_000
        for block in one["blocks"]:
            if block["type"] == "header":
                assert len(block["text"]["text"]) <= 150
            assert len(said(block)) <= 3_000


def test_five_hundred_entries_make_a_post_and_a_short_thread():
    drafts = [replace(TALKS, id=f"u-{n}", headline=f"Situation {n} " + "Ω" * 200) for n in range(500)]
    arguments = post(several(SLACK, drafts))
    within_limits(arguments)
    assert 1 <= len(arguments["replies"]) <= 4
    assert re.search(r"and \d+ more", said(arguments["blocks"]))
    assert arguments["blocks"][-1]["type"] == "context"


@pytest.mark.parametrize(
    "body",
    [
        "Ω" * 100_000,
        "- a\n" * 20_000,
        '"\\' * 20_000,
        "para\n\n" * 5_000,
        "[x](https://e.example/" + "y" * 3_000 + ")",
    ],
    ids=lambda body: body[:8],
)
def test_a_body_of_any_size_fits(body):
    arguments = post(alone(SLACK, replace(TALKS, body=body, headline="h" * 250, note="n" * 5000)))
    within_limits(arguments)
    assert len(arguments["replies"]) <= 4


def mrkdwn_of(part):
    """Every text that Slack would interpret: `text` of a post, and any mrkdwn object."""
    if isinstance(part, dict):
        if part.get("type") == "mrkdwn":
            yield part["text"]
        for value in part.values():
            yield from mrkdwn_of(value)
    elif isinstance(part, list):
        for each in part:
            yield from mrkdwn_of(each)


def kinds_of(part):
    if isinstance(part, dict):
        yield part.get("type")
        for value in part.values():
            yield from kinds_of(value)
    elif isinstance(part, list):
        for each in part:
            yield from kinds_of(each)


def pings_nobody(text):
    draft = replace(STALL, headline=text, body=text, note=text, author=text, key_points=(text,), tags=(text,))
    for arguments in (
        post(alone(SLACK, draft, Change.UPDATED, before=TALKS), reason=text.strip() or "Why."),
        post(several(SLACK, [draft, replace(draft, id="two")])),
    ):
        for one in every_post(arguments):
            assert "<" not in one["text"]
            assert ">" not in one["text"]
        assert not list(mrkdwn_of(arguments))
        check_posts(arguments)
        assert set(kinds_of(arguments)) <= {
            *("header", "context", "divider", "plain_text", "text", "link", "date", None),
            *(
                "rich_text",
                "rich_text_section",
                "rich_text_list",
                "rich_text_quote",
                "rich_text_preformatted",
            ),
        }
        within_limits(arguments)


@pytest.mark.parametrize(
    "text",
    [
        "<!channel> <!here> <!everyone>",
        "<@U024BE7LH> and <#C024BE7LR>",
        "<!subteam^S123|team>",
        "<!date^1392734382^x|y>",
        "<https://evil.example|https://bank.example>",
        "*b* _i_ ~s~ `c`",
        "&lt;!channel&gt;",
        "\\u007freason-json\\u007f \x7freason-json\x7f",
    ],
)
def test_an_update_can_ping_nobody(text):
    pings_nobody(text)


@settings(max_examples=60)
@given(st.text(st.sampled_from('<>!@#&|*_~`[]()\\"\n- 1.ahttps:/\x7f\u202e\ud800'), max_size=80))
def test_no_text_at_all_can_ping_anybody_or_break_the_post(text):
    pings_nobody(text)


def test_a_mention_is_parted_for_bridges_that_read_mrkdwn_out_of_literal_text():
    assert "<!channel>" not in json.dumps(post(alone(SLACK, replace(TALKS, body="go <!channel> go"))))


@pytest.mark.parametrize(
    ("source", "text", "url"),
    [
        ("[https://bank.example](https://evil.example/x)", " (evil.example)", "https://evil.example/x"),
        ("[bank.example/login](https://evil.example)", " (evil.example)", "https://evil.example"),
        ("[bank.example](https://bank.example/x)", None, "https://bank.example/x"),
        ("[our page](https://any.example)", None, "https://any.example"),
    ],
)
def test_a_label_that_names_another_host_is_followed_by_the_true_one(source, text, url):
    spans = post(alone(SLACK, replace(TALKS, body=source)))["blocks"][3]["elements"][0]["elements"]
    assert spans[0]["url"] == url
    assert [span["text"] for span in spans[1:]] == ([text] if text else [])


def test_the_same_digest_gives_the_same_bytes_twice():
    assert several(SLACK, [TALKS, MARCH, FLOOD]) == several(SLACK, [TALKS, MARCH, FLOOD])
