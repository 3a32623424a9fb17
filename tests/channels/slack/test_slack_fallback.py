"""When Slack will not show the blocks, the plain text says all that they say."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from renderers import renderer
from slack_server import SlackServer

from alerts.channels.slack.blocks import moment
from alerts.channels.slack.fallback import TEXT_MAX, Whole, plain
from alerts.model import Change, Channel, Digest, Draft, Entry, Message, Recipient, Revision, Sent, Severity

To = Callable[..., Recipient]

AT = datetime(2022, 3, 28, 17, tzinfo=UTC)
REASON = "You get this because “Kyiv & <!channel>” wants Ukraine."


def rendered(language: str = "", **changes: Any) -> Message:
    """A message as it is made for everybody: long enough for a thread if asked to."""
    content: dict[str, Any] = {
        "headline": "Blast at the bus station",
        "regions": ("UA",),
        "id": "blast",
        "severity": Severity.SEVERE,
        "key_points": ("Roads are closed",),
        "body": "Avoid the area & stay in.\n\n3. Call the desk\n4. Wait\n\n> Said <@U1>.\n\n`<!here>`",
        "url": "https://desk.example/blast?a=1&b=2",
    }
    draft = Draft(**(content | changes))
    digest = Digest(Channel("slack"), (Entry("blast", 1, Change.NEW),), 1_648_486_800_000)
    return renderer(None, place=lambda code: "Ukraine").render(
        digest, {"blast.r1": Revision("blast", 1, draft, 1_648_486_800_000)}, language
    )


def texts(slack: SlackServer) -> list[str]:
    return [post.payload["text"] for post in slack.posts]


def test_the_whole_update_arrives_as_text(slack: SlackServer, send: Any, to: To) -> None:
    """The channel got only the headline, and the delivery was called sent."""
    slack.trouble("invalid_blocks")
    outcome = send(rendered(), to(7, reason=REASON))[7]
    assert (type(outcome), outcome.flaw) == (Sent, "as plain text: invalid_blocks")
    [text] = texts(slack)
    for words in (
        "Blast at the bus station",
        "Severe · New",
        "Ukraine",
        "• Roads are closed",
        "Avoid the area &amp; stay in.",
        "3. Call the desk\n4. Wait",
        "&lt;\u2060@U1&gt;",
        "Source: <https://desk.example/blast?a=1&amp;b=2|https://desk.example/blast?a=1&amp;b=2>",
        "You get this because “Kyiv &amp; &lt;!channel&gt;” wants Ukraine.",
    ):
        assert words in text
    assert re.findall("<[^h]", text) == ["<!"], "our own time, which pings nobody"
    assert "<!date^1648486800^{date_short_pretty}, {time}|28 March 2022, 17:00 UTC>" in text


def test_no_author_writes_a_time_of_ours(slack: SlackServer, send: Any, to: To) -> None:
    """Slack reads `<!date^…|label>` as a time that may say anything: an author's is text, everywhere."""
    fake = "<!date^0^{time}|pay now>"
    message = rendered(headline=fake, body=fake, key_points=(fake,), author=fake, source=fake, tags=())
    slack.trouble("invalid_blocks")
    send(message, to(7, reason=REASON))
    send(message, to(8, reason=REASON))
    plainly, whole = slack.posts
    assert re.findall("<!date[^|]*", plainly.payload["text"]) == [
        "<!date^1648486800^{date_short_pretty}, {time}"
    ]
    assert "&lt;\u2060!date^0^{time}|pay now&gt;" in plainly.payload["text"]
    assert "<!date" not in json.dumps(whole.payload, ensure_ascii=False)


def test_what_does_not_fit_ends_with_a_link_and_the_reason(slack: SlackServer, send: Any, to: To) -> None:
    slack.trouble("msg_too_long")
    send(rendered(body="word & " * 1_200), to(7, reason=REASON))
    text = texts(slack)[0]
    assert TEXT_MAX - 300 < len(text) <= TEXT_MAX
    assert "… <https://alerts.example.org/r/TOKEN/blast|Read the whole update>" in text
    assert text.rstrip().endswith("wants Ukraine.")


def test_what_does_not_fit_says_so_in_the_language_of_the_post(slack: SlackServer, send: Any, to: To) -> None:
    """Under a post in Arabic stood “Read the whole update”."""
    slack.trouble("msg_too_long")
    send(rendered("ar", body="word & " * 1_200), to(7, reason=REASON))
    assert "… <https://alerts.example.org/r/TOKEN/blast|قراءة النص كاملًا>" in texts(slack)[0]


def test_without_anywhere_to_link_to_it_says_that_there_is_more() -> None:
    """As in what an earlier version rendered."""
    words = [{"type": "header", "text": {"type": "plain_text", "text": "word & " * 1_200}}]
    assert "… Slack would not show all of it." in plain(words)


def test_every_part_of_a_thread_falls_back_by_itself(slack: SlackServer, send: Any, to: To) -> None:
    body = "\n\n".join(f"Paragraph {n}. " + "More of it. " * 40 for n in range(40))
    whole = rendered(body=body)
    parts = 1 + len(json.loads(whole.fill({"reason": REASON, "page": "TOKEN"}))["replies"])
    assert parts > 1
    for number in range(parts):
        slack.trouble("invalid_blocks", after=number)
    outcome = send(whole, to(7, reason=REASON))[7]
    assert isinstance(outcome, Sent)
    assert outcome.flaw == "as plain text: invalid_blocks"
    assert all("blocks" not in post.payload for post in slack.posts)


@given(st.text(min_size=1, max_size=3_000), st.integers(300, TEXT_MAX))
@settings(max_examples=150)
def test_whatever_it_says_it_fits_pings_nobody_and_no_escape_is_cut(words: str, limit: int) -> None:
    blocks = [
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [moment(AT, "17:00 UTC"), {"type": "text", "text": words}],
                }
            ],
        },
        {"type": "context", "elements": [{"type": "plain_text", "text": "Why you get this & that"}]},
    ]
    text = plain(blocks, Whole("https://a.example/?x=1&y=2"), limit)
    assert len(text) <= limit
    assert (
        re.findall("<(?!https://|!date\\^1648486800\\^{date_short_pretty}, {time}\\|17:00 UTC>)", text) == []
    )
    assert re.findall("&(?!(?:amp|lt|gt);)", text) == []
    assert text.endswith("Why you get this &amp; that")
