"""What subscriptions would have brought in the last days, by the rules of the walk. Writes nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter

from alerts.channels import CHANNELS
from alerts.errors import BadInput
from alerts.model import Audience, Entry, Instant, Subscription
from alerts.operations.acting import Actor, Permission
from alerts.operations.instants import utc_text
from alerts.operations.subscribing.requested import Requested, combined
from alerts.operations.subscribing.subscriber_details import find
from alerts.operations.subscribing.subscriptions import reader
from alerts.rules.cadence import clock_of, next_slot
from alerts.rules.cadence import zone as zone_named
from alerts.rules.decisions import wants
from alerts.rules.facts import Stretches
from alerts.rules.replaying import ReplayedMessage, replay
from alerts.rules.translations import edition
from alerts.rules.windows import Look
from alerts.services import Services
from alerts.store import Outlined

DAY_MS = 24 * 3600 * 1000
#: Accepted revisions without their texts, by update and number.
OutlinedByName = Mapping[tuple[str, int], Outlined]
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
    stories = [
        story
        for story in _whole_updates(services, from_ms - WAITING_DAYS * DAY_MS, until_ms)
        if any(wants(s.filter, one.facts) for s in subscriptions for one in story)
    ]
    outlines = {(one.revision.update, one.revision.number): one for story in stories for one in story}
    look = _looking(outlines, capped=any(s.cap is not None for s in subscriptions))
    found = replay(audience, [one.revision for one in outlines.values()], look, from_ms, until_ms)
    shown = tuple(_shown(message, outlines, subscriptions, reads) for message in found)
    clock = clock_of(audience)
    following = next_slot(clock, until_ms) if clock else None
    return SubscriptionPreview(zone, days, shown, _shares(subscriptions, shown), following)


def keep_at_hand(services: Services) -> None:
    """Read what is looked back on, before anybody asks: the first to ask would wait for all of it."""
    now_ms = services.server.now_ms()
    _whole_updates(services, now_ms - (DAYS + WAITING_DAYS) * DAY_MS, now_ms)


def _whole_updates(services: Services, start_ms: Instant, end_ms: Instant) -> list[list[Outlined]]:
    """Every update that was revised in a stretch of the log, whole, in outline."""
    latest: dict[str, int] = {}
    for ref, _ in services.updates.log(start_ms, end_ms):
        latest[ref.update] = max(ref.number, latest.get(ref.update, 0))
    return services.outlines.stories(latest)


def _looking(outlines: OutlinedByName, *, capped: bool) -> Look:
    """Facts of these revisions; where something is capped, they know what was accepted before them."""
    if not capped:
        return lambda revision: outlines[revision.update, revision.number].facts
    ordered = sorted((one.facts for one in outlines.values()), key=attrgetter("accepted_ms"))
    log = Stretches(ordered)
    known = {
        at: one.facts.knowing(partial(log.between, end_ms=one.facts.accepted_ms))
        for at, one in outlines.items()
    }
    return lambda revision: known[revision.update, revision.number]


def _shown(
    message: ReplayedMessage, outlines: OutlinedByName, subscriptions: Sequence[Subscription], reads: str
) -> PreviewedMessage:
    alerts = []
    for entry in message.entries:
        read = edition(outlines[entry.update, entry.number].revision.draft, reads)
        numbers = range(entry.since + 1, entry.number + 1)
        told = [outlines[entry.update, n].facts for n in numbers if (entry.update, n) in outlines]
        asking = tuple(s.name for s in subscriptions if any(wants(s.filter, facts) for facts in told))
        draft = read.draft
        alerts.append(PreviewedAlert(entry, draft.headline, draft.severity.value, asking, read.headline))
    return PreviewedMessage(message.at_ms, message.slot, tuple(alerts))


def _shares(
    subscriptions: Sequence[Subscription], messages: Sequence[PreviewedMessage]
) -> tuple[SubscriptionShare, ...]:
    asked = [alert.subscriptions for message in messages for alert in message.alerts]
    every = Counter(name for names in asked for name in names)
    alone = Counter(names[0] for names in asked if len(names) == 1)
    return tuple(SubscriptionShare(s.name, every[s.name], alone[s.name]) for s in subscriptions)
