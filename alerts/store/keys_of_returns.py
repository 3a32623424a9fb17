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
}
