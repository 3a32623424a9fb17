"""A preview that is sent: by the real relay, to one address, marked; and nobody is told by it."""

from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from house import OPERATOR, draft, subscribe, tell, told
from pydantic import SecretStr
from smtp_server import Moment, SmtpServer

from alerts import ingest
from alerts.errors import Conflict, NotFound
from alerts.model import Channel, State
from alerts.operations import NamedReading
from alerts.operations.publishing.preview_sending import send_preview
from alerts.services import Services, connect
from alerts.settings import Settings

ME = "me@example.org"


def reading(update: str = "ua-talks") -> NamedReading:
    text = (
        f"---\nid: {update}\nregions: [UA]\ntags: [negotiations]\n---\n# Talks go on\n\nThey meet tomorrow.\n"
    )
    return NamedReading("talks.md", ingest.read(text.encode(), "talks.md"))


def by(smtp: SmtpServer, settings: Settings) -> Services:
    return connect(
        settings.model_copy(update={"smtp_url": SecretStr(smtp.url), "mail_from": "desk@alerts.test"})
    )


def test_it_reaches_one_address_marked_and_makes_no_revision(services: Services, settings: Settings) -> None:
    """To see what the relay does to a mail, one had to publish to everybody."""
    subscribe(services, "ann@example.org", "UA")
    subscribe(services, ME, "UA")
    with SmtpServer() as smtp:
        real = by(smtp, settings)
        sent = [send_preview(real, OPERATOR, reading(), ME) for _ in range(2)]
        real.close()
        mails = [message_from_bytes(a.data, policy=policy.default) for a in smtp.arrived]
        assert [a.recipients for a in smtp.arrived] == [[ME], [ME]]
    assert all(one.sent for one in sent)
    for mail in mails:
        assert mail["Subject"].startswith("Preview: ")
        for kind in ("plain", "html"):
            part = mail.get_body((kind,))
            assert part is not None
            said = " ".join(part.get_content().split())
            assert "This is a preview" in said
            assert "Nobody else was told" in said
    assert len({mail["Message-ID"] for mail in mails}) == 2, "a mail program shows each"
    assert services.updates.count() == 0
    assert services.due.count() == 0
    with pytest.raises(NotFound):
        services.updates.latest("ua-talks")
    assert [entry.action for entry in services.audit.entries()] == ["update.preview"] * 2


def test_whoever_got_the_preview_is_told_all_the_same_once_it_is_published(
    services: Services, settings: Settings
) -> None:
    subscribe(services, ME, "UA")
    assert send_preview(services, OPERATOR, reading(), ME).sent
    tell(services, draft())
    assert told(services, "ua-talks") == {ME: [State.SENT]}


def test_what_the_relay_refuses_is_said(services: Services, settings: Settings) -> None:
    def refusing(at: Moment) -> str | None:
        return "550 5.1.1 no such user" if at.verb == "rcpt" else None

    with SmtpServer(script=refusing) as smtp:
        real = by(smtp, settings)
        found = send_preview(real, OPERATOR, reading(), ME)
        real.close()
    assert not found.sent
    assert "no such user" in found.words
    assert services.suppressions.find(Channel("email"), [ME]) == {}, "no delivery, no consequence"


def test_nothing_is_sent_to_an_address_that_is_suppressed_however_it_is_spelt(services: Services) -> None:
    services.suppressions.add(Channel("email"), ME, "they asked for it", "operator")
    with pytest.raises(Conflict, match="they asked for it"):
        send_preview(services, OPERATOR, reading(), "Me@Example.org")
    assert list(services.audit.entries()) == []


def test_a_slack_channel_gets_one_too(services: Services) -> None:
    found = send_preview(services, OPERATOR, reading(), "T1/C1")
    assert found.sent
    file = services.settings.outbox / found.words
    assert "Preview: Talks go on" in file.read_text(encoding="utf-8")


def test_it_is_marked_in_whichever_language_it_is_read(services: Services, settings: Settings) -> None:
    """A translation would have reached who previews it as if it were the real thing."""
    person = subscribe(services, ME, "UA")
    services.subscribers.save(replace(person, language="uk"), person)
    text = """---
id: ua-talks
regions: [UA]
tags: [negotiations]
language: en
headline: Talks go on
translations:
  uk:
    headline: Переговори тривають
---
They meet tomorrow.
"""
    with SmtpServer() as smtp:
        real = by(smtp, settings)
        send_preview(real, OPERATOR, NamedReading("x.md", ingest.read(text.encode(), "x.md")), ME)
        real.close()
        [mail] = [message_from_bytes(a.data, policy=policy.default) for a in smtp.arrived]
    assert mail["Subject"].startswith("Preview: Переговори тривають")
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert "This is a preview" in plain.get_content()
