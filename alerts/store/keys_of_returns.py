"""The keys of what comes back: a part of the table of all keys."""

from alerts.store.key_specs import Expiry, KeySpec

OF_RETURNS: dict[str, KeySpec] = {
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
}
