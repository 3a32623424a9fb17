"""What subscriptions would have brought in the last days, by the rules of the walk. Writes nothing."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from alerts.channels import CHANNELS
from alerts.errors import BadInput
from alerts.model import Audience, Entry, Instant, Revision, Subscription
from alerts.operations.acting import Actor, Permission
from alerts.operations.instants import utc_text
from alerts.operations.subscribing.requested import Requested, combined, unnamed
from alerts.operations.subscribing.subscriber_details import find
from alerts.operations.subscribing.subscriptions import reader
from alerts.rules.cadence import clock_of, next_slot
from alerts.rules.cadence import zone as zone_named
from alerts.rules.decisions import NOT_WANTED, Decision, No
from alerts.rules.decisions_of_log import decide_all
from alerts.rules.replaying import DecidedStory, ReplayedMessage, replay
from alerts.rules.translations import edition
from alerts.services import Services

DAY_MS = 24 * 3600 * 1000
#: Days that are looked back on where nobody says how many, and at most.
DAYS, DAYS_MOST = 30, 92
#: Days before, whose updates may have waited for a slot within them: a weekly one, moved by quiet hours.
WAITING_DAYS = 16


@dataclass(frozen=True, slots=True)
class PreviewedAlert:
    """One update in a message that would have come."""

    entry: Entry
    headline: str
    severity: str
    subscriptions: tuple[
        str, ...
    ]  #: the names of those that ask for it; none: it corrects what was sent before
    language: str = ""  #: of the headline; empty: not known

    def to_dict(self) -> dict[str, object]:
        return {
            "update": self.entry.update,
            "revision": self.entry.number,
            "change": self.entry.change.value,
            "headline": self.headline,
            "severity": self.severity,
            "folded": self.entry.folded,
            "subscriptions": list(self.subscriptions),
        }


@dataclass(frozen=True, slots=True)
class PreviewedMessage:
    """One message that would have come. Without an alert, it would have said that all is quiet."""

    at_ms: Instant
    digest: bool  #: at a slot; else at once
    alerts: tuple[PreviewedAlert, ...]

    def to_dict(self) -> dict[str, object]:
        return {
            "at": utc_text(self.at_ms),
            "how": "digest" if self.digest else "at once",
            "alerts": [alert.to_dict() for alert in self.alerts],
        }


@dataclass(frozen=True, slots=True)
class SubscriptionShare:
    """How many of the alerts one subscription asks for, and how many of those no other one does."""

    name: str
    alerts: int
    alone: int

    @property
    def covered(self) -> bool:
        """Whether it brought nothing that another one would not have brought."""
        return self.alerts > 0 and not self.alone

    def to_dict(self) -> dict[str, object]:
        return {"name": self.name, "alerts": self.alerts, "alone": self.alone, "covered": self.covered}


@dataclass(frozen=True, slots=True)
class SubscriptionPreview:
    """What subscriptions would have brought in the last days, and when the next digest comes."""

    zone: str
    days: int
    messages: tuple[PreviewedMessage, ...]  #: the oldest first
    shares: tuple[SubscriptionShare, ...]
    next_ms: Instant | None  #: when the next digest is due; None: all goes at once

    @property
    def alerts(self) -> int:
        return sum(len(message.alerts) for message in self.messages)

    @property
    def twice(self) -> int:
        """How many alerts more than one subscription asks for."""
        return sum(len(alert.subscriptions) > 1 for message in self.messages for alert in message.alerts)

    def to_dict(self) -> dict[str, object]:
        return {
            "timezone": self.zone,
            "days": self.days,
            "alerts": self.alerts,
            "messages": len(self.messages),
            "covered_twice": self.twice,
            "next_digest": utc_text(self.next_ms),
            "subscriptions": [share.to_dict() for share in self.shares],
            "list": [message.to_dict() for message in self.messages],
        }


def preview_subscriptions(
    services: Services,
    actor: Actor,
    address: str = "",
    asked: Sequence[Requested] = (),
    *,
    zone: str = "",
    days: int = DAYS,
    new_tags: bool = False,
) -> SubscriptionPreview:
    """Show what somebody would have got with the subscriptions they have and those that are asked for.

    Without an address it is anybody. With `new_tags`, what is no tag yet is let pass. Raises Forbidden,
    NotFound, BadInput, and Conflict for one that they have already.
    """
    actor.require(Permission.READ)
    person = find(services, address) if address else None
    reading = reader(services, new_tags)
    wanted = [reading.read(one) for one in asked]
    held = person.subscriptions if person else ()
    named = combined(held, wanted, services.tree)
    if not named:
        raise BadInput("No subscription is named.", "Name an address, a region, or both.")
    own_zone = zone_named(zone) if zone else person.zone if person else "UTC"
    return would_have_got(services, own_zone, named, days)


def would_have_got(
    services: Services, zone: str, subscriptions: Sequence[Subscription], days: int = DAYS, reads: str = ""
) -> SubscriptionPreview:
    """Go through the log as the walk would have, for somebody who has subscribed so for long.

    Headlines are in the words of who reads a language (BCP 47); without one, as they were written. No
    pause, no mute and no outage is in it. Raises BadInput for more days than can be looked back on.
    """
    if not 1 <= days <= DAYS_MOST:
        raise BadInput(f"It cannot be looked back that far: {days}.", f"Ask for 1 to {DAYS_MOST} days.")
    until_ms = services.server.now_ms()
    from_ms = until_ms - days * DAY_MS
    audience = Audience.of(next(iter(CHANNELS)), zone, subscriptions)  # the rules are the same for all
    stories = _decided(services, audience, from_ms - WAITING_DAYS * DAY_MS, until_ms)
    found = replay(audience, stories.values(), from_ms, until_ms)
    showing = _Showing(audience, stories, subscriptions, reads)
    shown = tuple(map(showing.message, found))
    clock = clock_of(audience)
    following = next_slot(clock, until_ms) if clock else None
    return SubscriptionPreview(zone, days, shown, _shares(subscriptions, shown), following)


def keep_at_hand(services: Services) -> None:
    """Read what is looked back on, before anybody asks: the first to ask would wait for all of it."""
    now_ms = services.server.now_ms()
    services.outlines.stories(now_ms - (DAYS + WAITING_DAYS) * DAY_MS, now_ms)


def _decided(
    services: Services, audience: Audience, start_ms: Instant, end_ms: Instant
) -> dict[str, DecidedStory]:
    """Every update that was revised in a stretch of the log and wanted in some revision, whole."""
    log = [one for story in services.outlines.stories(start_ms, end_ms) for one in story]
    log.sort(key=attrgetter("facts.accepted_ms"))
    stories = defaultdict[str, list[tuple[Revision, Decision]]](list)
    for one, decision in zip(log, decide_all(audience, [one.facts for one in log]), strict=True):
        stories[one.revision.update].append((one.revision, decision))
    return {
        update: story
        for update, story in stories.items()
        if any(decision is not NOT_WANTED for _, decision in story)
    }


class _Showing:
    """Messages as they are shown, with the names of the subscriptions that ask for each alert."""

    def __init__(
        self,
        audience: Audience,
        stories: Mapping[str, DecidedStory],
        subscriptions: Sequence[Subscription],
        reads: str,
    ) -> None:
        positions = {subscription: n for n, subscription in enumerate(audience.subscriptions)}
        #: Each name, and the position in the audience.
        self._names = [(s.name, positions[unnamed(s)]) for s in subscriptions]
        self._decided = {
            (r.update, r.number): (r.draft, decision) for story in stories.values() for r, decision in story
        }
        self._reads = reads
        self._asking: dict[tuple[int, ...], tuple[str, ...]] = {}

    def message(self, message: ReplayedMessage) -> PreviewedMessage:
        return PreviewedMessage(message.at_ms, message.slot, tuple(map(self._alert, message.entries)))

    def _alert(self, entry: Entry) -> PreviewedAlert:
        draft, decision = self._decided[entry.update, entry.number]
        positions = _positions(decision)
        for number in range(entry.since + 1, entry.number):
            _, before = self._decided.get((entry.update, number), (draft, NOT_WANTED))
            positions += _positions(before)
        if positions not in self._asking:
            self._asking[positions] = tuple(name for name, at in self._names if at in positions)
        read, severity = edition(draft, self._reads), draft.severity.value
        return PreviewedAlert(entry, read.draft.headline, severity, self._asking[positions], read.headline)


def _positions(decision: Decision) -> tuple[int, ...]:
    """The subscriptions of an audience that want it."""
    return () if isinstance(decision, No) else decision.subscriptions


def _shares(
    subscriptions: Sequence[Subscription], messages: Sequence[PreviewedMessage]
) -> tuple[SubscriptionShare, ...]:
    asked = [alert.subscriptions for message in messages for alert in message.alerts]
    every = Counter(name for names in asked for name in names)
    alone = Counter(names[0] for names in asked if len(names) == 1)
    return tuple(SubscriptionShare(s.name, every[s.name], alone[s.name]) for s in subscriptions)
