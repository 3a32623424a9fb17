"""A digest in every format: what an author wrote is a value there, it fits, and the promised schema holds."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import renderers
from rendering_samples import FLOOD, HORIZON, LINKS, MARCH, STALL, TALKS, alone, posted, several

from alerts.channels.contract import Personal
from alerts.channels.webhook.blanks import blanks
from alerts.channels.webhook.formats import FORMATS
from alerts.errors import BadInput
from alerts.model import Change, Channel, Digest, Entry, Kind, Message, Status

HOOK = Channel("webhook")
ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs/webhook.schema.json").read_text(encoding="utf-8"))
#: Everything that JSON, Markdown, HTML or a chat would read something in.
EVIL = (
    'Say "hi" \\ {{ 1 }} </script> *b* _i_ [x](https://evil.example) @channel @everyone <@1> <!here> #t ~c'
    " ```\u2028"
)
NASTY = replace(
    TALKS,
    headline=EVIL,
    key_points=(EVIL,),
    body=f"# {EVIL}\n\n- {EVIL}",
    note=EVIL,
    source=EVIL,
    author=EVIL,
)
CASES: dict[str, Message] = {}


def cases() -> dict[str, Message]:
    if not CASES:
        drill = replace(FLOOD, status=Status.EXERCISE)
        gone = replace(TALKS, kind=Kind.RETRACTION, note="It was false.")
        CASES.update(
            {
                "one": alone(HOOK, TALKS),
                "corrected": alone(HOOK, STALL, Change.CORRECTED, before=TALKS),
                "retracted": alone(HOOK, gone, Change.CLOSED, before=TALKS),
                "several": several(HOOK, [TALKS, drill, MARCH], late=True),
                "a year": several(
                    HOOK, [replace(TALKS, id=f"u-{n}", body="word " * 900) for n in range(400)]
                ),
                "a long one": alone(
                    HOOK, replace(TALKS, body="word " * 40_000, key_points=("point " * 40,) * 300)
                ),
                "quiet": several(HOOK, []),
                "nasty": alone(HOOK, replace(NASTY, kind=Kind.UPDATE), Change.UPDATED, before=TALKS),
                "nasty among others": several(HOOK, [NASTY, MARCH]),
            }
        )
    return CASES


NAMES = [
    *("one", "corrected", "retracted", "several", "a year", "a long one", "quiet", "nasty"),
    "nasty among others",
]


@pytest.mark.parametrize("name", NAMES)
def test_plain_is_what_its_schema_says(name: str) -> None:
    jsonschema.validate(posted(cases()[name]), SCHEMA, jsonschema.Draft202012Validator)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_every_format_is_json_that_its_receiver_takes(name: str, form: str) -> None:
    document = posted(cases()[name], form)
    assert len(json.dumps(document, ensure_ascii=False).encode()) <= FORMATS[form].octets_max + 1_000
    if form == "discord":
        [embed] = document["embeds"]
        assert 0 < len(embed["description"]) <= 4_096
        assert document["allowed_mentions"] == {"parse": []}
    if form == "mattermost":
        assert 0 < len(document["text"]) <= 16_383


def test_what_there_is_no_room_for_is_told_in_a_line_and_counted() -> None:
    data = posted(cases()["a year"])["data"]
    assert len(data["entries"]) + len(data["lines"]) + data["more"]["folded"] == 400
    assert data["entries"]


@pytest.mark.parametrize("name", ["nasty", "nasty among others"])
def test_nothing_an_author_writes_is_markup_or_a_mention_in_a_chat(name: str) -> None:
    for form in ("discord", "mattermost"):
        text = json.dumps(posted(cases()[name], form), ensure_ascii=False)
        for word in (
            "@channel",
            "@everyone",
            "<@",
            "<!",
            "[x](",
            "](https://evil",
            "*b*",
            "_i_",
            "</script>",
        ):
            assert word not in text.replace("\\\\", "\\"), (form, word)


def test_a_card_has_no_text_that_is_read_as_markdown() -> None:
    """A `TextBlock` reads Markdown, and its links hide where they lead."""
    for name in NAMES:
        card = json.dumps(posted(cases()[name], "teams"))
        assert '"TextBlock"' not in card
        assert '"RichTextBlock"' in card


def test_words_of_an_author_arrive_as_they_were_written() -> None:
    [entry] = posted(cases()["nasty"])["data"]["entries"]
    assert entry["headline"] == EVIL.strip("\u2028")
    assert entry["revision"] == 2


def test_the_reason_of_a_chat_is_escaped_and_that_of_a_program_is_not() -> None:
    """A subscription is called as somebody likes: “@channel”."""

    def reason(address: str) -> str:
        digest = Digest(HOOK, (Entry("ua-ru-talks", 1, Change.NEW),), HORIZON)
        who = Personal(digest, 7, address, LINKS, HORIZON, "It is about @channel.", "")
        return blanks(renderers.rendering_settings(), who)["reason"]

    assert reason("https://hooks.example.org/") == "It is about @channel."
    assert reason("mattermost+https://chat.example.org/") == "It is about @\u2060channel."


def written(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_format_is_replaced_by_a_file_of_its_name(tmp_path: Path) -> None:
    written(
        tmp_path,
        "webhook/mattermost.json.j2",
        '{"text": {{ digest.notification }}, "why": {{ blank.reason }}}',
    )
    found = posted(alone(HOOK, NASTY, folder=tmp_path), "mattermost", 'a "quoted" reason')
    assert found["text"].startswith('Say "hi" \\')
    assert found["why"] == 'a "quoted" reason'


@pytest.mark.parametrize(
    "text",
    ['{"text": "{{ digest.title }}"}', '{"text": {{ digest.title }}', "", '{"text": NaN}', "[" * 100_000],
    ids=["quoted twice", "not closed", "nothing", "no number", "too deep"],
)
def test_a_template_that_makes_no_json_is_named(tmp_path: Path, text: str) -> None:
    written(tmp_path, "webhook/mattermost.json.j2", text)
    with pytest.raises(BadInput, match=r"webhook/mattermost\.json\.j2"):
        alone(HOOK, TALKS, folder=tmp_path)


def test_a_name_that_there_is_not_is_an_error_in_json_too(tmp_path: Path) -> None:
    written(tmp_path, "webhook/plain.json.j2", '{"a": 1,\n"b": {{ digest.headlin }}}')
    with pytest.raises(BadInput, match=r"line 2.*headlin"):
        alone(HOOK, TALKS, folder=tmp_path)
