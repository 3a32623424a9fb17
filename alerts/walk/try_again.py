"""End a back-off whose time is over, with one catch-up: it is the next try."""

from alerts.model import Standing, Work
from alerts.services import Services
from alerts.walk.catch_up import catch_up_work


def try_again(services: Services, work: Work) -> list[Work]:
    """Send to an address again that gave mail back. Twice: only the very back-off that was meant is ended.

    The catch-up is owed before the back-off is lifted, so that a process which dies in between owes it
    again; what it sent until then ended as suppressed, and is told by the next one.
    """
    following: list[Work] = []
    for person in services.subscribers.load([work.person.sid]):
        standing = services.suppressions.find(person.channel, [person.address]).get(person.address)
        if standing is None or standing.until_ms != work.person.at_ms:
            continue
        since_ms, held_ms = services.receipts.softs(person.sid) or (standing.since_ms, 0)
        if person.standing is Standing.ACTIVE:
            saved = services.subscribers.save(person, person, True, since_ms, held_ms)
            following = [catch_up_work(saved)]
        services.suppressions.lift(person.channel, person.address)
    services.due.done(work)
    return following
