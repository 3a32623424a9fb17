"""End a pause whose time is over."""

from dataclasses import replace

from alerts.model import Standing, Work
from alerts.services import Services
from alerts.walk.catch_up import catch_up_work


def resume(services: Services, work: Work) -> list[Work]:
    """End a pause whose time is over. Twice: only the very pause that was meant is ended."""
    following: list[Work] = []
    for paused in services.subscribers.load([work.person.sid]):
        if paused.standing is Standing.PAUSED and paused.paused_until_ms == work.person.at_ms:
            active = replace(paused, standing=Standing.ACTIVE, paused_until_ms=None)
            following = [catch_up_work(services.subscribers.save(active, paused, catch_up=True))]
    services.due.done(work)
    return following
