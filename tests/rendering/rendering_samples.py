"""One house of sample updates, and the people they are rendered for."""

import email
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from typing import Any

import renderers

from alerts.channels import Renderer
from alerts.channels.contract import Personal
from alerts.channels.email.blanks import blanks
from alerts.channels.webhook.posting import payload
from alerts.links import Links
from alerts.model import Change, Channel, Digest, Draft, Entry, Kind, Message, Revision, Severity

AT = datetime(2022, 3, 28, 17, 0, tzinfo=UTC)
HORIZON = int(AT.timestamp() * 1000)
HOUR = 3_600_000

NAMES = {"UA": "Ukraine", "RU": "Russia", "TR": "Türkiye", "BD": "Bangladesh", "KE": "Kenya"}
LINKS = Links("https://alerts.example.org", b"a key of the tests", "tests")
#: The token in the links to read of every sample.
READING = LINKS.reading("r" + "0" * 20, 1, 7)
SENDER = "Situation Desk <desk@alerts.example.org>"
REASON = "You get this because your subscription “Kyiv office” wants Ukraine."
NEXT = "Your next digest: Thu 29 Mar 08:00 Europe/Kyiv (05:00 UTC)."

TALKS = Draft(
    "Negotiations ongoing between Ukraine and Russia",
    ("UA", "RU"),
    "ua-ru-talks",
    key_points=("Negotiations continue", "Talks in Istanbul tomorrow"),
    body="Peace talks have been held on *several* occasions.\n\n- one\n- two\n\nSee [the desk](https://desk.example/a).",
    tags=("conflict", "negotiations"),
    severity=Severity.MODERATE,
    author="Will Crouch",
    published_at=AT,
)
STALL = replace(
    TALKS,
    headline="Talks between Ukraine and Russia stall",
    regions=("UA", "TR"),
    key_points=("Negotiations continue", "Delegations left Istanbul"),
    severity=Severity.SEVERE,
    kind=Kind.UPDATE,
    note="The round ended early.",
)
FLOOD = Draft("Flooding in Sylhet", ("BD",), "bd-flood", severity=Severity.EXTREME, published_at=AT)
MARCH = Draft("Protest in Nairobi", ("KE",), "ke-protest", severity=Severity.MINOR, published_at=AT)


def renderer(folder: Any = None) -> Renderer:
    return renderers.renderer(folder, mail_from=SENDER, place=lambda code: NAMES.get(code, code))


def revisions(*drafts: Draft) -> dict[str, Revision]:
    """Each draft as the next revision of its update."""
    found: dict[str, Revision] = {}
    for draft in drafts:
        number = 1 + sum(r.update == draft.id for r in found.values())
        revision = Revision(draft.id, number, draft, HORIZON)
        found[revision.ref] = revision
    return found


def alone(channel: Channel, draft: Draft, change: Change = Change.NEW, **more: Any) -> Message:
    """One update, told as new or (with `before`) as changed."""
    before = more.pop("before", None)
    known = revisions(*([before] if before else []), draft)
    entry = Entry(draft.id, len(known), change, since=1 if before else 0)
    return renderer(more.pop("folder", None)).render(Digest(channel, (entry,), HORIZON, **more), known)


def several(channel: Channel, drafts: list[Draft], folder: Any = None, **more: Any) -> Message:
    """Many updates in one slot of a daily clock."""
    entries = tuple(Entry(draft.id, 1, Change.NEW) for draft in drafts)
    slot = {"clock": "daily 20:00 Europe/Kyiv", "from_ms": HORIZON - 24 * HOUR, **more}
    return renderer(folder).render(Digest(channel, entries, HORIZON, **slot), revisions(*drafts))


def raw(message: Message, told: Draft = TALKS, zone: str = "", **values: str) -> bytes:
    """The email of one person; `told`: what a digest of one tells, for its times."""
    digest = Digest(Channel("email"), (Entry("ua-ru-talks", 1, Change.NEW),), HORIZON)
    revision = Revision("ua-ru-talks", 1, told, HORIZON)
    who = Personal(
        digest, 7, "olena@example.org", LINKS, HORIZON, REASON, NEXT, batch=1, zone=zone, told=revision
    )
    made = blanks(renderers.rendering_settings(mail_from=SENDER), who)
    return message.fill({**made, "page": READING, **values})


def mail(message: Message, told: Draft = TALKS, zone: str = "", **values: str) -> EmailMessage:
    return parsed(raw(message, told, zone, **values))


def parsed(octets: bytes) -> EmailMessage:
    found = email.message_from_bytes(octets, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def text_of(found: EmailMessage) -> str:
    return found.get_body(("plain",)).get_content().replace("\r\n", "\n")


def html_of(found: EmailMessage) -> str:
    return found.get_body(("html",)).get_content().replace("\r\n", "\n")


def post(message: Message, reason: str = REASON) -> dict[str, Any]:
    return json.loads(message.fill({"reason": reason, "page": READING}))


def posted(message: Message, name: str = "plain", reason: str = REASON) -> dict[str, Any]:
    """A webhook in one of its formats."""
    return json.loads(payload(message.fill({"reason": reason, "page": READING}), name))


def chat(message: Message) -> str:
    """What people see of a webhook in a chat, below its heading, without Markdown."""
    text = posted(message, "mattermost")["text"].partition("\n\n")[2]
    text = re.sub(r"\[((?:\\.|[^\]\\])*)\]\(<[^>]*>\)", r"\1", text).replace("**", "")
    return re.sub(r"\\([^\w\s])", r"\1", text).replace("@\u2060", "@")


def said(part: Any) -> str:
    """All text of blocks, one line each."""
    if isinstance(part, dict):
        own = [part[key] for key in ("text", "fallback") if isinstance(part.get(key), str)]
        return "\n".join([*own, *(said(v) for v in part.values() if isinstance(v, dict | list))])
    return "\n".join(said(each) for each in part)
