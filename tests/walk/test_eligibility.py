"""Who of a batch still gets it when its turn comes, and of the others why not: one sentence a row."""

from datetime import UTC, datetime

import pytest
from house import draft

from alerts.model import (
    Audience,
    Cadence,
    Change,
    Channel,
    Digest,
    Entry,
    Filter,
    Message,
    Revision,
    Severity,
    State,
    Subscription,
)
from alerts.regions import load
from alerts.rules.cadence import clock_of
from alerts.rules.facts import Facts
from alerts.store import Destination, Suppression
from alerts.walk.eligibility import Circumstances, Excluded, excluded
from alerts.walk.outgoing import Outgoing

TREE = load()
NOON = int(datetime(2026, 6, 10, 12, tzinfo=UTC).timestamp() * 1000)
DAILY = Cadence.parse("daily 08:00")


def audience(*subscriptions: Subscription) -> Audience:
    return Audience.of(Channel("email"), "UTC", subscriptions)


UKRAINE = audience(Subscription(Filter(("UA",))))
KENYA = audience(Subscription(Filter(("KE",))))
UKRAINE_DAILY = audience(Subscription(Filter(("UA",)), DAILY))
SILENCE = audience(Subscription(Filter(("UA",)), DAILY, all_quiet=True))
SILENCE_LATER = audience(Subscription(Filter(("UA",)), Cadence.parse("daily 09:00"), all_quiet=True))


def revision(number: int, *regions: str) -> Revision:
    return Revision("ua-talks", number, draft(regions=regions), NOON + number)


FIRST, SECOND = revision(1, "UA"), revision(2, "UA")
ELSEWHERE = revision(2, "KE")


def outgoing(*revisions: Revision, to: Audience = UKRAINE, change: Change = Change.NEW, **kind) -> Outgoing:  # type: ignore[no-untyped-def]
    """The latest of these revisions on its way; its readers have none of them."""
    latest = revisions[-1]
    digest = Digest(Channel("email"), (Entry("ua-talks", latest.number, change),), NOON, **kind)
    message = Message(digest.id, Channel("email"), (b"text",))
    return Outgoing(digest, message, (latest,), revisions, frozenset({to.id}))


def person(now_in: Audience | None = UKRAINE, address: str = "anna@example.org", active: bool = True):  # type: ignore[no-untyped-def]
    return Destination(7, address, now_in.id if now_in else "", active, "UTC"), now_in


def suppressed(reason: str) -> dict[str, Suppression]:
    return {"anna@example.org": Suppression(reason, NOON, "email")}


def newer(*revisions: Revision) -> dict[int, Facts]:
    return {revision.number: Facts.of(revision, TREE) for revision in revisions}


ONE = outgoing(FIRST)
SLOT = {"to": UKRAINE_DAILY, "clock": str(clock_of(UKRAINE_DAILY))}
QUIET = {"to": SILENCE, "change": Change.TOLD, "clock": str(clock_of(SILENCE))}

ROWS: list[tuple[str, tuple[Destination, Audience | None], Circumstances, Excluded | None]] = [
    ("whoever it is for gets it", person(), Circumstances(ONE, TREE), None),
    (
        "nobody gets what is over, whatever else stands in the way",
        person(None, "", False),
        Circumstances(ONE, TREE, over=True),
        Excluded(State.EXPIRED, "its time was over"),
    ),
    (
        "who was removed has no address left",
        person(None, ""),
        Circumstances(ONE, TREE),
        Excluded(State.SUPPRESSED, "the subscriber was removed"),
    ),
    (
        "a suppressed address gets nothing, for the reason that stands",
        person(),
        Circumstances(ONE, TREE, suppressions=suppressed("550 no such user")),
        Excluded(State.SUPPRESSED, "550 no such user"),
    ),
    (
        "a suppression without a word of reason is one all the same",
        person(),
        Circumstances(ONE, TREE, suppressions=suppressed("")),
        Excluded(State.SUPPRESSED, ""),
    ),
    (
        "somebody else's suppression is not theirs",
        person(address="bob@example.org"),
        Circumstances(ONE, TREE, suppressions=suppressed("550 no such user")),
        None,
    ),
    (
        "a pause is named as such",
        person(active=False),
        Circumstances(ONE, TREE),
        Excluded(State.SUPPRESSED, "the subscriber is paused"),
    ),
    (
        "of a suppressed one who is paused, the suppression is named: it outlasts the pause",
        person(active=False),
        Circumstances(ONE, TREE, suppressions=suppressed("complained")),
        Excluded(State.SUPPRESSED, "complained"),
    ),
    (
        "who gets the newer revision at once does not get this one",
        person(),
        Circumstances(ONE, TREE, newer=newer(SECOND)),
        Excluded(State.WITHDRAWN, "revision 2 took its place"),
    ),
    (
        "who does not want the newer revision still gets this one",
        person(),
        Circumstances(ONE, TREE, newer=newer(ELSEWHERE)),
        None,
    ),
    (
        "who gets the newer revision only at a slot still gets this one now",
        person(UKRAINE_DAILY),
        Circumstances(outgoing(FIRST, to=UKRAINE_DAILY), TREE, newer=newer(SECOND)),
        None,
    ),
    (
        "of several newer revisions, the first that they want is the reason",
        person(),
        Circumstances(ONE, TREE, newer=newer(ELSEWHERE, revision(3, "UA"), revision(4, "UA"))),
        Excluded(State.WITHDRAWN, "revision 3 took its place"),
    ),
    (
        "who subscribes otherwise since, and would want it as well, gets it",
        person(UKRAINE_DAILY),
        Circumstances(ONE, TREE),
        None,
    ),
    (
        "who has muted all that it tells does not get it",
        person(),
        Circumstances(ONE, TREE, silent={7}),
        Excluded(State.WITHDRAWN, "the subscriber has muted this situation"),
    ),
    (
        "whoever else has muted it does not matter",
        person(),
        Circumstances(ONE, TREE, silent={8}),
        None,
    ),
    (
        "who has muted the newer revision, and is to have this one, gets this one",
        person(),
        Circumstances(ONE, TREE, newer=newer(SECOND), unheard={2: {7}}),
        None,
    ),
    (
        "who no longer wants it does not get it",
        person(KENYA),
        Circumstances(ONE, TREE),
        Excluded(State.WITHDRAWN, "the subscriber no longer wants it"),
    ),
    (
        "whose subscriptions are unknown is taken to want nothing",
        (Destination(7, "anna@example.org", "gone", True, "UTC"), None),
        Circumstances(ONE, TREE),
        Excluded(State.WITHDRAWN, "the subscriber no longer wants it"),
    ),
    (
        "a correction goes to whoever has what is wrong, wanted or not",
        person(KENYA),
        Circumstances(outgoing(SECOND, change=Change.CORRECTED, correcting=True), TREE),
        None,
    ),
    (
        "what goes at once is judged by the revision it says: an earlier one does not count",
        person(UKRAINE_DAILY),
        Circumstances(outgoing(FIRST, ELSEWHERE, to=KENYA), TREE),
        Excluded(State.WITHDRAWN, "the subscriber no longer wants it"),
    ),
    (
        "what waited for a slot is there for the sake of any revision it makes up for",
        person(UKRAINE),
        Circumstances(outgoing(FIRST, ELSEWHERE, **SLOT), TREE),
        None,
    ),
    (
        "that all is quiet is said to whoever still asks for it at that hour",
        person(audience(*SILENCE.subscriptions, Subscription(Filter(("KE",))))),
        Circumstances(outgoing(FIRST, **QUIET), TREE),
        None,
    ),
    (
        "that all is quiet is not said to who only wants the region",
        person(UKRAINE_DAILY),
        Circumstances(outgoing(FIRST, **QUIET), TREE),
        Excluded(State.WITHDRAWN, "the subscriber no longer wants it"),
    ),
    (
        "that all is quiet is not said at another hour than theirs",
        person(SILENCE_LATER),
        Circumstances(outgoing(FIRST, **QUIET), TREE),
        Excluded(State.WITHDRAWN, "the subscriber no longer wants it"),
    ),
]


@pytest.mark.parametrize(("who", "at", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_who_of_a_batch_gets_it(
    who: tuple[Destination, Audience | None], at: Circumstances, expected: Excluded | None
) -> None:
    assert excluded(*who, at) == expected


@pytest.mark.parametrize(
    ("ends", "kind", "left_s"),
    [
        ([None], {}, None),
        ([60], {}, 60),
        ([-60], {}, -60),
        ([60], {"clock": "daily 08:00 UTC"}, None),
        ([60], {"catch_up": True}, None),
        ([60, 90], {}, 90),
        ([60, None], {}, None),
    ],
    ids=[
        "an update without an end is never over",
        "an end to come",
        "an end that has passed",
        "what waited for a slot is sent even when its time is over",
        "so is what is caught up with",
        "of several, the last end counts",
        "and one without an end is enough",
    ],
)
def test_when_the_time_of_a_digest_is_over(
    ends: list[int | None], kind: dict[str, object], left_s: float | None
) -> None:
    at = [None if end is None else datetime.fromtimestamp(NOON / 1000 + end, UTC) for end in ends]
    revisions = [
        Revision(f"u{n}", 1, draft(f"u{n}", severity=Severity.MINOR, expires_at=end), NOON)
        for n, end in enumerate(at)
    ]
    entries = tuple(Entry(r.update, 1, Change.NEW) for r in revisions)
    digest = Digest(Channel("email"), entries, NOON, **kind)  # type: ignore[arg-type]
    message = Message(digest.id, Channel("email"), (b"text",))
    sent = Outgoing(digest, message, tuple(revisions), tuple(revisions), frozenset())
    assert sent.expires_in_s(NOON) == left_s
