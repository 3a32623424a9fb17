"""What is over before anybody could be told is refused at every door, and a day lasts until it is over."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from house import draft, subscribe, tell, told

from alerts import ingest, operations
from alerts.errors import BadInput
from alerts.model import State
from alerts.operations import Choices
from alerts.operations.publishing.preparing import prepare
from alerts.operations.publishing.publishing import hold
from alerts.services import Services, connect
from alerts.settings import Settings


def prepared(services: Services, **fields: object):  # type: ignore[no-untyped-def]
    written = {"id": "flood", "headline": "Flood", "regions": ["UA"]} | fields
    [reading] = ingest.read_all(json.dumps(written).encode(), "u.json")
    return prepare(services, reading, Choices(new_tags=True))


@pytest.mark.parametrize("ends", ["2020-01-01", "1 January 2020", "2020-01-01T17:00:00Z", "2020-01-01 17:00"])
def test_what_is_over_is_refused(services: Services, ends: str) -> None:
    """It was published with exit 0, preview said “14 would get it now”, and everybody ended as `expired`."""
    subscribe(services, "anna@example.org", "UA")
    with pytest.raises(BadInput, match="nobody would be told"):
        prepared(services, expires_at=ends)


def test_until_today_is_until_the_day_is_over(services: Services) -> None:
    """“Until today”, published at 19:40, reached nobody: it had ended with the first moment of the day."""
    subscribe(services, "anna@example.org", "UA")
    today = datetime.fromtimestamp(services.server.now_ms() / 1000, UTC).date()
    found = prepared(services, expires_at=today.isoformat())
    assert found.expires_at == datetime(today.year, today.month, today.day, 23, 59, 59, tzinfo=UTC)
    tell(services, found)
    assert told(services, "flood") == {"anna@example.org": [State.SENT]}


def test_what_would_be_over_when_it_is_published_is_refused(services: Services) -> None:
    soon = datetime.fromtimestamp(services.server.now_ms() / 1000, UTC) + timedelta(hours=1)
    found = prepared(services, expires_at=soon.isoformat())
    with pytest.raises(BadInput, match="nobody would be told"):
        hold(services, found, services.server.now_ms() + 2 * 3_600_000)


def test_the_same_files_may_be_published_again_when_they_are_over(services: Services) -> None:
    old = draft("flood", headline="Flood", expires_at=datetime(2020, 1, 1, 23, 59, 59, tzinfo=UTC))
    tell(services, old)
    again = {name: value for name, value in old.to_dict().items() if value}
    assert prepared(services, **again) == old


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2040-11-25", "2040-11-25T21:59:59Z"),
        ("2040-11-25 18:00", "2040-11-25T16:00:00Z"),
        ("2040-11-25T18:00:00Z", "2040-11-25T18:00:00Z"),
    ],
)
def test_times_without_a_zone_are_the_desks(settings: Settings, written: str, read: str) -> None:
    """`2026-11-25 18:00` was silently UTC in a file, and refused by `--at`."""
    services = connect(settings.model_copy(update={"timezone": "Europe/Kyiv"}))
    assert prepared(services, expires_at=written).to_dict()["expires_at"] == read
    if " " in written or "T" in written:
        at_ms = operations.future(written, services.server.now_ms(), services.settings.zone)
        assert operations.utc_text(at_ms) == read
        assert prepared(services, published_at=written).to_dict()["published_at"] == read
    else:
        assert prepared(services, published_at=written).to_dict()["published_at"] == written
    services.close()


@pytest.mark.parametrize("written", ["2026-03-29T03:30", "2026-10-25T03:30"])
def test_a_time_the_clocks_skip_or_show_twice_is_refused(settings: Settings, written: str) -> None:
    services = connect(settings.model_copy(update={"timezone": "Europe/Kyiv"}))
    with pytest.raises(BadInput, match=r"published_at .* clocks of Europe/Kyiv (skip|show twice)"):
        prepared(services, published_at=written)
    services.close()
