"""The keys of those who receive: who they are, how they are found, what they have muted. See `keys`."""

from alerts.store.key_specs import Expiry, KeySpec

#: By pattern.
OF_PEOPLE: dict[str, KeySpec] = {
    "sids": KeySpec("string", "the last subscriber number given", "never"),
    "subscribers:{channel}": KeySpec(
        "hash",
        "identity (the folded address) → sid",
        "never; an entry with its subscriber",
    ),
    "subscriber:{sid}": KeySpec(
        "hash",
        "address, channel, zone, name, audience, names, standing, scope, declined, owner, language; "
        "joined = since when the subscriptions hold (ms), until = end of a pause (ms); was…, left = the "
        "subscriptions before; "
        "listed = block, offset and length of their line in the directory",
        "when the subscriber is removed",
    ),
    "mutes:{update}": KeySpec(
        "hash",
        "sid → since when and until when (ms, 0 for no end) they have the update muted, and number and "
        "severity of the revision they muted it at",
        "31 days after the situation is over (or ALERTS_KEEP_DAYS + 1, if that is more)",
        Expiry.ONCE_ENDED,
    ),
    "muted:{sid}": KeySpec(
        "set",
        "updates that somebody has muted, and those of them that they hear of again",
        "with its last entry; one ends when its situation is over",
    ),
    "erased:{channel}": KeySpec(
        "hash",
        "keyed hash of an address that was erased → when (ms)",
        "never; an entry when they ask to be sent to again",
    ),
    "opt_outs:{channel}": KeySpec(
        "hash",
        "what somebody does not want to be mailed (invitations, requests) and a keyed hash of their mailbox "
        "→ since when (ms)",
        "never; an entry when they take it back, join or are erased, or an operator lifts it",
    ),
    "merged": KeySpec(
        "hash",
        "number that was given to somebody twice and is gone → the number they have kept",
        "never",
    ),
    "directory": KeySpec("string", "the block of the directory that is written to", "never"),
    "directory:{n}": KeySpec(
        "string",
        "up to 64 KiB of lines: address, name and sid of a subscriber, folded, to be found by a part",
        "never; a line is blanked when its subscriber is removed or called otherwise",
    ),
    "roll": KeySpec(
        "string",
        "four octets a sid, the lowest first: four times the number of its audience, 2 more if suppressed, "
        "1 if paused; 0 for nobody",
        "never",
    ),
    "roll:audiences": KeySpec("hash", "audience id → its number in the roll, from 1", "never"),
    "roll:filters": KeySpec(
        "string",
        "a line for each audience in the roll, in the order of their numbers: channel, regions, tags",
        "never",
    ),
    "sync": KeySpec(
        "hash",
        "the last sync: scope, at (ms), whole = 1 once it is written to its end",
        "after 7 days, or with the next one",
        Expiry.ALWAYS,
    ),
    "sync:people": KeySpec(
        "hash",
        "channel:identity → a person whom the last sync changed, as JSON: before and after",
        "after 7 days, or with the next one",
        Expiry.ALWAYS,
    ),
}
