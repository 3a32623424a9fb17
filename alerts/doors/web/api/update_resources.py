"""What answers about updates are made of, as `openapi.json` shows them."""

from typing import Any, Literal

from alerts.doors.web.api.resources import ReturnsOut, SeverityWord, Shown


class PublicationOut(Shown):
    """What came of publishing. `outcome` is there where it was waited for."""

    update: str
    revision: int
    created: bool
    replaced_by: int | None
    regions: list[dict[str, Any]]
    urgent: bool
    people: int
    by_unknown_severity: int
    accepted_at: str | None
    held_until: str | None
    in_review: bool
    undo_s: float | None
    suggestions_taken: list[dict[str, Any]]
    passed_over: str
    outcome: dict[str, Any] | None = None


class PreviewOut(Shown):
    """Who would get it: how many now and with their next digest, by what, and who just misses it."""

    update: str
    revision: int
    regions: list[dict[str, Any]]
    now: int
    slot: int
    people: int
    others: int
    waiting: dict[str, int]
    counts: list[dict[str, Any]]
    by_unknown_severity: int
    missing: dict[str, int]
    misses: list[dict[str, Any]]
    plan: str


class UpdateStatusOut(Shown):
    update: str
    headline: str
    revisions: list[dict[str, Any]]
    finished: bool
    deliveries: dict[str, dict[str, int]]
    failed_digests: dict[str, str]
    rates: dict[str, ReturnsOut]
    people: int
    latest: list[dict[str, Any]]
    slots: list[dict[str, Any]]
    first_at: str | None
    last_at: str | None
    owed: list[str]


class WithdrawalOut(Shown):
    update: str
    revision: int
    taken_back: bool
    cancel: int | None
    digests_going_out: int


class UpdateSummaryOut(Shown):
    """An update in a list: how it stands by its latest revision."""

    update: str
    revision: int
    state: str
    severity: SeverityWord
    regions: list[str]
    tags: list[str]
    first_at: str | None
    accepted_at: str | None
    headline: str


class UpdatesOut(Shown):
    updates: list[UpdateSummaryOut]
    total: int
    next: str | None


class RevisionOut(Shown):
    """A revision: what changed by it, who published it by which door, and how many were sent it."""

    revision: int
    kind: str
    state: Literal["accepted", "held", "taken back"]
    accepted_at: str | None
    held_until: str | None
    why: str
    who: str
    door: str
    sent: int
    channels: dict[str, int]
    headline: str
    note: str
    changed: list[str]


class RevisionsOut(Shown):
    revisions: list[RevisionOut]


class WholeRevisionOut(RevisionOut):
    """A revision, and all that it says."""

    content: dict[str, Any]


class UpdateOut(UpdateSummaryOut):
    """An update whole: what its latest revision says, and how it came to that."""

    content: dict[str, Any]
    public_page: str
    revisions: list[RevisionOut]


class UndoneOut(Shown):
    """A revision that was taken back; `standing` is the one that readers know, null for none."""

    update: str
    revision: int
    already: bool
    standing: int | None


class ReleasedOut(Shown):
    update: str
    revision: int
    already: bool
    accepted_at: str | None


class EndingOut(Shown):
    """What ended it; `already`: it was ended before, and nothing was done now."""

    update: str
    revision: int
    how: Literal["closed", "retracted"]
    already: bool
    ended_at: str | None
    people: dict[str, int]
    digests_going_out: int


class ExplanationOut(Shown):
    update: str
    revision: int
    address: str
    verdict: Literal["now", "slot", "no"]
    state: str | None
    slot: str | None
    note: str
    subscriptions: list[dict[str, Any]]


class ResentOut(Shown):
    """What is sent once more, and what they had of it before."""

    address: str
    update: str
    revision: int
    had: list[str]


class RetriedOut(Shown):
    """What is sent again. `suppressed`: who is left out, and why nothing is sent to them."""

    name: str
    deliveries: int
    renderings: int
    suppressed: dict[str, str]
    delivered_since: int


class ReadingOut(Shown):
    """What an update says, what its regions are taken for, and what it speaks of if it names none."""

    format: str
    update: dict[str, Any]
    taken_from: list[dict[str, str]]
    notes: list[str]
    message: dict[str, Any] | None
    regions: list[dict[str, Any]]
    suggestions: list[dict[str, Any]]


class MessageOut(Shown):
    """A message as one of its readers would get it."""

    view: str
    text: str


class PreviewSentOut(Shown):
    """Whether the route took it, and its words."""

    update: str
    channel: str
    address: str
    sent: bool
    words: str
