"""The keys of what comes by itself: feeds, mails of desks, and drafts that wait for an operator."""

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
    "senders": KeySpec(
        "zset",
        "names of who may send updates by mail, by when each was added (ms)",
        "never; a name with its sender",
    ),
    "sender:{name}": KeySpec(
        "hash",
        "sender as JSON; secret = SHA-256 of what stands in their address, secret_ms = since when; state; "
        "how many mails became what, came_ms = when the last came, why the last was refused that was",
        "when the sender is removed",
    ),
    "sender_secrets": KeySpec(
        "hash",
        "SHA-256 of a secret → whose it is",
        "never; an entry when the secret is changed, or with its sender",
    ),
    "mailed:{name}": KeySpec(
        "string",
        "what became of a mail for publication, by the hash of its Message-ID, and of what it says, as JSON",
        "40 days after the mail; by what it says, 2 days",
        Expiry.ALWAYS,
    ),
    "mail_answer:{id}": KeySpec(
        "string",
        "what the sender of a mail is to be answered, as JSON",
        "a day after the mail",
        Expiry.ALWAYS,
    ),
    "mail_answer:{id}:turn": KeySpec(
        "string",
        "which worker sends this answer now",
        "when they are done, two minutes later at the latest",
        Expiry.ALWAYS,
    ),
    "mails_refused": KeySpec(
        "string",
        "mails for publication that were refused since operators were notified",
        "with the next notice, or a week after the last",
        Expiry.ALWAYS,
    ),
    "mails_refused:notified": KeySpec(
        "string", "that operators were notified of them", "after an hour", Expiry.ALWAYS
    ),
}
