"""What holds for every answer; health; and what the door does while the server does not answer."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from doors import Door, opened
from house import subscribe

from alerts.channels import identity
from alerts.model import Channel
from alerts.services import Services
from alerts.settings import Settings


@pytest.fixture
def token(services: Services) -> str:
    person = subscribe(services, "anna@example.org", "UA")
    return services.links.unsubscribe(identity(Channel("email"), person.address)).rpartition("/")[2]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/u/{token}", None, 200),
        ("/u/{token}", b"List-Unsubscribe=One-Click", 200),
        ("/u/{token}", b"confirm=yes", 200),
        ("/u/{token}", b"x" * 2_000, 413),
        ("/u/{token}/undo", b"", 200),
        ("/u/{token}/undo", None, 404),
        ("/u/{token}/", None, 404),
        ("/u/nobody", None, 404),
        ("/healthz", None, 200),
        ("/healthz", b"", 404),
        ("/", None, 200),
        ("/", b"", 404),
        ("/docs", None, 404),
        ("/openapi.json", None, 404),
        ("/..%2f..%2fetc%2fpasswd", None, 404),
    ],
)
def test_every_answer_is_neither_stored_nor_framed_nor_told_to_others(
    door: Door, token: str, path: str, body: bytes | None, status: int
) -> None:
    answer = door.ask(path.format(token=token), body)
    assert answer.status == status
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "form-action 'self'", "frame-ancestors 'none'"} <= set(policy)
    assert {"Set-Cookie", "Server", "Location"}.isdisjoint(answer.headers)


def test_the_address_alone_is_a_page(door: Door) -> None:
    """It said “This link does not work” to whoever typed what `alerts up` had printed."""
    said = door.ask("/").text
    assert "This link does not work" not in said
    assert "where the links in our emails lead" in said


def test_the_policy_admits_the_style_sheet_of_the_page_and_nothing_else(door: Door, token: str) -> None:
    asked = door.ask(f"/u/{token}")
    style = asked.text.partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert asked.headers["Content-Security-Policy"].endswith(f"; style-src 'sha256-{digest}'")
    assert "style=" not in asked.text
    assert "<script" not in asked.text


def test_no_log_has_a_token_or_an_address(door: Door, token: str) -> None:
    for body in (None, b"confirm=yes", b"x" * 2_000):
        door.ask(f"/u/{token}", body)
        door.ask(f"/u/{token}x", body)
    said = door.log.read_text()
    assert token not in said
    assert "example.org" not in said


def test_health_says_when_a_worker_was_last_heard_of(door: Door, services: Services) -> None:
    assert door.ask("/healthz").text == '{"status":"ok","worker_seen_s":null}'
    services.workers.alive("here:1")
    seen = door.ask("/healthz")
    assert seen.status == 200
    assert 0 <= float(seen.text.rpartition(":")[2].strip("}")) < 15


def test_health_is_degraded_while_a_live_worker_cannot_ring(door: Door, services: Services) -> None:
    """A dead broker was all well here; what a worker saw that has ended since says nothing any more."""
    services.workers.broker_down("here:1", "The broker does not answer.")
    services.workers.broker_down("gone:2", "The broker does not answer.")
    assert door.ask("/healthz").text.startswith('{"status":"ok"')
    services.workers.alive("here:1")
    unwell = door.ask("/healthz")
    assert unwell.status == 200
    assert unwell.text.startswith('{"status":"degraded"')
    assert 0 <= float(unwell.text.rpartition(":")[2].strip("}")) < 15
    services.workers.broker_up("here:1")
    assert door.ask("/healthz").text.startswith('{"status":"ok"')


def test_health_is_degraded_while_a_channel_cannot_be_sent_on(door: Door, services: Services) -> None:
    """A relay that was down was all well here, and nowhere in a log."""
    services.breakers.trip("email", "no connection", None)
    unwell = door.ask("/healthz")
    assert unwell.status == 200
    assert unwell.text == '{"status":"degraded","worker_seen_s":null,"routes_down":["email"]}'
    services.breakers.back_off("email")
    services.breakers.close("email")
    assert door.ask("/healthz").text.startswith('{"status":"ok"')


def test_a_server_that_answers_but_takes_no_writes_is_not_healthy(door: Door, services: Services) -> None:
    services.server.client.config_set("min-replicas-to-write", 1)
    try:
        unwell = door.ask("/healthz")
    finally:
        services.server.client.config_set("min-replicas-to-write", 0)
    assert (unwell.status, unwell.text) == (503, '{"status":"unavailable"}')
    assert door.ask("/healthz").status == 200


def test_without_a_server_people_are_asked_to_come_back(
    settings: Settings, token: str, tmp_path: Path
) -> None:
    nowhere = "redis://127.0.0.1:1/0"
    with opened(tmp_path, ALERTS_HOME=str(settings.home), ALERTS_REDIS_URL=nowhere) as door:
        assert door.ask("/healthz").status == 503
        for body in (None, b"confirm=yes", b"List-Unsubscribe=One-Click"):
            put_off = door.ask(f"/u/{token}", body)
            assert (put_off.status, put_off.headers["Retry-After"]) == (503, "60")
            assert "try again" in put_off.text
            assert put_off.headers["Referrer-Policy"] == "same-origin"
    said = door.log.read_text()
    assert "The server does not answer." in said
    assert token not in said


def test_a_template_of_yours_that_fails_says_little_and_logs_why(
    settings: Settings, token: str, tmp_path: Path
) -> None:
    broken = tmp_path / "web" / "page.html.j2"
    broken.parent.mkdir()
    broken.write_text("{{ nothing }}")
    with opened(tmp_path, ALERTS_HOME=str(settings.home), ALERTS_TEMPLATES_DIR=str(tmp_path)) as door:
        failed = door.ask(f"/u/{token}")
        assert (failed.status, failed.text) == (500, "Something went wrong here.\n")
        assert failed.headers["X-Content-Type-Options"] == "nosniff"
        assert door.ask(f"/u/{token}", b"List-Unsubscribe=One-Click").status == 200
    said = door.log.read_text()
    assert "page.html.j2, line 1" in said
    assert token not in said
