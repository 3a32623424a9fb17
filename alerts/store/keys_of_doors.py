"""The keys of whoever is at a door: programs, people who have come in, and links that work once."""

from alerts.store.key_specs import Expiry, KeySpec

AT_THE_DOORS: dict[str, KeySpec] = {
    "api_keys": KeySpec(
        "hash",
        "SHA-256 of a key → its name, permissions, end and networks as JSON",
        "never; an entry when it is revoked",
    ),
    "api_key_names": KeySpec("hash", "name of a key → its SHA-256", "never; an entry when it is revoked"),
    "api_keys_used": KeySpec(
        "hash",
        "SHA-256 of a key → when it was last used, and from where, as JSON",
        "never; an entry when its key is revoked",
    ),
    "answer:{name}": KeySpec(
        "hash",
        "request = fingerprint of what came (Idempotency-Key, hot folder), token of who works on it, answer",
        "24 hours after the answer; what is still worked on, when its time is over",
        Expiry.ALWAYS,
    ),
    "one_time:{id}": KeySpec(
        "string",
        "what a link that works once is for, for whom, and what was asked for, as JSON",
        "when the link is used, else with the link: 24 hours to join, one hour to come in, 7 days if invited",
        Expiry.ALWAYS,
    ),
    "invitation:{person}": KeySpec(
        "string",
        "whom an operator invited, by whom, since and until when (ms), and the id of the link that was "
        "mailed, as JSON; by the hash of channel and identity",
        "when they join or it is cancelled, else 30 days after its link",
        Expiry.ALWAYS,
    ),
    "invitations": KeySpec(
        "zset",
        "those hashes by when their invitation is forgotten (ms)",
        "with the last of them; one with its invitation, or at the next one after it",
        Expiry.ALWAYS,
    ),
    "one_time_mails:{errand}:{person}": KeySpec(
        "list",
        "when mails with such links were asked for (ms), by what for and the hash of whose address it is",
        "24 hours after the last one; an instant 24 hours after it, at the next one",
        Expiry.ALWAYS,
    ),
    "one_time_turn:{id}": KeySpec(
        "string",
        "which worker mails this link now",
        "when they are done, two minutes later at the latest",
        Expiry.ALWAYS,
    ),
    "session:{hash}": KeySpec(
        "string",
        "SHA-256 of what a browser holds → number and identity of whose page it sees, and what they "
        "changed there last, as it was before, as JSON",
        "a day after it began, or when its holder ends it",
        Expiry.ALWAYS,
    ),
}
