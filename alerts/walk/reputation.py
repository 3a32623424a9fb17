"""Routine sending pauses when too much of it comes back: what is urgent must be taken tomorrow, too."""

from alerts.model import Channel
from alerts.rules.reputation import Thresholds, exceeded
from alerts.services import Services
from alerts.store import Returns

#: Days whose mails are looked at: what comes back after midnight was sent before. What comes later than that
#: is of another wave.
LOOKED_AT_DAYS = 2


def guard(services: Services, channel: Channel) -> None:
    """Pause routine sending by a channel if too much of what it sent came back.

    Asked after each bounce and complaint, by state: whoever dies before it leaves it to the next one.
    """
    settings = services.settings
    thresholds = Thresholds(settings.pause_at_bounces, settings.pause_at_complaints)
    seen = services.pauses.seen(channel)
    for day, returns in services.rates.totals(channel, LOOKED_AT_DAYS).items():
        why = exceeded(returns.since(seen.get(day, Returns())), thresholds)
        if why and services.pauses.pause(channel, why):
            services.notices.notify("routine sending paused", channel=channel, why=why)
            services.events.add("sending.paused", channel=channel, why=why)
