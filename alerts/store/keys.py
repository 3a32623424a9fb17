"""Every key there is in Redis, in one table, and when it ends. A test watches a running server and proves it.

All keys start with the configured prefix. Scripts build `digest:…:batch:…` and its like from the same
prefix (this is why Redis Cluster is not supported); names come
from slugs, hashes, numbers and the model's own words, never from raw text.
"""

from dataclasses import dataclass

from alerts.store.feed_keys import FEED_KEYS
from alerts.store.key_specs import Expiry, KeySpec
from alerts.store.keys_of_doors import AT_THE_DOORS
from alerts.store.keys_of_people import OF_PEOPLE
from alerts.store.keys_of_returns import RETURNED

_WITH_DIGEST = "with its digest"

#: By pattern. `{…}` is one name; clocks (`08:00`) and Slack routes hold colons.
TABLE: dict[str, KeySpec] = {
    "due": KeySpec(
        "zset",
        "every work entry, scored by when the sweep must look (ms): the only clock",
        "never; an entry when its step is exchanged for what follows",
    ),
    "updates": KeySpec("zset", "update ids by the time of their first publish (ms)", "never"),
    "update:{id}": KeySpec(
        "hash",
        "n = revisions, r:N = draft as JSON, a:N = accepted (ms), h:CONTENT = N, x:N = withdrawn",
        "never",
    ),
    "update:{id}:digests": KeySpec(
        "set",
        "digests that this update is in",
        "never; it may name digests that have expired",
    ),
    "cap:{name}": KeySpec(
        "hash",
        "a message of CAP by its names, or an incident: situation = its update, superseded = when the latest "
        "was sent that refers to it (ms); when it was sent (ms) = a revision, late or end",
        "400 days after it was last referred to",
        Expiry.ALWAYS,
    ),
    "situation:{id}": KeySpec(
        "hash",
        "an update of messages: newest, ended = when which was sent (ms); joined, also:ID = what it is in",
        "400 days after its last message",
        Expiry.ALWAYS,
    ),
    "log": KeySpec("zset", "update.rN by acceptance (ms): windows are ranges of it", "never"),
    "reviews": KeySpec(
        "zset",
        "update.rN that is held until somebody releases it, by its publish (ms)",
        "never; an entry when it is released, taken back or replaced",
    ),
    "floor": KeySpec(
        "string",
        "the latest slot that was pinned, or change of subscriptions (ms): nothing is accepted into "
        "the log before it",
        "never",
    ),
    "installation": KeySpec(
        "hash",
        "name = what links are bound to, numbered = the last number that may have a link of old, "
        "folded = 1 once addresses of old are, listed = 1 once all subscribers are in the directory, "
        "rolled = 1 once they are in the roll",
        "never",
    ),
    **OF_PEOPLE,
    "audience:{aid}": KeySpec(
        "string",
        "definition as JSON, immutable",
        "never; what an old digest was owed for is still explained by it",
    ),
    "audience:{aid}:members": KeySpec(
        "set",
        "sids that are served: paused ones are not here",
        "with its last member",
    ),
    "audience:{aid}:joined": KeySpec(
        "zset",
        "recent members by when their subscriptions began (ms)",
        "with its last entry; one ends when its member leaves, or at the first joining after 31 days "
        "(or ALERTS_KEEP_DAYS + 1, if that is more)",
    ),
    "index:{region}|{tag}": KeySpec(
        "set",
        "audience ids whose filters name this region and tag (or *)",
        "with its last audience",
    ),
    "clocks": KeySpec("set", "keys of the clocks in use", "with its last clock"),
    "clock:{key}": KeySpec(
        "hash",
        "opened = last slot opened, opening = slot being opened, began (ms); late = missed slots",
        "with the last audience it serves",
    ),
    "clock:{key}:audiences": KeySpec("set", "audience ids this clock serves", "with its last audience"),
    "digest:{id}": KeySpec(
        "hash",
        "digest as JSON, state, at = frozen (ms), n = people, batches, unsettled = how many of them, "
        "counters by state letter; stop = letter that what is owed ends in, superseded = by revision "
        "N, why, fault = why it cannot be rendered, flaw = what a provider would not show, "
        "blocked = the first bounce that is about us",
        "ALERTS_KEEP_DAYS after it is done and nobody is gathered for it",
        Expiry.ONCE_OVER,
    ),
    "digest:{id}:message": KeySpec(
        "string",
        "the rendered message, compressed",
        _WITH_DIGEST,
        Expiry.ONCE_OVER,
    ),
    "digest:{id}:audiences": KeySpec("set", "audience ids it is owed to", _WITH_DIGEST, Expiry.ONCE_OVER),
    "digest:{id}:members": KeySpec(
        "set",
        "only inside the freeze: members of its audiences",
        "inside the freeze",
    ),
    "digest:{id}:excluded": KeySpec(
        "set",
        "before the freeze: members who are owed something else instead",
        "at the freeze",
    ),
    "digest:{id}:recipients": KeySpec(
        "set",
        "sids not yet in a batch: frozen, or to be frozen with the others",
        "when all are in batches",
    ),
    "digest:{id}:gathered": KeySpec(
        "set",
        "corrections only: sids already added, so that nobody is added twice",
        _WITH_DIGEST,
        Expiry.ONCE_OVER,
    ),
    "digest:{id}:batch:{k}": KeySpec(
        "hash",
        "sid → state, attempt, seconds since freezing: the ledger; ? = failed in doubt; ! = "
        "deaths:token of who claimed it",
        _WITH_DIGEST,
        Expiry.ONCE_OVER,
    ),
    "digest:{id}:notes": KeySpec(
        "hash",
        "sid → the provider's words, for what did not simply succeed",
        _WITH_DIGEST,
        Expiry.ONCE_OVER,
    ),
    "digest:{id}:doubts": KeySpec(
        "hash",
        "sid → how far Slack was asked about them, for whom nobody knew whether they have it",
        _WITH_DIGEST,
        Expiry.ONCE_OVER,
    ),
    "digest:{id}:replies": KeySpec(
        "hash",
        "sid → when they answered (ms) and, with ALERTS_KEEP_REPLIES, what, as JSON",
        _WITH_DIGEST,
        Expiry.ONCE_OVER,
    ),
    "posts:{update}": KeySpec("hash", "Slack sid → channel and ts, to edit and to thread", "never"),
    "secrets:{channel}": KeySpec(
        "hash",
        "identity → generation of its secret, from the second on, and since when (ms)",
        "never: no secret of before comes back with who is added again",
    ),
    "suppressed:{channel}": KeySpec(
        "hash",
        "identity (the folded address) → reason, since and by whom as JSON; until (ms) of a back-off",
        "never; an entry when it is lifted",
    ),
    **RETURNED,
    "tags": KeySpec("hash", "tag → what it means", "never"),
    "rate:{route}": KeySpec(
        "string",
        "when the next message of a route, or request of a key, may go (GCRA, ms)",
        "a second after the last permit's time",
        Expiry.ALWAYS,
    ),
    "breaker:{route}": KeySpec(
        "hash",
        "failures in a row, until = closed to sending until (ms), why, inferred = not to what is "
        "urgent; accepted, notified = when last (ms)",
        "never; its failure when the route works again",
    ),
    "lease:{digest}/{k}": KeySpec(
        "string",
        "token of the worker that holds the batch",
        "when the batch is settled, or 12 s after the last renewal",
        Expiry.ALWAYS,
    ),
    "probe": KeySpec(
        "string",
        "written by `alerts check` to see whether it can be",
        "after a millisecond",
        Expiry.ALWAYS,
    ),
    "time": KeySpec(
        "string",
        "the server's time at the latest sweep (ms): tells that its clock was put back",
        "never",
    ),
    "workers": KeySpec(
        "zset",
        "names of live workers by last sign of life (ms)",
        "never; an entry after a day without a sign of life, all of them when the server's clock is put back",
    ),
    "broker": KeySpec(
        "hash",
        "worker that cannot ring → since (ms) and why, as JSON",
        "a day after the last complaint; an entry when its worker can ring again",
        Expiry.ALWAYS,
    ),
    **AT_THE_DOORS,
    "audit": KeySpec(
        "stream",
        "who changed what, by which door",
        "never; entries at a write after ALERTS_AUDIT_DAYS, in blocks",
    ),
    "events": KeySpec(
        "stream",
        "what happened, for those who follow it from outside",
        "never; the oldest once about 10,000 newer ones are there",
    ),
    **FEED_KEYS,
    "notices": KeySpec(
        "list",
        "what operators should know, newest first, as JSON",
        "never; an entry when 1,000 newer ones are there",
    ),
}


@dataclass(frozen=True, slots=True)
class Keys:
    """Spells keys under one prefix."""

    prefix: str

    def __call__(self, *parts: str | int) -> str:
        """`keys("digest", id, "message")` is `alerts:digest:{id}:message`."""
        return self.prefix + ":".join(map(str, parts))
