"""What happens is followed from outside: in order, at least once, and nobody is waited for."""

import asyncio
import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from house import draft, subscribe, tell
from programs import ROOT, Program, program

from alerts.doors.web.api.watching import BEHIND_MOST, Listener, Watcher
from alerts.operations import Permission, missed, revoke_key
from alerts.services import Services
from alerts.store import Event
from alerts.store.events import KEPT


@dataclass
class Stream:
    """A stream as a program reads it."""

    answer: http.client.HTTPResponse

    def events(self, n: int) -> list[tuple[str, str, Any]]:
        """The next N events: id, kind and data."""
        found: list[tuple[str, str, Any]] = []
        fields: dict[str, str] = {}
        while len(found) < n:
            line = self.answer.readline().decode().rstrip("\n")
            if line.startswith(":"):
                continue
            if not line:
                if "event" in fields:
                    found.append((fields.get("id", ""), fields["event"], json.loads(fields["data"])))
                fields = {}
                continue
            name, _, value = line.partition(": ")
            fields[name] = value
        return found


@contextmanager
def following(api: Program, last: str = "") -> Iterator[Stream]:
    """Follow, from when the door has said that it listens."""
    where = urlsplit(api.door.url)
    assert where.hostname
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=60)
    headers = {"Authorization": f"Bearer {api.key}"} | ({"Last-Event-ID": last} if last else {})
    connection.request("GET", "/api/v1/events", headers=headers)
    answer = connection.getresponse()
    assert (answer.status, answer.headers["content-type"].partition(";")[0]) == (200, "text/event-stream")
    try:
        assert answer.readline() == b": listening\n"
        yield Stream(answer)
    finally:
        connection.close()


def test_an_update_is_followed_from_its_acceptance_to_its_end(services: Services, api: Program) -> None:
    subscribe(services, "olga@example.org", "UA")
    with following(api) as stream:
        tell(services, draft())
        accepted, over = stream.events(2)
    assert accepted[1:] == (
        "update.accepted",
        {
            "update": "ua-talks",
            "revision": 1,
            "kind": "new",
            "headline": draft().headline,
            "severity": "moderate",
        },
    )
    assert over[1] == "deliveries"
    assert {k: over[2][k] for k in ("updates", "deliveries", "done")} == {
        "updates": ["ua-talks"],
        "deliveries": {"sent": 1},
        "done": True,
    }


def test_whoever_comes_back_is_told_what_they_missed(services: Services, api: Program) -> None:
    services.notices.notify("first")
    with following(api) as stream:
        services.notices.notify("second")
        [seen] = stream.events(1)
    assert seen[2]["what"] == "second"
    services.notices.notify("third")
    services.notices.notify("fourth")
    with following(api, last=seen[0]) as stream:
        services.notices.notify("fifth")
        assert [data["what"] for _, _, data in stream.events(3)] == ["third", "fourth", "fifth"]


def test_whoever_stayed_away_too_long_is_told_that_some_is_missing(services: Services, api: Program) -> None:
    services.events.add("notice", what="long ago")
    first = services.events.latest_id()
    with services.server.client.pipeline(transaction=False) as pipe:
        for n in range(KEPT + 500):
            pipe.xadd("alerts:events", {"kind": "notice", "data": json.dumps({"what": n})}, maxlen=KEPT)
        pipe.execute()
    found = missed(services, ROOT, first)
    assert (found.complete, len(found.events) >= KEPT) == (False, True)
    with following(api, last=first) as stream:
        assert stream.events(1)[0][1] == "missed"
    assert missed(services, ROOT, found.last_id).complete


def test_a_listener_that_does_not_keep_up_is_dropped_and_never_waited_for() -> None:
    slow = Listener()
    for n in range(BEHIND_MOST):
        slow.notify(Event(f"{n}-0", "notice", {}))
    assert not slow.dropped
    slow.notify(Event("x", "notice", {}))
    assert slow.dropped


def test_what_happens_before_the_watch_begins_is_heard(services: Services) -> None:
    """Between the look at what was missed and the first wait of a new watch, nothing is passed over."""
    seen = missed(services, ROOT).last_id
    services.notices.notify("in between")

    async def heard() -> Event | None:
        with Watcher(services).listener(seen) as listener:
            return await listener.next(60)

    event = asyncio.run(heard())
    assert event
    assert (event.data["what"], event.follows(seen)) == ("in between", True)


def test_nobody_follows_without_the_right_to_read(services: Services, api: Program) -> None:
    for key in ("", program(services, api.door, Permission.MANAGE).key):
        assert Program(api.door, key)("GET", "/events").status in (401, 403)
    assert api("GET", "/events", Last_Event_ID="yesterday").status == 422


def test_an_event_holds_no_address(services: Services, api: Program) -> None:
    subscribe(services, "olga@example.org", "UA")
    tell(services, draft())
    kept = services.server.client.xrange("alerts:events")
    assert kept
    assert b"olga" not in b"".join(part for _, row in kept for part in row.values())


@pytest.mark.parametrize("clients", [20])
def test_everybody_who_listens_hears_the_same(services: Services, api: Program, clients: int) -> None:
    streams = [following(api) for _ in range(clients)]
    opened = [stream.__enter__() for stream in streams]
    try:
        services.notices.notify("for all")
        heard = [stream.events(1)[0] for stream in opened]
    finally:
        for stream in streams:
            stream.__exit__(None, None, None)
    assert len({event[0] for event in heard}) == 1


def test_a_stream_ends_with_its_key(services: Services, api: Program) -> None:
    """It is looked at whenever a stream was silent for a while: a key that is taken away hears no more."""
    with following(api) as stream:
        revoke_key(services, ROOT, "everything")
        assert stream.answer.read() == b"\n"


def test_however_many_listen_with_a_key_it_is_asked_about_once_a_second(services: Services) -> None:
    """A thousand listeners made a hundred requests a second, and nothing happened."""
    asked = list[str]()

    async def many() -> list[bool]:
        watcher = Watcher(services)
        keys = ["one"] * 50 + ["another"] * 50
        return await asyncio.gather(
            *(watcher.still_admitted((key, ""), lambda key=key: not asked.append(key)) for key in keys)
        )

    assert asyncio.run(many()) == [True] * 100
    assert set(asked) == {"another", "one"}
    assert len(asked) < 10  # two, unless the machine stands still for a second
