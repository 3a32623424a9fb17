"""The roll says of everybody what a search asks, as their own hash has it, whatever was changed."""

import random
from dataclasses import replace

import pytest
from house import OPERATOR, subscribe

from alerts.channels import folds
from alerts.model import Audience, Channel, Filter, Standing, Subscriber, Subscription
from alerts.operations.subscribing import searching
from alerts.operations.subscribing.searching import SubscriberSearch, SubscriberState, search, search_page
from alerts.operations.subscribing.suppressing import suppress
from alerts.services import Services
from alerts.store import Index
from alerts.store.roll import roll_text

REGIONS, TAGS = ("UA", "UA-30", "FR", "150"), ("flood", "conflict")


def check(services: Services, mend: bool = False) -> dict[str, int]:
    index = Index(services.server, folds(), mend)
    index.check(lambda _done, _of: None)
    return {fault.value: n for fault, n in (+index.found).items()}


def change_at_random(services: Services, dice: random.Random, n: int) -> None:
    """Some come, want something else, pause, are suppressed and sent to again, or go and come back."""
    people: list[Subscriber] = []
    for step in range(n):
        region, tag = dice.choice(REGIONS), dice.choice(TAGS)
        if not people or dice.random() < 0.3:
            address = f"p{step}@kyiv.example" if dice.random() < 0.8 else f"T1/C{step:04}"
            people.append(subscribe(services, address, region, any_tags=(tag,)))
            continue
        person = people.pop(dice.randrange(len(people)))
        what = dice.randrange(5)
        if what == 0:
            wanted = Subscription(Filter((region,), all_tags=(tag,)))
            person = services.subscribers.save(replace(person, subscriptions=(wanted,)), person)
        elif what == 1:
            flipped = Standing.PAUSED if person.standing is Standing.ACTIVE else Standing.ACTIVE
            person = services.subscribers.save(replace(person, standing=flipped), person)
        elif what == 2:
            suppress(services, OPERATOR, person.address, "asked by phone")
        elif what == 3:
            services.suppressions.lift(person.channel, person.address)
        else:
            services.subscribers.remove(person)
            if dice.random() < 0.5:
                [person] = services.subscribers.revive([(person, None)])
            else:
                continue
        people.append(person)


def asked() -> list[SubscriberSearch]:
    return [
        SubscriberSearch(text, channel, region, tag, state)
        for text in ("", "p1")
        for channel in (None, Channel("slack"))
        for region in ("", "UA", "FR")
        for tag in ("", "flood")
        for state in (None, *SubscriberState)
    ]


def found(services: Services, sought: SubscriberSearch) -> list[int]:
    return [one.subscriber.sid for one in search(services, OPERATOR, sought)]


@pytest.mark.parametrize("seed", range(3))
def test_after_any_changes_a_search_finds_whom_a_look_at_everybody_finds(
    services: Services, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By region, tag and state everybody was read, one by one: 20 s for a million people."""
    change_at_random(services, random.Random(seed), 150)
    assert check(services) == {}
    searches = random.Random(seed).sample(asked(), 25)
    by_roll = [found(services, sought) for sought in searches]
    pages = [search_page(services, OPERATOR, sought, 2) for sought in searches]
    monkeypatch.setattr(searching, "FEW", 0)  # then the text is looked for in the directory
    by_directory = [search_page(services, OPERATOR, sought, 2) for sought in searches]
    services.server.client.hdel("alerts:installation", "rolled")  # as in a store of an older version
    one_by_one = [found(services, sought) for sought in searches]
    assert any(one_by_one)
    assert list(map(sorted, by_roll)) == one_by_one
    for some in (pages, by_directory):
        assert [page.total for page in some] == list(map(len, one_by_one))
        for page, sids in zip(some, one_by_one, strict=True):
            assert page.exact
            assert {one.subscriber.sid for one in page.subscribers} <= set(sids)
            assert len(page.subscribers) == min(2, len(sids))


def test_what_is_wrong_with_the_roll_is_found_and_put_right(services: Services) -> None:
    ann, bob = (subscribe(services, f"{name}@kyiv.example", "UA") for name in ("ann", "bob"))
    suppress(services, OPERATOR, bob.address, "asked by phone")
    client = services.server.client
    client.setrange("alerts:roll", ann.sid * 4, b"\xff\0\0\0")
    client.setrange("alerts:roll", (bob.sid + 5) * 4, b"\7\0\0\0")  # of a number that nobody has
    assert check(services) == {"roll": 1}
    assert check(services, mend=True) == {"roll": 1}
    client.delete("alerts:roll:filters")
    assert sum(check(services, mend=True).values()) == 2
    assert check(services) == {}
    assert found(services, SubscriberSearch(region="UA")) == [ann.sid, bob.sid]
    assert found(services, SubscriberSearch(state=SubscriberState.SUPPRESSED)) == [bob.sid]


def test_who_was_written_by_an_older_version_comes_in_by_a_repair(services: Services) -> None:
    ann = subscribe(services, "ann@kyiv.example", "UA", paused=True)
    client = services.server.client
    client.delete("alerts:roll", "alerts:roll:audiences", "alerts:roll:filters")
    client.hdel("alerts:installation", "rolled")
    bob = subscribe(services, "bob@kyiv.example", "UA")
    sought = SubscriberSearch(region="Ukraine")
    assert found(services, sought) == [ann.sid, bob.sid]
    assert check(services, mend=True) == {"roll": 1}
    assert services.roll.is_complete()
    assert found(services, sought) == [ann.sid, bob.sid]
    assert found(services, SubscriberSearch(state=SubscriberState.PAUSED)) == [ann.sid]


def test_a_line_says_what_each_subscription_asks_for_and_not_what_it_is_kept_from(services: Services) -> None:
    filters = (Filter(("UA",), any_tags=("b",)), Filter(("FR",), all_tags=("a",), none_tags=("c",)))
    audience = Audience.of(Channel("email"), "UTC", map(Subscription, filters))
    assert roll_text(audience) == "email\tFR,UA\ta,b\n"


def test_pages_of_a_text_that_many_have_are_everybody_once_and_say_where_counting_ended(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody with the text was counted for each page: 1 s of the server's for “a” among a million."""
    monkeypatch.setattr(searching, "LOOKED_AT_MOST", 4)
    monkeypatch.setattr("alerts.store.directory.BLOCKS_AT_ONCE", 1)
    monkeypatch.setattr(searching, "FEW", 0)
    people = []
    for n in range(30):
        people.append(subscribe(services, f"{n}@kyiv.example", "UA" if n % 9 else "FR"))
        if n % 7 == 0:
            services.server.client.incr("alerts:directory")  # a new block begins
    listed, after = [], ""
    while True:
        page = search_page(services, OPERATOR, SubscriberSearch("kyiv", region="FR"), 3, after)
        listed += [one.subscriber.sid for one in page.subscribers]
        assert page.exact or page.next
        if page.next is None:
            break
        after = page.next
    assert listed == [person.sid for n, person in enumerate(people) if n % 9 == 0]
