"""Somebody has all that is kept of them erased: no key holds their address, and no list brings them back."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from house import OPERATOR, draft, subscribe, tell, walk
from smtp_server import Moment, SmtpServer

from alerts.errors import AlertsError, BadInput, Conflict, Forbidden, NotFound
from alerts.model import Channel, Filter, Kind, State, Subscription
from alerts.operations import Actor, audit, holder_of, leave, suppress, trace, unsuppress
from alerts.operations.lists.importing import Import
from alerts.operations.people.coming_in import ask_to_come_in, begin
from alerts.operations.people.person_data import everything_about, sent_message
from alerts.operations.subscribing import subscribers
from alerts.operations.subscribing.erasing import erase, erase_own
from alerts.operations.subscribing.muting import mute
from alerts.operations.subscribing.unsubscribing import LinkHolder
from alerts.services import Services, connect
from alerts.settings import Settings
from alerts.store import SyncChange

ANNA, SPELT = "Anna.Berg@example.org", "anna.berg@EXAMPLE.org"


def octets(services: Services) -> Iterator[tuple[str, bytes]]:
    """Every key of the server, its name and all that it holds."""
    client = services.server.client
    for key in client.scan_iter(count=1000):
        yield key.decode(), key
        kind = client.type(key).decode()
        found: Any = {
            "string": lambda key=key: [client.get(key)],
            "hash": lambda key=key: [part for pair in client.hgetall(key).items() for part in pair],
            "set": lambda key=key: client.smembers(key),
            "zset": lambda key=key: client.zrange(key, 0, -1),
            "list": lambda key=key: client.lrange(key, 0, -1),
            "stream": lambda key=key: [
                part for _, row in client.xrange(key) for pair in row.items() for part in pair
            ],
        }[kind]()
        for part in found:
            yield key.decode(), part


def naming(services: Services, *words: str) -> set[str]:
    """The keys that hold one of these words."""
    sought = [word.casefold() for word in words]
    return {
        key
        for key, part in octets(services)
        if any(w in part.decode("utf-8", "replace").casefold() for w in sought)
    }


def refusing(moment: Moment) -> str | None:
    """A relay that says whom it does not know."""
    return f"550 5.1.1 {ANNA}: no such user" if moment.verb == "rcpt" and "nna" in moment.argument else None


@pytest.fixture
def real(settings: Settings, services: Services) -> Iterator[Services]:
    with SmtpServer(script=refusing) as relay:
        ready = connect(Settings(home=settings.home, smtp_url=relay.url))
        yield ready
        ready.close()


def a_life(services: Services) -> None:
    """Somebody of whom there are words everywhere: refused by a relay, muted, changed, synced, suppressed."""
    anna = subscribers.add(services, OPERATOR, ANNA, [Subscription(Filter(("UA",)))], name="Anna Berg")
    tell(services, draft())
    mute(services, OPERATOR, ANNA, "ua-talks")
    subscribers.change(services, OPERATOR, ANNA, name="Anna Berg-Ivanova")
    subscribers.pause(services, OPERATOR, ANNA)
    begin(services, anna)
    ask_to_come_in(services, LinkHolder(ANNA.casefold()))
    services.syncs.begin("hr")
    services.syncs.remember([SyncChange(anna.channel, anna.address, anna, "")])
    services.answers.begin("hr-sync-1", "a request", "token", 30_000)
    services.answers.keep("hr-sync-1", "token", f'{{"address":"{ANNA}"}}'.encode())
    services.notices.notify("suppressed", sid=anna.sid, why=f"550 {ANNA}: no such user")
    services.breakers.trip(Channel("email"), f"421 too many from {ANNA}", 60)


def test_after_erasing_no_key_holds_the_address(real: Services) -> None:
    subscribe(real, "bob@example.org", "UA")
    a_life(real)
    before = naming(real, ANNA, SPELT)
    assert len(before) >= 9, before  # subscriber, directory, suppression, notes, audit, notices, events, …
    done = erase(real, OPERATOR, SPELT, SPELT)
    assert naming(real, ANNA, SPELT, "berg") == set()
    assert done.entries >= 4
    [last, *_] = audit(real, OPERATOR)
    assert last.sentence == f"olga (test) erased all that was kept of subscriber {done.sids[0]}"
    assert real.mutes.of(done.sids[0]) == {}
    walk(real)
    assert naming(real, ANNA, SPELT, "berg") == set()


def test_the_ledger_keeps_what_was_delivered_by_number(services: Services) -> None:
    anna = subscribe(services, ANNA, "UA")
    tell(services, draft())
    erase(services, OPERATOR, ANNA, ANNA)
    [record] = services.ledger.find(anna.sid, services.updates.digests("ua-talks")).values()
    assert record.state is State.SENT
    tell(services, draft(kind=Kind.RETRACTION, note="It never was so."))
    assert naming(services, ANNA) == set()


def test_who_was_erased_comes_back_at_their_own_wish_alone(services: Services) -> None:
    subscribe(services, ANNA, "UA")
    erase(services, OPERATOR, ANNA, ANNA)
    remarks: list[str] = []
    file = io.BytesIO(f"address,regions\n{SPELT},UA\nbob@example.org,UA\n".encode())
    importing = Import(services, OPERATOR, remark=lambda remark: remarks.append(remark.words))
    importing.read(file, print, lambda *_: None)
    done = importing.write(lambda *_: None)
    assert (done.added, remarks) == (1, ["Left out: they had all that was kept of them erased."])
    with pytest.raises(Conflict, match="erased at their own wish"):
        subscribers.add(services, OPERATOR, SPELT, [Subscription(Filter(("UA",)))])
    with pytest.raises(Conflict, match="erased at their own wish"):
        subscribers.ensure(services, OPERATOR, ANNA, [Subscription(Filter(("UA",)))])
    assert naming(services, ANNA) == set()
    with pytest.raises(Conflict):
        unsuppress(services, OPERATOR, SPELT)
    unsuppress(services, OPERATOR, SPELT, force=True)
    assert subscribers.add(services, OPERATOR, ANNA, [Subscription(Filter(("UA",)))]).sid


def test_an_old_link_to_unsubscribe_keeps_nothing_of_who_was_erased(services: Services) -> None:
    """Whoever presses it is told that nothing comes, which is so; their address was kept for it."""
    anna = subscribe(services, ANNA, "UA")
    token = services.links.token("u", anna.address.casefold())  # type: ignore[arg-type]
    holder = holder_of(services, token)
    erase(services, OPERATOR, ANNA, ANNA)
    assert leave(services, holder) is False
    assert ask_to_come_in(services, holder) == []
    assert naming(services, ANNA) == set()


def test_twice_is_once_and_what_is_not_meant_is_refused(services: Services) -> None:
    subscribe(services, ANNA, "UA")
    subscribe(services, "T1/C1", "UA")
    nobody = Actor("nobody", "test", frozenset())
    refused: list[tuple[type[AlertsError], tuple[Actor, str, str]]] = [
        (Forbidden, (nobody, ANNA, ANNA)),
        (BadInput, (OPERATOR, ANNA, "anna")),
        (BadInput, (OPERATOR, "T1/C1", "T1/C1")),
        (NotFound, (OPERATOR, "bob@example.org", "bob@example.org")),
    ]
    for fault, asked in refused:
        with pytest.raises(fault):
            erase(services, *asked)
    assert len(erase(services, OPERATOR, ANNA, ANNA).sids) == 1
    assert erase(services, OPERATOR, ANNA, ANNA).sids == ()


def test_who_erases_themselves_is_not_named_by_it(services: Services) -> None:
    subscribe(services, ANNA, "UA")
    suppress(services, OPERATOR, ANNA, "full")
    reader = Actor(ANNA.casefold(), "a link in an email", frozenset())
    erase_own(services, reader, ANNA, ANNA)
    assert naming(services, ANNA) == set()
    [last, *_] = audit(services, OPERATOR)
    assert last.entry.who == "the subscriber"


def test_all_that_is_kept_of_somebody_is_theirs_to_read(services: Services) -> None:
    anna = subscribe(services, ANNA, "UA", name="Ukraine")
    subscribe(services, "bob@example.org", "FR")
    tell(services, draft())
    mute(services, OPERATOR, ANNA, "ua-talks")
    suppress(services, OPERATOR, ANNA, "full")
    suppress(services, OPERATOR, "bob@example.org", "full")
    kept = everything_about(services, OPERATOR, ANNA)
    assert (kept["address"], kept["number"], kept["suppressed"]["reason"]) == (ANNA, anna.sid, "full")  # type: ignore[index]
    assert [one["update"] for one in kept["muted"]] == ["ua-talks"]  # type: ignore[attr-defined]
    [delivery] = kept["deliveries"]  # type: ignore[misc]
    assert delivery["state"] == "sent"
    assert [line["action"] for line in kept["changes"]] == ["suppression.add", "subscriber.mute"]  # type: ignore[attr-defined]
    text = sent_message(services, OPERATOR, ANNA, delivery["digest"])
    assert text.startswith("Subject: Talks go on between Russia and Ukraine")
    assert "You get this because you subscribe to" in text
    with pytest.raises(NotFound, match="They were not sent"):
        sent_message(services, OPERATOR, "bob@example.org", delivery["digest"])


def test_what_was_not_for_somebody_is_said_with_the_reason(services: Services) -> None:
    subscribe(services, ANNA, "UA")
    tell(services, draft())
    tell(services, draft("fr-strike", regions=("FR",)))
    found = list(trace(services, OPERATOR, ANNA, excluded=True))
    assert [(one.update, one.state) for one in found] == [("ua-talks", "sent"), ("fr-strike", "excluded")]
    assert found[1].note == "France is not in Ukraine"
    assert [one.update for one in trace(services, OPERATOR, ANNA)] == ["ua-talks"]
