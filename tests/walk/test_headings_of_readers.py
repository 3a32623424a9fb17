"""An update of several countries stands under the one its reader asked for, and is sent to everybody once."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from clocked import at, clocked, move_to
from house import draft, subscribe, walk
from inbox import got

from alerts.model import Cadence, Filter, Severity, State, Subscription
from alerts.services import Services
from alerts.settings import Settings
from alerts.walk import steps

DAILY = Cadence.parse("daily 08:00")


@pytest.fixture
def services(settings: Settings) -> Iterator[Services]:
    ready = clocked(settings, "2026-03-26T12:00Z")
    yield ready
    ready.close()


def publish(services: Services, update: str, *regions: str, severity: Severity = Severity.MODERATE) -> None:
    steps.publish(services, draft(update, headline=f"The {update}", regions=regions, severity=severity))
    walk(services)


def headings(text: str) -> list[str]:
    return re.findall(r"^(?:== (.+) ==|(The \w+))$", text.replace("\r", ""), re.M)  # type: ignore[return-value]


def test_each_reads_of_an_earthquake_under_the_country_they_asked_for(services: Services) -> None:
    """It stood under Syria for everybody: for who asked for Türkiye, and for their colleague in Hatay."""
    readers = {"tr": ("TR", "KE"), "hatay": ("TR-31", "KE"), "sy": ("SY", "KE"), "all": ("001",)}
    for name, regions in readers.items():
        subscribe(services, f"{name}@example.org", *regions, cadence=DAILY)
    publish(services, "march", "KE", severity=Severity.MINOR)
    publish(services, "quake", "SY", "TR-31")
    at(services, "2026-03-27T08:00Z")
    seen = {name: [a or b for a, b in headings(got(services, f"{name}@example.org")[0])] for name in readers}
    assert seen["tr"] == seen["hatay"] == ["Türkiye", "The quake", "Kenya", "The march"]
    assert seen["sy"] == seen["all"] == ["Syria", "The quake", "Kenya", "The march"]
    names = services.updates.digests("quake")
    assert len(names) == 2, "who reads the same shares one digest"
    assert sum(p.counts.get(State.SENT, 0) for p in services.digests.progress(names).values()) == 4


def test_the_severe_ones_of_several_countries_say_first_where_their_reader_is(services: Services) -> None:
    subscribe(services, "tr@example.org", "TR", "KE", cadence=DAILY)
    publish(services, "march", "KE", severity=Severity.MINOR)
    publish(services, "quake", "SY", "TR-31", severity=Severity.SEVERE)
    at(services, "2026-03-27T08:00Z")
    text = got(services, "tr@example.org")[0]
    assert [a or b for a, b in headings(text)] == ["Severe and extreme", "The quake", "Kenya", "The march"]
    assert "Severe · Hatay, Syria · " in text


def test_whoever_begins_anew_is_caught_up_under_what_they_ask_for_now(services: Services) -> None:
    person = subscribe(services, "tr@example.org", "TR", cadence=Cadence.parse("weekly mon 08:00"))
    publish(services, "quake", "SY", "TR-31")
    publish(services, "strike", "TR")
    move_to(services, "2026-03-26T13:00Z")
    at_once = replace(person, subscriptions=(Subscription(Filter(("TR",))),))
    services.subscribers.save(at_once, person, catch_up=True)
    walk(services)
    [text] = got(services, "tr@example.org")
    assert [a for a, _ in headings(text) if a] == ["Türkiye"]
