"""The form to join is that of the own page: each fault at its field, what is typed stays, nobody is named."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import pytest
from doors import Answer
from house import draft, subscribe, tell
from inside import Inside
from mailroom import Mailroom
from own_pages import ALL_SAID, ALL_WANTED, OwnPages

from alerts.locales import locale_for
from alerts.model import Channel
from alerts.operations.subscribing.subscriber_details import find
from alerts.rendering.subscription_page import hour_there
from alerts.services import Services, connect
from alerts.settings import Settings

ANNA, EMAIL = "anna@example.org", Channel("email")


@pytest.fixture
def services(bundled: Settings) -> Iterator[Services]:
    ready = connect(bundled.model_copy(update={"redis_url": None, "join": "open", "timezone": "Europe/Kyiv"}))
    ready.server.client.flushall()
    yield ready
    ready.close()


@pytest.fixture
def inside(services: Services) -> Inside:
    return Inside(services)


@pytest.fixture
def mailroom(services: Services, tmp_path: Path) -> Mailroom:
    return Mailroom(services, tmp_path)


def sent(inside: Inside, path: str = "/join", **typed: str | list[str]) -> Answer:
    return inside.ask(path, urlencode(typed, doseq=True).encode())


def fields_of(page: str) -> set[str]:
    return set(re.findall(r'<(?:input|select)[^>]* name="(\w+)"', page)) - {"token"}


def filled(page: str) -> dict[str, list[str]]:
    """What a browser would send of the form as it is shown."""
    page, found = html.unescape(page), dict[str, list[str]]()
    for field, value in re.findall(r'type="checkbox" name="(\w+)" value="([^"]*)" checked', page):
        found.setdefault(field, []).append(value)
    for field, value in re.findall(r'<input id="\w+" name="(\w+)"[^>]* value="([^"]*)"', page):
        found[field] = [value]
    for field, options in re.findall(r'<select id="\w+" name="(\w+)".*?>(.*?)</select>', page, re.S):
        found[field] = re.findall(r'value="([^"]*)" selected', options) or [""]
    return found


def test_whoever_joins_can_say_all_that_can_be_said_later(inside: Inside, services: Services) -> None:
    """The form to join had one line for places, and no subjects, no days, no quiet hours."""
    subscribe(services, ANNA, "UA")
    own = OwnPages(services, ANNA).open("/me/subscriptions/new?q=Ukrane")
    assert fields_of(inside.ask("/join?q=Ukrane").text) == fields_of(own) | {"address"}


def test_everything_that_is_said_is_what_they_get(
    inside: Inside, mailroom: Mailroom, services: Services
) -> None:
    said = sent(
        inside,
        address=ANNA,
        **ALL_SAID,
        name="Mine",
    )
    assert said.status == 200
    inside.ask(mailroom.link(ANNA, "join"), b"")
    person = find(services, ANNA)
    assert person.subscriptions == (replace(ALL_WANTED, name="Mine"),)
    assert person.zone == "Asia/Tokyo"


WRONG = {
    "address": ["nobody"],
    "q": ["Ukrane; Poland"],
    "tag": ["conflict"],
    "none_tag": ["conflict"],
    "rhythm": ["weekly"],
    "hour": ["25:00"],
    "quiet_from": ["22:00"],
    "zone": ["Europe/Kiyv"],
    "cap": ["0"],
    "severity": ["dreadful"],
    "name": ["A\x07"],
}


def test_each_fault_is_said_at_its_field_and_above_with_a_link_to_it(
    inside: Inside, mailroom: Mailroom
) -> None:
    """All of them stood on top in one paragraph, and the reader looked for the field that each was about."""
    wrong = sent(inside, **WRONG)
    assert wrong.status == 422
    ids = set(re.findall(r' id="([^"]+)"', wrong.text))
    [summary] = re.findall(r'role="alert".*?</ul>', wrong.text, re.S)
    leads = re.findall(r'<a href="#([^"]+)">', summary)
    assert len(leads) == len(set(leads)) == 9
    assert set(leads) <= ids
    parts = {"address", "regions", "none_tags", "cadence", "quiet_hours", "zone", "daily_cap", "min_severity"}
    assert {f"wrong-{part}" for part in parts | {"name"}} <= ids
    again = filled(wrong.text)
    for field in ("tag", "none_tag", "rhythm", "hour", "quiet_from", "zone", "cap", "severity", "address"):
        assert again[field] == WRONG[field], field
    assert (again["region"], again["q"]) == (["PL"], ["Ukrane"])  # what is certain is taken
    assert re.search(r'name="region" value="UA">', wrong.text)  # what may be meant is offered
    assert re.search(r"<details[^>]* open><summary>More choices", wrong.text)
    assert mailroom.mails(ANNA) == []


def test_who_is_in_a_hurry_says_a_place_and_an_address(
    inside: Inside, mailroom: Mailroom, services: Services
) -> None:
    """Enter presses the first button: it asks for the mail, and does not look for a place."""
    page = inside.ask("/join").text
    assert re.search(r"<details><summary>More choices", page)
    [first, *_] = re.findall(r"<button[^>]*>([^<]+)<", page)
    assert first == "Send me a link"
    typed = filled(page) | {"q": ["mol"], "address": [ANNA]}
    offered = sent(inside, **typed)
    assert offered.status == 422
    assert 'value="MD">' in offered.text
    assert sent(inside, **filled(offered.text) | {"region": ["MD"]}).status == 200
    inside.ask(mailroom.link(ANNA, "join"), b"")
    assert find(services, ANNA).subscriptions[0].filter.regions == ("MD",)


def test_to_look_for_a_place_asks_for_no_mail_and_keeps_what_was_typed(
    inside: Inside, mailroom: Mailroom
) -> None:
    found = sent(inside, address=ANNA, q="Poland; Ukrane", rhythm="daily", hour="07:00", do="find")
    assert found.status == 200
    again = filled(found.text)
    assert (again["address"], again["hour"], again["region"]) == ([ANNA], ["07:00"], ["PL"])
    assert "place found" in found.text or "places found" in found.text
    assert mailroom.mails(ANNA) == []


def test_no_address_of_a_person_is_in_any_address_of_a_page(inside: Inside) -> None:
    """Browsers keep where somebody was, and servers in between write it down."""
    typed = {"address": ANNA, "q": "Poland", "rhythm": "immediate"}
    for answer in (inside.ask("/join"), sent(inside, **typed, do="find"), sent(inside, "/join/map", **typed)):
        assert answer.status == 200
        assert not re.search(r'(?:href|action|hx-get)="[^"]*(?:@|%40|address)', answer.text)
        assert 'method="get"' not in answer.text
        for asked in re.findall(r"<[^>]* hx-get=[^>]*>", answer.text):
            assert re.search(r'hx-params="(?:not address|rhythm,hour,zone)"', asked)
    assert ANNA not in inside.ask(f"/join?address={ANNA}").text


def test_places_are_chosen_on_the_map_by_whom_nobody_knows(inside: Inside) -> None:
    shown = sent(inside, "/join/map", q="Poland", rhythm="daily", hour="07:00", address=ANNA)
    [there] = re.findall(r'<a id="on-UA" href="([^"]+)"', shown.text)
    path = urljoin("/join/map", html.unescape(there)).partition("#")[0]
    chosen = inside.ask(path)
    assert parse_qs(urlsplit(path).query)["region"] == ["PL", "UA"]
    [done] = re.findall(r'class="button" href="([^"]+)"', chosen.text)
    back = urljoin(path, html.unescape(done))
    assert urlsplit(back).path == "/join"
    again = filled(inside.ask(back).text)
    assert (again["region"], again["hour"]) == (["PL", "UA"], ["07:00"])
    assert inside.ask("/join/map?within=XX").status == 404
    assert inside.ask("/join/map", method="HEAD").status == 200


def test_what_is_looked_up_is_bounded_by_network_and_the_page_is_not(inside: Inside) -> None:
    """Each place that nobody knows is compared with all names there are, which takes milliseconds."""
    words = ";".join(f"q{number:x}z" for number in range(40))
    for ask in (lambda: inside.ask(f"/join?q={words}"), lambda: sent(inside, q=words, do="find")):
        statuses = [ask().status for _ in range(8)]
        assert statuses[-1] == 429
    assert inside.ask("/join/map").status == inside.ask("/join?q=a&do=suggest").status == 429
    assert inside.ask("/join").status == 200


@pytest.mark.parametrize(
    "query", ["q=" + "x" * 20_000, "region=" + "&region=".join(["UA"] * 700), "zone=%ff", "day=%00"]
)
def test_what_no_form_of_ours_sends_is_an_empty_form(inside: Inside, query: str) -> None:
    assert inside.ask(f"/join?{query}").status == 200
    assert sent(inside, "/join/map").status == 200


def test_how_much_would_have_come_is_said_to_who_was_mailed_and_not_what(
    inside: Inside, mailroom: Mailroom, services: Services
) -> None:
    """The log is nobody's who has not shown an address: any number of questions would tell what is in it."""
    services.settings = services.settings.model_copy(update={"public": "off"})
    tell(services, draft("ua-talks", regions=("UA",), headline="Not for everybody"))
    sent(inside, address=ANNA, region="UA", rhythm="immediate")
    for page in (inside.ask("/join?region=UA&rhythm=immediate&do=preview"), sent(inside, region="UA")):
        assert "would have got" not in page.text
    confirm = mailroom.link(ANNA, "join")
    shown = inside.ask(confirm).text
    assert "you would have got <strong>1 alert in 1 email</strong>" in shown
    assert "Not for everybody" not in shown
    for _ in range(25):  # a scanner: it costs it the preview, and nobody the link
        shown = inside.ask(confirm)
    assert (shown.status, "would have got" in shown.text) == (200, False)


def test_the_zone_of_the_browser_is_taken_only_where_nobody_has_chosen_one(
    inside: Inside, services: Services
) -> None:
    """Without a script it is the installation's; what was chosen or is had already is nobody's to change."""
    subscribe(services, ANNA, "UA")
    assert filled(inside.ask("/join").text)["zone"] == ["Europe/Kyiv"]
    assert "data-unchosen" in inside.ask("/join").text
    assert "data-unchosen" in inside.ask("/join?region=UA").text
    for chosen in (
        inside.ask("/join?zone=Asia/Tokyo"),
        sent(inside, zone="Asia/Tokyo", do="find"),
        sent(inside, zone="Asia/Tokyo", address="nobody"),
    ):
        assert "data-unchosen" not in chosen.text
        assert filled(chosen.text)["zone"] == ["Asia/Tokyo"]
    assert "data-unchosen" not in OwnPages(services, ANNA).open("/me/subscriptions/new")


SUMMER, WINTER = datetime(2026, 7, 1, 12, tzinfo=UTC), datetime(2026, 12, 1, 12, tzinfo=UTC)
HOURS = [
    ("en", "08:00", "Europe/Kyiv", SUMMER, "08:00 in Kyiv, which is 05:00 UTC today."),
    ("en", "08:00", "Europe/Kyiv", WINTER, "08:00 in Kyiv, which is 06:00 UTC today."),
    ("uk", "8:00", "Europe/Kyiv", WINTER, "Київ"),
    ("ar-EG", "08:00", "Europe/Kyiv", WINTER, "٠٦:٠٠"),
    ("en", "07:30", "Asia/Tokyo", WINTER, "07:30 in Tokyo, which is 22:30 UTC the day before."),
    ("en", "20:00", "America/New_York", WINTER, "20:00 in New York, which is 01:00 UTC the day after."),
    ("en", "08:00", "UTC", WINTER, ""),
    ("en", "25:00", "Europe/Kyiv", WINTER, ""),
]


@pytest.mark.parametrize(("language", "hour", "zone", "now", "said"), HOURS)
def test_an_hour_is_said_in_utc_as_well(
    language: str, hour: str, zone: str, now: datetime, said: str
) -> None:
    shown = hour_there(hour, zone, int(now.timestamp() * 1000), locale_for(language))
    assert said in shown
    assert bool(shown) == bool(said)


def test_the_hour_stands_beside_the_field(inside: Inside, services: Services) -> None:
    assert "08:00 in Kyiv, which is 0" in inside.ask("/join").text
    subscribe(services, ANNA, "UA")
    own = OwnPages(services, ANNA).open("/me/subscriptions/new?rhythm=daily&hour=09:00&zone=Asia/Tokyo")
    assert "09:00 in Tokyo, which is 00:00 UTC today." in own


@pytest.mark.parametrize("named", [61, 250, 1_500])
def test_who_types_hundreds_of_places_is_paced_like_anybody(inside: Inside, named: int) -> None:
    """With 400 in each, any number of forms were looked up, and one with 250 kept its office waiting."""
    words = ";".join(f"z{number}" for number in range(named))
    statuses = [sent(inside, q=words, do="find").status for _ in range(8)]
    assert statuses[:3] == [200, 200, 200]
    assert statuses[-1] == 429
