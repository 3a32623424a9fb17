"""The reference of the API: one page, from the description alone, without a script and without a key."""

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from itertools import pairwise

import pytest
from doors import Answer, Door

from alerts.doors.web import api


@pytest.fixture(scope="module")
def page(door: Door) -> Answer:
    return door.ask("/api")


def test_the_address_alone_leads_to_it(door: Door, page: Answer) -> None:
    assert '<a href="/api">' in door.ask("/").text
    assert page.status == 200


def test_every_operation_and_every_problem_is_on_it(page: Answer) -> None:
    shown = unescape(page.text)
    for path, operations in api.described()["paths"].items():
        for method, operation in operations.items():
            assert f'<h2 id="{operation["operationId"]}"><code>{method.upper()} /api/v1{path}<' in shown
    for problem in api.described()["components"]["responses"].values():
        assert problem["description"] in shown


def test_whoever_goes_from_heading_to_heading_misses_no_level(page: Answer) -> None:
    """The list of operations had headings of the third level, and there was none of the second."""
    levels = [1, *map(int, re.findall(r"<h([1-6])[ >]", page.text))]
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_every_link_on_it_leads_somewhere(door: Door, page: Answer) -> None:
    places = set(re.findall(r'id="([^"]+)"', page.text))
    links = set(re.findall(r'href="([^"]+)"', page.text))
    assert {link for link in links if link.startswith("#")} <= {f"#{place}" for place in places}
    for link in links:
        if not link.startswith("#"):
            assert door.ask(link).status == 200


def test_nothing_runs_and_nothing_is_fetched(page: Answer) -> None:
    style = page.text.partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert policy.endswith(f"; style-src 'sha256-{digest}'")
    assert not re.search(r"<script|<link|<img|style=|\son\w+=", page.text)
