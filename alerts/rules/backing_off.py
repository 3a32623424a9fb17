"""How long an address is left alone that gave mail back for a reason that may pass."""

HOUR_MS = 3_600_000
#: After the first soft bounce, the second … (ms); after one more, nothing is sent to the address again.
BACK_OFFS_MS = tuple(HOUR_MS * hours for hours in (2, 4, 8, 16, 32, 64))
#: Without a bounce for as long after the last of them, the next one is a first one (ms).
REMEMBERED_MS = 7 * 24 * HOUR_MS
