"""Every key there is in Redis, in one table. A test watches a running server and proves it complete.

All keys start with the configured prefix. Scripts build `digest:…:batch:…` and its like from the same
prefix (this is why Redis Cluster is not supported); names come
from slugs, hashes, numbers and the model's own words, never from raw text.
"""

from dataclasses import dataclass

#: pattern → (Redis type, what it holds). `{…}` is one name; clocks (`08:00`) and Slack routes hold colons.
TABLE: dict[str, tuple[str, str]] = {
    "due": ("zset", "every work entry, scored by when the sweep must look (ms): the only clock"),
    "updates": ("zset", "update ids by the time of their first publish (ms)"),
    "update:{id}": (
        "hash",
        "n = revisions, r:N = draft as JSON, a:N = accepted (ms), h:CONTENT = N, x:N = withdrawn",
    ),
    "update:{id}:digests": ("set", "digests that tell this update"),
    "log": ("zset", "update.rN by acceptance (ms): windows are ranges of it"),
    "floor": ("string", "the latest slot or opening (ms): nothing is accepted into the log before it"),
    "installation": (
        "hash",
        "name = what links are bound to, numbered = the last number that may have a link of old, "
        "folded = 1 once addresses of old are",
    ),
    "sids": ("string", "the last subscriber number given"),
    "subscribers:{channel}": ("hash", "identity (the folded address) → sid"),
    "subscriber:{sid}": (
        "hash",
        "address, channel, zone, name, audience, names, standing; joined = since when the wishes hold (ms), "
        "until = end of a pause (ms); was…, left = the wishes before",
    ),
    "audience:{aid}": ("string", "definition as JSON, immutable"),
    "audience:{aid}:members": ("set", "sids that are served: paused ones are not here"),
    "audience:{aid}:joined": ("zset", "recent members by when their wishes began (ms)"),
    "index:{region}|{tag}": ("set", "audience ids whose filters name this region and tag (or *)"),
    "clocks": ("set", "keys of the clocks in use"),
    "clock:{key}": (
        "hash",
        "opened = last slot opened, opening = slot being opened, began (ms); late = missed slots",
    ),
    "clock:{key}:audiences": ("set", "audience ids this clock serves"),
    "digest:{id}": (
        "hash",
        "digest as JSON, state, at = frozen (ms), n = people, batches, unsettled = how many of them, "
        "counters by state letter; stop = letter that what is owed ends in, superseded = by revision N, why, "
        "fault = why it cannot be rendered, flaw = what a provider would not show",
    ),
    "digest:{id}:message": ("string", "the rendered message, compressed"),
    "digest:{id}:audiences": ("set", "audience ids it is owed to"),
    "digest:{id}:members": ("set", "only inside the freeze: members of its audiences"),
    "digest:{id}:spared": ("set", "before the freeze: members who are owed something else instead"),
    "digest:{id}:recipients": ("set", "frozen sids not yet in a batch; gone when fanned out"),
    "digest:{id}:gathered": ("set", "corrections only: sids already added, so that nobody is added twice"),
    "digest:{id}:batch:{k}": (
        "hash",
        "sid → state, attempt, seconds since freezing: the ledger; ? = failed in doubt; "
        "! = deaths:token of who claimed it",
    ),
    "digest:{id}:notes": ("hash", "sid → the provider's words, for what did not simply succeed"),
    "digest:{id}:doubts": (
        "hash",
        "sid → how far Slack was asked about them, for whom nobody knew whether they have it",
    ),
    "posts:{update}": ("hash", "Slack sid → channel and ts, to edit and to thread"),
    "suppressed:{channel}": ("hash", "identity (the folded address) → reason, since and by whom as JSON"),
    "tags": ("hash", "tag → what it means"),
    "rate:{route}": ("string", "when the route's next message has leave (GCRA, ms)"),
    "breaker:{route}": (
        "hash",
        "failures in a row, until = closed to sending until (ms), why, inferred = not to what is urgent; "
        "accepted, notified = when last (ms)",
    ),
    "lease:{digest}/{k}": ("string", "token of the worker that holds the batch"),
    "probe": ("string", "written by `alerts check` to see whether it can be; gone at once"),
    "time": ("string", "the server's time at the latest sweep (ms): tells that its clock was put back"),
    "workers": ("zset", "names of live workers by last sign of life (ms)"),
    "broker": ("hash", "worker that cannot ring → since (ms) and why, as JSON; gone when it can again"),
    "audit": ("stream", "who changed what, by which door: entries older than ALERTS_AUDIT_DAYS go"),
    "notices": ("list", "what operators should know, newest first, as JSON; the latest 1,000"),
}


@dataclass(frozen=True, slots=True)
class Keys:
    """Spells keys under one prefix."""

    prefix: str

    def __call__(self, *parts: str | int) -> str:
        """`keys("digest", id, "message")` is `alerts:digest:{id}:message`."""
        return self.prefix + ":".join(map(str, parts))
