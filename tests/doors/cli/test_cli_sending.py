"""What came back, in `alerts status`; and `alerts resume-sending`, which asks and is written down."""

import pytest
from cli_runs import Runs
from house import OPERATOR, draft, subscribe, tell

from alerts.model import Channel, Receipt, Verdict
from alerts.operations import audit
from alerts.services import Services
from alerts.walk.receive import receive

EMAIL = Channel("email")


@pytest.fixture
def bounced(services: Services) -> Services:
    """Six of a hundred and twenty, all of one provider."""
    for n in range(120):
        subscribe(services, f"p{n}@{'gone' if n < 6 else 'fine'}.example", "UA")
    tell(services, draft())
    [digest] = services.updates.digests("ua-talks")
    receipts = []
    for n in range(6):
        sid = services.subscribers.named(f"p{n}@gone.example")[0].sid
        token = services.links.delivery(digest, 1, sid)
        receipts.append(Receipt(Verdict.BLOCKED, "5.7.1", "550 listed", (token,)))
    receive(services, services.links, receipts, "test")
    return services


def test_status_says_what_came_back_from_whom_and_what_is_paused_for_it(
    alerts: Runs, bounced: Services
) -> None:
    said = alerts("status").out
    assert "6 of 120 (5 %) bounced; gone.example 6 of 6 (100 %) bounced" in said
    assert "paused       routine email since" in said
    assert "`alerts resume-sending email`" in said
    told = alerts("status", "-o", "json").json["sending"]["email"]
    assert told["paused"]["why"] == "6 of 120 (5 %) bounced"
    [day] = told["days"]
    assert (day["sent"], day["bounced"], day["bounced_percent"]) == (120, 6, 5.0)
    assert [one["domain"] for one in day["domains"]] == ["gone.example"]


def test_the_status_of_an_update_says_how_much_of_it_came_back(alerts: Runs, bounced: Services) -> None:
    assert "came back by email: 6 of 120 (5 %) bounced" in alerts("status", "ua-talks").out
    [rates] = alerts("status", "ua-talks", "-o", "json").json["rates"].values()
    assert (rates["sent"], rates["bounced"], rates["complained"]) == (120, 6, 0)


def test_work_says_why_a_routine_batch_waits(alerts: Runs, bounced: Services) -> None:
    tell(bounced, draft("ua-grain", headline="Grain shipments stop"))
    [entry] = alerts("work", "-o", "json").json
    assert entry["reason"] == "routine sending is paused: 6 of 120 (5 %) bounced"


def test_it_goes_on_when_somebody_says_so_and_the_audit_has_it(alerts: Runs, bounced: Services) -> None:
    asked = alerts("resume-sending", "email")
    assert asked.code == 2
    assert "6 of 120 (5 %) bounced. Send on by email?" in asked.err
    assert bounced.pauses.is_paused(EMAIL)
    done = alerts("resume-sending", "email", "--yes", "-o", "json")
    assert (done.code, done.json["channel"]) == (0, "email")
    assert not bounced.pauses.is_paused(EMAIL)
    [line] = [line for line in audit(bounced, OPERATOR) if line.entry.action == "sending.resume"]
    assert line.entry.before == {"why": "6 of 120 (5 %) bounced"}


def test_what_is_not_paused_cannot_be_resumed(alerts: Runs, services: Services) -> None:
    said = alerts("resume-sending", "email", "--yes")
    assert (said.code, "Routine sending by email is not paused." in said.err) == (4, True)
