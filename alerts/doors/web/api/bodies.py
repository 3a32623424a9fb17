"""What requests are made of, as `openapi.json` shows them: the names are the model's own words."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from alerts.operations import Permission, Requested, SubscriptionChange
from alerts.operations.feeds import FeedAsked

Words = Annotated[list[Annotated[str, Field(max_length=500)]], Field(max_length=300)]
Word = Annotated[str, Field(max_length=200)]
Address = Annotated[str, Field(min_length=1, max_length=500, examples=["olga@example.org"])]
Owner = Annotated[
    str,
    Field(max_length=500, description="The address that is told when nothing reaches this one any more."),
]
Language = Annotated[
    Word, Field(description="The tag of BCP 47; ALERTS_LANGUAGE if it is empty.", examples=["uk"])
]

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
    channel: Annotated[Word, Field(description="Guessed from the address if it is empty.")] = ""
    name: Word = ""
    timezone: Annotated[Word, Field(examples=["Europe/Kyiv"])] = "UTC"
    language: Language = ""
    owner: Owner = ""
    subscriptions: Annotated[list[SubscriptionIn], Field(min_length=1, max_length=100)]
    catch_up: Annotated[bool, Field(description="Send at once where things stand in these regions.")] = False


class InvitationsIn(Strict):
    """Some addresses, and what all of them are offered."""

    addresses: Annotated[list[Address], Field(min_length=1, max_length=100)]
    subscription: SubscriptionIn
    timezone: Annotated[Word, Field(description="Theirs; the installation's if it is empty.")] = ""


class SubscriberReplacement(Strict):
    """All that is kept of a subscriber, in the place of what was."""

    name: Word = ""
    timezone: Word = "UTC"
    language: Language = ""
    owner: Owner = ""
    subscriptions: Annotated[list[SubscriptionIn], Field(min_length=1, max_length=100)]


class SubscriberPatch(Strict):
    """What is to be different about a subscriber: what is left out stays."""

    name: Word | None = None
    timezone: Word | None = None
    language: Language | None = None
    owner: Owner | None = None


class SubscriptionsToPreview(Strict):
    """What to look back on: what a subscriber has, what they do not have yet, or both."""

    address: Annotated[str, Field(max_length=500, examples=["olga@example.org"])] = ""
    subscriptions: Annotated[list[SubscriptionIn], Field(max_length=100)] = []
    timezone: Annotated[Word, Field(description="Theirs, or UTC, if it is empty.")] = ""
    days: Annotated[int, Field(ge=1, le=92)] = 30
    new_tags: bool = False


class Pause(Strict):
    """Until when nothing is sent: a time to come, or until somebody resumes it."""

    until: Annotated[Word, Field(examples=["2026-12-24T08:00:00Z"])] | None = None


class Confirmation(Strict):
    """What is asked for cannot be undone, so it says twice whom it means."""

    confirm: Annotated[str, Field(max_length=500, description="The address once more.")]


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


class Reason(Strict):
    """Why, in a sentence that those who got it read."""

    reason: Annotated[str, Field(max_length=500)] = ""


class Resend(Strict):
    address: Address


class FeedIn(Strict):
    """A feed to follow: `regions` and `severity` are of items that say none, `tags` of all of them."""

    url: Annotated[str, Field(max_length=2000, examples=["https://example.org/rss.xml"])]
    name: Word = ""
    regions: Words = []
    tags: Words = []
    severity: Word = ""
    every: Annotated[Word, Field(examples=["5m"])] = "5m"
    review: Annotated[bool, Field(description="What comes waits as a draft.")] = False
    backlog: Annotated[int, Field(ge=0, description="How many of what is there already are taken.")] = 0

    def asked(self) -> FeedAsked:
        """The same, as use cases take it."""
        return FeedAsked(
            self.url,
            self.name,
            tuple(self.regions),
            tuple(self.tags),
            self.severity,
            self.every,
            self.review,
            self.backlog,
        )


class FeedResume(Strict):
    """Of a feed that was stopped: how many of what is not known are taken, the newest."""

    backlog: Annotated[int, Field(ge=0, le=100)] = 0


class FeedOrUrl(Strict):
    feed: Annotated[str, Field(min_length=1, max_length=2000, description="A feed's name, or any address.")]
