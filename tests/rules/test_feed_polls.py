"""When a feed is polled next, and what stops it: as its server says, within bounds of ours."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.rules import feed_polls as rules
from alerts.rules.feed_polls import ItemCount

NOW_MS = 1_795_660_800_000


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 300),
        ({"cache-control": "max-age=60"}, 300),
        ({"cache-control": "public, max-age=900"}, 900),
        ({"cache-control": "max-age=900", "age": "500"}, 400),
        ({"cache-control": "max-age=31536000"}, 3600),
        ({"cache-control": "s-maxage=900"}, 300),
        ({"cache-control": "max-age=many"}, 300),
    ],
)
def test_a_document_that_is_fresh_is_not_asked_for_again(headers: Mapping[str, str], seconds: int) -> None:
    assert rules.after_success_ms(300, headers, 0) == seconds * 1000


@pytest.mark.parametrize(
    ("failures", "retry_after", "seconds"),
    [
        (1, "", 600),
        (2, "", 1200),
        (50, "", 6 * 3600),
        (1, "7200", 7200),
        (1, "60", 600),
        (1, "99999999", 24 * 3600),
        (1, "soon", 600),
        (1, format_datetime(datetime.fromtimestamp(NOW_MS // 1000 + 3600, UTC), usegmt=True), 3600),
        (1, "Thu, 01 Jan 1970 00:00:00 GMT", 600),
    ],
)
def test_a_server_that_fails_is_left_alone_longer_and_longer_and_as_it_asks(
    failures: int, retry_after: str, seconds: int
) -> None:
    headers = {"retry-after": retry_after} if retry_after else {}
    assert rules.after_failure_ms(300, failures, headers, NOW_MS, 0) == seconds * 1000


@given(
    st.integers(rules.EVERY_LEAST_S, rules.EVERY_MOST_S),
    st.integers(1, 10_000),
    st.dictionaries(st.sampled_from(["cache-control", "retry-after", "age"]), st.text(max_size=40)),
    st.floats(-1, 1),
)
def test_whatever_a_server_says_it_is_asked_again_and_not_at_once(
    every_s: int, failures: int, headers: Mapping[str, str], spread: float
) -> None:
    for wait_ms in (
        rules.after_success_ms(every_s, headers, spread),
        rules.after_failure_ms(every_s, failures, headers, NOW_MS, spread),
    ):
        assert every_s * 900 <= wait_ms + 1
        assert wait_ms <= 1.1 * 24 * 3600 * 1000 + 1


@pytest.mark.parametrize(
    ("before", "now", "was", "count", "why"),
    [
        ("RSS", "RSS", 10, ItemCount(10, 9, 0), ""),
        ("", "Atom", 0, ItemCount(10, 0, 0), ""),
        ("RSS", "Atom", 10, ItemCount(10, 10, 0), "it was RSS"),
        ("RSS", "RSS", 10, ItemCount(10, 0, 8), "new ids"),
        ("RSS", "RSS", 10, ItemCount(10, 0, 0), "another feed"),
        ("RSS", "RSS", 10, ItemCount(4, 0, 4), ""),
        ("RSS", "RSS", 2, ItemCount(10, 0, 0), ""),
        ("RSS", "RSS", 10, ItemCount(510, 10, 0), ""),
        ("RSS", "RSS", 10, ItemCount(511, 10, 0), "501 new items"),
    ],
)
def test_a_feed_is_what_it_was_or_it_is_not(
    before: str, now: str, was: int, count: ItemCount, why: str
) -> None:
    found = rules.objection(before, now, was, count)
    assert why in found
    assert bool(found) == bool(why)


def test_a_move_counts_as_long_as_it_leads_to_the_same_place() -> None:
    assert rules.confirmed("b", "", 0) == 1
    assert rules.confirmed("b", "b", 1) == 2
    assert rules.confirmed("c", "b", 2) == 1
    assert rules.confirmed("", "b", 2) == 0
