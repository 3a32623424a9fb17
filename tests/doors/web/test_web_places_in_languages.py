"""A reader of Ukrainian chooses places by their names there: typed, on the map, on the form to join."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from house import OPERATOR, walk
from inside import Inside

from alerts.channels import read_outbox
from alerts.channels.email.shown import plain_text
from alerts.model import Filter, Subscription
from alerts.operations.people.coming_in import begin
from alerts.operations.subscribing import subscribers
from alerts.operations.subscribing.subscriber_details import find
from alerts.services import Services, connect
from alerts.settings import Settings

OLENA, DANYLO = "olena@example.org", "danylo@example.org"


@pytest.fixture
def services(bundled: Settings) -> Iterator[Services]:
    chosen = {"redis_url": None, "join": "open", "public_url": "https://alerts.example.org"}
    ready = connect(bundled.model_copy(update=chosen))
    ready.server.client.flushall()
    yield ready
    ready.close()


def olena(services: Services) -> dict[str, str]:
    """The cookie of somebody who reads Ukrainian, and has a part of their country."""
    subscribers.add(services, OPERATOR, OLENA, [Subscription(Filter(("UA-46",)), name="Ours")])
    before = find(services, OLENA)
    services.subscribers.save(replace(before, language="uk"), before)
    return {"Cookie": f"__Host-alerts={begin(services, find(services, OLENA))}"}


def places(page: str) -> dict[str, str]:
    """What can be ticked: the code of each place, and what it is called."""
    return dict(
        re.findall(r'name="region" value="([^"]+)"(?: checked)?> <span><bdi>([^<]+)<', html.unescape(page))
    )


def test_places_are_typed_and_named_in_the_language_of_the_reader(services: Services) -> None:
    """Parts of countries had English names on a Ukrainian page, and were found by no other."""
    inside, cookie = Inside(services), olena(services)
    own = inside.ask("/me", headers=cookie).text
    assert "Львівська область, Україна (UA-46)" in own
    assert "Lviv" not in own
    typed = urlencode({"q": "Київ; Донецьк; Франція; Щщщщщщ", "rhythm": "immediate"})
    page = inside.ask(f"/me/subscriptions/new?{typed}", headers=cookie).text
    assert places(page) == {
        "UA-14": "Донецька область, Україна (UA-14)",  # offered: the town may be all that is meant
        "UA-30": "Київ, Україна (UA-30)",
        "FR": "Франція",
    }
    assert "Щщщщщщ" in page


def test_the_map_and_the_list_have_the_names_of_the_reader_in_their_alphabet(services: Services) -> None:
    inside, cookie = Inside(services), olena(services)
    page = inside.ask("/me/subscriptions/new/map?rhythm=daily&within=UA", headers=cookie).text
    listed = re.findall(r'<li id="in-UA-\d+">.*?<bdi>([^<]+)</bdi>', page)
    assert len(listed) == 27
    assert listed[0] == "Автономна Республіка Крим, Україна (UA-43)"
    assert listed.index("Івано-Франківська область, Україна (UA-26)") < listed.index("Київ, Україна (UA-30)")
    assert 'aria-label="Мапа: Україна"' in page or 'aria-label="Карта: Україна"' in page


def test_who_joins_types_places_in_their_language_and_is_mailed_them_so(services: Services) -> None:
    inside = Inside(services)
    asking = {"Accept-Language": "uk", "Origin": "https://alerts.example.org"}
    form = {
        "address": DANYLO,
        "q": "Київ; Allemagne; Донецкая",
        "rhythm": "immediate",
        "zone": "Europe/Kyiv",
    }
    refused = inside.ask("/join", urlencode(form).encode(), asking)
    assert refused.status == 422
    assert "Донецька область, Україна (UA-14)" in html.unescape(refused.text)
    form["q"] = "Київ; Allemagne; Донецька область, Україна (UA-14)"
    assert inside.ask("/join", urlencode(form).encode(), asking).status == 200
    walk(services)
    [mail] = [one for one in read_outbox(services.settings.outbox) if one.address == DANYLO]
    assert "Донецька область, Україна (UA-14)" in plain_text(mail.raw)


def test_what_is_typed_in_any_language_is_saved_by_the_button_alone(services: Services) -> None:
    """`Київ` was found by every button of the page but the one that saves, and by the page to join."""
    inside, cookie = Inside(services), olena(services)
    page = inside.ask("/me/subscriptions/new", headers=cookie).text
    [token, *_] = re.findall(r'name="token" value="(\w+)"', page)
    sent = urlencode({"token": token, "q": "Київ; Allemagne", "rhythm": "immediate", "zone": "UTC"})
    assert inside.ask("/me/subscriptions/new", sent.encode(), cookie).status == 303
    assert find(services, OLENA).subscriptions[-1].filter.regions == ("DE", "UA-30")
