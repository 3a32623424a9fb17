"""How much of what is sent comes back, and whether routine sending is paused for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from alerts.channels import CHANNELS
from alerts.errors import Conflict
from alerts.model import Channel, State
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.instants import utc_text
from alerts.rules.reputation import percent
from alerts.services import Services
from alerts.store import DayRates, Returns, SendingPause
from alerts.walk.reputation import LOOKED_AT_DAYS

#: Days that are shown, and of each the domains from which most came back.
DAYS_SHOWN, DOMAINS_SHOWN = 7, 10
#: Everything that was sent and has not been given back, too, since a provider took it.
_SENT = (State.SENT, State.DELIVERED, State.BOUNCED, State.COMPLAINED)


@dataclass(frozen=True, slots=True)
class ChannelRates:
    """How much of what one channel sent came back, today first, and its pause if it is paused."""

    days: tuple[DayRates, ...]
    paused: SendingPause | None

    def to_dict(self) -> dict[str, object]:
        paused = self.paused and {"since": utc_text(self.paused.since_ms), "why": self.paused.why}
        return {"paused": paused, "days": [_day_to_dict(day) for day in self.days]}


def returns_to_dict(returns: Returns) -> dict[str, object]:
    """Counts, and of a hundred sent how many they are."""
    return {
        "sent": returns.sent,
        "bounced": returns.bounced,
        "bounced_percent": round(percent(returns.bounced, returns.sent), 3),
        "complained": returns.complained,
        "complained_percent": round(percent(returns.complained, returns.sent), 3),
    }


def worst(day: DayRates) -> list[tuple[str, Returns]]:
    """The domains from which most came back that day; those from which nothing did are left out."""
    found = [(name, one) for name, one in day.domains.items() if one.bounced or one.complained]
    return sorted(found, key=lambda one: (-one[1].bounced - one[1].complained, one[0]))[:DOMAINS_SHOWN]


def _day_to_dict(day: DayRates) -> dict[str, object]:
    domains = [{"domain": name} | returns_to_dict(one) for name, one in worst(day)]
    return {"day": day.day.isoformat(), **returns_to_dict(day.total), "domains": domains}


def sending_rates(services: Services, actor: Actor) -> dict[Channel, ChannelRates]:
    """How much came back of what was sent in the last seven days (UTC), by channel.

    Left out are channels that sent nothing and are not paused. Raises Forbidden.
    """
    actor.require(Permission.READ)
    paused = services.pauses.standing()
    found = {
        channel: ChannelRates(tuple(services.rates.latest(channel, DAYS_SHOWN)), paused.get(channel))
        for channel in CHANNELS
    }
    return {channel: rates for channel, rates in found.items() if rates.days or rates.paused}


def update_rates(channels: Mapping[Channel, Mapping[State, int]]) -> dict[Channel, Returns]:
    """How much came back of one update, from its deliveries by state, where any was sent."""

    def counted() -> Iterator[tuple[Channel, Returns]]:
        for channel, by_state in channels.items():
            sent = sum(by_state.get(state, 0) for state in _SENT)
            if sent:
                bounced, complained = by_state.get(State.BOUNCED, 0), by_state.get(State.COMPLAINED, 0)
                yield channel, Returns(sent, bounced, complained)

    return dict(counted())


@dataclass(frozen=True, slots=True)
class Resumed:
    """Routine sending that goes on, and why it was paused."""

    channel: Channel
    was: SendingPause

    def to_dict(self) -> dict[str, object]:
        return {"channel": self.channel, "since": utc_text(self.was.since_ms), "why": self.was.why}


def resume_sending(services: Services, actor: Actor, channel: Channel) -> Resumed:
    """Let routine sending go on, within a minute. What has come back by now pauses it no more; new waves do.

    Raises Forbidden, and Conflict if it is not paused.
    """
    actor.require(Permission.MANAGE)
    was = services.pauses.standing().get(channel)
    seen = services.rates.totals(channel, LOOKED_AT_DAYS)
    if was is None or not services.pauses.resume(channel, seen):
        raise Conflict(
            f"Routine sending by {CHANNELS[channel].title} is not paused.",
            "See how it stands: `alerts status`.",
        )
    record(services, actor, "sending.resume", channel, before={"why": was.why})
    services.events.add("sending.resumed", channel=channel)
    return Resumed(channel, was)
