"""Everybody reads times in their own zone, though one message is made for all."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from email import message_from_bytes, policy

import pytest
from clocked import at, clocked
from house import draft, subscribe, walk
from inbox import got

from alerts.channels import read_outbox
from alerts.model import Cadence, Change, QuietHours
from alerts.services import Services
from alerts.settings import Settings
from alerts.walk import steps

PUBLISHED = datetime(2026, 3, 26, 17, tzinfo=UTC)
EXPIRES = datetime(2026, 3, 30, 22, 30, tzinfo=UTC)


@pytest.fixture
def services(settings: Settings) -> Iterator[Services]:
    ready = clocked(settings, "2026-03-26T18:00Z")
    yield ready
    ready.close()


def publish(services: Services, update: str = "talks", **changes: object) -> None:
    steps.publish(services, draft(update, **({"published_at": PUBLISHED, "expires_at": EXPIRES} | changes)))
    walk(services)


@pytest.mark.parametrize(
    ("zone", "published", "expires"),
    [
        ("Europe/Kyiv", "26 March 2026, 19:00 Europe/Kyiv", "31 March 2026, 01:30 Europe/Kyiv"),
        ("America/Lima", "26 March 2026, 12:00 America/Lima", "30 March 2026, 17:30 America/Lima"),
        ("UTC", "26 March 2026, 17:00 UTC", "30 March 2026, 22:30 UTC"),
    ],
)
@pytest.mark.parametrize("quiet", [None, QuietHours.parse("02:00-03:00")])
def test_what_is_told_at_once_has_the_times_of_who_reads_it(
    services: Services, zone: str, published: str, expires: str, quiet: QuietHours | None
) -> None:
    """All of them read UTC: one message is made for everybody, and an immediate wish has no clock."""
    subscribe(services, "me@example.org", "UA", zone=zone, quiet=quiet)
    subscribe(services, "far@example.org", "UA", zone="Pacific/Kiritimati")
    publish(services)
    assert len(services.updates.digests("talks")) == 1
    text = " ".join(got(services, "me@example.org")[0].split())
    assert f"· {published} ·" in text
    assert f"· expires {expires} ·" in text
    assert "27 March 2026, 07:00 Pacific/Kiritimati" in " ".join(got(services, "far@example.org")[0].split())
    [raw] = [i.raw for i in read_outbox(services.settings.outbox) if i.address == "me@example.org"]
    page = message_from_bytes(raw, policy=policy.default).get_body(("html",))
    assert page is not None
    assert f" · {published} · expires {expires} · " in page.get_content().replace("\n", "")


def test_a_day_stays_a_day_and_what_never_ends_says_nothing(services: Services) -> None:
    subscribe(services, "me@example.org", "UA", zone="Pacific/Kiritimati")
    publish(services, published_at=date(2026, 3, 26), expires_at=None)
    text = got(services, "me@example.org")[0]
    assert "26 March 2026" in text
    assert "Kiritimati" not in text
    assert "expires" not in text


def test_a_correction_has_them_too(services: Services) -> None:
    subscribe(services, "me@example.org", "UA", zone="Europe/Kyiv")
    publish(services)
    publish(services, kind="correction", note="Wrong.", published_at=datetime(2026, 3, 26, 18, tzinfo=UTC))
    assert "20:00 Europe/Kyiv" in got(services, "me@example.org")[-1]


def test_a_digest_has_the_zone_of_its_clock(services: Services) -> None:
    subscribe(services, "me@example.org", "UA", zone="Europe/Kyiv", cadence=Cadence.parse("daily 08:00"))
    publish(services, "a")
    at(services, "2026-03-27T06:00Z")
    text = " ".join(got(services, "me@example.org")[0].split())
    assert "26 March 2026, 19:00 Europe/Kyiv" in text
    assert "Your next digest: Sat 28 Mar 08:00 Europe/Kyiv (06:00 UTC)." in text
    [name] = services.updates.digests("a")
    assert services.digests.get(name).entries[0].change is Change.NEW
