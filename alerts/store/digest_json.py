"""A digest as it is stored."""

import json

from alerts.model import Change, Channel, Digest, Entry


def dump(digest: Digest) -> str:
    entries = [
        [e.update, e.number, e.change, e.since, e.at_ms, e.folded, e.under, e.peak] for e in digest.entries
    ]
    data = {
        "channel": digest.channel,
        "entries": entries,
        "horizon_ms": digest.horizon_ms,
        "urgent": digest.urgent,
        "clock": digest.clock,
        "from_ms": digest.from_ms,
        "late": digest.late,
        "catch_up": digest.catch_up,
        "correcting": digest.correcting,
        "serial": digest.serial,
    }
    if digest.resent_to:
        data["resent_to"] = digest.resent_to
    return json.dumps(data, separators=(",", ":"))


def load(text: bytes) -> Digest:
    data = json.loads(text)
    entries = tuple(Entry(u, n, Change(change), *rest) for u, n, change, *rest in data.pop("entries"))
    return Digest(channel=Channel(data.pop("channel")), entries=entries, **data)
