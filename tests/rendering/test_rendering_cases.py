"""What was reported of systems of this kind: each body arrives as its text, in every part."""

import html
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from rendering_samples import LINKS, TALKS, alone, html_of, mail, post, raw, said, text_of
from test_rendering_email import allowed_only
from test_rendering_slack import mrkdwn_of, within_limits

from alerts.errors import BadInput
from alerts.ingest import read_all
from alerts.model import Channel, Draft

CASES = Path(__file__).parents[2].parent / "shared" / "cases"
OWN = {
    "controls": "nul &#0; bell &#7; escape &#27;[31m &#127;unsubscribe-text&#127; &#133; end",
    "overrides": "Pay to &#8238;gro.elpmaxe&#8236; now &#x202E;txet",
    "markup": "D&amp;I &lt;b&gt;bold&lt;/b&gt; <script>alert(1)</script> AT&T [x](javascript:alert(1))",
    "templates": "Use {{ 7*7 }} and {% raw %} and {# c #} %s ${x} <%= y %>",
    "dots": "first\n\n.\n\n..\n\nFrom here\n\n.hidden",
    "table": "| Area | Level |\n|---|---|\n| North | 3 |\n| South | 4 |",
    "arabic": "أُغلق الطريق (يومان).\n\n- نقطة: 50%\n\nللمزيد: https://example.org/ar",
    "signs": "🚨 👨‍👩‍👧‍👦 🇺🇦 1️⃣ Donau\u00addampf\u200bschiff\u2060fahrt",
    "long": "x" * 3000 + " end",
}


def bodies() -> list[tuple[str, Draft]]:
    own = [(name, replace(TALKS, body=body)) for name, body in OWN.items()]
    found = sorted((CASES / "body").glob("*")) if CASES.exists() else []
    return own + [(path.stem, read_all(path.read_bytes(), path.name)[0].draft) for path in found]


def words(text: str) -> list[str]:
    """The words of a Markdown text, but for addresses."""
    text = html.unescape(re.sub(r"\]\([^ ]*\)|https?://\S+|!\[[^\]]*\]", " ", text))
    return [word for word in re.findall(r"\w{3,}", text) if len(word) < 70]


def seen(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", page.partition("<body")[2]))


@pytest.mark.parametrize(
    ("case", "draft"), bodies(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_body_arrives_as_its_text_in_every_part(case: str, draft: Draft) -> None:
    draft = replace(TALKS, body=draft.body, headline=draft.headline, key_points=draft.key_points)
    message = alone(Channel("email"), draft)
    found = mail(message)
    page, text, slack = html_of(found), text_of(found), post(alone(Channel("slack"), draft))
    shown = said([slack["blocks"], *(reply["blocks"] for reply in slack["replies"])])
    for part in (part.replace("\u2060", "") for part in (seen(page), text, shown)):
        assert [word for word in words(draft.body.replace("\u2060", "")) if word not in part] == []
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", part)
    assert allowed_only(page)
    assert 'dir="auto"' in page
    assert "<script" not in page
    within_limits(slack)
    whole = raw(message).replace(b"=\r\n", b"")
    assert whole.count(LINKS.unsubscribe("olena@example.org").encode()) == 3
    # A link cannot be folded, and is as long as its person's address.
    lines = [line for line in raw(message).split(b"\r\n") if not line.startswith(b"List-Unsubscribe: ")]
    assert max(map(len, lines)) <= 78


def test_a_table_is_a_table_and_a_list_where_there_are_no_columns() -> None:
    draft = replace(TALKS, body=OWN["table"])
    found = mail(alone(Channel("email"), draft))
    assert re.search(r"<td[^>]*>North</td>", html_of(found))
    assert "Area   Level\n-----  -----\nNorth  3\nSouth  4\n" in text_of(found)
    assert "Area: \nNorth\n · \nLevel: \n3" in said(post(alone(Channel("slack"), draft))["blocks"])


TOO_LONG = {"head200", "longauthor"}


@pytest.mark.skipif(not CASES.exists(), reason="the shared cases are not part of the project")
@pytest.mark.parametrize("path", sorted((CASES / "slack-text").glob("*")), ids=lambda path: path.stem)
def test_each_shared_text_for_slack_pings_nobody_and_is_one_mail(path: Path) -> None:
    if path.stem in TOO_LONG:
        with pytest.raises(BadInput, match="the limit is"):
            read_all(path.read_bytes(), path.name)
        return
    [reading] = read_all(path.read_bytes(), path.name)
    draft = replace(reading.draft, id="case", regions=("UA",))
    slack = post(alone(Channel("slack"), draft))
    assert not re.search("[<>]", slack["text"])
    assert not re.search("<[!@#]", json.dumps(slack))
    assert not list(mrkdwn_of(slack))
    shown = said([slack["blocks"], *(reply["blocks"] for reply in slack["replies"])])
    within_limits(slack)
    assert draft.headline.split()[0].replace("<!", "<\u2060!") in shown
    assert len(list(mail(alone(Channel("email"), draft)).iter_parts())) == 2
