"""Who was told of an update, and who was not: everybody by name, once."""

import random
from collections import Counter
from contextlib import suppress
from dataclasses import replace

import pytest
from house import OPERATOR, draft, subscribe, tell, walk

from alerts import operations as do
from alerts.errors import BadInput, Conflict, NotFound
from alerts.model import Cadence, Channel, Kind, Severity, Standing, State, Step
from alerts.operations import PersonDelivery, deliveries, status
from alerts.operations.following.progress import of_update
from alerts.operations.following.waiting import waiting_for_slot
from alerts.services import Services
from alerts.store import Delivery
from alerts.walk import steps
from alerts.walk.batch_sender import BatchSender

UPDATE = "ua-talks"


def rows(services: Services, **by: object) -> dict[str, PersonDelivery]:
    """What is listed, by address; nobody is listed twice."""
    found = deliveries(services, OPERATOR, UPDATE, **by)  # type: ignore[arg-type]
    listed = list(found.rows)
    named = {row.address or f"#{row.sid}": row for row in listed}
    assert (len(listed), found.people) == (len(named), len(named))
    return named


def test_everybody_is_named_with_what_became_of_theirs_and_why(services: Services) -> None:
    """`status` counted, nobody was named: who was not told took one `explain` a person to find out."""
    for name in ("ann", "bob", "gone"):
        subscribe(services, f"{name}@example.org", "UA")
    subscribe(services, "daily@example.org", "UA", cadence=Cadence.parse("daily 08:00"))
    subscribe(services, "tokyo@example.org", "JP")
    services.suppressions.add(Channel("email"), "gone@example.org", "550 no such user", "email")
    tell(services, draft())
    found = rows(services)
    assert {address: row.state for address, row in found.items()} == {
        "ann@example.org": "sent",
        "bob@example.org": "sent",
        "gone@example.org": "suppressed",
        "daily@example.org": "slot",
    }
    gone, daily = found["gone@example.org"], found["daily@example.org"]
    assert "550 no such user" in gone.words
    assert gone.reason.startswith("Nothing is sent to this address: 550 no such user (by email, since ")
    assert found["ann@example.org"].at_ms
    assert (daily.at_ms, str(daily.to_dict()["next"])[-10:]) == (None, "T08:00:00Z")


def test_some_are_asked_for_by_state_channel_and_revision(services: Services) -> None:
    subscribe(services, "ann@example.org", "UA")
    subscribe(services, "T1/C1", "UA")
    subscribe(services, "severe@example.org", "UA", min_severity=Severity.SEVERE)
    tell(services, draft(severity=Severity.SEVERE))
    tell(services, draft(headline="Talks end", severity=Severity.MINOR))
    assert {a: r.revision for a, r in rows(services).items()} == {
        "ann@example.org": 2,
        "T1/C1": 2,
        "severe@example.org": 1,
    }
    assert set(rows(services, channel=Channel("slack"))) == {"T1/C1"}
    assert set(rows(services, revision=1)) == {"ann@example.org", "T1/C1", "severe@example.org"}
    assert rows(services, states=["failed", "slot"]) == {}
    assert {a: r.revision for a, r in rows(services, address="ann@example.org").items()} == {
        "ann@example.org": 2
    }
    assert rows(services, address="ann@example.org", states=["failed"]) == {}
    assert rows(services, address="ann@example.org", channel=Channel("slack")) == {}
    with pytest.raises(NotFound):
        deliveries(services, OPERATOR, UPDATE, address="nobody@example.org")
    with pytest.raises(BadInput):
        deliveries(services, OPERATOR, UPDATE, states=["told"])
    with pytest.raises(NotFound):
        deliveries(services, OPERATOR, UPDATE, revision=3)
    with pytest.raises(NotFound):
        deliveries(services, OPERATOR, "nothing")


def test_who_is_frozen_and_in_no_batch_yet_or_held_by_a_worker_is_there_too(services: Services) -> None:
    """Between the freeze and the batches people were in no list at all."""
    subscribe(services, "ann@example.org", "UA")
    steps.publish(services, draft())
    walk(services, lambda work: work.step not in (Step.FAN_OUT, Step.SEND))
    assert rows(services)["ann@example.org"].state == "queued"
    walk(services, lambda work: work.step is not Step.SEND)
    [batch] = [owed.work for owed in services.due.owed() if owed.work.step is Step.SEND]
    services.ledger.claim(batch)
    assert rows(services)["ann@example.org"].state == "sending"
    assert status(services, OPERATOR, UPDATE).funnel.channels == {Channel("email"): {State.SENDING: 1}}


def test_who_was_removed_is_still_counted_and_called_by_number(services: Services) -> None:
    ann = subscribe(services, "ann@example.org", "UA")
    tell(services, draft())
    services.subscribers.remove(ann)
    [row] = rows(services).values()
    assert (row.address, row.state, row.reason) == ("", "sent", f"Subscriber {ann.sid} was removed.")


def test_revisions_are_not_added_up(services: Services) -> None:
    """28 people of whom 26 had three revisions were “78 sent, 2 failed”."""
    for name in ("ann", "bob"):
        subscribe(services, f"{name}@example.org", "UA")
    for n in range(3):
        tell(services, draft(headline=f"Talks, day {n}"))
    found = status(services, OPERATOR, UPDATE)
    assert found.funnel.channels == {Channel("email"): {State.SENT: 2}}
    assert [(c.revision, c.state, c.people) for c in found.people] == [(3, State.SENT, 2)]


def test_status_says_who_still_waits_and_for_which_slot(services: Services) -> None:
    for hour in (8, 8, 9):
        subscribe(
            services,
            f"{hour}-{random.random()}@example.org",
            "UA",
            cadence=Cadence.parse(f"daily {hour:02}:00"),
        )
    tell(services, draft())
    found = status(services, OPERATOR, UPDATE).to_dict()
    slots = {str(slot["slot"])[-10:]: slot["people"] for slot in found["slots"]}  # type: ignore[attr-defined]
    assert (found["people"], slots) == (3, {"T08:00:00Z": 2, "T09:00:00Z": 1})


def cadences(services: Services) -> list[Cadence]:
    """What the people of a random history ask for; the last has its slot within a minute."""
    minute = (services.server.now_ms() // 60_000 + 1) % (24 * 60)
    written = ("immediate", "hourly", "daily 08:00", f"daily {minute // 60:02}:{minute % 60:02}")
    return [Cadence.parse(text) for text in written]


def naive(services: Services, update: str) -> dict[int, tuple[int, str]]:
    """What counts for each person, asked one by one: the latest revision, the delivery that says most."""
    digests = of_update(services, update)
    found: dict[int, tuple[int, str]] = {}
    for sid in range(1, services.subscribers.last_number() + 1):
        records = services.ledger.find(sid, list(digests))
        by_weight = [
            (digests[name].tells(update), _says(record), record.state.name.lower())
            for name, record in records.items()
        ]
        for person in services.subscribers.load([sid]):
            _slot_ms, waiting = waiting_for_slot(services, person)
            by_weight += [(entry.number, -1, "slot") for entry in waiting if entry.update == update]
        if by_weight:
            number, says, _ = max(by_weight)
            [*alike] = {state for n, s, state in by_weight if (n, s) == (number, says)}
            found[sid] = number, "|".join(sorted(alike))
    return found


def _says(record: Delivery) -> int:
    state = record.state
    return 3 if state.reached else 2 if state.in_doubt else 1 if state.owed else 0


@pytest.mark.parametrize("seed", range(12))
def test_after_any_history_rows_counts_and_people_are_the_same(services: Services, seed: int) -> None:
    """Whoever is listed is whoever was matched: one row a person, and `status` counts just these rows."""
    chance = random.Random(seed)
    people = [
        subscribe(
            services,
            f"p{n}@example.org" if n % 4 else f"T1/C{n}",
            chance.choice(["UA", "RU", "JP", "150"]),
            cadence=chance.choice(cadences(services)),
            min_severity=chance.choice([Severity.MINOR, Severity.MODERATE, Severity.SEVERE]),
        )
        for n in range(1, 13)
    ]
    kinds = [Kind.UPDATE, Kind.UPDATE, Kind.CORRECTION]
    for step in range(chance.randint(4, 10)):
        what = chance.randrange(7)
        [person] = services.subscribers.load([chance.choice(people).sid]) or [None]
        if what < 3 or step == 0:
            severity = chance.choice([Severity.MINOR, Severity.MODERATE, Severity.SEVERE])
            content = {"headline": f"Day {step}", "severity": severity, "kind": chance.choice(kinds)}
            steps.publish(services, draft(**content, note="It changed."))
            for _ in range(chance.randrange(12)):
                owed = [o.work for o in services.due.owed() if o.work.step not in (Step.OPEN, Step.RESUME)]
                if owed:
                    steps.step(BatchSender(services), chance.choice(owed))
        elif what == 3 and person:
            services.suppressions.add(person.channel, person.address, "gone", "test")
        elif what == 4 and person:
            flipped = Standing.PAUSED if person.standing is Standing.ACTIVE else Standing.ACTIVE
            services.subscribers.save(replace(person, standing=flipped), person, catch_up=True)
        elif what == 5 and person and chance.random() < 0.3:
            services.subscribers.remove(person)
        elif what == 5:
            for clock in services.clocks.all():
                with suppress(Conflict):  # its slot is not within a minute
                    steps.open_early(services, clock)
        else:
            walk(services)
    minute = services.server.now_ms() // 60_000
    try:
        judge(services)
    except AssertionError:
        if services.server.now_ms() // 60_000 == minute:
            raise
        judge(services)  # somebody's slot came while they were counted


def judge(services: Services) -> None:
    """Hold the rows, the counts and what is asked of each person alone against each other."""
    told = {(row.sid): (row.revision, row.state) for row in rows(services).values()}
    expected = naive(services, UPDATE)
    assert set(told) == set(expected)
    for sid, (number, state) in told.items():
        assert number == expected[sid][0]
        assert state in expected[sid][1].split("|")
    counted = Counter(state for _, state in told.values())
    found = do.status(services, OPERATOR, UPDATE)
    by_state: Counter[str] = Counter()
    for count in found.people:
        by_state[count.state.name.lower() if count.state else "slot"] += count.people
    assert by_state == counted
    funnel: Counter[str] = Counter()
    for states in found.funnel.channels.values():
        funnel.update({state.name.lower(): n for state, n in states.items()})
    assert funnel + Counter(slot=counted["slot"]) == counted
