"""A person changes one of their subscriptions: tries it out, sees all that is wrong, saves, undoes."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from doors import Answer
from house import OPERATOR, draft, tell
from inside import Inside
from own_pages import ALL_SAID, ALL_WANTED, undo_of

from alerts.errors import Conflict, NotFound
from alerts.links import list_key
from alerts.model import Cadence, Filter, QuietHours, Severity, Subscriber, Subscription
from alerts.operations import audit
from alerts.operations.people.coming_in import begin
from alerts.operations.people.own_subscription import read_edited, save_own
from alerts.operations.subscribing import subscribers
from alerts.operations.subscribing.requested import Requested
from alerts.operations.subscribing.subscriber_details import find
from alerts.operations.subscribing.subscriptions import subscribe as subscribe_to
from alerts.services import Services, connect
from alerts.settings import Settings

ANNA = "anna@example.org"
UKRAINE = Subscription(Filter(("UA",)), name="Mine")
ALL_OF_IT = Subscription(
    Filter(("PL", "UA-30"), ("conflict", "unrest"), ("power",), ("cyber",), Severity.MODERATE),
    Cadence.parse("weekly mon,thu 07:30"),
    QuietHours.parse("22:00-06:00"),
    Severity.SEVERE,
    "Everything set",
    5,
    all_quiet=True,
)


@pytest.fixture
def services(bundled: Settings) -> Iterator[Services]:
    ready = connect(bundled.model_copy(update={"redis_url": None, "timezone": "Europe/Kyiv"}))
    ready.server.client.flushall()
    yield ready
    ready.close()


class Page:
    """The page of one subscription of Anna's, in a browser that runs no script."""

    def __init__(self, services: Services, key: str = "new") -> None:
        self.services = services
        self._inside = Inside(services)
        self._cookie = {"Cookie": f"__Host-alerts={begin(services, find(services, ANNA))}"}
        self.path = f"/me/subscriptions/{key}"

    def look(self, **typed: str | list[str]) -> Answer:
        query = f"?{urlencode(typed, doseq=True)}" if typed else ""
        return self._inside.ask(self.path + query, headers=self._cookie)

    def filled(self, answer: Answer) -> dict[str, list[str]]:
        """What a browser would send of the form as it is shown."""
        page, found = html.unescape(answer.text), dict[str, list[str]]()
        for field, value in re.findall(r'type="checkbox" name="(\w+)" value="([^"]*)" checked', page):
            found.setdefault(field, []).append(value)
        for field, value in re.findall(r'<input id="\w+" name="(\w+)"[^>]* value="([^"]*)"', page):
            found[field] = [value]
        for field, options in re.findall(r'<select id="\w+" name="(\w+)".*?>(.*?)</select>', page, re.S):
            found[field] = re.findall(r'value="([^"]*)" selected', options) or [""]
        return found

    def save(self, typed: dict[str, list[str]] | None = None, **changes: str | list[str]) -> Answer:
        """Press the button that saves, with the form as it is shown but for these changes."""
        shown = self.look()
        [token] = re.findall(r'name="token" value="(\w+)"', shown.text)
        fields = (self.filled(shown) if typed is None else typed) | changes | {"token": token}
        return self._inside.ask(self.path, urlencode(fields, doseq=True).encode(), self._cookie)

    def save_twice(self, typed: dict[str, list[str]]) -> tuple[Answer, Answer]:
        [token] = re.findall(r'name="token" value="(\w+)"', self.look().text)
        body = urlencode(typed | {"token": token}, doseq=True).encode()
        first = self._inside.ask(self.path, body, self._cookie)
        return first, self._inside.ask(self.path, body, self._cookie)

    def me(self, done: str = "") -> str:
        return self._inside.ask(f"/me{done}", headers=self._cookie).text

    def press(self, deed: str) -> Answer:
        page = self.me("?done=change")
        [token, *_] = re.findall(r'name="token" value="(\w+)"', page)
        fields = {"token": token, "deed": deed, "change": undo_of(page).change}
        return self._inside.ask("/me", urlencode(fields).encode(), self._cookie)


def anna(services: Services, *held: Subscription) -> Subscriber:
    subscribers.add(services, OPERATOR, ANNA, held, zone="Europe/Kyiv")
    return find(services, ANNA)


def got(services: Services) -> dict[str, Subscription]:
    return {subscription.name: subscription for subscription in find(services, ANNA).subscriptions}


def test_a_form_that_is_saved_as_it_is_shown_changes_nothing(services: Services) -> None:
    """Every part has its field: what a form lacked would be lost by whoever changes something else."""
    before = anna(services, UKRAINE, ALL_OF_IT)
    for held in before.subscriptions:
        page = Page(services, list_key(held.name))
        assert page.save().status == 303
        assert find(services, ANNA) == before


def test_everything_can_be_changed_and_taken_back(services: Services) -> None:
    anna(services, UKRAINE)
    before = got(services)
    page = Page(services, list_key("Mine"))
    answer = page.save(
        **ALL_SAID,
        name="Other name",
    )
    assert (answer.status, answer.headers["Location"]) == (303, "../../me?done=change")
    assert got(services) == {"Other name": replace(ALL_WANTED, name="Other name")}
    assert find(services, ANNA).zone == "Asia/Tokyo"
    said = page.me("?done=change")
    assert "Your changes are saved." in said
    assert undo_of(said)
    assert page.press("undo").status == 303
    assert (got(services), find(services, ANNA).zone) == (before, "Europe/Kyiv")
    actions = [line.entry.action for line in audit(services, OPERATOR) if line.entry.who == ANNA]
    assert {"subscription.set", "subscription.undo"} <= set(actions)


def test_what_was_changed_since_is_not_taken_back(services: Services) -> None:
    anna(services, UKRAINE)
    page = Page(services)
    assert not undo_of(page.me("?done=add"))
    assert page.save(q="Poland").status == 303
    subscribe_to(services, OPERATOR, ANNA, Subscription(Filter(("MD",)), name="By an operator"))
    assert not undo_of(page.me("?done=add"))
    refused = page.press("undo")
    assert (refused.status, "changed again since" in refused.text) == (422, True)
    assert set(got(services)) == {"Mine", "Poland", "By an operator"}
    other = Page(services)
    assert other.press("undo").status == 422  # of another session


def test_all_that_is_wrong_is_said_at_once_each_at_its_field_and_what_was_typed_stays(
    services: Services,
) -> None:
    anna(services, UKRAINE)
    page = Page(services)
    typed = {
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
    wrong = page.save(typed)
    assert wrong.status == 422
    parts = ("regions", "none_tags", "cadence", "quiet_hours", "zone", "daily_cap", "min_severity", "name")
    for part in parts:
        assert f'id="wrong-{part}"' in wrong.text, part
        assert re.search(rf'aria-describedby="wrong-{part}', wrong.text) or part in ("none_tags",), part
    again = page.filled(wrong)
    for field in ("q", "tag", "none_tag", "rhythm", "hour", "quiet_from", "zone", "cap"):
        assert again[field] == typed[field], field
    assert set(got(services)) == {"Mine"}


def test_looking_changes_nothing_however_often(services: Services) -> None:
    before = anna(services, UKRAINE)
    page = Page(services, list_key("Mine"))
    for do in ("", "find", "suggest", "preview", "save", "undo"):
        assert page.look(region=["PL"], rhythm="daily", hour="07:00", do=do).status == 200
    assert find(services, ANNA) == before


def test_places_are_found_by_typing(services: Services) -> None:
    """A name that is one place's is taken; what may be several is offered; what is nothing is said."""
    anna(services, UKRAINE)
    page = Page(services)
    shown = page.look(q="Poland; Ukrane; San Jose; Xyzzyx")
    form = page.filled(shown)
    assert form["region"] == ["PL"]
    assert form["q"] == ["Ukrane; San Jose; Xyzzyx"]
    offered = set(re.findall(r'name="region" value="([^"]+)">', shown.text))
    assert {"UA", "CR-SJ", "US-CA"} <= offered
    assert "No place is called “Xyzzyx”" in shown.text
    typing = page.look(q="Georgia", do="suggest", rhythm="immediate")
    assert "region" not in page.filled(typing)
    assert 'value="GE">' in typing.text  # offered, and not yet taken: there may be more to come
    assert page.filled(page.look(q="Georgia", do="find", rhythm="immediate"))["region"] == ["GE"]


def test_who_has_chosen_what_they_looked_for_need_not_empty_the_field(services: Services) -> None:
    """“No region is called “mol””, said the preview beside the Moldova that was ticked because of it."""
    anna(services, UKRAINE)
    page = Page(services)
    shown = page.look(q="mol; Polan", region="MD", rhythm="immediate", do="preview")
    assert "No region is called “Polan”" in shown.text
    assert "“mol”" not in shown.text
    assert page.save({"q": ["mol"], "region": ["MD"], "rhythm": ["immediate"]}).status == 303
    assert got(services)["Moldova"].filter.regions == ("MD",)


def test_the_page_says_what_it_would_have_brought_and_when_the_next_digest_comes(services: Services) -> None:
    anna(services, UKRAINE)
    for update, regions in (("u1", ("UA",)), ("u2", ("PL",)), ("u3", ("PL",))):
        tell(services, draft(update, regions=regions, headline=f"News of {update}"))
    page = Page(services)
    query = {"rhythm": "immediate", "do": "preview"}
    shown = html.unescape(page.look(region=["PL", "UA"], **query).text)
    assert "you would have got <strong>3 alerts in 3 emails</strong>" in shown
    assert "“Mine” brought nothing that your other subscriptions did not also bring." in shown
    assert all(f"News of u{n}" in shown for n in (1, 2, 3))
    daily = page.look(region="MD", rhythm="daily", hour="08:00", do="preview").text
    assert re.search(r"The next digest comes \w+ \d+ \w+ 08:00 Europe/Kyiv \(\d\d:00 UTC\)", daily)
    same = page.look(region="UA", rhythm="immediate", do="preview").text
    assert "“Mine” asks for the same" in same


def test_no_script_sends_what_a_button_would_save(services: Services) -> None:
    """htmx asked for a preview by POST with the token, because the button that saves was pressed last."""
    anna(services, UKRAINE)
    shown = Page(services).look(region="PL", rhythm="immediate").text
    assert not re.search(r"<form[^>]* hx-", shown)
    assert not re.search(r"hx-(?:post|put|patch|delete|boost|on)", shown)
    assert re.findall(r'method="post"|formmethod="post"', shown) == ['formmethod="post"']


def test_who_taps_twice_has_saved_once(services: Services) -> None:
    """A browser shows the answer to the last tap, which said that there is one like this already."""
    anna(services, UKRAINE)
    for page, fields in (
        (Page(services), {"q": ["Poland"], "rhythm": ["immediate"]}),
        (Page(services, list_key("Mine")), {"region": ["UA"], "name": ["Other"], "rhythm": ["hourly"]}),
    ):
        first, second = page.save_twice(fields)
        assert (first.status, second.status) == (303, 303)
        assert first.headers["Location"] == second.headers["Location"]
    assert set(got(services)) == {"Other", "Poland"}
    fresh = Page(services)
    assert fresh.save({"q": ["Poland"], "rhythm": ["immediate"]}).status == 422  # a day later
    assert fresh.save({"q": ["Moldova"], "rhythm": ["immediate"]}).status == 303
    assert fresh.save({"q": ["Poland"], "rhythm": ["immediate"]}).status == 422  # not what was saved last


@pytest.mark.parametrize(("key", "place"), [("new", "PL"), (list_key("Mine"), "UA")])
def test_who_taps_twice_at_once_has_saved_once(services: Services, key: str, place: str) -> None:
    """Of ten taps that came together one was told that it is saved, and nine that there is one like this."""
    anna(services, UKRAINE)
    person = find(services, ANNA)  # as each of them has read her, before the first was done
    secret, zone = begin(services, person), person.zone
    asked = Requested((place,), cadence="hourly", name="Other")
    edited = read_edited(services, person, key, asked, zone, find_region=services.tree.find)
    saved = save_own(services, person, secret, edited)
    assert save_own(services, person, secret, edited) == saved
    with pytest.raises((Conflict, NotFound)):  # another device has saved nothing
        save_own(services, person, begin(services, person), edited)


def test_nobody_elses_form_saves_anything(services: Services) -> None:
    anna(services, UKRAINE)
    page, other = Page(services, list_key("Mine")), Page(services, list_key("Mine"))
    [theirs] = re.findall(r'name="token" value="(\w+)"', other.look().text)
    for token in ("", theirs, "é"):
        body = urlencode({"region": "PL", "rhythm": "immediate", "token": token}).encode()
        assert page._inside.ask(page.path, body, page._cookie).status == 403
    assert page._inside.ask(page.path, b"").status == 403
    assert got(services)["Mine"].filter.regions == ("UA",)


def test_one_that_is_gone_meanwhile_is_not_there(services: Services) -> None:
    anna(services, UKRAINE)
    assert Page(services, "0" * 8).look().status == 404
    assert Page(services, "../new").look().status == 404
