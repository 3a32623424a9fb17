"""Which addresses are taken, and how they are spelt."""

import json
from pathlib import Path

import pytest

from alerts.channels.email.envelope import wire_address
from alerts.errors import BadInput
from alerts.model import Channel
from alerts.operations.subscribing.addresses import destination

CORPUS = Path(__file__).parents[3].parent / "shared" / "corpora" / "hostile_text"


@pytest.mark.parametrize(
    ("typed", "channel", "stored"),
    [
        pytest.param(
            "Ann@EXAMPLE.org", Channel("email"), "Ann@example.org", id="a domain has no case, a name has"
        ),
        pytest.param(" a@b.example \n", Channel("email"), "a@b.example", id="pasted with white space"),
        pytest.param(
            "a@BÜCHER.example", Channel("email"), "a@xn--bcher-kva.example", id="a domain in its ASCII form"
        ),
        pytest.param(
            "a/b@example.org", Channel("email"), "a/b@example.org", id="a slash in a name is no channel"
        ),
        pytest.param("a@desk.test", Channel("email"), "a@desk.test", id="a domain for tests"),
        pytest.param("T1/C1", Channel("slack"), "T1/C1", id="a Slack channel"),
        pytest.param(
            "e024be7ld/g061eg9sl", Channel("slack"), "E024BE7LD/G061EG9SL", id="ids typed in lower case"
        ),
    ],
)
def test_an_address_has_one_spelling(typed: str, channel: Channel, stored: str) -> None:
    assert destination(typed) == (channel, stored)
    assert destination(stored) == (channel, stored)


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("", id="nothing"),
        pytest.param("ann", id="a word"),
        pytest.param("ann@example", id="a domain without a dot"),
        pytest.param("Ann <ann@example.org>", id="a name around it"),
        pytest.param("a@example.org,b@example.org", id="two addresses"),
        pytest.param("a@example.org\r\nRCPT TO:<b@example.org>", id="a command smuggled in"),
        pytest.param("a\x00@example.org", id="a control character"),
        pytest.param("a@example.org\u202e", id="a mark that turns text around"),
        pytest.param("jürgen@example.org", id="a name that mail headers cannot carry"),
        pytest.param("a@" + "b" * 300 + ".org", id="longer than a command may be"),
        pytest.param("@" * 100_000, id="a page of signs"),
        pytest.param("a\udcff@example.org", id="bytes that are no text"),
        pytest.param("T1/U1", id="a Slack user"),
        pytest.param("T1/C1/C2", id="too many ids"),
        pytest.param("https://app.slack.com/client/T1/C1", id="a Slack link"),
    ],
)
def test_what_reaches_nobody_is_refused_with_a_hint(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        destination(typed)
    assert refused.value.hint
    assert len(refused.value.sentence) < 200


def test_a_channel_that_is_named_must_fit_the_address() -> None:
    for channel, address in ((Channel("slack"), "ann@example.org"), (Channel("email"), "T1/C1")):
        with pytest.raises(BadInput):
            destination(address, channel)


def collected() -> list[str]:
    """Every address of the collections at hand, good and bad."""
    if not CORPUS.exists():
        return []
    isemail = [case["address"] for case in json.loads((CORPUS / "isemail_open.json").read_text("utf-8"))]
    tables = json.loads((CORPUS / "email_validator_open.json").read_text("utf-8")).values()
    validator = [case[0] for table in tables for case in table["cases"] if isinstance(case, list)]
    lists = [
        line
        for name in ("flanker_mailbox_valid.txt", "flanker_mailbox_invalid.txt")
        for line in (CORPUS / name).read_text("utf-8", "replace").splitlines()
    ]
    return [address for address in (*isemail, *validator, *lists) if isinstance(address, str)]


@pytest.mark.skipif(not CORPUS.exists(), reason="the collections are not at hand")
def test_whatever_is_taken_can_be_written_in_a_command_and_is_taken_again_unchanged() -> None:
    taken = 0
    for address in collected():
        try:
            channel, stored = destination(address)
        except BadInput:
            continue
        taken += 1
        assert destination(stored, channel) == (channel, stored)
        if channel is Channel("email"):
            assert stored.isascii()
            assert stored.isprintable()
            assert wire_address(stored)
    assert taken > 50


@pytest.mark.skipif(not CORPUS.exists(), reason="the collections are not at hand")
def test_what_the_standard_calls_an_error_is_refused() -> None:
    cases = json.loads((CORPUS / "isemail_open.json").read_text("utf-8"))
    wrong = [
        case["address"] for case in cases if case["category"] == "ISEMAIL_ERR" and "@" in case["address"]
    ]
    assert wrong
    for address in wrong:
        with pytest.raises(BadInput):
            destination(address, Channel("email"))
