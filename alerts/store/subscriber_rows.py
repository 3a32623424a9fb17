"""A subscriber as it is kept in Redis: what `move_subscriber` takes, and a row read back."""

import json
from dataclasses import replace
from functools import lru_cache
from typing import Any

from alerts.model import (
    Audience,
    Channel,
    Instant,
    Standing,
    Subscriber,
    Subscription,
    subscription_from_dict,
    subscription_to_dict,
)
from alerts.rules.cadence import Clock, clock_of, next_slot
from alerts.rules.decisions import index_terms
from alerts.store.roll import roll_text

#: As many audiences are kept at hand while a list is written: a large company's has some thousands.
_AUDIENCES = 10_000


def moved(after: Subscriber | None, before: Subscriber | None, now_ms: Instant) -> dict[str, Any]:
    """What `move_subscriber` takes: from which audience to which, and the subscriber's new hash."""
    came_from = before.audience if before else None
    goes_to = after.audience if after else None
    return {
        "expected": {
            "audience": came_from.id if came_from else "",
            "standing": _standing(before) if before else "",
        },
        "old": _membership(before, came_from, now_ms),
        "new": _membership(after, goes_to, now_ms),
        "definition": definition(goes_to) if goes_to else None,
        "fields": _fields(after, goes_to) if after and goes_to else None,
        "line": directory_line(after.address, after.name) if after else None,
        "roll": roll_text(goes_to) if goes_to else None,
    }


def directory_line(address: str, name: str) -> str:
    """What the directory says of somebody, but for their number, which the script adds as it is given."""
    return f"{looked_for(address)}\t{looked_for(name)}\t"


def looked_for(text: str) -> str:
    """A text as it is looked for, in any case; what steers a line of the directory is a blank in it."""
    return "".join(" " if c < " " else c for c in text.casefold())


def _membership(
    subscriber: Subscriber | None, audience: Audience | None, now_ms: Instant
) -> dict[str, Any] | None:
    """The audience somebody belongs in, as `move_subscriber` takes it; None if paused or removed."""
    if subscriber is None or audience is None or not subscriber.subscriptions:
        return None
    if subscriber.standing is not Standing.ACTIVE:
        return None
    terms, clock = _listing(audience)
    return {
        "id": audience.id,
        "terms": terms,
        "clock": str(clock) if clock else None,
        "next": _next(clock, now_ms) if clock else None,
    }


@lru_cache(maxsize=_AUDIENCES)
def _listing(audience: Audience) -> tuple[list[str], Clock | None]:
    """Where an audience is listed, by index and by clock."""
    return sorted(index_terms(audience)), clock_of(audience)


#: All who are written together are asked for at one instant, and share a few hundred clocks.
_next = lru_cache(maxsize=1_000)(next_slot)


@lru_cache(maxsize=_AUDIENCES)
def definition(audience: Audience) -> str:
    """An audience as it is kept under its id."""
    return json.dumps(audience.to_dict(), ensure_ascii=False, separators=(",", ":"))


def _fields(subscriber: Subscriber, audience: Audience) -> dict[str, str]:
    """The hash of a subscriber; what is empty or usual is left out."""
    return {
        "address": subscriber.address,
        "channel": subscriber.channel,
        "zone": subscriber.zone,
        "name": subscriber.name,
        "audience": audience.id,
        "names": _names(_in_order(subscriber.subscriptions, audience)),
        "standing": _standing(subscriber),
        "until": str(subscriber.paused_until_ms or ""),
        "scope": subscriber.scope,
        "declined": _declined(subscriber.declined),
        "owner": subscriber.owner,
        "language": subscriber.language,
    }


def _declined(subscriptions: tuple[Subscription, ...]) -> str:
    rows = [subscription_to_dict(subscription) for subscription in subscriptions]
    return json.dumps(rows, ensure_ascii=False) if rows else ""


def _standing(subscriber: Subscriber) -> str:
    return "" if subscriber.standing is Standing.ACTIVE else subscriber.standing.value


@lru_cache(maxsize=_AUDIENCES)
def _in_order(subscriptions: tuple[Subscription, ...], audience: Audience) -> tuple[Subscription, ...]:
    """Somebody's subscriptions in the order of their audience."""
    held = {replace(s, name=""): s for s in subscriptions}
    return tuple(held[s] for s in audience.subscriptions)


def _names(subscriptions: tuple[Subscription, ...]) -> str:
    """What somebody calls their subscriptions, which are in the order of their audience."""
    names = [s.name for s in subscriptions]
    return json.dumps(names, ensure_ascii=False) if any(names) else ""


def as_read_back(written: Subscriber, sid: int, joined_ms: Instant) -> Subscriber:
    """A subscriber as `read_subscriber` will have them: equal, so that their version is the same."""
    subscriptions = _in_order(written.subscriptions, written.audience)
    return replace(written, sid=sid, joined_ms=joined_ms, subscriptions=subscriptions)


def read_subscriber(sid: int, row: dict[str, str], audience: Audience) -> Subscriber:
    names = json.loads(row["names"]) if "names" in row else [""] * len(audience.subscriptions)
    return Subscriber(
        sid,
        Channel(row["channel"]),
        row["address"],
        row["zone"],
        tuple(replace(s, name=name) for s, name in zip(audience.subscriptions, names, strict=True)),
        int(row["joined"]),
        row.get("name", ""),
        Standing(row.get("standing", "active")),
        int(row["until"]) if "until" in row else None,
        row.get("scope", ""),
        tuple(map(subscription_from_dict, json.loads(row.get("declined", "[]")))),
        row.get("owner", ""),
        row.get("language", ""),
    )
