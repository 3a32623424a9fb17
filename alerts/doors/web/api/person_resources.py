"""What answers about one person are made of: what they would get, have muted, were sent; all that is kept."""

from typing import Any, Literal

from alerts.doors.web.api.resources import Shown, SubscriberOut


class PreviewedAlertOut(Shown):
    """`subscriptions` are the names of those that ask for it; none where it corrects what came before."""

    update: str
    revision: int
    change: str
    headline: str
    severity: str
    folded: bool
    subscriptions: list[str]


class PreviewedMessageOut(Shown):
    """One message that would have come; without an alert, it would have said that all is quiet."""

    at: str
    how: Literal["digest", "at once"]
    alerts: list[PreviewedAlertOut]


class SubscriptionShareOut(Shown):
    """`alone`: how many of its alerts no other one asks for. `covered`: none, of some."""

    name: str
    alerts: int
    alone: int
    covered: bool


class SubscriptionPreviewOut(Shown):
    timezone: str
    days: int
    alerts: int
    messages: int
    covered_twice: int
    next_digest: str | None
    subscriptions: list[SubscriptionShareOut]
    list: list[PreviewedMessageOut]


class SentMessageOut(Shown):
    """A message as they were sent it, in its channel's words for people."""

    digest: str
    text: str


class ErasedOut(Shown):
    """`numbers`: by which the ledger knows them. `entries`: that named them, and are gone."""

    channel: str
    numbers: list[int]
    entries: int


class MutedUpdateOut(Shown):
    """A situation that somebody has muted, or hears of again. `already`: nothing had to be done."""

    address: str
    update: str
    headline: str
    muted: bool
    since: str
    until: str | None
    severity_then: str
    severity: str
    already: bool


class MutesOut(Shown):
    mutes: list[MutedUpdateOut]


class TracedOut(Shown):
    """What became of one revision for them."""

    at: str
    update: str
    revision: int
    change: str
    headline: str
    how: str
    state: str
    attempts: int
    digest: str | None
    note: str


class PersonDataOut(SubscriberOut):
    """All that is kept of one subscriber. `changes`: what the audit says of them."""

    number: int
    scope: str
    does_not_want: list[Literal["invitations", "requests"]]
    muted: list[MutedUpdateOut]
    deliveries: list[TracedOut]
    changes: list[dict[str, Any]]
    messages_kept_days: int
    changes_kept_days: int


class InvitationOut(Shown):
    """`owed`: the mail has yet to go out. `refused`: they asked not to be invited. `over`: it is dead."""

    address: str
    channel: str
    name: str
    state: Literal["owed", "open", "refused", "over"]
    invited: str
    until: str
    by: str


class InvitationsOut(Shown):
    invitations: list[InvitationOut]


class InvitationRemarkOut(Shown):
    line: int
    words: str


class InvitationProblemOut(Shown):
    line: int
    reason: str
    hint: str


class InvitationsMadeOut(Shown):
    """How many of each fate; `open`: they were invited before. A line is the number of the address."""

    lines: int
    bad: int
    invited: int
    again: int
    vouched: int
    open: int
    subscribed: int
    suppressed: int
    refused: int
    unasked: int
    full: int
    dry_run: bool
    problems: list[InvitationProblemOut]
    remarks: list[InvitationRemarkOut]
