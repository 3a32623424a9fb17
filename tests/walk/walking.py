"""The walk without Celery: does what is owed, in any order, until nothing is."""

from collections.abc import Callable

from alerts import pipeline
from alerts.model import Channel, Draft, Filter, Severity, State, Subscriber, Subscription, Work
from alerts.sending import Desk
from alerts.services import Services


def draft(update: str = "ua-talks", **changes: object) -> Draft:
    """An update about Ukraine and Russia, as a desk would write it."""
    content: dict[str, object] = {
        "id": update,
        "headline": "Negotiations continue between Russia and Ukraine",
        "regions": ("RU", "UA"),
        "tags": ("negotiations",),
        "severity": Severity.MODERATE,
        "key_points": ("Talks resume in Istanbul",),
        "body": "The delegations meet tomorrow.",
    }
    return Draft(**(content | changes))  # type: ignore[arg-type]


def subscribe(services: Services, address: str, *regions: str, **wishes: object) -> Subscriber:
    """A new subscriber with one subscription."""
    channel = Channel.SLACK if "@" not in address else Channel.EMAIL
    parts = {k: wishes.pop(k) for k in ("any_tags", "all_tags", "none_tags", "min_severity") if k in wishes}
    zone = str(wishes.pop("zone", "UTC"))
    subscription = Subscription(Filter(regions, **parts), **wishes)  # type: ignore[arg-type]
    return services.subscribers.save(Subscriber(0, channel, address, zone, (subscription,), 0), None)


def walk(services: Services, look: Callable[[Work], bool] = lambda _: True) -> int:
    """Do everything that is due now, and what follows from it. How many steps that took."""
    desk, taken = Desk(services), 0
    now = services.server.now_ms()
    while works := [o.work for o in services.work.owed() if o.look_ms <= now + 5_000 and look(o.work)]:
        for work in works:
            pipeline.step(desk, work)
            taken += 1
        assert taken < 10_000, "the walk does not end"
    return taken


def told(services: Services, update: str) -> dict[str, list[State]]:
    """The states of an update's deliveries by address, in no particular order."""
    found: dict[str, list[State]] = {}
    progress = services.digests.progress(services.updates.digests(update))
    for digest, how in progress.items():
        for sid, record in services.ledger.records(digest, range(1, how.batches + 1)).items():
            [person] = services.subscribers.destinations([sid])
            found.setdefault(person.address, []).append(record.state)
    return found
