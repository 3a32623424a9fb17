"""Subscriptions as people write them, looked up and given names. Writes nothing."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache, partial

from alerts.errors import BadInput, Conflict, Faults, FaultsOfParts, Hopeless, UnknownTag
from alerts.model import SLUG, Cadence, Filter, QuietHours, Severity, Subscriber, Subscription
from alerts.operations.subscribing.requested_values import all_quiet, daily_cap, label, severity
from alerts.regions import Tree
from alerts.rules.cadence import zone as zone_named
from alerts.rules.describing import worded
from alerts.texts import Text

#: Nobody needs more than these; together they bound what one subscriber can cost the index.
SUBSCRIPTIONS_MOST, REGIONS_MOST, TAGS_MOST = 100, 300, 50
#: This many different words that mean nothing are no typing errors any more. Each was compared with all names
#: there are, which takes up to 10 ms.
UNKNOWN_MOST = 500


@dataclass(frozen=True, slots=True)
class Requested:
    """One subscription in words, not yet looked up. What is empty has its default."""

    regions: tuple[str, ...]
    tags: tuple[str, ...] = ()
    all_tags: tuple[str, ...] = ()
    none_tags: tuple[str, ...] = ()
    min_severity: str = ""
    cadence: str = ""
    quiet_hours: str = ""
    bypass: str = ""
    daily_cap: str = ""
    all_quiet: str = ""
    name: str = ""


class TooManySubscriptions(BadInput):
    """Nobody can have one more."""

    def __init__(self) -> None:
        super().__init__(
            Text.counted(
                "Nobody can have more than %(num)s subscriptions.",
                "Nobody can have more than %(num)s subscriptions.",
                SUBSCRIPTIONS_MOST,
            ),
            Text("One subscription may name many regions and tags."),
        )


class Reader:
    """Reads subscriptions, remembering every word it has looked up."""

    def __init__(
        self, find_region: Callable[[str], str], tags: Collection[str], new_tags: bool = False
    ) -> None:
        self._find_region = find_region
        self._tags = tags
        self._new_tags = new_tags
        #: Tags that were let in and are not on the list yet.
        self.added: set[str] = set()
        self._known: dict[tuple[str, str], str] = {}
        self._unknown: dict[tuple[str, str], BadInput] = {}

    def read(self, asked: Requested) -> Subscription:
        """Look up all its words. Raises BadInput naming all that mean nothing, Hopeless after many."""
        subscription, faults = self.tried(asked)
        if faults:
            raise BadInput.together(list(faults.values())).with_traceback(None)
        return subscription

    def tried(self, asked: Requested) -> tuple[Subscription, dict[str, BadInput]]:
        """Look up all its words; what is wrong with each part of `Requested`, by its name.

        A part that means nothing is as if it were empty. Raises Hopeless after many.
        """
        faults, none = FaultsOfParts(), tuple[str, ...]()
        regions = faults.of("regions", lambda: self._regions(asked.regions), none)
        tags = faults.of("tags", lambda: self._tags_of(asked.tags), none)
        all_tags = faults.of("all_tags", lambda: self._tags_of(asked.all_tags), none)
        none_tags = faults.of("none_tags", lambda: self._none_tags(asked.none_tags, {*tags, *all_tags}), none)
        cadence = faults.of("cadence", lambda: Cadence.parse(asked.cadence or "immediate"), None)
        least = faults.of("min_severity", lambda: severity(asked.min_severity), None)
        quiet = faults.of(
            "quiet_hours",
            lambda: QuietHours.parse(asked.quiet_hours) if asked.quiet_hours.strip() else None,
            None,
        )
        bypass = faults.of("bypass", lambda: severity(asked.bypass), None)
        name = faults.of("name", lambda: label(asked.name), "")
        cap = faults.of("daily_cap", lambda: daily_cap(asked.daily_cap), None)
        silence = faults.of("all_quiet", lambda: all_quiet(asked.all_quiet, cadence), False)
        wanted = Filter(regions, tags, all_tags, none_tags, least or Severity.MINOR)
        return Subscription(wanted, cadence or Cadence(), quiet, bypass, name, cap, silence), faults.found

    def _none_tags(self, words: tuple[str, ...], wanted: set[str]) -> tuple[str, ...]:
        tags = self._tags_of(words)
        if barred := wanted.intersection(tags):
            raise BadInput(
                Text("“%(tag)s” is both wanted and not wanted.", tag=min(barred)),
                Text("Leave it out of one of the lists."),
            )
        return tags

    def _tags_of(self, words: tuple[str, ...]) -> tuple[str, ...]:
        return self._words("tag", words, self._tag, TAGS_MOST)

    def _regions(self, words: tuple[str, ...]) -> tuple[str, ...]:
        regions = self._words("region", words, self._find_region, REGIONS_MOST)
        if not regions:
            raise BadInput(
                Text("No region is named."),
                Text("Name one or more, such as UA or Europe; `001` is the world."),
            )
        return regions

    @property
    def places(self) -> dict[str, str]:
        """The codes that names of regions were taken for; what was written as a code is left out."""
        regions = {text: code for (kind, text), code in self._known.items() if kind == "region"}
        return {text: code for text, code in sorted(regions.items()) if text != code}

    def zone(self, text: str) -> str:
        """The IANA name meant; empty stays empty. Raises BadInput."""
        return self._word("zone", text.strip(), zone_named) if text.strip() else ""

    def _words(
        self, kind: str, words: Iterable[str], look: Callable[[str], str], most: int
    ) -> tuple[str, ...]:
        """Each once and in one order: those who want the same should be in the same audience."""
        faults, found = Faults(), set()
        for word in filter(None, map(str.strip, words)):
            found.add(faults.of(partial(self._word, kind, word, look), ""))
        faults.complain()
        if len(found) > most:
            raise BadInput(_too_many(kind, most), Text("Name larger regions or fewer tags."))
        return tuple(sorted(found))

    def _word(self, kind: str, word: str, look: Callable[[str], str]) -> str:
        key = (kind, word)
        if key not in self._known:
            if key in self._unknown:
                raise self._unknown[key].with_traceback(None)
            if len(self._unknown) >= UNKNOWN_MOST:
                raise Hopeless(
                    Text.counted(
                        "More than %(num)s different words are no regions, tags or time zones.",
                        "More than %(num)s different words are no regions, tags or time zones.",
                        UNKNOWN_MOST,
                    ),
                    "Is it the right file, and do its columns stand under the right names?",
                )
            try:
                self._known[key] = look(word)
            except BadInput as fault:
                self._unknown[key] = fault
                raise
        return self._known[key]

    def _tag(self, word: str) -> str:
        tag = word.lower()
        if tag in self._tags or tag in self.added:
            return tag
        if not SLUG.fullmatch(tag):
            raise BadInput(
                Text("“%(tag)s” is not a tag.", tag=word[:60]),
                Text("Write lower-case letters, digits and dashes."),
            )
        if not self._new_tags:
            raise UnknownTag(tag, get_close_matches(tag, self._tags, n=3))
        self.added.add(tag)
        return tag


def tried(reading: Reader, asked: Requested) -> tuple[Subscription, Mapping[str, BadInput]]:
    """The same as `Reader.tried` of one subscription; where it is hopeless, that is said of its regions."""
    try:
        return reading.tried(asked)
    except Hopeless as fault:
        return reading.tried(Requested(()))[0], {"regions": fault}


def _too_many(kind: str, most: int) -> Text:
    if kind == "tag":
        return Text.counted(
            "A list names more than %(num)s tags.", "A list names more than %(num)s tags.", most
        )
    return Text.counted(
        "A list names more than %(num)s regions.", "A list names more than %(num)s regions.", most
    )


@lru_cache(maxsize=10_000)
def unnamed(subscription: Subscription) -> Subscription:
    """A subscription without its name: what is equal then asks for the same."""
    return replace(subscription, name="")


def undeclined(person: Subscriber, wanted: Iterable[Subscription]) -> tuple[Subscription, ...]:
    """What a list asks for somebody, less what they have ended themselves: the same, or called the same."""
    if not person.declined:
        return tuple(wanted)
    ended = {unnamed(s) for s in person.declined}
    names = {s.name.casefold() for s in person.declined} - {""}
    return tuple(s for s in wanted if unnamed(s) not in ended and s.name.casefold() not in names)


def combined(
    held: tuple[Subscription, ...], more: Iterable[Subscription], tree: Tree
) -> tuple[Subscription, ...]:
    """Add subscriptions to those somebody has, each with a name of its own.

    Raises Conflict, naming the other one, where two ask for the same or are called the same;
    TooManySubscriptions if they are too many.
    """
    everything = list(held)
    for subscription in more:
        for other in everything:
            if unnamed(other) == unnamed(subscription):
                raise Conflict(
                    Text(
                        "“%(name)s” asks for the same: %(words)s.",
                        name=other.name,
                        words=worded(other, tree.name),
                    ),
                    Text("Change one of them, or leave this one out."),
                )
            if subscription.name and other.name.casefold() == subscription.name.casefold():
                raise Conflict(
                    Text("There is a subscription “%(name)s” already.", name=other.name),
                    Text("Choose another name."),
                )
        if len(everything) >= SUBSCRIPTIONS_MOST:
            raise TooManySubscriptions
        taken = {other.name.casefold() for other in everything}
        name = subscription.name or default_name(subscription, tree, taken)
        everything.append(replace(subscription, name=name))
    return tuple(everything)


def default_name(subscription: Subscription, tree: Tree, taken: Collection[str]) -> str:
    """What to call it: `Ukraine · conflict`, with a number if that is taken (`taken` is in lower case)."""
    wanted = subscription.filter
    parts = [_few([tree.name(code) for code in wanted.regions])]
    if wanted.any_tags or wanted.all_tags:
        parts.append(_few([*wanted.any_tags, *wanted.all_tags]))
    name, number = " · ".join(parts), 2
    chosen = name
    while chosen.casefold() in taken:
        chosen, number = f"{name} {number}", number + 1
    return chosen


def _few(words: list[str]) -> str:
    return ", ".join(words) if len(words) <= 3 else f"{', '.join(words[:2])} and {len(words) - 2} more"
