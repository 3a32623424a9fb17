"""What one outcome means for the ledger and for the route: one sentence a row."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

import pytest
from house import draft

from alerts.model import (
    Change,
    Channel,
    Deferred,
    Digest,
    Entry,
    Failed,
    Message,
    Outcome,
    Revision,
    RouteDown,
    Sent,
    State,
    Unsure,
    Work,
)
from alerts.services import Services
from alerts.store import Claim
from alerts.walk.outcomes import AFTER_OTHERS_S, Outcomes
from alerts.walk.outgoing import Outgoing

SID, ANNA = 7, "anna@example.org"
FROZEN_MS = int(datetime(2026, 6, 10, 12, tzinfo=UTC).timestamp() * 1000)
DAY_S = 24 * 3600


EMAIL = Channel("email")


@dataclass(frozen=True)
class Try:
    """The circumstances of one try."""

    attempt: int = 1
    age_s: int = 0
    ends_in_s: int | None = None
    channel: Channel = EMAIL


@dataclass(frozen=True)
class Row:
    sentence: str
    outcome: Outcome
    state: State
    attempts: int = 1
    why: str = ""
    doubt: bool = False
    asked: bool = False
    at: Try = field(default_factory=Try)


SLACK = Try(channel=Channel("slack"))
OLD = Try(age_s=3 * DAY_S)
ENDING = Try(ends_in_s=5)

ROWS = [
    Row("what the provider took is sent", Sent(), State.SENT),
    Row("of an email no receipt is kept: its Message-ID finds it", Sent("250 OK"), State.SENT),
    Row("of a post its receipt is kept", Sent("1.2"), State.SENT, why="1.2", at=SLACK),
    Row("what is refused has failed", Failed("550 no"), State.FAILED, why="550 no"),
    Row("a refusal by Slack ends a doubt", Failed("no"), State.FAILED, why="no", asked=True, at=SLACK),
    Row(
        "what is deferred is tried again, and counted", Deferred("450 later"), State.DEFERRED, 1, "450 later"
    ),
    Row(
        "what was not tried is not counted",
        Deferred("our pace", 2, blameless=True),
        State.DEFERRED,
        0,
        "our pace",
    ),
    Row(
        "after three days it is given up",
        Deferred("450"),
        State.FAILED,
        1,
        "given up after 72 hours: 450",
        at=OLD,
    ),
    Row(
        "what would come too late is over",
        Deferred("450"),
        State.EXPIRED,
        1,
        "expired before it could be tried again: 450",
        at=ENDING,
    ),
    Row("what may have been accepted is unknown", Unsure("timeout"), State.UNKNOWN, 1, "timeout"),
    Row("even Slack has not been asked then", Unsure("timeout"), State.UNKNOWN, 1, "timeout", at=SLACK),
    Row("an asking that goes on is no try", Unsure("so far", reached="c1"), State.UNKNOWN, 0, "so far"),
    Row(
        "a doubt that is given up has failed, and may have arrived",
        Unsure("timeout"),
        State.FAILED,
        1,
        "given up after 72 hours: timeout",
        doubt=True,
        at=OLD,
    ),
    Row(
        "a doubt whose time is over stays one",
        Unsure("timeout"),
        State.UNCONFIRMED,
        1,
        "expired before it could be tried again: timeout",
        at=ENDING,
    ),
]


def outcomes(services: Services, at: Try) -> Outcomes:
    ends = None
    if at.ends_in_s is not None:
        ends = datetime.fromtimestamp(FROZEN_MS / 1000 + at.age_s + at.ends_in_s, UTC)
    revision = Revision("ua-talks", 1, draft(expires_at=ends), FROZEN_MS)
    digest = Digest(at.channel, (Entry("ua-talks", 1, Change.NEW),), FROZEN_MS)
    message = Message(digest.id, at.channel, (b"text",))
    outgoing = Outgoing(digest, message, (revision,), (revision,), frozenset())
    claim = Claim(
        Work.send(digest.id, 1), "token", held=True, frozen_ms=FROZEN_MS, now_ms=FROZEN_MS + at.age_s * 1000
    )
    services.jitter = Random(1)
    return Outcomes(services, outgoing, claim, {SID: at.attempt}, {SID: ANNA})


@pytest.mark.parametrize("row", ROWS, ids=[row.sentence for row in ROWS])
def test_what_the_ledger_says(services: Services, row: Row) -> None:
    line = outcomes(services, row.at).understand(SID, row.outcome)
    assert line is not None
    record = line.record
    assert (record.state, record.attempt, line.note) == (row.state, row.attempts, row.why)
    assert (record.doubt, line.asked) == (row.doubt, row.asked)
    assert (record.offset_s > row.at.age_s) == row.state.owed, "only what is tried again has a later time"


@pytest.mark.parametrize(
    ("outcome", "accepted", "answered"),
    [
        (Sent(), True, True),
        (Failed("550"), False, True),
        (Deferred("450"), False, False),
        (Unsure("timeout"), False, False),
        (RouteDown("away"), False, False),
    ],
    ids=[
        "one it took speaks for a route",
        "one it refused shows that it answers",
        "a deferral shows nothing",
        "nor does silence",
        "nor what was not tried",
    ],
)
def test_what_is_known_of_the_route(
    services: Services, outcome: Outcome, accepted: bool, answered: bool
) -> None:
    known = outcomes(services, Try())
    known.understand(SID, outcome)
    assert (known.accepted, known.answered) == (accepted, answered)


@pytest.mark.parametrize(
    ("down", "backoff_s"),
    [
        (RouteDown("its pace", 7, paced=True), 7),
        (RouteDown("its pace", paced=True), 1),
        (RouteDown("connection refused"), 1),
        (RouteDown("no login", 60), 60),
        (RouteDown("two timeouts", inferred=True), 1 + AFTER_OTHERS_S),
    ],
    ids=[
        "a pace that was reached says for how long",
        "or a second",
        "a breaker begins with a second",
        "or with what must be repaired first",
        "what only seems so lets others go first",
    ],
)
def test_how_long_a_route_backs_off(services: Services, down: RouteDown, backoff_s: float) -> None:
    known = outcomes(services, Try())
    assert known.understand(SID, down) is None
    assert known.backoff_s == pytest.approx(backoff_s)


def test_an_address_that_is_refused_for_good_is_suppressed_and_operators_are_notified_once(
    services: Services,
) -> None:
    for _ in range(2):
        outcomes(services, Try()).understand(SID, Failed("550 no such user", suppress="no such user"))
    assert services.suppressions.find(Channel("email"), [ANNA])[ANNA].reason == "550 no such user"
    assert [notice["what"] for notice in services.notices.latest()] == ["suppressed"]


@pytest.mark.parametrize(
    ("at", "reached", "said"),
    [
        (Try(attempt=3), "", []),
        (Try(attempt=4), "", ["in doubt"]),
        (Try(attempt=5), "", []),
        (Try(attempt=5), "c1", []),
        (OLD, "", ["given up in doubt"]),
    ],
    ids=[
        "a doubt may pass",
        "one that lasts is for operators",
        "once",
        "and not for as long as it is asked about",
        "one that is given up always is",
    ],
)
def test_when_operators_hear_of_a_doubt(services: Services, at: Try, reached: str, said: list[str]) -> None:
    outcomes(services, at).understand(SID, Unsure("timeout", reached=reached))
    assert [notice["what"] for notice in services.notices.latest()] == said
