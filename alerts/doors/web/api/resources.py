"""What answers are made of, as `openapi.json` shows them: the names are the model's own words.

Answers are not validated against these before they are sent, which would cost more than making them: tests
hold every answer against them.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

SeverityWord = Literal["extreme", "severe", "moderate", "unknown", "minor"]


class Shown(BaseModel):
    """What is answered: these fields and no others."""

    model_config = ConfigDict(extra="forbid")


class FaultOut(Shown):
    """One thing that is wrong, and where: a JSON pointer into the body, or the name of a parameter."""

    pointer: str | None = None
    parameter: str | None = None
    sentence: str
    hint: str | None = None


class ProblemOut(Shown):
    """RFC 9457. `detail` is a sentence for people, `hint` what to do about it, `code` for programs."""

    type: Literal["about:blank"]
    title: str
    status: int
    code: str
    detail: str
    hint: str | None = None
    faults: list[FaultOut] | None = None


class SubscriptionOut(Shown):
    """A subscription; what is as usual is left out. `words` says all of it in a sentence."""

    name: str = ""
    regions: list[str]
    tags: list[str] = []
    all_tags: list[str] = []
    none_tags: list[str] = []
    min_severity: SeverityWord | None = None
    cadence: str
    quiet_hours: str | None = None
    bypass: SeverityWord | None = None
    daily_cap: int | None = None
    all_quiet: bool = False
    words: str


class ReasonOut(Shown):
    """Why nothing is sent to an address, since when and by whom."""

    reason: str
    since: str
    by: str


class SubscriberOut(Shown):
    """A subscriber. `declined` are subscriptions that they ended themselves: no list brings them back."""

    address: str
    channel: str
    name: str
    timezone: str
    language: str
    owner: str
    standing: Literal["active", "paused"]
    paused_until: str | None
    since: str | None
    subscriptions: list[SubscriptionOut]
    declined: list[SubscriptionOut]
    suppressed: ReasonOut | None


class SubscribersOut(Shown):
    """A page; `next` is what to give as `after` for the one that follows, null on the last.

    `exact`: false where there are more than `total`, but nobody has counted them.
    """

    subscribers: list[SubscriberOut]
    total: int
    exact: bool
    next: str | None


class SyncUndoneOut(Shown):
    """How many are as they were before a sync. `kept`: who has changed since, and stays as they are."""

    scope: str
    removed: int
    restored: int
    revived: int
    kept: list[str]


class SuppressionOut(Shown):
    address: str
    channel: str
    reason: str
    since: str
    by: str


class SuppressionsOut(Shown):
    suppressions: list[SuppressionOut]
    total: int


class BounceOut(Shown):
    """What came back of one delivery: `address` and `digest` are empty where nothing is proved."""

    at: str
    verdict: str
    address: str
    updates: list[str]
    status: str
    words: str
    way: str
    digest: str


class BouncesOut(Shown):
    """`days`: by day (UTC), how many mails came back, by what they were read as."""

    returned: list[BounceOut]
    days: dict[str, dict[str, int]]


class BouncesOfOut(Shown):
    """`tried_again`: when, if it is only left alone for a while."""

    address: str
    suppressed: str | None
    since: str | None
    tried_again: str | None
    returned: list[BounceOut]


class LiftedOut(Shown):
    """What a lifted suppression brings: revisions that were missed, and whether they are sent now."""

    address: str
    channel: str
    was: ReasonOut
    missed: list[str]
    sent_again: int
    catch_up: bool


class TagOut(Shown):
    tag: str
    meaning: str


class TagsOut(Shown):
    tags: list[TagOut]


class RegionOut(Shown):
    """A region, and what it is within: nearest first, up to the world."""

    code: str
    name: str
    kind: str
    within: list[str]


class RegionsOut(Shown):
    regions: list[RegionOut]


class KeyOut(Shown):
    name: str
    permissions: list[str]
    created_at: str
    created_by: str
    expires_at: str | None
    networks: list[str]
    used_at: str | None
    used_from: str | None


class NewKeyOut(KeyOut):
    """A key that was just made, with what it is made of: shown this once and kept nowhere."""

    key: Annotated[str, Field(examples=["alk_…"])]


class SecretOut(Shown):
    """A secret that was just made: shown this once and kept nowhere."""

    address: str
    secret: Annotated[str, Field(examples=["whsec_…"])]
    generation: int


class KeysOut(Shown):
    keys: list[KeyOut]


class ReplyOut(Shown):
    at: str
    address: str
    update: str
    text: str


class RepliesOut(Shown):
    replies: list[ReplyOut]


class ReturnsOut(Shown):
    """Of N sent, how many bounced and how many were complained of: each delivery once."""

    sent: int
    bounced: int
    bounced_percent: float
    complained: int
    complained_percent: float


class DomainReturnsOut(ReturnsOut):
    domain: str


class DayReturnsOut(ReturnsOut):
    """`domains`: those from which most came back, ten at most."""

    day: str
    domains: list[DomainReturnsOut]


class SendingPauseOut(Shown):
    since: str
    why: str


class ChannelSendingOut(Shown):
    """The last seven days, today first; `paused`: what is routine waits until it is resumed."""

    paused: SendingPauseOut | None
    days: list[DayReturnsOut]


class SendingResumedOut(Shown):
    channel: str
    since: str
    why: str


class StatusOut(Shown):
    subscribers: dict[str, int]
    updates: int
    owed: int
    overdue: int
    workers: list[str]
    breakers: dict[str, str]
    broker: dict[str, Any] | None
    notices: list[dict[str, Any]]
    in_review: list[str]
    mailbox: dict[str, Any] | None
    sending: Annotated[
        dict[str, ChannelSendingOut],
        Field(description="How much of what was sent came back, by channel and the day it was sent (UTC)."),
    ]
    drafts: int
    feeds_in_trouble: dict[str, str]


class WorkOut(Shown):
    work: list[dict[str, Any]]
    total: int


class NoticesOut(Shown):
    notices: list[dict[str, Any]]


class AuditOut(Shown):
    audit: list[dict[str, Any]]
