"""The directory finds whoever has a text in their address or name, and nobody else, whatever was changed."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import pytest
from house import OPERATOR, subscribe

from alerts.channels import folds
from alerts.model import Channel, Standing, Subscriber
from alerts.operations.subscribing.searching import SubscriberSearch, search, search_page
from alerts.services import Services
from alerts.store import Index
from alerts.store.directory import Directory

PARTS = (
    "ann",
    "Ann",
    "kov",
    "alenko",
    "Čapek",
    "олена",
    "ОЛЕНА",
    "ß",
    "123",
    "9",
    "İ",
    "e",
    "-",
    " ",
    "日本",
)
NEEDLES = (
    *PARTS,
    "n",
    "an",
    "nk",
    "@ex",
    "example",
    ".org",
    "k9",
    "ss",
    "лен",
    "本",
    "nobody",
    "12 ",
    "org\tann",
)


def check(services: Services, mend: bool = False) -> Index:
    index = Index(services.server, folds(), mend)
    index.check(lambda _done, _of: None)
    return index


def naive(services: Services, text: str) -> list[int]:
    """Everybody with the text in address or name, looked at one by one."""
    sought = text.casefold().strip().replace("\t", " ")
    everyone = services.subscribers.in_order()
    return [p.sid for p in everyone if sought in p.address.casefold() or sought in p.name.casefold()]


def found(services: Services, text: str) -> list[int]:
    return sorted(one.subscriber.sid for one in search(services, OPERATOR, SubscriberSearch(text)))


def change_at_random(services: Services, dice: random.Random, n: int) -> None:
    """Some come, some are called otherwise, pause, or go."""
    people: list[Subscriber] = list(services.subscribers.everyone())
    for _ in range(n):
        name = "".join(dice.choices(PARTS, k=dice.randint(0, 4))).strip()
        what = dice.randrange(5) if people else 0
        if what <= 1:
            local = "".join(dice.choices("annkov129.", k=6)).strip(".").replace("..", ".")
            if services.subscribers.find(Channel("email"), f"{local}x@example.org") is None:
                person = subscribe(services, f"{local}x@example.org", "UA")
                people.append(services.subscribers.save(replace(person, name=name), person))
            continue
        person = people.pop(dice.randrange(len(people)))
        if what == 4:
            services.subscribers.remove(person)
            continue
        flipped = Standing.PAUSED if person.standing is Standing.ACTIVE else Standing.ACTIVE
        after = replace(person, name=name) if what == 2 else replace(person, standing=flipped)
        people.append(services.subscribers.save(after, person, catch_up=True))


@pytest.mark.parametrize("seed", range(6))
def test_after_any_changes_it_finds_exactly_those_whom_a_look_at_everybody_finds(
    services: Services, seed: int
) -> None:
    """A search looked at everybody, one by one: minutes for a million people."""
    change_at_random(services, random.Random(seed), 120)
    assert services.directory.is_complete()
    for needle in NEEDLES:
        assert found(services, needle) == naive(services, needle), needle
    assert +check(services).found == {}


def test_a_page_goes_on_where_the_last_one_ended_and_counts_the_rest(services: Services) -> None:
    for n in range(7):
        subscribe(services, f"ann{n}@example.org", "UA")
    subscribe(services, "bob@example.org", "UA")
    seen, after = [], ""
    while True:
        page = search_page(services, OPERATOR, SubscriberSearch("ANN"), 3, after)
        seen.append((page.total, [one.subscriber.address[:4] for one in page.subscribers]))
        if page.next is None:
            break
        after = page.next
    assert seen == [(7, ["ann0", "ann1", "ann2"]), (4, ["ann3", "ann4", "ann5"]), (1, ["ann6"])]


def test_what_is_often_nearly_found_is_found(services: Services) -> None:
    """A typing error before a part that everybody has took three times as long: all were looked at in Lua."""
    people = [subscribe(services, f"p{n}@kyiv.example", "UA") for n in range(130)]
    last = services.subscribers.save(replace(people[120], name="at kyivexample kyivexample"), people[120])
    assert found(services, "kyivexample") == [last.sid]
    assert found(services, "pexample") == []


def test_more_than_one_block_is_looked_through(services: Services) -> None:
    name = "x" * 200
    for n in range(700):
        person = subscribe(services, f"p{n}@example.org", "UA")
        if n % 100 == 0:
            services.subscribers.save(replace(person, name=f"marked {n}"), person)
        else:
            services.subscribers.save(replace(person, name=name), person)
    assert int(services.server.client.get("alerts:directory")) > 1
    assert len(found(services, "marked")) == 7
    assert len(found(services, "xxx")) == 693
    assert +check(services).found == {}


def test_who_was_written_by_an_older_version_is_found_and_comes_in_by_a_repair(services: Services) -> None:
    """Whoever was there before the directory would have been found by nobody, without a word."""
    ann = subscribe(services, "ann@example.org", "UA")
    client = services.server.client
    client.delete("alerts:directory", "alerts:directory:1")
    client.hdel(f"alerts:subscriber:{ann.sid}", "listed")
    client.hdel("alerts:installation", "listed")
    bob = subscribe(services, "bob.ann@example.org", "UA")
    assert not services.directory.is_complete()
    assert found(services, "ann@") == [ann.sid, bob.sid]
    assert sum(check(services, mend=True).found.values()) == 1
    assert services.directory.is_complete()
    assert found(services, "ann@") == [ann.sid, bob.sid]
    assert +check(services).found == {}


def test_a_repair_forgets_nothing_that_is_to_be_caught_up_with(services: Services) -> None:
    ann = subscribe(services, "ann@example.org", "UA")
    paused = services.subscribers.save(replace(ann, standing=Standing.PAUSED), ann, catch_up=True)
    services.subscribers.save(replace(paused, standing=Standing.ACTIVE), paused, catch_up=True)
    before = services.subscribers.past(ann.sid)
    assert before is not None
    services.server.client.delete("alerts:directory:1")
    check(services, mend=True)
    assert services.subscribers.past(ann.sid) == before


def test_while_people_are_called_otherwise_nothing_is_taken_for_a_fault(services: Services) -> None:
    everybody = [subscribe(services, f"p{n}@example.org", "UA") for n in range(20)]
    stop = Event()

    def rename() -> None:
        dice = random.Random(1)
        while not stop.is_set():
            n = dice.randrange(len(everybody))
            named = replace(everybody[n], name=str(dice.random()))
            everybody[n] = services.subscribers.save(named, everybody[n])

    with ThreadPoolExecutor() as pool:
        renaming = pool.submit(rename)
        seen = [+check(services, mend).found for mend in (False, True, False, True, False)]
        stop.set()
        renaming.result()
    assert not any(seen)
    assert +check(services).found == {}


def test_the_same_write_twice_is_one_line(services: Services) -> None:
    """A reply that is lost is asked for again by the client of the server."""
    ann = subscribe(services, "ann@example.org", "UA")
    before = services.server.client.get("alerts:directory:1")
    services.subscribers.save(ann, ann)
    assert services.server.client.get("alerts:directory:1") == before
    services.subscribers.remove(ann)
    assert services.server.client.get("alerts:directory:1").strip() == b""
    assert list(Directory(services.server).search("ann")) == [[]]
