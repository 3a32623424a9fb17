"""What providers post is read for what each of their words means, and no more."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.errors import BadInput
from alerts.model import Leaving, NotForUs, ReadAs, Receipt, Unasked, Verdict
from alerts.returns import read_file
from alerts.returns.hooks import mailgun, postmark, sendgrid, ses

FOLDER = Path(__file__).parents[1] / "data" / "hooks"
SAMPLES = sorted(FOLDER.rglob("*.json"))
TOKEN = "r0123456789abcdef0123.3.17.abcdef0123456789"
KINDS = {*Verdict, *Unasked, "leaving"}
CORPUS = Path(__file__).parents[2].parent / "shared" / "corpora" / "bounces"
READ: dict[str, Callable[[bytes], list[ReadAs]]] = {
    "ses": lambda octets: ses.read(octets.decode()),
    "sendgrid": sendgrid.read,
    "mailgun": mailgun.read,
    "postmark": postmark.read,
}


def kind(found: ReadAs) -> str:
    match found:
        case Receipt():
            return found.verdict
        case Leaving():
            return "leaving"
        case NotForUs():
            return found.kind


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", SAMPLES, ids=named)
def test_an_event_is_what_the_name_of_its_sample_begins_with(path: Path) -> None:
    expected = next(one for one in KINDS if path.stem == one or path.stem.startswith(f"{one}-"))
    [found] = READ[path.parent.name](path.read_bytes())
    assert kind(found) == expected


@pytest.mark.parametrize(
    "path",
    [path for path in SAMPLES if not path.stem.startswith(("ordinary", "unreadable", "auto-reply"))],
    ids=named,
)
def test_an_event_names_its_delivery_by_what_the_provider_carried_along(path: Path) -> None:
    """SendGrid's reports of spam have no `smtp-id`; SES replaces the Message-ID, and tells the one before."""
    [found] = READ[path.parent.name](path.read_bytes())
    assert found.tokens == (TOKEN,)


@pytest.mark.parametrize("provider", READ)
def test_every_provider_has_a_sample_of_whatever_it_can_say(provider: str) -> None:
    kinds = {
        kind(found)
        for path in SAMPLES
        if path.parent.name == provider
        for found in READ[provider](path.read_bytes())
    }
    assert kinds >= {
        Verdict.HARD,
        Verdict.SOFT,
        Verdict.BLOCKED,
        Verdict.DELIVERED,
        Verdict.COMPLAINED,
        "leaving",
    }


@pytest.mark.parametrize("path", SAMPLES, ids=named)
def test_a_file_is_read_alike_whichever_provider_it_is_of(path: Path) -> None:
    if path.stem == "unreadable-nothing-known":
        return
    assert read_file(b"\n" + path.read_bytes()) == READ[path.parent.name](path.read_bytes())


def test_a_file_of_sns_is_read_for_what_ses_says_in_it() -> None:
    message = (FOLDER / "ses" / "hard-general.json").read_text()
    [found] = read_file(json.dumps({"Type": "Notification", "Message": message}).encode())
    assert isinstance(found, Receipt)
    assert (found.verdict, found.status) == (Verdict.HARD, "5.1.1")
    assert found.words == "550 5.1.1 <kyiv@example.net>: Recipient address rejected: User unknown"


def test_json_that_no_provider_posts_is_no_mail_either() -> None:
    for octets in (b'{"headline": "Talks"}', b"{", b'{"event-data": 3}', b'{"a": 1, "a": 2}', b"[NaN]"):
        with pytest.raises(BadInput):
            read_file(octets)


def test_the_sentence_by_which_ses_tries_a_topic_says_nothing() -> None:
    [found] = ses.read("Successfully validated SNS topic for Amazon SES event publishing.")
    assert found == NotForUs(Unasked.ORDINARY)


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpora are not part of the project")
@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("amazonses-02", ["hard"]),
        ("amazonses-03", ["complained"]),
        ("amazonses-05", ["delivered"]),
        ("sendgrid-12", ["soft"]),
        ("sendgrid-13", ["delivered"]),
        ("sendgrid-15", ["complained"]),
        ("sendgrid-17", ["complained"]),
        # What its API lists, not what its webhook posts: these have no `event`.
        ("sendgrid-02", ["unreadable", "unreadable"]),
        ("sendgrid-03", ["unreadable"]),
    ],
)
def test_payloads_that_others_have_received_are_read_as_they_say(name: str, kinds: list[str]) -> None:
    assert [kind(found) for found in read_file((CORPUS / f"webhook_json-{name}.json").read_bytes())] == kinds


def test_a_thousand_events_are_read_in_order_and_more_than_anybody_posts_are_refused() -> None:
    one = json.loads((FOLDER / "sendgrid" / "delivered.json").read_bytes())
    assert len(sendgrid.read(json.dumps(one * 1_000).encode())) == 1_000
    with pytest.raises(BadInput):
        sendgrid.read(json.dumps([0] * (sendgrid.EVENTS_MAX + 1)).encode())


HOSTILE = {
    "nothing": b"",
    "zeros": b"\0" * 1000,
    "no UTF-8": b'{"RecordType": "\xff"}',
    "nested without end": b"[" * 200_000,
    "nested in objects": b'{"a":' * 100_000,
    "a number without end": b"[" + b"9" * 100_000 + b"]",
    "no number": b"[NaN, Infinity]",
    "a name twice": b'{"RecordType": "Bounce", "RecordType": "Delivery"}',
    "text alone": b'"Bounce"',
    "null": b"null",
}


@pytest.mark.parametrize("octets", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("provider", ["sendgrid", "mailgun", "postmark"])
def test_what_is_no_payload_is_refused_in_a_sentence(provider: str, octets: bytes) -> None:
    with pytest.raises(BadInput):
        READ[provider](octets)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.sampled_from(SAMPLES), st.data())
def test_whatever_stands_in_a_field_nothing_is_raised(path: Path, data: st.DataObject) -> None:
    """Providers change their types without a word: a number became a text, an object became null."""
    value = json.loads(path.read_bytes())
    node = value
    while isinstance(node, dict | list) and node:
        key = data.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
        if not isinstance(node[key], dict | list) or data.draw(st.booleans()):
            node[key] = data.draw(JSON)
            break
        node = node[key]
    try:
        found = READ[path.parent.name](json.dumps(value).encode())
    except BadInput:
        return
    for one in found:
        if isinstance(one, Receipt):
            one.words.encode()
            assert one.words.isprintable()
            assert len(one.words) <= 200


@given(st.sampled_from(SAMPLES), st.data())
def test_a_payload_that_is_cut_short_is_refused(path: Path, data: st.DataObject) -> None:
    octets = path.read_bytes().rstrip()
    cut = octets[: data.draw(st.integers(0, len(octets) - 1))]
    if path.parent.name == "ses" and not cut:
        return  # what SES says as plain text; SNS signs it whole
    with pytest.raises(BadInput):
        READ[path.parent.name](cut)
