"""How far an update has come, what is owed, what failed and is to be tried again."""

import os
import socket
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from alerts.model import Channel, Digest, Instant, Revision, State, Step, Work
from alerts.operations.instants import utc_text
from alerts.services import Services
from alerts.store import Progress

#: So many batches are read in one round trip when an update's deliveries are looked through.
BATCHES_AT_ONCE = 100
NOTICES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Funnel:
    """What became of the deliveries of one update, or of one of its revisions."""

    #: Per channel that has any: how many deliveries are in each state.
    channels: dict[Channel, dict[State, int]]
    failed_digests: dict[str, str] = field(default_factory=dict)  #: those that cannot be rendered, and why
    waiting: bool = False  #: somebody may still be added or tried

    @property
    def people(self) -> int:
        return sum(sum(counts.values()) for counts in self.channels.values())

    @property
    def settled(self) -> int:
        return self.people - self.owed

    @property
    def reached(self) -> int:
        return sum(n for counts in self.channels.values() for state, n in counts.items() if state.reached)

    @property
    def owed(self) -> int:
        return sum(n for counts in self.channels.values() for state, n in counts.items() if state.owed)

    @property
    def failed(self) -> bool:
        return bool(self.failed_digests) or any(State.FAILED in counts for counts in self.channels.values())

    def to_dict(self) -> dict[str, Any]:
        return {
            "finished": not self.waiting,
            "deliveries": {
                channel.value: {state.name.lower(): n for state, n in counts.items()}
                for channel, counts in self.channels.items()
            },
            "failed_digests": self.failed_digests,
        }


def told_at_once(services: Services, revision: Revision) -> Funnel:
    """What became of the digests that tell this revision at once; slots come later and are not counted."""
    match = Work(Step.MATCH, revision.ref, revision.urgent)
    # Asked before the digests are looked up: a match leaves its digests in the instant it is done.
    matching = services.work.is_owed(match)
    digests = {
        name: digest
        for name, digest in of_update(services, revision.update).items()
        if not digest.clock and digest.tells(revision.update) == revision.number
    }
    gathering = any(
        services.work.is_owed(Work(Step.GATHER, name, digest.urgent))
        for name, digest in digests.items()
        if digest.correcting
    )
    return _funnel(services, digests, matching or gathering)


def of_update(services: Services, update: str) -> dict[str, Digest]:
    """The digests that tell this update, as far as they are still kept."""
    names = services.updates.digests(update)
    found = services.digests.get_all(list(services.digests.progress(names)))
    return {name: digest for name, digest in found.items() if digest.tells(update)}


def _funnel(
    services: Services, digests: dict[str, Digest], waiting: bool, in_hand: Sequence[Work] = ()
) -> Funnel:
    counts: dict[Channel, Counter[State]] = {}
    failed = {}
    for name, progress in services.digests.progress(list(digests)).items():
        counts.setdefault(digests[name].channel, Counter()).update(progress.counts)
        waiting = waiting or progress.state != "done"
        if progress.fault:
            failed[name] = progress.fault
    for work in in_hand:
        name, _, k = work.key.partition("/")
        of_channel = counts[digests[name].channel]
        for record in services.ledger.records(name, [int(k)]).values():
            if record.state.owed and of_channel[record.state] > 0:
                of_channel[record.state] -= 1
                of_channel[State.SENDING] += 1
    tidy = {
        channel: {s: counts[channel][s] for s in State if counts[channel][s] > 0}
        for channel in Channel
        if counts.get(channel)
    }
    return Funnel(tidy, failed, waiting)


@dataclass(frozen=True, slots=True)
class UpdateStatus:
    """One update: its revisions, what became of every delivery of it, and what is still owed."""

    update: str
    headline: str
    revisions: list[dict[str, Any]]
    funnel: Funnel
    first_ms: Instant | None
    last_ms: Instant | None
    owed: list[str]

    def to_dict(self) -> dict[str, Any]:
        return {
            "update": self.update,
            "headline": self.headline,
            "revisions": self.revisions,
            **self.funnel.to_dict(),
            "first_at": utc_text(self.first_ms),
            "last_at": utc_text(self.last_ms),
            "owed": self.owed,
        }


def status(services: Services, update: str) -> UpdateStatus:
    """Look an update up. Raises NotFound."""
    latest, gone = services.updates.latest(update), services.updates.withdrawn(update)
    found = services.updates.revisions(f"{update}.r{n}" for n in range(1, latest + 1))
    digests = of_update(services, update)
    progress = services.digests.progress(list(digests))
    owed = services.work.owed_among(list(_may_be_owed(found, digests, progress)))
    in_hand = services.ledger.in_hand([work for work in owed if work.step is Step.SEND])
    times = [at for name, p in progress.items() for at in _reached(services, name, p)]
    revisions = [
        {
            "revision": revision.number,
            "kind": revision.kind.value,
            "headline": revision.draft.headline,
            "accepted_at": utc_text(revision.accepted_ms),
            "held_until": utc_text(None if revision.accepted_ms else services.updates.held_until(revision)),
            "withdrawn": gone.get(revision.number),
        }
        for revision in found.values()
    ]
    headline = found[f"{update}.r{latest}"].draft.headline
    first, last = (min(times), max(times)) if times else (None, None)
    funnel = _funnel(services, digests, bool(owed), in_hand)
    return UpdateStatus(update, headline, revisions, funnel, first, last, [str(work) for work in owed])


def _may_be_owed(
    revisions: Mapping[str, Revision], digests: Mapping[str, Digest], progress: Mapping[str, Progress]
) -> Iterator[Work]:
    """Every work entry there can be about an update."""
    for ref, revision in revisions.items():
        yield Work(Step.MATCH, ref, revision.urgent)
    for name, p in progress.items():
        urgent = digests[name].urgent
        for step in (Step.GATHER, Step.RENDER, Step.FAN_OUT):
            yield Work(step, name, urgent)
        for k in range(1, p.batches + 1):
            yield Work(Step.SEND, f"{name}/{k}", urgent)


def _about(work: Work) -> str:
    """The digest a work entry is about; for other entries, something that is no digest."""
    return work.key.partition("/")[0]


def _reached(services: Services, name: str, progress: Progress) -> Iterator[Instant]:
    """The first and the last instant at which each part of a digest reached somebody."""
    for start in range(1, progress.batches + 1, BATCHES_AT_ONCE):
        batches = range(start, min(start + BATCHES_AT_ONCE, progress.batches + 1))
        offsets = [r.offset_s for r in services.ledger.records(name, batches).values() if r.state.reached]
        if offsets and progress.frozen_ms is not None:
            yield progress.frozen_ms + min(offsets) * 1000
            yield progress.frozen_ms + max(offsets) * 1000


def totals(services: Services) -> dict[str, Any]:
    """How things stand altogether."""
    work, now_ms = services.work, services.server.now_ms()
    return {
        "subscribers": {channel.value: n for channel, n in services.subscribers.count().items()},
        "updates": services.updates.count(),
        "owed": work.count(),
        "overdue": work.count_due(now_ms),
        "workers": live_workers(services),
        "breakers": work.breakers(),
        "broker": broker(services),
        "notices": [
            {"at": utc_text(notice.pop("at_ms")), **notice} for notice in work.notices(NOTICES_SHOWN)
        ],
    }


def broker(services: Services) -> dict[str, Any] | None:
    """What live workers found wrong with the broker, since when, and how many of them; None for nothing."""
    faults = services.work.broker_faults()
    if not faults:
        return None
    return {"down_since": utc_text(faults[0].since_ms), "why": faults[0].why, "workers": len(faults)}


def live_workers(services: Services) -> list[str]:
    """The workers that gave a sign of life of late, without those of this machine that have ended since."""
    return [name for name in services.work.workers() if _lives(name)]


def _lives(worker: str) -> bool:
    host, _, pid = worker.rpartition(":")
    if host != socket.gethostname():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # it lives, as somebody else's
    return True


def owed(services: Services) -> list[dict[str, Any]]:
    """What is owed, the longest due first, at most 1,000: when it is looked at next, and owed since when."""
    found = services.work.owed()
    digests = services.digests.progress(list({_about(o.work) for o in found}))
    horizons = {n: d.horizon_ms for n, d in services.digests.get_all(list(digests)).items()}
    now_ms = services.server.now_ms()
    return [
        {
            "entry": str(o.work),
            "step": o.work.step.value,
            "about": o.work.key,
            "urgent": o.work.urgent,
            "due": o.look_ms <= now_ms,
            "look_at": utc_text(o.look_ms),
            "since": utc_text(horizons.get(_about(o.work)) or _accepted(services, o.work)),
        }
        for o in found
    ]


def _accepted(services: Services, work: Work) -> Instant | None:
    return services.updates.revision(work.key).accepted_ms if work.step is Step.MATCH else None
