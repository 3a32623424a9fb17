"""What requests and answers are made of, as `openapi.json` shows them: the names are the model's own words.

Answers are not validated against these on their way out, which would cost more than making them; tests hold
every answer against them.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from alerts.operations import Permission, Requested, SubscriptionChange

Words = Annotated[list[Annotated[str, Field(max_length=500)]], Field(max_length=300)]
Word = Annotated[str, Field(max_length=200)]
Address = Annotated[str, Field(min_length=1, max_length=500, examples=["olga@example.org"])]
SeverityWord = Literal["extreme", "severe", "moderate", "unknown", "minor"]


_LISTS = ("regions", "tags", "all_tags", "none_tags")


class Strict(BaseModel):
    """What is sent to us: nothing is guessed, and no field is let pass that we would not look at."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SubscriptionIn(Strict):
    """What is wanted, and when. What is left out is as it usually is."""

    regions: Annotated[Words, Field(min_length=1, examples=[["UA", "Moldova"]])]
    tags: Words = []
    all_tags: Words = []
    none_tags: Words = []
    min_severity: Word = ""
    cadence: Annotated[Word, Field(examples=["daily 08:00"])] = "immediate"
    quiet_hours: Annotated[Word, Field(examples=["22:00-07:00"])] = ""
    bypass: Word = ""
    daily_cap: Annotated[int, Field(ge=1)] | None = None
    all_quiet: bool = False
    name: Word = ""

    def requested(self) -> Requested:
        """The same, as use cases take it."""
        return Requested(
            tuple(self.regions),
            tuple(self.tags),
            tuple(self.all_tags),
            tuple(self.none_tags),
            self.min_severity,
            self.cadence,
            self.quiet_hours,
            self.bypass,
            str(self.daily_cap or ""),
            "yes" if self.all_quiet else "",
            self.name,
        )


class SubscriptionPatch(Strict):
    """What is to be different: what is left out stays, null and empty take away (RFC 7396)."""

    regions: Words | None = None
    tags: Words | None = None
    all_tags: Words | None = None
    none_tags: Words | None = None
    min_severity: Word | None = None
    cadence: Word | None = None
    quiet_hours: Word | None = None
    bypass: Word | None = None
    daily_cap: Annotated[int, Field(ge=1)] | None = None
    all_quiet: bool | None = None
    name: Word | None = None

    def change(self) -> SubscriptionChange:
        """The same, as use cases take it: a field that was sent as null is one that is taken away."""
        given: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        changes: dict[str, Any] = {}
        for name, value in given.items():
            if name in _LISTS:
                changes[name] = tuple(value or ())
            elif name == "all_quiet":
                changes[name] = "yes" if value else ""
            else:
                changes[name] = str(value or "")
        return SubscriptionChange(**changes)


class SubscriberIn(Strict):
    """Who receives, and what."""

    address: Address
    name: Word = ""
    timezone: Annotated[Word, Field(examples=["Europe/Kyiv"])] = "UTC"
    subscriptions: Annotated[list[SubscriptionIn], Field(min_length=1, max_length=100)]


class SubscriberReplacement(Strict):
    """All that is kept of a subscriber, in the place of what was."""

    name: Word = ""
    timezone: Word = "UTC"
    subscriptions: Annotated[list[SubscriptionIn], Field(min_length=1, max_length=100)]


class SubscriberPatch(Strict):
    """What is to be different about a subscriber: what is left out stays."""

    name: Word | None = None
    timezone: Word | None = None


class Pause(Strict):
    """Until when nothing is sent: a time to come, or until somebody resumes it."""

    until: Annotated[Word, Field(examples=["2026-12-24T08:00:00Z"])] | None = None


class SuppressionIn(Strict):
    address: Address
    reason: Word = ""


class Lift(Strict):
    """How a suppression is lifted. What people asked for themselves is lifted only with `force`."""

    force: bool = False
    catch_up: bool = True


class TagIn(Strict):
    tag: Word
    meaning: Word = ""


class KeyIn(Strict):
    name: Annotated[str, Field(max_length=64, examples=["hr-sync"])]
    scopes: Annotated[list[Literal["read", "publish", "manage", "admin"]], Field(min_length=1)]
    expires: Annotated[Word, Field(examples=["2027-01-01T00:00:00Z"])] | None = None
    networks: Annotated[list[Word], Field(max_length=20, examples=[["10.0.0.0/8"]])] = []

    def permissions(self) -> list[Permission]:
        return [Permission(scope) for scope in self.scopes]


class Fault(BaseModel):
    """One thing that is wrong, and where: a JSON pointer into the body, or the name of a parameter."""

    pointer: str | None = None
    parameter: str | None = None
    sentence: str
    hint: str | None = None


class Problem(BaseModel):
    """RFC 9457. `detail` is a sentence for people, `hint` what to do about it, `code` for programs."""

    type: Literal["about:blank"]
    title: str
    status: int
    code: str
    detail: str
    hint: str | None = None
    faults: list[Fault] | None = None


class SubscriptionOut(BaseModel):
    """A subscription; what is as usual is left out. `words` says all of it in a sentence."""

    name: str
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


class Reason(BaseModel):
    """Why nothing is sent to an address, since when and by whom."""

    reason: str
    since: str
    by: str


class SubscriberOut(BaseModel):
    address: str
    channel: str
    name: str
    timezone: str
    standing: Literal["active", "paused"]
    paused_until: str | None
    since: str | None
    subscriptions: list[SubscriptionOut]
    suppressed: Reason | None


class SubscribersOut(BaseModel):
    """A page; `next` is what to give as `after` for the one that follows, null on the last."""

    subscribers: list[SubscriberOut]
    total: int
    next: str | None


class SuppressionOut(BaseModel):
    address: str
    channel: str
    reason: str
    since: str
    by: str


class SuppressionsOut(BaseModel):
    suppressions: list[SuppressionOut]
    total: int


class LiftedOut(BaseModel):
    """What a lifted suppression brings: revisions that were missed, and whether they are sent now."""

    address: str
    channel: str
    was: Reason
    missed: list[str]
    sent_again: int
    catch_up: bool


class TagOut(BaseModel):
    tag: str
    meaning: str


class TagsOut(BaseModel):
    tags: list[TagOut]


class RegionOut(BaseModel):
    """A region, and what it is within: nearest first, up to the world."""

    code: str
    name: str
    kind: str
    within: list[str]


class RegionsOut(BaseModel):
    regions: list[RegionOut]


class KeyOut(BaseModel):
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


class KeysOut(BaseModel):
    keys: list[KeyOut]


class Withdraw(Strict):
    """Why, in a sentence that those who got it read; `wrong`: it never was so."""

    reason: Annotated[str, Field(max_length=500)] = ""
    wrong: bool = False


class PlaceOut(BaseModel):
    code: str
    name: str


class PublicationOut(BaseModel):
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
    outcome: dict[str, Any] | None = None


class PreviewOut(BaseModel):
    """Who would get it: how many now and with their next digest, by what, and who just misses it."""

    update: str
    revision: int
    regions: list[dict[str, Any]]
    now: int
    slot: int
    counts: list[dict[str, Any]]
    by_unknown_severity: int
    missing: dict[str, int]
    misses: list[dict[str, Any]]
    plan: str


class UpdateStatusOut(BaseModel):
    update: str
    headline: str
    revisions: list[dict[str, Any]]
    finished: bool
    deliveries: dict[str, dict[str, int]]
    failed_digests: dict[str, str]
    first_at: str | None
    last_at: str | None
    owed: list[str]


class WithdrawalOut(BaseModel):
    update: str
    revision: int
    taken_back: bool
    cancel: int | None
    digests_going_out: int


class StatusOut(BaseModel):
    subscribers: dict[str, int]
    updates: int
    owed: int
    overdue: int
    workers: list[str]
    breakers: dict[str, str]
    broker: dict[str, Any] | None
    notices: list[dict[str, Any]]


class WorkOut(BaseModel):
    work: list[dict[str, Any]]
    total: int


class NoticesOut(BaseModel):
    notices: list[dict[str, Any]]


class AuditOut(BaseModel):
    audit: list[dict[str, Any]]
