"""People and domains that may send updates by mail: what is asked of each, and how it is with each."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any

from alerts.model.names import Instant


class SenderState(StrEnum):
    """Whether what somebody sends is taken."""

    ACTIVE = "active"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class MailSender:
    """Who may send, as an operator asked for it, and what their updates are about where they do not say."""

    name: str
    address: str  #: `olga@example.org`, or `@example.org` for all of a domain
    regions: tuple[str, ...] = ()  #: codes, of updates that name none
    tags: tuple[str, ...] = ()  #: of every update, beside its own
    severity: str = ""  #: of updates that do not say
    publish: bool = False  #: whether what comes is published; else it waits as a draft
    added_ms: Instant = 0
    added_by: str = ""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "MailSender":
        """Read back what `to_dict` wrote."""
        sender = cls(**data)
        return replace(sender, regions=tuple(sender.regions), tags=tuple(sender.tags))


@dataclass(frozen=True, slots=True)
class SenderProgress:
    """How it is with a sender: what came of their mails."""

    state: SenderState = SenderState.ACTIVE
    secret_ms: Instant = 0  #: since when their secret holds
    came_ms: Instant = 0  #: when a mail with their secret came last
    drafts: int = 0
    published: int = 0
    refused: int = 0
    repeated: int = 0  #: mails that said what had come before
    why: str = ""  #: why the last one was refused that was

    @classmethod
    def from_dict(cls, data: Mapping[str, str]) -> "SenderProgress":
        """Read back what the server keeps, each field as a text of its own."""
        new = cls()
        read: dict[str, Any] = {
            f.name: type(getattr(new, f.name))(data[f.name]) for f in fields(cls) if f.name in data
        }
        return cls(**read)


class MailBecame(StrEnum):
    """What became of a mail for publication."""

    DRAFT = "draft"
    PUBLISHED = "published"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class KnownMail:
    """What is kept of a mail that was taken: enough to know it again, and to say what became of it."""

    became: MailBecame
    name: str = ""  #: of the draft, or the revisions it was published as
    token: str = ""  #: of whoever took it

    def to_dict(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class MailAnswer:
    """What a sender is to be told of a mail of theirs."""

    id: str
    address: str
    subject: str  #: of their mail
    message_id: str  #: of their mail; empty where it has none
    became: MailBecame
    said: tuple[str, ...]  #: sentences
    left_out: tuple[str, ...]  #: what of their mail was left out, or taken from where
    asked_ms: Instant

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "MailAnswer":
        """Read back what `to_dict` wrote."""
        answer = cls(**data)
        return replace(
            answer,
            became=MailBecame(answer.became),
            said=tuple(answer.said),
            left_out=tuple(answer.left_out),
        )
