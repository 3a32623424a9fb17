"""Subscribers as tables through the API: line by line in and out, whole again wherever it was cut off."""

import json
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from house import draft, subscribe, tell
from programs import Answered, Program

from alerts.doors.web.api import documents
from alerts.model import Channel
from alerts.operations import Permission
from alerts.services import Services

CSV, LINES = {"Content_Type": "text/csv"}, {"Content_Type": "application/x-ndjson"}
HEADER = "address,name,regions\n"
TWO = HEADER + "olga@example.org,Olga,UA\nana@example.org,Ana,Poland\n"


def report(answered: Answered) -> list[dict[str, Any]]:
    assert answered.status == 200, answered.body
    return [json.loads(line) for line in answered.body.splitlines()]


def imported(api: Program, table: str | bytes, query: str = "", **kind: str) -> list[dict[str, Any]]:
    return report(api("POST", f"/subscribers/import{query}", table, **(kind or CSV)))


def test_good_lines_count_and_bad_ones_are_told_as_they_come(services: Services, api: Program) -> None:
    *said, last = imported(api, TWO + "nobody,,UA\nivo@example.org,,Atlantis\n")
    assert [one["problem"]["line"] for one in said] == [4, 5]
    assert all(one["problem"]["reason"].endswith(".") for one in said)
    done = last["done"]
    assert (done["lines"], done["bad"], done["added"], done["dry_run"]) == (4, 2, 2, False)
    assert done["places"] == {"Poland": "Poland (PL)"}
    assert services.subscribers.count()[Channel("email")] == 2


def test_a_table_that_is_sent_twice_changes_nothing_the_second_time(services: Services, api: Program) -> None:
    """A program whose connection broke does not know how far it came: it sends the table again."""
    imported(api, TWO, Idempotency_Key="monday", **CSV)
    entries = len(list(services.audit.entries()))
    [last] = imported(api, TWO, Idempotency_Key="monday", **CSV)
    assert (last["done"]["added"], last["done"]["unchanged"]) == (0, 2)
    assert len(list(services.audit.entries())) == entries


def test_what_is_exported_is_imported_unchanged(services: Services, api: Program) -> None:
    imported(api, TWO)
    for form, kind in (("csv", CSV), ("jsonl", LINES)):
        table = api("GET", f"/subscribers/export?form={form}")
        assert table.headers["content-type"].partition(";")[0] == kind["Content_Type"]
        [last] = imported(api, table.body, **kind)
        assert (last["done"]["unchanged"], last["done"]["lines"]) == (2, 2)


def test_a_table_may_be_longer_than_any_other_body(services: Services, api: Program) -> None:
    row = "olga@example.org,Olga," + "UA;" * 100 + "\n"
    table = HEADER + row * (documents.BODY_MAX // len(row) + 10)
    assert len(table) > documents.BODY_MAX
    [last] = imported(api, table)
    assert (last["done"]["added"], last["done"]["bad"]) == (1, 0)


def test_a_table_that_breaks_off_writes_nothing(services: Services, api: Program) -> None:
    where = urlsplit(api.door.url)
    assert where.hostname
    head = f"POST /api/v1/subscribers/import HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer {api.key}\r\n"
    with socket.create_connection((where.hostname, where.port or 80), 30) as connection:
        connection.sendall(f"{head}Content-Type: text/csv\r\nContent-Length: 100000\r\n\r\n{TWO}".encode())
    [last] = imported(api, HEADER + "ivo@example.org,,UA\n")
    assert last["done"]["added"] == 1
    assert services.subscribers.count()[Channel("email")] == 1


def test_what_is_no_table_is_refused_before_anything_is_written(services: Services, api: Program) -> None:
    for table, kind, status in (
        ("", CSV, 422),
        ("%PDF-1.7", CSV, 422),
        ("name,mail_address\n", CSV, 422),
        (TWO, {"Content_Type": "application/json"}, 415),
    ):
        assert api("POST", "/subscribers/import", table, **kind).status == status, table
    assert api("POST", "/subscribers/import?adopt=true", TWO, **CSV).status == 422
    assert api("POST", "/subscribers/import?map=work_email", TWO, **CSV).status == 422


def test_who_may_not_is_refused_before_the_table_is_read(with_scopes: Callable[..., Program]) -> None:
    """A gigabyte from whoever may only read would fill the disk."""
    reader = with_scopes(Permission.READ)
    where = urlsplit(reader.door.url)
    assert where.hostname
    with socket.create_connection((where.hostname, where.port or 80), 30) as connection:
        head = f"POST /api/v1/subscribers/import HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer {reader.key}"
        connection.sendall(f"{head}\r\nContent-Type: text/csv\r\nContent-Length: 1000000\r\n\r\n".encode())
        assert connection.recv(4096).startswith(b"HTTP/1.1 403")


def test_a_whole_list_is_planned_written_and_undone(services: Services, api: Program) -> None:
    imported(api, TWO + "ivo@example.org,Ivo,UA\n")
    without_ivo = TWO.replace("Olga,UA", "Olga,PL")
    plan, would = imported(api, without_ivo, "?sync=true&dry_run=true")
    assert plan["plan"]["named"] == {"changed": ["olga@example.org"], "left": ["ivo@example.org"]}
    assert (would["done"]["left"], would["done"]["changed"], would["done"]["dry_run"]) == (1, 1, True)
    assert services.subscribers.count()[Channel("email")] == 3
    _, done = imported(api, without_ivo, "?sync=true")
    assert (done["done"]["left"], services.subscribers.count()[Channel("email")]) == (1, 2)
    undone = api("POST", "/subscribers/undo-sync")
    assert (undone.json["revived"], undone.json["restored"]) == (1, 1)
    assert api("POST", "/subscribers/undo-sync").status == 404


def test_a_whole_list_that_would_empty_the_list_needs_to_be_meant(services: Services, api: Program) -> None:
    imported(api, TWO + "ivo@example.org,Ivo,UA\n")
    one = HEADER + "olga@example.org,Olga,UA\n"
    *_, refused = imported(api, one, "?sync=true")
    assert "more than half" in refused["failed"]["detail"]
    assert services.subscribers.count()[Channel("email")] == 3
    *_, done = imported(api, one, "?sync=true&allow_leavers=true")
    assert done["done"]["left"] == 2


def test_everybody_or_each_of_a_list_is_explained(services: Services, api: Program) -> None:
    subscribe(services, "olga@example.org", "UA")
    subscribe(services, "ana@example.org", "PL")
    tell(services, draft())
    everybody = report(api("GET", "/updates/ua-talks/explanations"))
    assert [(one["address"], one["verdict"]) for one in everybody] == [
        ("olga@example.org", "now"),
        ("ana@example.org", "no"),
    ]
    some = "ana@example.org\nnobody@example.org\n"
    listed = report(api("POST", "/updates/ua-talks/explanations", some, Content_Type="text/plain"))
    assert [(one["address"], one["verdict"]) for one in listed] == [
        ("ana@example.org", "no"),
        ("nobody@example.org", "nobody"),
    ]


def test_somebody_has_a_history(services: Services, api: Program) -> None:
    subscribe(services, "olga@example.org", "UA")
    tell(services, draft())
    [one] = report(api("GET", "/subscribers/olga@example.org/history"))
    assert (one["update"], one["state"]) == ("ua-talks", "sent")
    assert api("GET", "/subscribers/nobody@example.org/history").status == 404


@pytest.mark.parametrize("view", ["text", "email", "slack"])
def test_a_message_is_shown_as_its_reader_would_get_it(services: Services, api: Program, view: str) -> None:
    subscribe(services, "olga@example.org", "UA")
    subscribe(services, "T1/C1", "UA")
    talks = {"headline": "Talks go on", "regions": ["UA"]}
    shown = api("POST", f"/updates/preview/message?view={view}", talks).json
    assert "Talks go on" in shown["text"]
    [first, second] = report(api("POST", "/updates/preview/recipients", talks))
    assert {first["address"], second["address"]} == {"olga@example.org", "T1/C1"}


def test_an_answer_line_by_line_may_be_asked_for_again(services: Services, api: Program) -> None:
    """With an Idempotency-Key it was answered 500: there is no body to keep."""
    subscribe(services, "olga@example.org", "UA")
    talks = {"headline": "Talks go on", "regions": ["UA"]}
    for _ in range(2):
        [one] = report(api("POST", "/updates/preview/recipients", talks, Idempotency_Key="again"))
        assert one["address"] == "olga@example.org"


def test_where_a_revision_is_said_to_be_there_it_is(services: Services, api: Program) -> None:
    """The answer to a publish said `Location: …/revisions/1`, and nothing was there."""
    made = api("POST", "/updates", {"id": "talks", "headline": "Talks go on", "regions": ["UA"]})
    there = made.headers["location"].removeprefix("/api/v1")
    shown = api("GET", there)
    assert (shown.status, shown.json["content"]["headline"]) == (200, "Talks go on")
    assert api("GET", "/updates/talks/revisions/2").status == 404
    [one] = api("GET", "/updates/talks/revisions").json["revisions"]
    assert one == {k: v for k, v in shown.json.items() if k != "content"}


def test_who_a_table_names_is_asked_and_asked_once(services: Services, api: Program) -> None:
    table = TWO + "nobody,,UA\n"
    *said, last = report(api("POST", "/subscribers/invite?dry_run=true", table, **CSV))
    assert ([one["problem"]["line"] for one in said], last["done"]["invited"]) == ([4], 2)
    assert api("GET", "/subscribers/invitations").json == {"invitations": []}
    report(api("POST", "/subscribers/invite", table, **CSV))
    *_, last = report(api("POST", "/subscribers/invite", table, **CSV))
    assert (last["done"]["invited"], last["done"]["open"]) == (0, 2)
    known = api("GET", "/subscribers/invitations").json["invitations"]
    assert sorted(one["address"] for one in known) == ["ana@example.org", "olga@example.org"]
    assert api("DELETE", "/subscribers/invitations/ana@example.org").status == 200
    assert api("DELETE", "/subscribers/invitations/ana@example.org").status == 404
    assert services.subscribers.count()[Channel("email")] == 0


def test_some_addresses_are_asked_without_a_table(services: Services, api: Program) -> None:
    asked = {"addresses": ["ana@example.org", "nobody"], "subscription": {"regions": ["UA"]}}
    made = api("POST", "/subscribers/invitations", asked).json
    assert (made["invited"], [one["line"] for one in made["problems"]]) == (1, [2])
