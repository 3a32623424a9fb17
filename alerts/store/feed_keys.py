"""The keys of what comes by itself: feeds, and drafts that wait for an operator."""

from alerts.store.key_specs import Expiry, KeySpec

FEED_KEYS: dict[str, KeySpec] = {
    "feeds": KeySpec("zset", "names of feeds by when each was added (ms)", "never; a name with its feed"),
    "feed:{name}": KeySpec(
        "hash",
        "feed as JSON; state, why, begun = 1 once what was there before is known, backlog; how it is with "
        "it: format, items, etag, modified, failures, fault, times (ms), counters",
        "when the feed is removed",
    ),
    "feed:{name}:items": KeySpec(
        "hash",
        "item → its meaning, what became of it and why, the last day on which it was in the feed, as JSON",
        "with its feed; an item 90 days after it was in the feed last",
    ),
    "feed:{name}:lease": KeySpec(
        "string",
        "token of the worker that polls the feed",
        "when the poll is over, or two minutes after its last sign of life",
        Expiry.ALWAYS,
    ),
    "drafts": KeySpec("zset", "ids of drafts by when each came (ms)", "never; an id with its draft"),
    "draft:{id}": KeySpec(
        "hash",
        "draft as JSON, document = as it came",
        "never; once it is published or discarded, or ALERTS_DRAFT_DAYS after it came, by its entry in `due`",
    ),
}
