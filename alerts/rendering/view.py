"""What a template is given: plain words, ready to show. `docs/templates.md` explains each name."""

from dataclasses import dataclass
from datetime import datetime

#: What the markup around one entry costs, in characters of the budget.
_ENTRY_COST = 300


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
    headline: str
    when: str
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
    rank: int
    moment: datetime

    @property
    def meta(self) -> tuple[str, ...]:
        """When, who, where, about what: the line under a headline."""
        parts = (self.when, self.author, ", ".join(self.places), ", ".join(self.tags))
        return tuple(part for part in parts if part)

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
class Lines:
    """Entries told in one line each, and how many more there was no room for."""

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
    title: str
    lead: str
    preheader: str
    urgent: bool
    scheduled: bool
    banners: tuple[Banner, ...]
    one: EntryView | None
    groups: tuple[Group, ...]
    folded: Lines
    capped: Lines  #: beyond the daily cap
    told: Lines
