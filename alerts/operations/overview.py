"""How things stand altogether: who subscribes, what is owed, who works, what is down."""

import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from alerts.channels import masked
from alerts.model import BatchKey, Change, Channel, Instant
from alerts.operations.acting import Actor, Permission
from alerts.operations.instants import utc_text
from alerts.operations.sending import ChannelRates, sending_rates
from alerts.services import Services

NOTICES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Notice:
    """Something operators should know: what happened, when, and to whom or what."""

    at_ms: Instant
    what: str
    details: Mapping[str, object]

    def to_dict(self) -> dict[str, object]:
        return {"at": utc_text(self.at_ms), "what": self.what, **self.details}


@dataclass(frozen=True, slots=True)
class BrokerDown:
    """What live workers found wrong with the broker, since when (UTC), and how many of them."""

    down_since: str | None
    why: str
    workers: int


@dataclass(frozen=True, slots=True)
class MailboxDetails:
    """How the mailbox of what comes back is read. Times in UTC."""

    read: bool  #: a process does, at this moment
    looked_at: str | None
    down_since: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Totals:
    """How things stand altogether. A clock that waits for its slot, or a pause for its end, owes nothing."""

    subscribers: Mapping[Channel, int]
    updates: int
    owed: int
    overdue: int
    workers: tuple[str, ...]
    breakers: Mapping[str, str]
    broker: BrokerDown | None
    notices: tuple[Notice, ...]
    in_review: tuple[str, ...] = ()  #: revisions that wait for somebody to release them, the longest first
    mailbox: MailboxDetails | None = None  #: where one is configured
    sending: Mapping[Channel, ChannelRates] = field(default_factory=dict)  #: what came back of what was sent
    drafts: int = 0  #: what came by itself and waits for somebody to publish or discard it
    feeds_in_trouble: Mapping[str, str] = field(default_factory=dict)  #: stopped, or failing, and why

    def to_dict(self) -> dict[str, object]:
        return {
            "subscribers": dict(self.subscribers),
            "updates": self.updates,
            "owed": self.owed,
            "overdue": self.overdue,
            "workers": list(self.workers),
            "breakers": dict(self.breakers),
            "broker": asdict(self.broker) if self.broker else None,
            "notices": [notice.to_dict() for notice in self.notices],
            "in_review": list(self.in_review),
            "mailbox": asdict(self.mailbox) if self.mailbox else None,
            "sending": {channel: rates.to_dict() for channel, rates in self.sending.items()},
            "drafts": self.drafts,
            "feeds_in_trouble": dict(self.feeds_in_trouble),
        }


def totals(services: Services, actor: Actor) -> Totals:
    """How things stand altogether."""
    actor.require(Permission.READ)
    now_ms = services.server.now_ms()
    noticed = list_notices(services, actor, NOTICES_SHOWN)
    return Totals(
        services.subscribers.count(),
        services.updates.count(),
        services.due.count() - services.due.count_standing(now_ms),
        services.due.count_due(now_ms),
        tuple(live_workers(services, actor)),
        services.breakers.tripped(),
        _broker(services),
        tuple(noticed),
        tuple(services.updates.in_review()),
        _mailbox(services),
        sending_rates(services, actor),
        services.drafts.count(),
        {f.name: trouble for f, now in services.feeds.all() if (trouble := now.why or now.fault)},
    )


def list_notices(services: Services, actor: Actor, most: int) -> list[Notice]:
    """What operators should know, the newest first: at most the latest 1,000 are kept.

    They are kept by number and digest: whom and what that means is looked up here.
    """
    actor.require(Permission.READ)
    return list(_named(services, services.notices.latest(most)))


def _named(services: Services, found: Sequence[dict[str, Any]]) -> Iterator[Notice]:
    sids = [notice["sid"] for notice in found if "sid" in notice]
    people = {p.sid: p.address for p in services.subscribers.destinations(sids)} if sids else {}
    names = {notice["digest"] for notice in found if "digest" in notice}
    names |= {BatchKey(notice["batch"]).digest for notice in found if "batch" in notice}
    digests = services.digests.get_all(sorted(names))
    answered = services.replies.count(sorted(names))
    for notice in found:
        named: dict[str, object] = {}
        if "sid" in notice:
            named["address"] = masked(people[notice["sid"]]) or f"subscriber {notice['sid']}, who was removed"
        digest = digests.get(notice.get("digest") or BatchKey(notice.get("batch", "")).digest)
        if digest is not None:
            named["updates"] = [e.ref for e in digest.entries if e.change is not Change.TOLD]
        if notice["what"] == "answered":
            named["people"] = answered[notice["digest"]]
        yield Notice(notice.pop("at_ms"), notice.pop("what"), named | notice)


def _broker(services: Services) -> BrokerDown | None:
    faults = services.workers.broker_faults()
    if not faults:
        return None
    return BrokerDown(utc_text(faults[0].since_ms), faults[0].why, len(faults))


def _mailbox(services: Services) -> MailboxDetails | None:
    if services.settings.bounces_url is None:
        return None
    state = services.mailbox.state()
    looked, since = (utc_text(at) if at else None for at in (state.looked_ms, state.since_ms))
    return MailboxDetails(state.read, looked, since, state.why)


def live_workers(services: Services, actor: Actor) -> list[str]:
    """The workers that gave a sign of life of late, without those of this machine that have ended since."""
    actor.require(Permission.READ)
    return [name for name in services.workers.live() if _lives(name)]


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
