"""Find whom it concerns that something broke, or works again."""

from alerts.model import Work
from alerts.services import Services
from alerts.walk.concerned import Concerned


def inquire(services: Services, work: Work) -> list[Work]:
    """Find whom a change concerns. Twice: it is exchanged for what they are to be told once.

    What they are told waits for an hour after the last message, and is found out only then.
    """
    return services.outages.touch(work, work.key, Concerned(services).keys(work.key))
