"""The desk's own time beside UTC: in tables for people, and for no program."""

from pathlib import Path

import pytest
from cli_runs import Runs
from house import OPERATOR, draft, subscribe, tell

from alerts.model import Cadence, Filter, Subscriber, Subscription
from alerts.operations import take_in
from alerts.operations.subscribing.suppressing import suppress
from alerts.services import Services
from alerts.walk import steps

RETURNED = Path(__file__).parents[2] / "data" / "returns"
TOKEN = b"r0123456789abcdef0123.3.17.abcdef0123456789"
LISTINGS = [
    (["trace", "ann@example.org"], "at"),
    (["audit"], "at"),
    (["work"], "since"),
    (["deliveries", "ua-talks"], "at"),
    (["explain", "ua-talks", "--all"], "slot"),
    (["suppressions", "list"], "since"),
    (["updates", "list"], "accepted_at"),
    (["keys", "list"], "expires_at"),
    (["bounces", "list"], "at"),
]


@pytest.fixture
def desk(services: Services, alerts: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Something in each list; the desk is in Tokyo."""
    monkeypatch.setenv("ALERTS_TIMEZONE", "Asia/Tokyo")
    services.tags.add(["negotiations"])
    ann: Subscriber = subscribe(services, "ann@example.org", "UA")
    daily = Subscription(Filter(("UA",)), cadence=Cadence.parse("daily 08:00"))
    services.subscribers.save(Subscriber(0, ann.channel, "bob@example.org", "UTC", (daily,), 0), None)
    tell(services, draft())
    [digest, *_] = [d for d in services.updates.digests("ua-talks") if services.ledger.find(ann.sid, [d])]
    token = services.links.delivery(digest, 1, ann.sid).encode()
    mail = (RETURNED / "hard-postfix.eml").read_bytes().replace(TOKEN, token)
    list(take_in(services, OPERATOR, [(mail.replace(TOKEN.upper(), token.upper()), ())]))
    steps.publish(services, draft("ua-more"))  # nobody walks: it is owed
    suppress(services, OPERATOR, "cy@example.org", "asked by phone")
    expires = ("--expires", "2100-01-01T20:00:00Z")
    assert alerts("keys", "add", "hr-sync", "--scope", "read", *expires).code == 0


@pytest.mark.parametrize(
    ("words", "field"), LISTINGS, ids=lambda part: part[0] if isinstance(part, list) else ""
)
def test_a_table_has_both_times_and_json_has_utc(
    alerts: Runs, desk: None, words: list[str], field: str
) -> None:
    """`trace`, `audit` and `work` said only UTC, and whoever was rung up at night reckoned it out."""
    table = alerts(*words)
    assert table.code == 0
    assert " JST)" in table.out
    times = [row[field] for row in alerts(*words, "-o", "json").json if row[field]]
    assert times
    assert all(len(time) == len("2022-03-28T17:00:00Z") for time in times)
