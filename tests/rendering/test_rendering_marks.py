"""What differs per person is put where a template says, and nowhere else: no text makes such a place."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from renderers import renderer
from rendering_samples import HORIZON, LINKS, STALL, TALKS, alone, html_of, mail, raw, revisions, text_of
from test_rendering_templates import written
from thorough import usually

from alerts.channels import CHANNELS
from alerts.errors import BadInput
from alerts.model import BLANKS, Blank, Change, Channel, Digest, Entry, Fill, Message
from alerts.rendering.marks import Marks

NAMES = sorted({name for names in BLANKS.values() for name in names} | {"nope"})
WAYS = (
    "\x7f{}\x7f",
    "&#127;{}&#127;",
    "&#x7F;{}&#x7f;",
    "=?utf-8?q?=7F{}=7F?=",
    "blank{}-",
    "{{{{ blank.{} }}}}",
)
MARKISH = st.lists(
    st.sampled_from(
        [way.format(f"{n}-{f}") for way in WAYS for n in NAMES for f in Fill] + ["a", "*", "\n", "`"]
    ),
    max_size=8,
).map("".join)


def blanks_of(message: Message) -> list[Blank]:
    return [piece for piece in message.pieces if isinstance(piece, Blank)]


def message_of(channel: Channel, text: str) -> Message:
    told = {"headline": text, "body": text, "note": text, "author": text, "source": text}
    draft = replace(STALL, **told, key_points=(text,), url="https://desk.example/a")
    return alone(channel, draft, Change.UPDATED, before=replace(TALKS, key_points=(f"before {text}",)))


@pytest.mark.parametrize("channel", CHANNELS)
@settings(max_examples=usually(30, 60))
@given(text=MARKISH)
def test_no_text_makes_a_blank(channel: Channel, text: str) -> None:
    """An encoded 0x7F fetched the reader's token into the subject; an unknown name broke every worker."""
    assert blanks_of(message_of(channel, text)) == blanks_of(message_of(channel, "plain"))
    if channel is Channel("email"):
        filled = raw(message_of(channel, text))
        assert filled.replace(b"=\r\n", b"").count(LINKS.unsubscribe("olena@example.org").encode()) == 3


@given(st.text(max_size=60))
def test_a_mark_is_cut_wherever_it_stands(text: str) -> None:
    marks = Marks(["reason", "next", "page"])
    reason, following = marks.given["reason"], marks.given["next"]
    page = marks.given["page"]
    parts = marks.cut(f"{text}{reason}{text}{following}{reason}{text}{page}/{text}", Fill.TEXT)
    blank, after, link = (Blank(name, Fill.TEXT) for name in ("reason", "next", "page"))
    assert parts == [text, blank, text, after, "", blank, text, link, f"/{text}"]


def test_the_marks_of_one_message_mean_nothing_in_another() -> None:
    one, other = (Marks(["reason"]) for _ in range(2))
    assert other.cut(one.given["reason"], Fill.TEXT) == [one.given["reason"]]


@pytest.mark.parametrize("change", ["upper", "replace('-', '+')"])
def test_a_template_that_changes_a_blank_is_told(tmp_path: Path, change: str) -> None:
    written(tmp_path, "email/one.txt.j2", "{{ blank.unsubscribe | " + change + " }}")
    with pytest.raises(BadInput, match="changes what differs per person"):
        alone(Channel("email"), TALKS, folder=tmp_path)


def test_a_blank_that_nobody_has_a_value_for_cannot_be_made() -> None:
    """It was found when the first mail was filled in, by every worker, for ever."""
    for fill, names in BLANKS.items():
        for name in {"nope", *NAMES} - names:
            with pytest.raises(ValueError, match="nobody has a value"):
                Blank(name, fill)


def test_the_token_stands_where_the_templates_put_it_and_nowhere_else() -> None:
    found = mail(
        message_of(
            Channel("email"), "Storm =?utf-8?b?f3Vuc3Vic2NyaWJlLWhlYWRlcn8=?= &#127;unsubscribe-text&#127;"
        )
    )
    token = LINKS.unsubscribe("olena@example.org")
    assert token not in found["Subject"]
    assert (text_of(found).count(token), html_of(found).count(token)) == (1, 1)


class Surprised(Exception):
    """Nobody foresaw it."""


@pytest.mark.parametrize("fault", [Surprised, KeyError, RecursionError, MemoryError, UnicodeError])
@pytest.mark.parametrize("channel", CHANNELS)
def test_whatever_rendering_raises_is_a_refusal_that_says_where(
    channel: Channel, fault: type[Exception]
) -> None:
    """Anything but a template's fault left the step owed: tried for ever, by every worker, untold."""

    def place(code: str) -> Any:
        raise fault("olena@example.org")

    ours = renderer(None, "https://alerts.example.org", "desk@alerts.example.org", place)
    digest = Digest(channel, (Entry(TALKS.id, 1, Change.NEW),), HORIZON)
    with pytest.raises(
        BadInput, match=rf"nobody foresaw: {fault.__name__} in test_rendering_marks.py, line \d+"
    ) as told:
        ours.render(digest, revisions(TALKS))
    assert "olena" not in told.value.sentence + told.value.hint
    assert not re.search(r"Traceback", told.value.sentence)
