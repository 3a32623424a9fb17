"""What comes back changes what was proved, by rank and once; who cannot be reached misses nothing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from clocked import clocked, move_to
from dying import Died, Mortal
from house import OPERATOR, draft, subscribe, tell, told, walk
from hypothesis import given
from hypothesis import settings as settled
from hypothesis import strategies as st

from alerts.channels import folds, read_outbox
from alerts.links import Links
from alerts.model import Channel, Kind, Receipt, Standing, State, Step, Verdict
from alerts.operations.following.pending import pending
from alerts.rules.backing_off import BACK_OFFS_MS, HOUR_MS
from alerts.services import Services, connect
from alerts.settings import Settings
from alerts.store import Follows, Index, Suppression
from alerts.walk import steps
from alerts.walk.batch_sender import BatchSender
from alerts.walk.receive import Received, receive

pytestmark = pytest.mark.long

EMAIL, KYIV = Channel("email"), "kyiv@example.org"
NOON = "2026-06-10T12:00Z"
WORDS = {verdict: f"550 {verdict}" for verdict in Verdict}


def tokens(services: Services, update: str = "ua-talks") -> list[str]:
    """Of each delivery of an update, the name under which it comes back; the latest last."""
    found = []
    for digest in services.updates.digests(update):
        [progress] = services.digests.progress([digest]).values()
        for k in range(1, progress.batches + 1):
            for sid, record in services.ledger.records(digest, [k]).items():
                if record.state is not State.SUPPRESSED:
                    at_ms = (progress.frozen_ms or 0) + record.offset_s
                    found.append((at_ms, services.links.delivery(digest, k, sid)))
    return [token for _, token in sorted(found)]


def come_back(services: Services, verdict: Verdict, token: str | None = None) -> Received:
    """A report about a delivery, the latest one if none is named."""
    token = token or tokens(services)[-1]
    receipt = Receipt(verdict, "5.0.0", WORDS[verdict], ("r" + "0" * 20 + ".1.1." + "0" * 16, token))
    [received] = receive(services, services.links, [receipt], "test")
    return received


def standing(services: Services) -> Suppression | None:
    return services.suppressions.find(EMAIL, [KYIV]).get(KYIV)


def note(services: Services) -> str:
    [digest] = services.updates.digests("ua-talks")
    return services.ledger.note(digest, services.subscribers.named(KYIV)[0].sid)


@pytest.fixture
def sent(services: Services) -> Services:
    """Somebody was sent an update."""
    subscribe(services, KYIV, "UA")
    tell(services, draft())
    return services


def state(services: Services) -> State:
    [[found]] = told(services, "ua-talks").values()
    return found


@pytest.mark.parametrize(
    ("verdict", "becomes", "follows"),
    [
        (Verdict.DELIVERED, State.DELIVERED, Follows.NOTHING),
        (Verdict.DELAYED, State.SENT, Follows.NOTHING),
        (Verdict.BLOCKED, State.BOUNCED, Follows.NOTHING),
        (Verdict.SOFT, State.BOUNCED, Follows.BACK_OFF),
        (Verdict.HARD, State.BOUNCED, Follows.SUPPRESSED),
        (Verdict.COMPLAINED, State.COMPLAINED, Follows.SUPPRESSED),
    ],
)
def test_each_verdict_has_its_state_and_what_follows(
    sent: Services, verdict: Verdict, becomes: State, follows: Follows
) -> None:
    taken = come_back(sent, verdict).taken
    assert (state(sent), taken.follows) == (becomes, follows)
    assert (standing(sent) is not None) == bool(follows)
    if becomes is not State.SENT:
        assert note(sent) == f"{verdict}: {WORDS[verdict]}"
    [digest] = sent.updates.digests("ua-talks")
    [progress] = sent.digests.progress([digest]).values()
    assert progress.counts == {becomes: 1}
    assert not come_back(sent, verdict).taken.changed
    assert progress == next(iter(sent.digests.progress([digest]).values()))


def test_a_suppression_says_why_in_whose_words_and_by_whom(sent: Services) -> None:
    come_back(sent, Verdict.HARD)
    found = standing(sent)
    assert found is not None
    assert (found.reason, found.by, found.until_ms) == ("550 hard", "email", None)
    assert [n["what"] for n in sent.notices.latest()] == ["suppressed"]


def test_a_bounce_that_is_about_us_is_told_to_operators_once_a_digest(services: Services) -> None:
    for name in ("kyiv", "lviv", "odesa"):
        subscribe(services, f"{name}@example.org", "UA")
    tell(services, draft())
    for token in tokens(services):
        come_back(services, Verdict.BLOCKED, token)
    [notice] = services.notices.latest()
    assert (notice["what"], notice["why"]) == ("given back because of us", "550 blocked")
    assert services.suppressions.count(EMAIL) == 0


def test_a_report_without_a_token_of_ours_is_shown_and_changes_nothing(sent: Services) -> None:
    token = tokens(sent)[-1]
    for forged in (
        (),
        (token[:-1] + ("0" if token[-1] != "0" else "1"),),
        ("r" + "0" * 20 + ".1.1." + "0" * 16,),
    ):
        receive(sent, sent.links, [Receipt(Verdict.HARD, "5.1.1", "550 no", forged)], "test")
    assert (state(sent), standing(sent)) == (State.SENT, None)
    assert [(one.words, one.digest) for one in sent.receipts.strays(10)] == [("550 no", "")] * 3
    assert sent.receipts.latest(10) == []


def result(services: Services) -> tuple[Any, ...]:
    found = standing(services)
    return state(services), note(services), found and (found.by, found.reason, bool(found.until_ms))


ALL = [verdict for verdict in Verdict if verdict is not Verdict.DELAYED]


def test_all_that_is_said_of_a_delivery_ends_alike_in_any_order(services: Services) -> None:
    """And said twice: each of them, and any two, three … of them."""
    subscribe(services, KYIV, "UA")
    tell(services, draft())
    token, client = tokens(services)[-1], services.server.client
    before = {key: client.dump(key) for key in client.scan_iter()}
    wanted: dict[frozenset[Verdict], tuple[Any, ...]] = {}
    for said in (*permutations(ALL, 2), *permutations(ALL)):
        for verdict in (*said, *said[:2]):
            come_back(services, verdict, token)
        assert wanted.setdefault(frozenset(said), result(services)) == result(services), said
        client.flushdb()
        for key, value in before.items():
            client.restore(key, 0, value)


SAID_OF_ALL = (Verdict.HARD, Verdict.SOFT, Verdict.COMPLAINED, Verdict.BLOCKED, Verdict.DELIVERED)


def test_whoever_dies_taking_receipts_in_leaves_nothing_half_done(settings: Settings) -> None:
    """At whichever command: states, suppressions and roll agree, and once more is once."""
    services = connect(settings)
    client = services.server.client
    client.flushall()
    for n in range(len(SAID_OF_ALL)):
        subscribe(services, f"p{n}@example.org", "UA")
    tell(services, draft())
    receipts = [
        Receipt(verdict, "5.0.0", WORDS[verdict], (token,))
        for verdict, token in zip(SAID_OF_ALL, tokens(services), strict=True)
    ]
    before = {key: client.dump(key) for key in client.scan_iter()}

    def become() -> tuple[Any, ...]:
        roll = Index(services.server, folds(), False)
        roll.check(lambda _done, _of: None)
        assert not +roll.found
        [digest] = services.updates.digests("ua-talks")
        [progress] = services.digests.progress([digest]).values()
        standing = services.suppressions.find(EMAIL, [f"p{n}@example.org" for n in range(len(SAID_OF_ALL))])
        counts = Counter(record.state for record in services.ledger.records(digest, [1]).values())
        assert progress.counts == counts
        held = {address: (one.by, one.reason, bool(one.until_ms)) for address, one in standing.items()}
        return told(services, "ua-talks"), held, len(services.receipts.latest(20))

    wanted, mortal, command, ended = None, Mortal(services), -1, False
    while not ended:
        client.connection_pool.disconnect()
        client.flushdb()
        for key, value in before.items():
            client.restore(key, 0, value)
        mortal.left = float("inf") if command < 0 else command
        try:
            receive(services, services.links, receipts, "test")
            ended = command >= 0
        except Died:
            client.connection_pool.disconnect()
        mortal.left = float("inf")
        if command >= 0:
            become()
            receive(services, services.links, receipts, "test")
        wanted = wanted or become()
        assert become() == wanted, f"killed after command {command}"
        command += 1
    assert command > 5
    services.close()


def test_a_bounce_that_overtakes_the_record_of_its_sending_stays(services: Services) -> None:
    """The report of a fast server came before the worker had written `sent`."""
    subscribe(services, KYIV, "UA")
    tell(services, draft())
    [digest] = services.updates.digests("ua-talks")
    key = services.server.keys("digest", digest, "batch", 1)
    services.server.client.hset(key, "1", "q")
    services.server.client.hincrby(services.server.keys("digest", digest), "s", -1)
    services.server.client.hincrby(services.server.keys("digest", digest), "q", 1)
    come_back(services, Verdict.HARD, services.links.delivery(digest, 1, 1))
    assert services.ledger.records(digest, [1])[1].state is State.BOUNCED
    [progress] = services.digests.progress([digest]).values()
    assert progress.counts == {State.BOUNCED: 1}


@settled(deadline=None)
@given(
    text=st.text(max_size=80)
    | st.from_regex(r"r[0-9a-f]{20}\.[0-9]{1,6}\.[0-9]{1,9}\.[0-9a-f]{16}", fullmatch=True)
)
def test_whatever_is_not_signed_is_nobodys(text: str) -> None:
    assert Links("https://a.example", b"k" * 32, "tests").returned_delivery(text) is None


def test_what_ends_with_its_digest_ends_with_it_also_when_it_came_later(sent: Services) -> None:
    come_back(sent, Verdict.HARD)
    [digest] = sent.updates.digests("ua-talks")
    notes = sent.server.keys("digest", digest, "notes")
    assert sent.server.client.ttl(notes) > 0


def test_after_the_digest_has_expired_nothing_is_changed(sent: Services) -> None:
    token = tokens(sent)[-1]
    sent.server.client.delete(*sent.server.client.scan_iter("*digest:r*"))
    assert not come_back(sent, Verdict.HARD, token).taken.changed
    assert standing(sent) is None


def test_a_replayed_report_does_not_undo_what_an_operator_lifted(sent: Services) -> None:
    come_back(sent, Verdict.HARD)
    sent.suppressions.lift(EMAIL, KYIV)
    come_back(sent, Verdict.HARD)
    assert standing(sent) is None


# -- an address that gives mail back for a while --------------------------------------------------


def headlines(services: Services) -> list[str]:
    """What has gone to the address, the oldest first."""
    mails = [item for item in read_outbox(services.settings.outbox) if item.address == KYIV]
    return [item.raw.decode("utf-8", "replace") for item in sorted(mails, key=lambda one: one.sent_at)]


def until(services: Services) -> int:
    found = standing(services)
    assert found is not None
    assert found.until_ms is not None
    return found.until_ms


def later(services: Services, hours: float) -> None:
    move_to(services, services.server.now_ms() + int(hours * HOUR_MS))
    walk(services)


def test_an_address_that_bounces_for_three_days_and_then_works_misses_nothing(settings: Settings) -> None:
    """Told once, in one catch-up: also what was given back at the very first, and not what is over."""
    services = clocked(settings, NOON)
    subscribe(services, KYIV, "UA")
    later(services, 24)
    tell(services, draft())
    come_back(services, Verdict.SOFT)
    waits = [(until(services) - services.server.now_ms()) // HOUR_MS]
    later(services, 1)
    tell(services, draft("grain", headline="Grain shipments stop"))
    tell(services, draft("over", headline="A bridge is closed"))
    later(services, 0.5)
    tell(services, draft("over", headline="The bridge is open again", kind=Kind.CANCEL))
    tried = 0
    for _ in range(5):  # until after 62 hours
        move_to(services, until(services))
        walk(services)
        tried += 1
        assert standing(services) is None
        come_back(services, Verdict.SOFT, tokens(services)[-1])
        waits.append((until(services) - services.server.now_ms()) // HOUR_MS)
    assert waits == [2, 4, 8, 16, 32, 64]
    move_to(services, until(services))
    walk(services)
    last = headlines(services)[-1]
    assert "Talks go on between" in last
    assert "Grain shipments stop" in last
    assert "bridge" not in last
    before = len(headlines(services))
    later(services, 24)
    assert (len(headlines(services)), standing(services)) == (before, None)
    assert before == 1 + tried + 1, "one mail, and one catch-up after each back-off"


def test_who_bounces_after_the_last_back_off_is_suppressed_until_somebody_lifts_it(
    settings: Settings,
) -> None:
    services = clocked(settings, NOON)
    subscribe(services, KYIV, "UA")
    tell(services, draft())
    for _ in BACK_OFFS_MS:
        assert come_back(services, Verdict.SOFT, tokens(services)[-1]).taken.follows is Follows.BACK_OFF
        move_to(services, until(services))
        walk(services)
    assert come_back(services, Verdict.SOFT, tokens(services)[-1]).taken.follows is Follows.SUPPRESSED
    found = standing(services)
    assert found is not None
    assert found.until_ms is None
    later(services, 24 * 30)
    assert standing(services) is not None


def test_a_worker_that_dies_at_the_end_of_a_back_off_leaves_nobody_without_it(settings: Settings) -> None:
    """At whichever command: nothing is lost with it, and no mail is sent twice."""
    command, ended = 0, False
    while not ended:
        services = clocked(settings, NOON)
        subscribe(services, KYIV, "UA")
        tell(services, draft())
        come_back(services, Verdict.SOFT)
        move_to(services, until(services))
        mortal = Mortal(services)
        mortal.left = command
        try:
            [owed] = services.due.owed()
            steps.step(BatchSender(services), owed.work)
            ended = True
        except Died:
            services.server.client.connection_pool.disconnect()
        mortal.left = float("inf")
        later(services, 1)
        assert standing(services) is None, f"killed after command {command}"
        assert len(headlines(services)) == 2, f"killed after command {command}"
        services.close()
        command += 1


def test_what_is_owed_to_whom_is_named_when_a_back_off_is_over(settings: Settings) -> None:
    services = clocked(settings, NOON)
    subscribe(services, KYIV, "UA")
    tell(services, draft())
    come_back(services, Verdict.SOFT)
    assert pending(services, OPERATOR).entries == ()
    move_to(services, until(services))
    [entry] = pending(services, OPERATOR).entries
    assert f"{KYIV} gave mail back" in entry.reason


def test_several_bounces_in_one_back_off_are_one(settings: Settings) -> None:
    services = clocked(settings, NOON)
    subscribe(services, KYIV, "UA")
    for update in ("a", "b", "c"):
        tell(services, draft(update, headline=f"Situation {update}"))
    for update in ("a", "b", "c"):
        come_back(services, Verdict.SOFT, tokens(services, update)[-1])
    assert until(services) - services.server.now_ms() == BACK_OFFS_MS[0]
    assert [owed.work.step for owed in services.due.owed()] == [Step.TRY_AGAIN]


def test_a_week_without_a_bounce_begins_anew(settings: Settings) -> None:
    services = clocked(settings, NOON)
    subscribe(services, KYIV, "UA")
    tell(services, draft())
    come_back(services, Verdict.SOFT)
    key = services.server.keys("softs", services.subscribers.named(KYIV)[0].sid)
    left_ms = services.server.client.pttl(key)
    assert 0 <= (BACK_OFFS_MS[0] + 7 * 24 * HOUR_MS) - left_ms < 60_000


def test_an_arrival_forgets_how_often_it_failed(sent: Services) -> None:
    come_back(sent, Verdict.SOFT)
    sid = sent.subscribers.named(KYIV)[0].sid
    assert sent.receipts.softs(sid) is not None
    tell(sent, draft("other"))
    sent.suppressions.lift(EMAIL, KYIV)
    tell(sent, draft("another", headline="Another"))
    come_back(sent, Verdict.DELIVERED, tokens(sent, "another")[-1])
    assert sent.receipts.softs(sid) is None


def test_a_pause_outlasts_a_back_off(settings: Settings) -> None:
    """Nothing is caught up with while they pause; when they are back, all of it is."""
    services = clocked(settings, NOON)
    kyiv = subscribe(services, KYIV, "UA")
    tell(services, draft())
    come_back(services, Verdict.SOFT)
    end_ms = until(services)
    paused = services.subscribers.save(replace(kyiv, standing=Standing.PAUSED), kyiv)
    move_to(services, end_ms)
    walk(services)
    assert (standing(services), len(headlines(services))) == (None, 1)
    services.subscribers.save(replace(paused, standing=Standing.ACTIVE), paused, catch_up=True)
    walk(services)
    assert "Talks go on between" in headlines(services)[-1]
    assert len(headlines(services)) == 2


def test_an_operator_may_suppress_for_good_whom_a_back_off_leaves_alone(sent: Services) -> None:
    come_back(sent, Verdict.SOFT)
    assert sent.suppressions.add(EMAIL, KYIV, "gone", "operator")
    found = standing(sent)
    assert found is not None
    assert (found.reason, found.until_ms) == ("gone", None)


def entries(services: Services) -> Sequence[str]:
    return [f"{one.verdict} {one.words} {one.way}" for one in services.receipts.latest(10)]


def test_what_changed_something_is_listed_newest_first(sent: Services) -> None:
    for verdict in (Verdict.DELIVERED, Verdict.DELAYED, Verdict.SOFT, Verdict.SOFT, Verdict.HARD):
        come_back(sent, verdict)
    assert entries(sent) == ["hard 550 hard test", "soft 550 soft test", "delivered 550 delivered test"]
