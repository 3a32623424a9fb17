"""The part of the table of keys that is about what comes back, and what follows from it."""

from alerts.store.key_specs import Expiry, KeySpec

RETURNED: dict[str, KeySpec] = {
    "softs:{sid}": KeySpec(
        "string",
        "soft bounces in a row, since when (ms), and since when their subscriptions held then (ms)",
        "when a delivery arrives or nothing is sent any more, or a week after the last back-off",
        Expiry.ALWAYS,
    ),
    "receipts": KeySpec(
        "stream",
        "what came back and changed something: verdict, status, words, way in, digest, sid",
        "never; the oldest once about 10,000 newer ones are there",
    ),
    "strays": KeySpec(
        "list",
        "reports that prove nothing, newest first, as JSON",
        "never; an entry when 100 newer ones are there",
    ),
    "returned:{day}": KeySpec(
        "hash",
        "how many mails came back that day (UTC), by what they were read as",
        "40 days after the last of them",
        Expiry.ALWAYS,
    ),
    "hook:{name}": KeySpec(
        "string",
        "SHA-256 of a provider's token → that of the event it was posted with; of a request to leave, and "
        "of a provider that operators were notified of → 1",
        "nine hours after the post; a request to leave after 40 days, a notice after an hour",
        Expiry.ALWAYS,
    ),
    "mailbox": KeySpec(
        "hash",
        "of the mailbox of what comes back: looked = when last (ms); since = when it first could not be "
        "read (ms), cause, why; notified = when operators last were (ms), notified_of = that cause",
        "never; what is wrong once it can be read again",
    ),
    "mailbox:reader": KeySpec(
        "string",
        "token of the process that reads the mailbox",
        "when it stops, or 60 s after the last renewal",
        Expiry.ALWAYS,
    ),
    "rates:{day}": KeySpec(
        "hash",
        "by days since 1970: s, b or c, channel and domain (none: all of them) → how many were sent that "
        "day, bounced since, were complained of",
        "40 days after the last of them",
        Expiry.ALWAYS,
    ),
    "contacts": KeySpec("string", "the last number given to a contact", "never"),
    "contacts:{channel}": KeySpec("hash", "identity (the folded address) of a contact → number", "never"),
    "contact:{sid}": KeySpec(
        "hash",
        "address and channel of an owner or operator who is told of outages",
        "never; there is one for each address that was ever to be told",
    ),
    "outage:{contact}:{kind}": KeySpec(
        "hash",
        "told = what the contact was told last, subject → since (ms) and why, as JSON; before = the same "
        "before that; at = when (ms); n = how many messages there were",
        "never; one a contact and kind",
    ),
    "outage:{contact}:{kind}:touched": KeySpec(
        "set",
        "subjects (sids, channels) that have broken or work again, maybe, since the contact was told",
        "when all have been looked at",
    ),
    "update:outage:{message}": KeySpec(
        "hash",
        "one message of ours about an outage, kept as a revision of an update is; in no log and no list",
        "a week after its digest, at the latest",
        Expiry.ALWAYS,
    ),
    "update:outage:{message}:digests": KeySpec("set", "its digest", "with it", Expiry.ALWAYS),
    "paused": KeySpec(
        "hash",
        "channel whose routine sending is paused → since (ms) and why, as JSON",
        "never; an entry when an operator resumes it",
    ),
    "resumed": KeySpec(
        "hash",
        "channel → what had come back of the last days when it was resumed, as JSON",
        "never; one entry a channel",
    ),
}
