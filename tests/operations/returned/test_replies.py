"""People answer alerts: that they did is told to operators; what they wrote is theirs, and rarely kept."""

from email.message import EmailMessage

import pytest
from house import OPERATOR, draft, subscribe, tell

from alerts.errors import Forbidden, NotFound
from alerts.operations import Permission, list_notices, list_replies, take_in
from alerts.operations.acting import Actor
from alerts.services import Services

KYIV = "kyiv@example.org"
WORDS = "We are fine.\n\nAnna\n\nOn Wed, 10 Jun 2026 at 12:00, Alerts <a@example.org> wrote:\n> Talks go on\n"


@pytest.fixture
def sent(services: Services) -> Services:
    for name in ("kyiv", "lviv", "odesa"):
        subscribe(services, f"{name}@example.org", "UA")
    tell(services, draft())
    return services


def answer(services: Services, address: str, words: str = WORDS, **fields: str) -> str:
    """Somebody answers what they were sent; how it is read."""
    [digest] = services.updates.digests("ua-talks")
    token = services.links.delivery(digest, 1, services.subscribers.named(address)[0].sid)
    mail = EmailMessage()
    for name, value in {"In_Reply_To": f"<{token}@example.org>", "Subject": "Re: Talks", **fields}.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(words)
    [came] = take_in(services, OPERATOR, [(mail.as_bytes(), ())])
    return came.read_as


def notices(services: Services) -> list[object]:
    return [n.details["people"] for n in list_notices(services, OPERATOR, 10) if n.what == "answered"]


def test_operators_have_one_notice_of_how_many_answered(sent: Services) -> None:
    for address in (KYIV, "lviv@example.org", "odesa@example.org", KYIV):
        assert answer(sent, address) == "ordinary"
    assert notices(sent) == [3]
    [notice] = [n for n in list_notices(sent, OPERATOR, 10) if n.what == "answered"]
    assert notice.details["updates"] == ["ua-talks.r1"]


@pytest.mark.parametrize(
    "fields",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Subject": "Out of office: back on Monday"},
        {"X_Autoreply": "yes"},
        {"Precedence": "bulk"},
    ],
)
def test_what_no_person_wrote_never_counts(sent: Services, fields: dict[str, str]) -> None:
    answer(sent, KYIV, **fields)
    assert (notices(sent), list_replies(sent, OPERATOR, "ua-talks")) == ([], [])


def test_a_mail_that_names_none_of_ours_is_nobodys_reply(sent: Services) -> None:
    answer(sent, KYIV, In_Reply_To="<r0123456789abcdef0123.1.1.0123456789abcdef@example.org>")
    assert (notices(sent), list_replies(sent, OPERATOR, "ua-talks")) == ([], [])


def test_what_they_wrote_is_kept_only_where_a_setting_says_so(sent: Services) -> None:
    answer(sent, KYIV)
    [said] = list_replies(sent, OPERATOR, "ua-talks")
    assert (said.address, said.update, said.text) == (KYIV, "ua-talks.r1", "")
    rows = [sent.server.client.dump(key) or b"" for key in sent.server.client.scan_iter()]
    assert not any(b"We are fine" in row for row in rows)
    sent.settings = sent.settings.model_copy(update={"keep_replies": True})
    answer(sent, KYIV)
    [said] = list_replies(sent, OPERATOR, "ua-talks")
    assert said.text == "We are fine.\n\nAnna"


def test_a_reply_is_bounded_and_ends_with_its_digest(sent: Services) -> None:
    sent.settings = sent.settings.model_copy(update={"keep_replies": True})
    answer(sent, KYIV, "x" * 900 + "\n" + "y" * 900 + "\n" + "z" * 900)
    [said] = list_replies(sent, OPERATOR, "ua-talks")
    assert len(said.text) == 2_000
    [digest] = sent.updates.digests("ua-talks")
    client, key = sent.server.client, sent.server.keys("digest", digest)
    assert client.ttl(f"{key}:replies") == client.ttl(key)


def test_who_may_not_manage_subscribers_reads_no_replies(sent: Services) -> None:
    reader = Actor("ben", "test", frozenset({Permission.READ, Permission.PUBLISH}))
    with pytest.raises(Forbidden):
        list_replies(sent, reader, "ua-talks")
    with pytest.raises(NotFound):
        list_replies(sent, OPERATOR, "nothing")
