"""What a template is given: plain words, ready to show. `docs/templates.md` explains each name."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from alerts.locales import Locale
from alerts.model import Change, Severity, Status
from alerts.rendering.directions import isolated
from alerts.rendering.words import RETRACTED, behind_label, capital, commas, labelled, status_word
from alerts.rules.describing import severity_word

#: What the markup around one entry costs, in octets of the budget.
_ENTRY_COST = 1_000
#: The changes a line is told by; what is new needs no word, what went out at once has its time.
_SAID = (Change.UPDATED, Change.CORRECTED, Change.CLOSED, Change.ENDED, RETRACTED)


@dataclass(frozen=True, slots=True)
class Banner:
    """Something that must not be overlooked. `kind`: exercise, test, correction, closed, retracted,
    late, catch-up, expired."""

    kind: str
    title: str
    text: str


class Fact(NamedTuple):
    """A part of the line under a headline; of a time also its instant, and the word that leads to it."""

    text: str
    at: datetime | None = None
    word: str = ""


@dataclass(frozen=True, slots=True)
class EntryView:
    """One update as a digest shows it."""

    locale: Locale  #: in which it is told; its author's words are in `language`
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
    page: str  #: where the reader finds it whole: a place for what differs per person, to be put, not read
    public_page: str  #: where everybody reads what is known of it now; empty where there is no such page
    key_points: tuple[str, ...]  #: what is new or was revised since it was told before is marked in them
    bare_points: tuple[str, ...]  #: the same as their author wrote them
    language: str  #: of its headline, as BCP 47 writes it; empty where nobody has said
    direction: str  #: which way that is written: `rtl`, `ltr`, or `auto` where it is not known
    points_language: str  #: the same of what may be in another language, where not all of it is translated
    points_direction: str
    body_language: str
    note_language: str
    note_direction: str
    foreign: str  #: `in Ukrainian`, where its reader does not read what it is written in; empty where they do
    foreign_text: str  #: `text in Ukrainian`, where they read its headline, and not all that stands below it
    body: str  #: Markdown: give it to the filter `markdown`
    whole: str  #: all of the body: what was cut is in `body` no more
    cut: bool  #: whether `body` or `key_points` go on elsewhere
    note: str
    differences: tuple[str, ...]  #: all that has changed, for who does not read the key points below it
    beside: tuple[str, ...]  #: what has changed beside the key points, in which that is marked
    banners: tuple[Banner, ...]
    peak: str  #: how severe it was in between, and on which day: `was severe on Tuesday 10 November`
    told: str  #: when it was sent, for what went out at once
    told_at: datetime | None
    rose: bool  #: whether it became severe or extreme, or worse than that, since it was told before
    unchanged: bool  #: whether it says nothing that was not told before: counted, not shown
    rank: int
    moment: datetime  #: by which entries are put in order
    published: (
        datetime | None
    )  #: the instant of `when`, for what shows each reader their own time; no day is one
    expires: datetime | None  #: the instant of `expiry`
    expiry_word: str  #: what leads to it in `expiry`

    @property
    def ended(self) -> bool:
        """Whether it is over, or never was so."""
        return self.change in (Change.CLOSED, Change.ENDED, RETRACTED)

    @property
    def where(self) -> str:
        """The place in one line: the country, or the first of several and how many more."""
        rest = len(self.places) - 1
        first = isolated(self.places[0] if self.places else self.country)
        return f"{first} +{self.locale.number(rest)}" if rest > 0 else first

    @property
    def severity_label(self) -> str:
        """How severe it is told to be: `Severe`, `Severity unknown`."""
        if self.severity == Severity.UNKNOWN:
            return self.locale.gettext("Severity unknown")
        return self.severity_word

    @property
    def severity_now(self) -> str:
        """The same of what lasts; of what is over, or never was so, `Was Severe`."""
        if not self.ended:
            return self.severity_label
        if self.severity == Severity.UNKNOWN:
            return self.locale.gettext("Was of unknown severity")
        word = severity_word(Severity(self.severity), self.locale)
        return self.locale.gettext("Was %(severity)s", severity=behind_label(word, self.locale))

    @property
    def meta(self) -> tuple[str, ...]:
        """Where, how sure and how soon, when, until when, who, about what: the line under a headline."""
        return tuple(self.locale.isolated(fact.text) for fact in self.facts)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The parts of `meta`, for what can show each reader their own time."""
        facts = (
            Fact(commas(self.places, self.locale)),
            Fact(self.peak),
            Fact(self.certainty),
            Fact(self.urgency),
            Fact(self.when, self.published),
            Fact(self.expiry, self.expires, self.expiry_word),
            Fact(self.foreign or self.foreign_text),
            Fact(self.author),
            Fact(commas(self.tags, self.locale)),
        )
        return tuple(fact for fact in facts if fact.text)

    @property
    def link(self) -> str:
        """Where its headline leads: its author's page, or else where it is whole."""
        return self.url or self.page

    @property
    def prefix(self) -> str:
        """What must be known of a headline that stands alone: `EXERCISE: `, `Closed: `."""
        said = self.change in _SAID and not self.unchanged
        return self.unreal + (labelled(self.change_word, "", self.locale) if said else "")

    @property
    def before_headline(self) -> str:
        """What stands before the headline in a list of one line each: the prefix, or how severe it was."""
        if self.change != Change.ENDED:
            return self.prefix
        return self.unreal + labelled(capital(self.peak), "", self.locale)

    @property
    def behind_headline(self) -> str:
        """What stands behind it: when it went out at once, or where it was and when it ended, or its peak."""
        if self.told:
            return self.locale.gettext("at %(time)s", time=self.told)
        if self.change == Change.ENDED:
            return self.locale.gettext("%(where)s · ended %(when)s", where=self.where, when=self.when)
        return self.peak

    @property
    def in_line(self) -> str:
        """The headline as it stands in one line with what else is said there; alone, it leads the line."""
        if self.prefix or self.behind_headline or self.foreign:
            return self.listed
        return self.headline

    @property
    def listed(self) -> str:
        """The headline as it stands behind its severity; of one that they do not read, with its language."""
        headline = isolated(self.headline)
        if not self.foreign:
            return headline
        return self.locale.gettext("%(headline)s (%(language)s)", headline=headline, language=self.foreign)

    @property
    def unreal(self) -> str:
        """`EXERCISE: ` or `TEST: `; nothing for what is real."""
        if self.status == Status.ACTUAL:
            return ""
        return labelled(self.status_word.upper(), "", self.locale)

    @property
    def status_word(self) -> str:
        return status_word(Status(self.status), self.locale)

    @property
    def size(self) -> int:
        """What it takes in octets, its body aside."""
        return _ENTRY_COST + octets(self.headline, self.note, *self.key_points, *self.differences)


def octets(*texts: str) -> int:
    """What texts take in UTF-8, and the markup around each."""
    return sum(len(text.encode("utf-8")) + 60 for text in texts)


@dataclass(frozen=True, slots=True)
class Group:
    """The entries of one country, or the severe ones of all."""

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
    page: str  #: where the reader finds all of it: as `EntryView.page`
    subject: str
    notification: str  #: in a line, where a program shows it as text and not as a field of a mail
    title: str
    lead: str
    preheader: str
    urgent: bool
    scheduled: bool
    banners: tuple[Banner, ...]
    quiet: bool  #: whether nothing is told but what went out at once
    outage: bool  #: whether it is a message of ours about an outage: of no severity, nowhere, in no list
    one: EntryView | None
    glance: tuple[EntryView, ...]  #: the entries of the groups once more, a line each, where they are many
    groups: tuple[Group, ...]
    folded: EntryList
    ended: EntryList  #: what began and was closed before any of it was delivered
    capped: EntryList  #: beyond the daily cap
    unchanged: EntryList
    told: EntryList
