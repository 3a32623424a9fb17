"""The index against the truth: whatever is damaged is found and repaired; nobody else is touched."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from threading import Event

import pytest
from house import OPERATOR, draft, of_old, tell

from alerts.channels import folds
from alerts.errors import Refused
from alerts.model import Cadence, Channel, Filter, QuietHours, Rhythm, Standing, Subscriber, Subscription
from alerts.operations.checks.checking_index import check_index
from alerts.operations.subscribing import subscribers as people
from alerts.operations.subscribing import subscriptions
from alerts.operations.subscribing.merging import merge
from alerts.operations.subscribing.subscriber_details import find
from alerts.rules.cadence import clock_of
from alerts.services import Services, connect
from alerts.store import Fault, Index

REGIONS = ("UA", "RU", "UA-30", "PL", "150", "eu", "ML")
CADENCES = ("immediate", "immediate", "hourly", "daily 08:00", "daily 17:30", "weekly mon 09:00")
#: Everything that is derived. Members and their kind are compared as they are, `due` by its entries.
DERIVED = ("audience:*", "index:*", "clock:*", "clocks")


def wishes(dice: random.Random) -> tuple[Subscription, ...]:
    """One or two subscriptions: few enough different ones that people share audiences."""

    def one() -> Subscription:
        wanted = Filter(
            tuple(dice.sample(REGIONS, dice.randint(1, 2))),
            tuple(dice.sample(("negotiations", "sport"), dice.choice((0, 0, 1)))),
        )
        cadence = Cadence.parse(dice.choice(CADENCES))
        quiet = QuietHours.parse("22:00-07:00") if cadence.rhythm is Rhythm.HOURLY else None
        return Subscription(wanted, cadence, quiet)

    return tuple({one() for _ in range(dice.randint(1, 2))})


def populate(services: Services, dice: random.Random, n: int = 40) -> list[Subscriber]:
    """Subscribers of all kinds; some change their wishes, some are paused, some removed."""
    zones = ("UTC", "Europe/Kyiv")
    store = services.subscribers
    kinds = [wishes(dice) for _ in range(n // 3)]
    new = [
        (
            Subscriber(0, Channel("email"), f"p{i}@example.org", dice.choice(zones), dice.choice(kinds), 0),
            None,
        )
        for i in range(n)
    ]
    everybody = store.save_all(new)
    for person in dice.sample(everybody, n // 4):
        store.save(replace(person, subscriptions=wishes(dice)), person)
    for person in dice.sample(list(store.everyone()), n // 5):
        store.save(replace(person, standing=Standing.PAUSED), person)
    for person in dice.sample(list(store.everyone()), n // 10):
        store.remove(person)
    return list(store.everyone())


def state(services: Services) -> dict[str, object]:
    """All that is derived from subscribers, without the instants at which clocks last opened."""
    client = services.server.client
    found: dict[str, object] = {}
    for pattern in DERIVED:
        for key in client.scan_iter(f"alerts:{pattern}"):
            kind = client.type(key)
            if kind == b"set":
                found[key.decode()] = client.smembers(key)
            elif kind == b"zset":
                found[key.decode()] = dict(client.zrange(key, 0, -1, withscores=True))
            else:
                found[key.decode()] = kind
    found["due"] = set(client.zrange("alerts:due", 0, -1))
    return found


def check(services: Services, mend: bool = False) -> Index:
    index = Index(services.server, folds(), mend)
    index.check(lambda done, total: None)
    return index


def faults(services: Services) -> set[Fault]:
    return {fault for fault, n in check(services).found.items() if n}


def keys(services: Services, pattern: str) -> list[str]:
    return sorted(key.decode() for key in services.server.client.scan_iter(f"alerts:{pattern}"))


def test_what_moves_have_written_is_in_order(services: Services) -> None:
    populate(services, random.Random(1))
    assert faults(services) == set()


def test_nothing_at_all_is_in_order(services: Services) -> None:
    assert faults(services) == set()


Damage = Callable[[Services, random.Random], object]


def one(services: Services, dice: random.Random, pattern: str) -> str:
    return dice.choice(keys(services, pattern))


def somebody_in(services: Services, dice: random.Random, key: str) -> bytes:
    return dice.choice(sorted(services.server.client.smembers(key)))


def a_member_vanishes(s: Services, dice: random.Random) -> object:
    key = one(s, dice, "audience:*:members")
    return s.server.client.srem(key, somebody_in(s, dice, key))


def an_audience_loses_all_members(s: Services, dice: random.Random) -> object:
    return s.server.client.delete(one(s, dice, "audience:*:members"))


def newcomers_are_forgotten(s: Services, dice: random.Random) -> object:
    return s.server.client.delete(one(s, dice, "audience:*:joined"))


def a_member_is_in_two_audiences(s: Services, dice: random.Random) -> object:
    first, second = dice.sample(keys(s, "audience:*:members"), 2)
    others = s.server.client.sdiff(first, second)
    return s.server.client.sadd(second, dice.choice(sorted(others)))


def nobody_is_a_member(s: Services, dice: random.Random) -> object:
    return s.server.client.sadd("alerts:audience:nothing:members", 999_999)


def a_newcomer_is_nobody(s: Services, dice: random.Random) -> object:
    return s.server.client.zadd(one(s, dice, "audience:*:joined"), {"999998": s.server.now_ms()})


def a_paused_one_is_a_member(s: Services, dice: random.Random) -> object:
    paused = [p for p in s.subscribers.everyone() if p.standing is Standing.PAUSED]
    person = dice.choice(paused)
    return s.server.client.sadd(f"alerts:audience:{person.audience.id}:members", person.sid)


def an_index_set_vanishes(s: Services, dice: random.Random) -> object:
    return s.server.client.delete(one(s, dice, "index:*"))


def an_audience_is_filed_where_it_does_not_belong(s: Services, dice: random.Random) -> object:
    aid = one(s, dice, "audience:*:members").split(":")[2]
    return s.server.client.sadd("alerts:index:JP|sport", aid)


def the_index_leads_to_no_audience(s: Services, dice: random.Random) -> object:
    return s.server.client.sadd(one(s, dice, "index:*"), "nothing")


def a_clock_forgets_an_audience(s: Services, dice: random.Random) -> object:
    key = one(s, dice, "clock:*:audiences")
    return s.server.client.srem(key, somebody_in(s, dice, key))


def a_clock_serves_a_stranger(s: Services, dice: random.Random) -> object:
    return s.server.client.sadd("alerts:clock:daily 03:00 UTC:audiences", "nothing")


def no_clock_is_listed(s: Services, dice: random.Random) -> object:
    return s.server.client.delete("alerts:clocks")


def what_is_no_clock_is_listed(s: Services, dice: random.Random) -> object:
    return s.server.client.sadd("alerts:clocks", "at noon, mostly")


def a_clock_forgets_its_last_slot(s: Services, dice: random.Random) -> object:
    clocks = [key for key in keys(s, "clock:*") if not key.endswith(":audiences")]
    return s.server.client.delete(dice.choice(clocks))


def a_clock_is_not_due(s: Services, dice: random.Random) -> object:
    entries = [e for e in s.server.client.zrange("alerts:due", 0, -1) if e.startswith(b"open:")]
    return s.server.client.zrem("alerts:due", dice.choice(entries))


def an_abandoned_clock_is_due(s: Services, dice: random.Random) -> object:
    s.server.client.hset("alerts:clock:daily 04:00 UTC", "opened", 1)
    return s.server.client.zadd("alerts:due", {"open:daily 04:00 UTC": 1})


def a_block_of_the_directory_vanishes(s: Services, dice: random.Random) -> object:
    return s.server.client.delete("alerts:directory:1")


def somebody_is_called_otherwise_in_the_directory(s: Services, dice: random.Random) -> object:
    key = one(s, dice, "subscriber:*")
    return s.server.client.hset(key, "name", "Nobody of the Directory")


def somebody_is_in_the_directory_twice(s: Services, dice: random.Random) -> object:
    lines = (s.server.client.get("alerts:directory:1") or b"").splitlines(keepends=True)
    held = [line for line in lines if line.strip()]
    return s.server.client.append("alerts:directory:1", dice.choice(held) if held else b"")


DAMAGES: list[tuple[Damage, set[Fault]]] = [
    (a_member_vanishes, {Fault.MEMBERS}),
    (an_audience_loses_all_members, {Fault.MEMBERS}),
    (newcomers_are_forgotten, {Fault.MEMBERS}),
    (a_member_is_in_two_audiences, {Fault.STRAYS}),
    (nobody_is_a_member, {Fault.STRAYS}),
    (a_newcomer_is_nobody, {Fault.STRAYS}),
    (a_paused_one_is_a_member, {Fault.STRAYS}),
    (an_index_set_vanishes, {Fault.TERMS}),
    (an_audience_is_filed_where_it_does_not_belong, {Fault.STALE}),
    (the_index_leads_to_no_audience, {Fault.STALE}),
    (a_clock_forgets_an_audience, {Fault.TERMS}),
    (a_clock_serves_a_stranger, {Fault.STALE}),
    (no_clock_is_listed, {Fault.CLOCKS}),
    (what_is_no_clock_is_listed, {Fault.CLOCKS}),
    (a_clock_forgets_its_last_slot, {Fault.CLOCKS}),
    (a_clock_is_not_due, {Fault.CLOCKS}),
    (an_abandoned_clock_is_due, {Fault.CLOCKS}),
    (a_block_of_the_directory_vanishes, {Fault.LISTED}),
    (somebody_is_called_otherwise_in_the_directory, {Fault.LISTED}),
    (somebody_is_in_the_directory_twice, {Fault.LINES}),
]


@pytest.mark.parametrize(("damage", "expected"), DAMAGES, ids=[damage.__name__ for damage, _ in DAMAGES])
def test_every_damage_is_found_and_repaired_to_what_it_was(
    services: Services, damage: Damage, expected: set[Fault]
) -> None:
    populate(services, random.Random(2))
    whole = state(services)
    assert damage(services, random.Random(3))
    assert faults(services) >= expected
    assert faults(services) >= expected, "looking repairs nothing"
    check(services, mend=True)
    assert faults(services) == set()
    assert state(services) == whole


@pytest.mark.parametrize("seed", range(5))
def test_many_damages_at_once_are_repaired_and_exactly_the_right_people_are_told(
    services: Services, seed: int
) -> None:
    dice = random.Random(seed)
    populate(services, dice)
    whole = state(services)
    for damage, _ in dice.choices(DAMAGES, k=12):
        with suppress(IndexError, ValueError):  # the damages before may leave nothing of a kind to damage
            damage(services, dice)
    check(services, mend=True)
    assert faults(services) == set()
    assert state(services) == whole
    tell(services, draft("ua-talks"))
    expected = {
        person.address
        for person in services.subscribers.everyone()
        if person.standing is Standing.ACTIVE and any(at_once(s) for s in person.subscriptions)
    }
    assert expected
    assert told(services, "ua-talks") == expected


def at_once(wish: Subscription) -> bool:
    """Whether a subscription is told at once of talks between Russia and Ukraine."""
    wanted = wish.filter
    return (
        str(wish.cadence) == "immediate"
        and set(wanted.regions) & {"UA", "RU", "UA-30", "150"} != set()
        and wanted.any_tags in ((), ("negotiations",))
    )


def told(services: Services, update: str) -> set[str]:
    progress = services.digests.progress(services.updates.digests(update))
    return {
        person.address
        for digest, how in progress.items()
        for person in services.subscribers.destinations(
            list(services.ledger.records(digest, range(1, how.batches + 1)))
        )
    }


@pytest.mark.parametrize("mend", [False, True], ids=["looking", "repairing"])
def test_while_people_change_their_wishes_nothing_is_taken_for_a_fault(
    services: Services, mend: bool
) -> None:
    populate(services, random.Random(4), n=30)
    stop = Event()

    def change() -> None:
        dice = random.Random(5)
        while not stop.is_set():
            person = dice.choice(everybody)
            standing = dice.choice(list(Standing))
            changed = replace(person, subscriptions=wishes(dice), standing=standing)
            everybody[everybody.index(person)] = services.subscribers.save(changed, person)

    everybody = list(services.subscribers.everyone())
    with ThreadPoolExecutor() as pool:
        changing = pool.submit(change)
        found = [+check(services, mend).found for _ in range(5)]
        stop.set()
        changing.result()
    assert not any(found)
    assert faults(services) == set()


def test_two_subscribers_who_are_one_person_are_found_and_one_can_be_taken_away(services: Services) -> None:
    """They got everything twice, and nothing said so: each of the two looked right by itself."""
    of_old(services, "Alone@example.org", "UA")
    for spelt in ("Bob@example.org", "BOB@example.org", "ANN@example.org", "ann@example.org"):
        of_old(services, spelt, "UA")
    [found], repaired = check_index(services, True, lambda done, total: None)
    assert (found.id, found.level) == ("index.doubles", "warning")
    assert [one.id for one in repaired] == [
        "index.listed"
    ]  # nor were they in the directory, as they are spelt
    assert found.message.startswith("2 people are subscribed under two spellings of one address")
    assert "BOB@example.org and Bob@example.org" in found.message
    assert "ANN@example.org and ann@example.org" in found.message
    assert "Alone" not in found.message
    assert "alerts subscribers merge" in found.hint
    assert people.remove(services, OPERATOR, "BOB@example.org").address == "BOB@example.org"
    assert merge(services, OPERATOR, "ann@example.org", "ANN@example.org").address == "ann@example.org"
    assert check_index(services, False, lambda done, total: None) == ([], [])
    for spelt in ("Bob@example.org", "ann@example.org"):
        assert find(services, spelt).address == spelt


def test_people_whose_wishes_are_lost_are_named_and_can_wish_anew(services: Services) -> None:
    """Definitions are kept under the hash of what they say: no other place could bring one back."""
    lost = people.add(services, OPERATOR, "lost@example.org", [Subscription(Filter(("UA",)), name="mine")])
    people.add(services, OPERATOR, "kept@example.org", [Subscription(Filter(("PL",)))])
    services.server.client.delete(f"alerts:audience:{lost.audience.id}")
    fresh = connect(services.settings)
    try:
        with pytest.raises(Refused, match=f"What subscriber {lost.sid} "):
            find(fresh, "lost@example.org")
        [stale, wishes_lost], _ = check_index(fresh, False, lambda done, total: None)
        assert (stale.id, wishes_lost.id) == ("index.stale", "index.wishes")
        assert "lost@example.org" in wishes_lost.message
        assert "--repair" in wishes_lost.hint
        [still], repaired = check_index(fresh, True, lambda done, total: None)
        assert (still.id, "--repair" in still.hint) == ("index.wishes", False)
        assert {problem.id for problem in repaired} == {"index.strays", "index.stale"}
        assert find(fresh, "lost@example.org").subscriptions == ()
        subscriptions.subscribe(fresh, OPERATOR, "lost@example.org", Subscription(Filter(("UA",))))
        assert faults(fresh) == set()
        tell(fresh, draft())
        assert told(fresh, "ua-talks") == {"lost@example.org"}
    finally:
        fresh.close()


def test_who_was_missing_is_told_at_the_next_slot_what_their_window_holds(services: Services) -> None:
    """And a clock that stood still is looked at now, so a slot it slept through is opened, late."""
    daily = Subscription(Filter(("UA",)), Cadence.parse("daily 08:00"))
    person = people.add(services, OPERATOR, "daily@example.org", [daily])
    clock = clock_of(person.audience)
    services.server.client.zrem("alerts:due", f"open:{clock}")
    services.server.client.delete(f"alerts:audience:{person.audience.id}:joined")
    check(services, mend=True)
    assert services.server.client.zscore("alerts:due", f"open:{clock}") <= services.server.now_ms()
    [(aid, joined)] = services.audiences.newcomers(
        [person.audience.id], person.joined_ms - 1, person.joined_ms + 1
    ).items()
    assert (aid, joined) == (person.audience.id, [(person.sid, person.joined_ms)])
