"""What each contact was told of outages, and what has yet to be looked at for them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from alerts.model import Digest, Draft, Instant, Outage, OutageKey, Step, Work
from alerts.store import digest_json
from alerts.store.server import Server, translated

#: At most one message in this time about one kind of outage to one contact (ms).
TOLD_AGAIN_MS = 3_600_000
#: How much longer than its digest what we said is kept (s): than any try to send it lasts.
KEPT_LONGER_S = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Known:
    """What one contact was told last of one kind of outage, by subject; and what has changed since, maybe."""

    told: Mapping[str, Outage] = field(default_factory=dict)
    before: Mapping[str, Outage] = field(default_factory=dict)  #: what they knew before the last message
    told_ms: Instant = 0  #: when anything was said last
    touched: frozenset[str] = frozenset()
    said: int = 0  #: how many messages there were


@dataclass(frozen=True, slots=True)
class OutageMessage:
    """What is to be said: the only revision of a draft, its digest, and what the contact knew before."""

    draft: Draft
    digest: Digest
    before: Mapping[str, Outage]


class Outages:
    """Outages as their contacts know them.

    Keys: `outage:{contact}:{kind}`, told = subject → `Outage` as JSON, before = the same before the last
    message, at = when anything was said last (ms), n = how many messages there were;
    `outage:{contact}:{kind}:touched`, subjects that may have changed since; `update:outage:{message}` and
    `update:outage:{message}:digests`, what was said, kept as an update is, so that it is rendered, sent,
    retried and found in the ledger as one.

    What is broken is kept elsewhere (suppressions, pauses) and looked up when something is to be said: so the
    last word is true, however often a thing came and went in between. Whatever changes it leaves an `inquire`
    entry in the very script that changes it; that leads to whom it concerns, and a `notify` entry for each,
    due an hour after their last message at the earliest.
    """

    def __init__(self, server: Server, keep_days: int) -> None:
        self._server = server
        self._kept_s = keep_days * 24 * 3600 + KEPT_LONGER_S
        self._keys = server.keys

    def known(self, key: OutageKey) -> Known:
        """What a contact knows of one kind of outage."""
        name = self._keys("outage", key.contact, key.kind)
        with translated(), self._server.client.pipeline(transaction=True) as pipe:
            pipe.hmget(name, "told", "before", "at", "n")
            pipe.smembers(f"{name}:touched")
            (told, before, at_ms, said), touched = pipe.execute()
        subjects = frozenset(subject.decode() for subject in touched)
        return Known(_read(told), _read(before), int(at_ms or 0), subjects, int(said or 0))

    def touch(self, taken: Work, subject: str, keys: Sequence[OutageKey]) -> list[Work]:
        """Exchange an inquiry for messages to whom it concerns, each as soon as it may come."""
        args: list[object] = [self._keys.prefix, str(taken), subject, TOLD_AGAIN_MS]
        for key in keys:
            args += [key.contact, key.kind]
        self._server.run("outage/touch_outage", [self._keys("due")], args)
        return [Work(Step.NOTIFY, key) for key in keys]

    def say(
        self, key: OutageKey, known: Known, now: Mapping[str, Outage], message: OutageMessage
    ) -> list[Work]:
        """Exchange an entry that is due for a digest to its contact, who knows then what is so `now`.

        Nothing if somebody else has said it meanwhile.
        """
        draft, digest = message.draft, message.digest
        render = Work(Step.RENDER, digest.id, digest.urgent)
        written = json.dumps(draft.to_dict(), ensure_ascii=False)
        told = [_written(message.before), draft.id, written, digest.id, digest_json.dump(digest), str(render)]
        return [render] if self._exchange(key, known, now, told) else []

    def settle(self, key: OutageKey, known: Known, now: Mapping[str, Outage]) -> None:
        """Nothing is to be said: it is so `now` as the contact knows it."""
        self._exchange(key, known, now, [""] * 6)

    def _exchange(
        self, key: OutageKey, known: Known, now: Mapping[str, Outage], message: Sequence[str]
    ) -> bool:
        name = self._keys("outage", key.contact, key.kind)
        entry = str(Work(Step.NOTIFY, key))
        args: list[object] = [self._keys.prefix, entry, known.told_ms, TOLD_AGAIN_MS, self._kept_s]
        args += [_written(now), key.contact, *message, *sorted(known.touched)]
        keys = [self._keys("due"), name, f"{name}:touched"]
        return bool(self._server.run("outage/say_outage", keys, args))


def _read(row: bytes | None) -> dict[str, Outage]:
    return {subject: Outage(**fields) for subject, fields in json.loads(row or "{}").items()}


def _written(outages: Mapping[str, Outage]) -> str:
    return json.dumps({subject: asdict(outage) for subject, outage in outages.items()}, ensure_ascii=False)
