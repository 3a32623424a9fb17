"""What a template is given: plain words, ready to show. `docs/templates.md` explains each name."""

from dataclasses import dataclass
from datetime import datetime

from alerts.model import Change, Status
from alerts.rendering.directions import isolated

#: What the markup around one entry costs, in characters of the budget.
_ENTRY_COST = 300
#: The changes a line is told by; what is new needs no word, what went out at once has its time.
_SAID = (Change.UPDATED, Change.CORRECTED, Change.CLOSED)


@dataclass(frozen=True, slots=True)
class Banner:
    """Something that must not be overlooked. `kind`: exercise, test, correction, closed, late, catch-up."""

    kind: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class EntryView:
    """One update as a digest shows it."""

    update: str
    change: str
    change_word: str
    status: str
    severity: str
    severity_word: str
    certainty: str  #: how sure it is and how soon to act on it, as words; empty where nobody has said
    urgency: str
    headline: str
    when: str
    expiry: str  #: until when it holds, or held; empty where nobody has said
    country: str
    places: tuple[str, ...]
    tags: tuple[str, ...]
    author: str
    source: str
    url: str
    key_points: tuple[str, ...]
    body: str  #: Markdown: give it to the filter `markdown`
    cut: bool  #: whether `body` or `key_points` go on elsewhere
    note: str
    differences: tuple[str, ...]
    banners: tuple[Banner, ...]
    told: str  #: when it was sent, for what went out at once
    rose: bool  #: whether the severity is higher than what was told before
    unchanged: bool  #: whether it says nothing that was not told before: counted, not shown
    rank: int
    moment: datetime
    expires: datetime | None  #: the instant of `expiry`, for what shows each reader their own time

    @property
    def meta(self) -> tuple[str, ...]:
        """How sure and how soon, when, until when, who, where, about what: the line under a headline."""
        parts = (
            self.certainty,
            self.urgency,
            self.when,
            self.expiry,
            self.author,
            ", ".join(self.places),
            ", ".join(self.tags),
        )
        return tuple(part for part in parts if part)

    @property
    def prefix(self) -> str:
        """What must be known of a headline that stands alone: `EXERCISE: `, `Closed: `."""
        return self.unreal + (f"{self.change_word}: " if self.change in _SAID and not self.unchanged else "")

    @property
    def in_line(self) -> str:
        """The headline as it stands in one line with what else is said there; alone, it leads the line."""
        return isolated(self.headline) if self.prefix or self.told else self.headline

    @property
    def unreal(self) -> str:
        """`EXERCISE: ` or `TEST: `; nothing for what is real."""
        return "" if self.status == Status.ACTUAL else f"{self.status.upper()}: "

    @property
    def size(self) -> int:
        points = sum(len(point) for point in self.key_points)
        return len(self.headline) + points + len(self.body) + len(self.note) + _ENTRY_COST


@dataclass(frozen=True, slots=True)
class Group:
    """The entries of one country."""

    name: str
    entries: tuple[EntryView, ...]


@dataclass(frozen=True, slots=True)
class EntryList:
    """Entries told in one line each under a title, and how many more there was no room for."""

    title: str
    entries: tuple[EntryView, ...]
    more: int

    @property
    def count(self) -> int:
        return len(self.entries) + self.more


@dataclass(frozen=True, slots=True)
class DigestView:
    """A digest as its templates see it. Either `one` is set, or some of the groups and lines are.

    If none is, all is quiet: title and lead say so.
    """

    id: str
    subject: str
    notification: str  #: the subject, where a program shows it as text and not as a field of a mail
    title: str
    lead: str
    preheader: str
    urgent: bool
    scheduled: bool
    banners: tuple[Banner, ...]
    one: EntryView | None
    groups: tuple[Group, ...]
    folded: EntryList
    capped: EntryList  #: beyond the daily cap
    unchanged: EntryList
    told: EntryList
