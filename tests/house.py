"""A small house for tests: subscribers, drafts, and the walk without Celery, until nothing is due."""

from dataclasses import replace
from typing import Any

from alerts import pipeline
from alerts.model import Channel, Draft, Filter, Severity, Standing, Subscriber, Subscription
from alerts.sending import Desk
from alerts.services import Services


def draft(update: str = "ua-talks", **changes: Any) -> Draft:
    """An update about Ukraine and Russia."""
    content: dict[str, Any] = {
        "id": update,
        "headline": "Talks go on between Russia and Ukraine",
        "regions": ("RU", "UA"),
        "tags": ("negotiations",),
        "severity": Severity.MODERATE,
    }
    return Draft(**(content | changes))


def subscribe(services: Services, address: str, *regions: str, **wishes: Any) -> Subscriber:
    """A new subscriber with one subscription."""
    parts = {k: wishes.pop(k) for k in ("any_tags", "all_tags", "none_tags", "min_severity") if k in wishes}
    zone, paused = wishes.pop("zone", "UTC"), wishes.pop("paused", False)
    channel = Channel.EMAIL if "@" in address else Channel.SLACK
    wish = Subscription(Filter(regions, **parts), **wishes)
    saved = services.subscribers.save(Subscriber(0, channel, address, zone, (wish,), 0), None)
    return services.subscribers.save(replace(saved, standing=Standing.PAUSED), saved) if paused else saved


def walk(services: Services) -> None:
    """Do everything that is due within five seconds, and what follows from it."""
    desk, now_ms = Desk(services), services.server.now_ms()
    for _ in range(1_000):
        works = [o.work for o in services.work.owed() if o.look_ms <= now_ms + 5_000]
        if not works:
            return
        for work in works:
            pipeline.step(desk, work)
    raise AssertionError("the walk does not end")


def tell(services: Services, told: Draft) -> None:
    """Publish, and walk until everybody who is told at once has been."""
    pipeline.publish(services, told)
    walk(services)
