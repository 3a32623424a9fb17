"""Somebody changes their wishes while a recovery from an outage goes on: between any two of its commands."""

from dataclasses import replace

import pytest
from clocked import clocked, move_to, ms
from dying import Heard, Interrupted
from history import DAY, History
from house import draft, walk
from thorough import usually

from alerts.channels import CHANNELS
from alerts.model import Cadence, Channel, Filter, Kind, Severity, Subscriber, Subscription
from alerts.settings import Settings

#: Not every command is worth its second: a prime, so that no loop of the walk is always met at one place.
STRIDE = usually(199, 53)
BACK = ms("2026-04-25T14:00Z")


def wish(cadence: str, *regions: str) -> Subscription:
    return Subscription(Filter(regions), Cadence.parse(cadence))


OLD = (wish("immediate", "UA"), wish("daily 02:30", "UA", "TR"))


@pytest.mark.parametrize(
    "new",
    [
        (wish("daily 08:00", "UA"), wish("daily 08:00", "UA", "TR")),
        (wish("immediate", "UA", "TR"),),
        (wish("weekly mon 08:00", "150", "TR"),),
    ],
    ids=["another hour", "at once", "another filter and day"],
)
def test_a_change_of_wishes_within_a_recovery_loses_and_doubles_nothing(
    settings: Settings, new: tuple[Subscription, ...]
) -> None:
    command = 0
    while _recover(settings, new, command):
        command += STRIDE
    assert command > 10 * STRIDE


def _recover(settings: Settings, new: tuple[Subscription, ...], command: int) -> bool:
    """Recover from some days without a worker; one of three changes their wishes before the n-th command.

    Whether there were that many commands.
    """
    services = clocked(settings.model_copy(update={"keep_days": 90}), "2026-04-20T12:00Z")
    services.own_senders = dict.fromkeys(CHANNELS, Heard())
    history = History(services)
    first, *_ = [
        history.save(Subscriber(0, Channel("email"), f"p{n}@example.org", "Africa/Nairobi", OLD, 0), None)
        for n in range(3)
    ]
    walk(services)
    for hours, revision in enumerate(
        (
            draft("going on", severity=Severity.UNKNOWN),
            draft("going on", severity=Severity.MODERATE),
            draft("waiting", regions=("TR",)),
            draft("put right"),
            draft("put right", kind=Kind.CORRECTION),
            draft("closed"),
            draft("closed", kind=Kind.CANCEL),
            draft("going on", severity=Severity.MINOR),
        )
    ):
        move_to(services, BACK - 3 * DAY + hours * 3_600_000)
        history.publish(revision)
    move_to(services, BACK)
    changing = Interrupted(services, lambda: history.save(replace(first, subscriptions=new), first))
    changing.left = command
    walk(services)
    changed = len(history.wishes[first.sid]) > 1
    changing.left = float("inf")
    for day in range(1, 20):
        move_to(services, BACK + day * DAY)
        walk(services)
    history.check()
    services.close()
    return changed
