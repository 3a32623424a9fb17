"""`/metrics`: what `status` says in numbers, for a key that may read; it names nobody."""

import pytest
from house import OPERATOR, draft, subscribe, tell
from inside import Inside

from alerts.model import Channel
from alerts.operations import Permission, add_key
from alerts.services import Services

EMAIL = Channel("email")


@pytest.fixture
def inside(services: Services) -> Inside:
    return Inside(services)


def shown(services: Services, *may: Permission) -> dict[str, str]:
    made = add_key(services, OPERATOR, f"scraper-{len(may)}", may)
    return {"Authorization": f"Bearer {made.secret}"}


def numbers(text: str) -> dict[str, float]:
    lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def test_it_counts_what_status_counts(inside: Inside, services: Services) -> None:
    key = shown(services, Permission.READ)
    subscribe(services, "anna@example.org", "UA")
    tell(services, draft())
    services.pauses.pause(EMAIL, "6 of 100 (6 %) bounced")
    services.breakers.trip(Channel("slack"), "away", None)
    answer = inside.ask("/metrics", headers=key)
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    found = numbers(answer.text)
    assert found["alerts_updates"] == 1
    assert found['alerts_subscribers{channel="email"}'] == 1
    assert found['alerts_sent_today{channel="email"}'] == 1
    assert found['alerts_bounced_today{channel="email"}'] == 0
    assert found['alerts_sending_paused{channel="email"}'] == 1
    assert found['alerts_route_down{channel="slack"}'] == 1
    assert found['alerts_route_down{channel="email"}'] == 0
    assert found["alerts_broker_down"] == 0
    assert "anna" not in answer.text
    assert "ua-talks" not in answer.text


def test_it_is_in_the_form_that_is_asked_for(inside: Inside, services: Services) -> None:
    key = shown(services, Permission.READ) | {"Accept": "application/openmetrics-text; version=1.0.0"}
    answer = inside.ask("/metrics", headers=key)
    assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
    assert answer.text.endswith("# EOF\n")


def test_nobody_reads_it_without_a_key_that_may(inside: Inside, services: Services) -> None:
    for headers, status in (
        ({}, 401),
        ({"Authorization": "Bearer nothing"}, 401),
        (shown(services, Permission.PUBLISH, Permission.MANAGE), 403),
    ):
        answer = inside.ask("/metrics", headers=headers)
        assert (answer.status, "alerts_" in answer.text) == (status, False)
        assert answer.headers["Cache-Control"] == "no-store"
