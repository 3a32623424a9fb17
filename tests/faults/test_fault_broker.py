"""The broker is away, or there is none. The sweep does what no bell was heard for, and the fault is shown."""

import socket
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from house import OPERATOR
from scene import heard, message_id, scene, until
from slack_server import SlackServer
from smtp_server import SmtpServer

from alerts.model import Kind, Severity, State
from alerts.operations import totals
from alerts.runtime import attach
from alerts.settings import Settings

pytestmark = pytest.mark.faults


def nowhere() -> str:
    """An address at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    return f"redis://127.0.0.1:{port}/0"


def test_without_any_broker_everything_goes_out_and_status_shows_it() -> None:
    """Nothing did: urgent updates stayed at `match`, while health, status and check said all was well."""
    people, channels = 300, 4
    with SmtpServer() as smtp, SlackServer() as slack, scene(smtp, slack, ALERTS_BROKER_URL=nowhere()) as it:
        it.crowd(people)
        it.subscribe(*(f"T1/C{n}" for n in range(channels)))
        it.worker()
        it.publish()
        it.publish("ua-routine", severity=Severity.MINOR)
        it.finish(60)
        for update in ("ua-talks", "ua-routine"):
            assert set(it.states(update).values()) == {State.SENT}
            assert len(it.states(update)) == people + channels
        assert len(heard(smtp)) == people
        it.publish(kind=Kind.CANCEL)
        it.finish(60)
        assert len(smtp.arrived) == people * 3
        assert [len(slack.told(f"C{n}")) for n in range(channels)] == [3] * channels
        broker = totals(it.services, OPERATOR).broker
        assert broker.why == "The broker does not answer."
        assert broker.workers == 1
        it.books_are_in_order()


def test_a_broker_that_goes_and_comes_back_is_shown_as_down_and_no_longer() -> None:
    """It was looked at by nothing. Here it is a server of its own, beside the one that holds the state."""
    people = 300
    with SmtpServer() as smtp, TemporaryDirectory(dir="/tmp") as home:
        broker = Settings(home=Path(home))
        with scene(smtp, ALERTS_BROKER_URL=broker.doorbell_url) as it:

            def shown() -> bool:
                return totals(it.services, OPERATOR).broker is not None

            it.crowd(people)
            with attach(broker):
                it.worker()
                it.publish("ua-before")
                it.finish(30)
                assert not shown()
            until(shown, 30, "a broker that is gone is not shown")
            it.publish("ua-during")
            it.finish(30)
            assert len(smtp.arrived) == 2 * people
            with attach(broker):
                until(lambda: not shown(), 30, "a broker that is back is shown as down")
                it.publish("ua-after")
                it.finish(30)
        assert len(smtp.arrived) == 3 * people
        assert all(len(set(of_one)) == 3 for of_one in by_address(smtp).values())


def by_address(smtp: SmtpServer) -> dict[str, list[str]]:
    """The Message-IDs of what came for each."""
    found: dict[str, list[str]] = {}
    for mail in list(smtp.arrived):
        found.setdefault(mail.recipients[0], []).append(message_id(mail.data))
    return found
