"""What is sent to the API: whole, bounded, and strictly what it says it is."""

import socket
from time import thread_time
from urllib.parse import urlsplit

import pytest
from programs import Program

from alerts.doors.web.api import documents
from alerts.doors.web.api.problems import BadRequest
from alerts.services import Services

TALKS = '{"headline": "Talks", "regions": ["UA"]}'


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{", "Line 1, column 2"),
        ('{"headline": "a", "headline": "b"}', "stands twice"),
        ('{"headline": "\\ud800"}', "surrogate"),
        ('{"\\udfff": 1}', "surrogate"),
        ('{"headline": NaN}', "NaN"),
        ('{"headline": -Infinity}', "Infinity"),
        ('{"headline": ' + "1" * 5000 + "}", "absurd length"),
        ("[" * 5000 + "]" * 5000, "nested too deeply"),
        ('{"a":' * 5000 + "1" + "}" * 5000, "nested too deeply"),
        (b'{"headline": "\xff"}', "UTF-8"),
        ("\ufeff{}", "Line 1"),
        (TALKS + TALKS, "Extra data"),
    ],
)
def test_what_programs_read_differently_is_refused(
    services: Services, api: Program, body: str | bytes, said: str
) -> None:
    for path in ("/updates", "/subscribers", "/tags"):
        refused = api("POST", path, body)
        assert (refused.status, said in refused.json["detail"]) == (400, True), refused


def test_the_name_that_stands_twice_is_found_in_the_longest_body() -> None:
    """Comparing each of its 80,000 names with all others would take minutes: a body must not cost that."""
    names = [f"n{n}" for n in range(80_000)]
    body = ("{" + ",".join(f'"{name}":0' for name in [*names, names[-1]]) + "}").encode()
    assert len(body) < documents.BODY_MAX
    began_s = thread_time()  # of the processor, whatever else runs beside
    with pytest.raises(BadRequest, match="n79999"):
        documents.parse(body)
    assert thread_time() - began_s < 10


def test_a_body_that_is_too_long_is_refused_before_it_is_read(services: Services, api: Program) -> None:
    refused = api("POST", "/updates", " " * (documents.BODY_MAX + 1))
    assert refused.status == 413
    assert api("POST", "/updates", " " * 900_000 + TALKS).status == 201


def test_nobody_without_a_key_has_a_body_read(api: Program) -> None:
    """A megabyte from each of a thousand strangers would be a gigabyte."""
    where = urlsplit(api.door.url)
    assert where.hostname
    with socket.create_connection((where.hostname, where.port or 80), 30) as connection:
        head = "POST /api/v1/updates HTTP/1.1\r\nHost: here\r\nContent-Length: 1000000\r\n\r\n"
        connection.sendall(head.encode())  # and never the body
        assert connection.recv(4096).startswith(b"HTTP/1.1 401")


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json; charset=utf-8", TALKS, 201),
        ("text/markdown", "---\nregions: [UA]\n---\n# Talks\n\nThey go on.\n", 201),
        ("text/plain; charset=utf-8", "Talks go on\n\nUkraine and Russia talk.\n", 422),
        ("application/xml", "<alert/>", 415),
        ("", TALKS, 415),
        ("text/markdown", "%PDF-1.7 …", 422),
    ],
)
def test_an_update_is_read_as_what_it_says_it_is(
    services: Services, api: Program, kind: str, body: str, status: int
) -> None:
    assert api("POST", "/updates", body, Content_Type=kind).status == status


def test_json_that_does_not_say_so_is_no_json(services: Services, api: Program) -> None:
    assert api("POST", "/tags", '{"tag": "harvest"}', Content_Type="text/plain").status == 422


def test_one_update_at_a_time(services: Services, api: Program) -> None:
    assert api("POST", "/updates", f"[{TALKS}, {TALKS}]").status == 422


@pytest.mark.parametrize(
    "path",
    [
        "/updates/" + "a" * 5000,
        "/subscribers/%00",
        "/subscribers/a%0Ab@example.org",
        "/keys/%2e%2e%2f",
        "/updates/%ff",
    ],
)
def test_odd_paths_are_not_found_or_refused(services: Services, api: Program, path: str) -> None:
    assert api("GET", path).status in (404, 422)
