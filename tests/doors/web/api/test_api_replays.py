"""The same request under the same Idempotency-Key: one answer, nothing done twice, whoever dies meanwhile."""

import asyncio
import json
from typing import Any

from doors import Door
from dying import Died, Heard, Mortal
from house import subscribe, walk
from programs import Program, program

from alerts.doors.web import api as door_for_programs
from alerts.doors.web.api import replays
from alerts.operations import Permission
from alerts.services import Services, connect
from alerts.settings import Settings

TALKS = {"id": "ua-talks", "headline": "Talks go on", "regions": ["UA"], "severity": "moderate"}
ANA = {"address": "ana@example.org", "subscriptions": [{"regions": ["UA"]}]}


def test_the_same_request_again_is_given_the_same_answer(services: Services, api: Program) -> None:
    first = api("POST", "/updates", TALKS, Idempotency_Key="a-1")
    again = api("POST", "/updates", TALKS, Idempotency_Key="a-1")
    assert (first.status, again.status) == (201, 201)
    assert again.body == first.body
    assert again.headers["location"] == first.headers["location"]
    assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (
        None,
        "true",
    )
    without = api("POST", "/updates", TALKS)
    assert (without.status, without.json["created"]) == (200, False)
    assert [e.action for e in services.audit.entries()].count("update.publish") == 1


def test_another_request_under_the_same_key_is_refused(services: Services, api: Program) -> None:
    api("POST", "/updates", TALKS, Idempotency_Key="a-1")
    for body, path in ((TALKS | {"headline": "Talks end"}, "/updates"), (TALKS, "/updates?dry_run=true")):
        assert api("POST", path, body, Idempotency_Key="a-1").status == 422
    assert services.updates.latest("ua-talks") == 1


def test_two_programs_may_choose_the_same_key(services: Services, door: Door) -> None:
    one, two = program(services, door, name="one"), program(services, door, name="two")
    assert one("POST", "/subscribers", ANA, Idempotency_Key="1").status == 201
    other = ANA | {"address": "olga@example.org"}
    assert two("POST", "/subscribers", other, Idempotency_Key="1").status == 201


def test_a_key_that_is_no_key_is_refused(api: Program) -> None:
    for key in ("", "k" * 256):
        assert api("POST", "/updates", TALKS, Idempotency_Key=key).status == 400


def test_what_was_wrong_is_answered_as_before_too(services: Services, api: Program) -> None:
    """A program that repeats a request must not be surprised by a tag that came on the list meanwhile."""
    harvest = TALKS | {"tags": ["harvest"]}
    assert api("POST", "/updates", harvest, Idempotency_Key="a-1").status == 422
    services.tags.add(["harvest"])
    assert api("POST", "/updates", harvest, Idempotency_Key="a-1").status == 422
    assert api("POST", "/updates", harvest, Idempotency_Key="a-2").status == 201


def test_while_the_first_is_worked_on_the_second_waits_its_turn(services: Services, api: Program) -> None:
    """No answer could be given yet, and to begin a second time would do it twice."""
    held = api("POST", "/updates", TALKS, Idempotency_Key="a-1")
    assert held.status == 201
    [key] = list(services.server.client.scan_iter("alerts:answer:*"))
    services.server.client.hdel(key, "answer")  # as it is until the first is done
    again = api("POST", "/updates", TALKS, Idempotency_Key="a-1")
    assert (again.status, "worked on" in again.json["detail"]) == (409, True)


def test_an_answer_is_kept_for_a_day_and_a_claim_no_longer_than_an_answer_takes(
    services: Services, api: Program
) -> None:
    api("POST", "/updates", TALKS, Idempotency_Key="a-1")
    [key] = list(services.server.client.scan_iter("alerts:answer:*"))
    assert 86_000_000 < services.server.client.pttl(key) <= 86_400_000
    services.answers.begin("b", "asked", "token", replays.WITHIN_MS)
    assert services.server.client.pttl("alerts:answer:b") <= replays.WITHIN_MS


def test_who_took_too_long_keeps_no_answer_over_the_one_of_who_came_after(services: Services) -> None:
    assert services.answers.begin("a", "asked", "slow", 1_000) is None
    services.server.client.delete("alerts:answer:a")  # its time is over
    assert services.answers.begin("a", "asked", "quick", 1_000) is None
    services.answers.keep("a", "slow", b"late")
    services.answers.forget("a", "slow")
    services.answers.keep("a", "quick", b"answer")
    earlier = services.answers.begin("a", "asked", "third", 1_000)
    assert earlier is not None
    assert earlier.answer == b"answer"


def test_a_subscriber_that_is_asked_for_twice_is_there_once(services: Services, api: Program) -> None:
    """Also without an Idempotency-Key: whoever is just so already is no conflict."""
    assert api("POST", "/subscribers", ANA).status == 201
    assert api("POST", "/subscribers", ANA).status == 200
    assert api("POST", "/subscribers", ANA | {"name": "Ana"}).status == 409


def test_whoever_dies_between_two_commands_a_repeated_publish_is_one_revision_told_once(
    settings: Settings, services: Services, door: Door
) -> None:
    """The web process is killed after each of its commands in turn; the program repeats its request."""
    key = program(services, door, Permission.PUBLISH).key
    subscribe(services, "olga@example.org", "UA")
    status, n = 0, 0
    while not status:
        mortal = connect(settings)
        Mortal(mortal).left = n
        content = TALKS | {"id": f"talks-{n}", "headline": f"Talks, day {n}"}
        try:
            status = asked(mortal, key, content)
        except Died:
            let_its_time_pass(services)
        finally:
            mortal.server.client.connection_pool.disconnect()
        assert asked(services, key, content) in (200, 201)
        assert services.updates.latest(f"talks-{n}") == 1
        n += 1
    assert n > 5
    heard = Heard()
    services.own_senders = dict.fromkeys(services.senders, heard)
    walk(services)
    assert (len(heard.heard), set(heard.heard.values())) == (n, {1})


def let_its_time_pass(services: Services) -> None:
    """Whoever was at work is dead, and the time in which they could have answered is over."""
    for claim in services.server.client.scan_iter("alerts:answer:*"):
        if not services.server.client.hexists(claim, "answer"):
            services.server.client.delete(claim)


def asked(services: Services, key: str, content: dict[str, Any]) -> int:
    """Publish through the application itself, in this process, so that it can die in the middle of it."""
    app = door_for_programs.application()
    door_for_programs.serve(app, services)
    status = 0
    headers = {
        "authorization": f"Bearer {key}",
        "content-type": "application/json",
        "idempotency-key": str(content["id"]),
    }
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/updates",
        "raw_path": b"",
        "query_string": b"",
        "root_path": "",
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": json.dumps(content).encode(), "more_body": False}

    async def send(message: Any) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]

    asyncio.run(app(scope, receive, send))  # type: ignore[arg-type]
    return status
