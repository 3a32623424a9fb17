"""The story that `alerts demo` tells: people subscribe, updates are published, one of them is corrected."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from importlib.resources import files
from typing import Any

from alerts import ingest
from alerts import operations as do
from alerts.channels import CHANNELS, read_outbox
from alerts.doors.cli.sample_people import GONE, MINUTE_MS, PAUSED, sample_people
from alerts.doors.cli.sample_report import sample_report
from alerts.doors.cli.shell import shell_user
from alerts.doors.cli.waiting import until
from alerts.errors import AlertsError, Conflict
from alerts.model import (
    Channel,
    Digest,
    DigestState,
    Instant,
    Ref,
    Revision,
    Rhythm,
    State,
    Subscriber,
    Work,
)
from alerts.operations import Choices, NamedReading
from alerts.operations.subscribing import subscribers
from alerts.rules.cadence import Clock, next_slot
from alerts.rules.decisions import Clause
from alerts.services import Services
from alerts.walk import steps

#: Far more than any step takes on a slow machine (s).
PATIENCE_S = 20.0
#: What it takes at most from the first subscriber to the last publish (ms).
BEGINNING_MS = 2_000

Tell = Callable[[str], None]


def play(services: Services, tell: Tell) -> list[dict[str, Any]]:
    """Let it happen, a line for everything that does. Returns what became of everybody."""
    tell("server and worker started, in a folder of their own")
    people, clock, slot_ms = _subscribe(services)
    by_channel = Counter(person.channel for person in people)
    tell(f"{' and '.join(CHANNELS[c].reader.counted(n) for c, n in sorted(by_channel.items()))} subscribed")
    *first, corrected = _samples()
    revisions = [_publish(services, text) for text in first]
    for revision in revisions:
        tell(f"published {revision.update} ({revision.draft.severity}): {revision.draft.headline}")
    tell(f"told at once: {_told(services, revisions)}")
    tell(f"a mail came back from {GONE}, who is written to no more: {_come_back(services, revisions[0])}")
    _open(services, clock)
    tell(f"opened the daily digests: {_digests(services, clock, slot_ms, revisions)}")
    correction = _publish(services, corrected)
    tell(f"published a correction of {correction.update}: {correction.draft.note}")
    tell(f"told everybody who had been told wrongly: {_told(services, [correction])}")
    return [row for person in people for row in _fate(services, person)]


def _subscribe(services: Services) -> tuple[list[Subscriber], Clock, Instant]:
    """Save everybody; the clock of the daily ones, and its slot: the next full minute."""
    left_ms = MINUTE_MS - services.server.now_ms() % MINUTE_MS
    if left_ms < BEGINNING_MS:  # the slot would come before there is anything to tell
        time.sleep(left_ms / 1000)
    people = [
        subscribers.add(services, shell_user(), p.address, p.subscriptions, zone=p.zone)
        for p in sample_people(services.server.now_ms())
    ]
    subscribers.pause(services, shell_user(), PAUSED)
    daily = next(p for p in people if p.subscriptions[0].cadence.rhythm is Rhythm.DAILY)
    clock = Clock.of(daily.zone, [(daily.subscriptions[0].cadence, None)])
    return people, clock, next_slot(clock, daily.joined_ms)


def _samples() -> list[str]:
    folder = files("alerts").joinpath("samples")
    found = sorted(folder.iterdir(), key=lambda sample: sample.name)
    return [sample.read_text(encoding="utf-8") for sample in found]


def _publish(services: Services, text: str) -> Revision:
    sample = NamedReading("sample.md", ingest.read(text.encode(), "sample.md"))
    [publication] = do.publish(services, shell_user(), [sample], Choices(new_tags=True))
    _wake(services, publication.work)
    return publication.revision


def _wake(services: Services, left: Iterable[Work]) -> None:
    """Make it due for the worker's next sweep: a doorbell would ring at whatever broker is configured."""
    for work in left:
        services.due.postpone(work, services.server.now_ms())


def _told(services: Services, revisions: Sequence[Revision]) -> str:
    """Wait until everybody who is told at once has been; how many by which channel."""
    _wait_for(services, lambda: not any(do.outcome(services, shell_user(), r).waiting for r in revisions))
    funnels = [do.outcome(services, shell_user(), r) for r in revisions]
    counts: Counter[Channel] = Counter()
    for funnel in funnels:
        counts.update({channel: states.get(State.SENT, 0) for channel, states in funnel.channels.items()})
    return _counted(counts)


def _come_back(services: Services, revision: Revision) -> str:
    """Give back the mail that told somebody of a revision, as the server of who is gone would; its words."""
    digests = do.of_update(services, revision.update)
    mail = next(
        item
        for item in read_outbox(services.settings.outbox)
        if item.address == GONE and item.digest in digests
    )
    [came_back] = do.take_in(services, shell_user(), [(sample_report(GONE, mail.raw), ())])
    return came_back.words


def _open(services: Services, clock: Clock) -> None:
    """Open the slot a little early; if its time has just come, the worker opens it."""
    with suppress(Conflict):
        _wake(services, steps.open_early(services, clock))


def _digests(services: Services, clock: Clock, slot_ms: Instant, revisions: Sequence[Revision]) -> str:
    """Wait until the digests of a slot went out; how many by which channel."""

    def those() -> dict[str, Digest]:
        found = (item for r in revisions for item in do.of_update(services, r.update).items())
        return {name: digest for name, digest in found if digest.clock == str(clock)}

    def out() -> bool:
        opened = (services.clocks.last_opened(clock) or 0) >= slot_ms
        return opened and all(
            p.state is DigestState.DONE for p in services.digests.progress(list(those())).values()
        )

    _wait_for(services, out)
    digests, counts = those(), Counter[Channel]()
    for name, progress in services.digests.progress(list(digests)).items():
        counts[digests[name].channel] += progress.counts.get(State.SENT, 0)
    return _counted(counts)


def _wait_for(services: Services, holds: Callable[[], bool]) -> None:
    if not until(holds, PATIENCE_S):
        log = services.settings.home / "worker.log"
        raise AlertsError("The demo's worker did not do its work in time.", f"See {log}.")


def _counted(counts: Counter[Channel]) -> str:
    return " and ".join(CHANNELS[channel].message.counted(n) for channel, n in sorted(counts.items()))


def _fate(services: Services, person: Subscriber) -> Iterator[dict[str, Any]]:
    """What became of the updates for one subscriber, oldest first; of those who got nothing, why."""
    rows = list(do.trace(services, shell_user(), person.address))
    for row in reversed(rows):
        said = row.note if row.state != "sent" else ""
        why = said or _clauses(services, person, row.update)[0].because
        yield {
            "subscriber": person.address,
            "update": Ref.of(row.update, row.revision),
            "when": row.how,
            "state": row.state,
            "at": do.utc_text(row.at_ms),
            "why": "they were told what it corrects" if row.how == "correction" and not said else why,
        }
    if not rows:
        asked = _clauses(services, person, "corridors-closed")
        why = next((clause.because for clause in asked if not clause.holds), asked[0].because)
        nothing = {"update": "nothing", "when": "", "state": "no", "at": "", "why": why}
        yield {"subscriber": person.address, **nothing}


def _clauses(services: Services, person: Subscriber, update: str) -> list[Clause]:
    """What is asked of an update for somebody; how the regions touch comes first."""
    explained = do.explain(services, shell_user(), person.address, update)
    return [clause for asked in explained.subscriptions for clause in asked.clauses]
