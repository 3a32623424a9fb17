"""A slip in a setting closes one route: it costs nobody a try, and the other route stays open."""

from pathlib import Path

import pytest
from house import draft, subscribe, told, walk
from pydantic import SecretStr
from slack_server import TOKEN

from alerts import channels
from alerts.model import Channel, State, Step
from alerts.rules.retries import DEATHS_MOST
from alerts.services import Services, connect
from alerts.settings import Settings
from alerts.walk import steps
from alerts.walk.batch_sender import BatchSender

SLIPS = [
    pytest.param("email", {"smtp_url": SecretStr("smtp://relay.example?tls=requird")}, id="no such tls"),
    pytest.param("email", {"smtp_url": SecretStr("smtp://[relay.example")}, id="no address"),
    pytest.param(
        "email",
        {"smtp_url": SecretStr("smtp://127.0.0.1"), "mail_from": "Alerts"},
        id="no sender, since it was rendered",
    ),
    pytest.param("slack", {"slack_bot_token": SecretStr("xoxb-…")}, id="no token"),
    pytest.param(
        "slack", {"slack_bot_token": SecretStr(TOKEN), "slack_api_url": "slack.com"}, id="no web address"
    ),
]


def try_all(services: Services, closed: str) -> None:
    """Do each thing that is owed once, as if the closed route had rested long enough."""
    services.server.client.hset(services.server.keys("breaker", closed), "until", 0)
    batch_sender = BatchSender(services)
    for owed in services.due.owed():
        steps.step(batch_sender, owed.work)


@pytest.mark.parametrize(("channel", "slip"), SLIPS)
def test_a_route_set_wrongly_backs_off_with_the_reason_and_the_other_goes_on(
    services: Services, settings: Settings, channel: str, slip: dict[str, object]
) -> None:
    """Senders were made inside a claimed batch, all at once: a slip counted as the death of its worker, and
    after ten of those people ended `failed`, by the other channel too.
    """
    people = {"email": "kyiv@example.org", "slack": "T1/C1"}
    for address in people.values():
        subscribe(services, address, "UA")
    waiting = people.pop(channel)
    [served] = people.values()
    steps.publish(services, draft())
    walk(services, lambda work: work.step is not Step.SEND)
    wrong = connect(settings.model_copy(update=slip))
    for _ in range(DEATHS_MOST + 5):
        try_all(wrong, channel)
    assert told(services, "ua-talks") == {served: [State.SENT], waiting: [State.QUEUED]}
    assert wrong.breakers.tripped() == {channel: channels.faults(wrong.settings)[Channel(channel)].sentence}
    assert [notice["what"] for notice in wrong.notices.latest()] == ["trouble with a route"]
    wrong.close()
    try_all(services, channel)
    assert told(services, "ua-talks") == {served: [State.SENT], waiting: [State.SENT]}


def test_routes_that_are_set_rightly_have_no_fault(tmp_path: Path) -> None:
    assert channels.faults(Settings(home=tmp_path)) == {}
    right = {"smtp_url": SecretStr("smtp://127.0.0.1"), "slack_bot_token": SecretStr(TOKEN)}
    assert channels.faults(Settings(home=tmp_path, **right)) == {}  # type: ignore[arg-type]
