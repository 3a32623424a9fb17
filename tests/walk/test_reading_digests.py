"""What a link in a digest opens: each of its updates, as far as its reader heard of them, and no further."""

import re
from collections.abc import Iterator

import pytest
from clocked import at, clocked
from house import draft, subscribe, walk

from alerts.errors import NotFound
from alerts.locales import ENGLISH
from alerts.model import Cadence, Kind
from alerts.operations import read_message, read_update
from alerts.rendering import Pages, StoryView
from alerts.services import Services
from alerts.settings import Settings
from alerts.walk import steps

ANNA = "anna@example.org"
DAILY = Cadence.parse("daily 08:00")


@pytest.fixture
def services(settings: Settings) -> Iterator[Services]:
    ready = clocked(settings, "2026-03-26T12:00Z")
    yield ready
    ready.close()


def publish(services: Services, update: str, **changes: object) -> None:
    steps.publish(services, draft(update, **changes))
    walk(services)


def token(services: Services, sid: int) -> str:
    """The token in the latest digest that somebody was sent."""
    names = {name for update in services.updates.recent(100) for name in services.updates.digests(update)}
    found = services.digests.get_all(sorted(services.ledger.find(sid, sorted(names))))
    latest = max(found.values(), key=lambda digest: digest.horizon_ms)
    return services.links.reading(latest.id, 1, sid)


def test_a_mistake_corrected_before_somebody_heard_of_it_is_not_in_their_story(services: Services) -> None:
    """With a digest a day r3 is the first they hear: two dead, then three, were never told them."""
    anna = subscribe(services, ANNA, "UA", cadence=DAILY)
    publish(services, "ua-talks", headline="Two dead")
    publish(services, "ua-talks", headline="Three dead", kind=Kind.UPDATE)
    publish(services, "ua-talks", headline="Nobody is dead", kind=Kind.CORRECTION)
    at(services, "2026-03-27T08:00Z")
    shown = read_update(services, token(services, anna.sid), "ua-talks", ENGLISH)
    assert (shown.entry.headline, shown.earlier) == ("Nobody is dead", ())
    assert shown.entry.change == "new"


def test_the_story_of_a_digest_holds_what_came_between_two_of_them(services: Services) -> None:
    anna = subscribe(services, ANNA, "UA", cadence=DAILY)
    publish(services, "ua-talks", headline="Talks begin")
    at(services, "2026-03-27T08:00Z")
    first = token(services, anna.sid)
    publish(services, "ua-talks", headline="Talks pause", kind=Kind.UPDATE)
    publish(services, "ua-talks", headline="Talks resume", kind=Kind.UPDATE)
    at(services, "2026-03-28T08:00Z")
    shown = read_update(services, token(services, anna.sid), "ua-talks", ENGLISH)
    assert [e.headline for e in (shown.entry, *shown.earlier)] == [
        "Talks resume",
        "Talks pause",
        "Talks begin",
    ]
    assert [e.change for e in (shown.entry, *shown.earlier)] == ["updated", "updated", "new"]
    assert [b.title for b in read_update(services, first, "ua-talks", ENGLISH).since] == ["Revised since"]


def test_a_story_of_many_revisions_is_shown_as_far_as_it_is_read(services: Services) -> None:
    anna = subscribe(services, ANNA, "UA", cadence=DAILY)
    for n in range(60):
        publish(
            services,
            "ua-talks",
            headline=f"Round {n}",
            body="text " * 19_000,
            kind=Kind.UPDATE if n else Kind.NEW,
        )
    at(services, "2026-03-27T08:00Z")
    shown = read_update(services, token(services, anna.sid), "ua-talks", ENGLISH)
    assert [e.headline for e in shown.earlier] == [f"Round {n}" for n in range(58, 38, -1)]
    assert shown.more
    page = Pages(None, services.settings.mail_from).update(shown).html
    assert page.count("All of it, as it was then") == 20
    assert "There are earlier revisions" in page
    assert len(page) < 500_000


def test_a_digest_of_several_leads_to_each_of_them_and_to_no_other(services: Services) -> None:
    anna = subscribe(services, ANNA, "UA", cadence=DAILY)
    for n in range(3):
        publish(services, f"ua-{n}", headline=f"Situation {n}", body=f"The body of {n}.")
    publish(services, "de-flood", regions=("DE",))
    at(services, "2026-03-27T08:00Z")
    theirs = token(services, anna.sid)
    shown = read_message(services, theirs, ENGLISH)
    assert not isinstance(shown, StoryView)
    page = Pages(None, services.settings.mail_from).digest(shown).html
    assert "3 updates" in page
    for n in range(3):
        [there] = re.findall(rf'href="([^"]+)/ua-{n}"', page)
        assert there == theirs
        assert read_update(services, there, f"ua-{n}", ENGLISH).entry.body == f"The body of {n}."
    with pytest.raises(NotFound):
        read_update(services, theirs, "de-flood", ENGLISH)


def test_a_digest_that_says_all_is_quiet_can_be_looked_at(services: Services) -> None:
    anna = subscribe(services, ANNA, "UA", cadence=DAILY, all_quiet=True)
    at(services, "2026-03-27T08:00Z")
    [name] = [
        key.decode().split(":")[2] for key in services.server.client.scan_iter("alerts:digest:*:message")
    ]
    shown = read_message(services, services.links.reading(name, 1, anna.sid), ENGLISH)
    assert not isinstance(shown, StoryView)
    assert "All quiet" in Pages(None, services.settings.mail_from).digest(shown).html
