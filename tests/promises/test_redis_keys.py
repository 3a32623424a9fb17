"""Every key that a running server ever holds is in the table, with its type; the table has no others."""

import importlib
import inspect
import pkgutil
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from cap_writer import cap
from feed_server import AskedFor, FeedServer, rss, rss_item
from house import OPERATOR, draft, of_old, subscribe
from slack_server import TOKEN, SlackServer
from smtp_server import Moment, SmtpServer

import alerts.store
from alerts import ingest
from alerts.model import (
    Cadence,
    Channel,
    Errand,
    Filter,
    Invitation,
    Kind,
    OneTimeLink,
    OptOut,
    Standing,
    State,
    Step,
    Subscriber,
    Subscription,
    Work,
)
from alerts.operations import NamedReading, Permission, add_key, admit, publish, take_in
from alerts.operations.feeds import FeedAsked, add_feed, poll_feed
from alerts.operations.people.coming_in import ask_to_come_in, begin
from alerts.operations.senders import SenderAsked, add_sender
from alerts.operations.subscribing import muting
from alerts.operations.subscribing.merging import merge
from alerts.operations.subscribing.unsubscribing import LinkHolder
from alerts.operations.tags import add_tags
from alerts.rules.cadence import clock_of
from alerts.services import Services, connect
from alerts.settings import Settings
from alerts.store import AuditEntry, SyncChange
from alerts.store.keys import TABLE, Expiry
from alerts.walk import steps
from alerts.walk.batch_sender import BatchSender

#: Only inside one script, or gone in the moment it is written: no other client can see them.
NEVER_SEEN = {"digest:{id}:members", "probe"}
#: What PTTL says of a key that is not there.
GONE = -2
#: `daily 08:00 UTC` and `slack:T1/C1` have a colon of their own; other names have none.
NAMES = {"key": r"(?:[^:]|:\d\d)+", "route": ".+"}


def pattern(row: str) -> re.Pattern[str]:
    """A row of the table as a pattern of whole keys."""
    parts = re.split(r"\{(\w+)\}", row)
    for i in range(0, len(parts), 2):
        parts[i] = re.escape(parts[i])
    for i in range(1, len(parts), 2):
        parts[i] = NAMES.get(parts[i], "[^:]+")
    return re.compile("".join(parts))


PATTERNS = {row: pattern(row) for row in TABLE}


class Watch:
    """Looks at the server from outside and remembers every key ever seen."""

    def __init__(self, settings: Settings) -> None:
        self._services = connect(settings)
        self.seen: dict[str, str] = {}
        #: Whether each had a time to live: every answer there was.
        self.expiring: dict[str, set[bool]] = {}

    def look(self) -> None:
        client = self._services.server.client
        for key in client.scan_iter(count=1000):
            kind = client.type(key).decode()
            left_ms = client.pttl(key)
            if kind != "none" and left_ms != GONE:  # gone since the scan
                self.seen[key.decode()] = kind
                self.expiring.setdefault(key.decode(), set()).add(left_ms >= 0)

    def close(self) -> None:
        self._services.close()


@pytest.fixture
def watch(settings: Settings) -> Iterator[Watch]:
    watching = Watch(settings)
    yield watching
    watching.close()


def awkward(watch: Watch) -> Callable[[Moment], str | None]:
    """A relay that is down at first, refuses gone@ and puts late@ off; the server is watched meanwhile."""

    def answer(moment: Moment) -> str | None:
        watch.look()
        if moment.verb == "connect" and moment.connection == 1:
            return "421 4.3.2 not now"
        if moment.verb == "rcpt" and "gone@" in moment.argument:
            return "550 5.1.1 no such user"
        if moment.verb == "rcpt" and "late@" in moment.argument:
            return "451 4.7.1 greylisted"
        return None

    return answer


@pytest.fixture
def real(
    settings: Settings, services: Services, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Services]:
    """Services whose messages go to an awkward relay and to a workspace."""
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    with SmtpServer(script=awkward(watch)) as relay, SlackServer() as slack:
        slack.trouble(status=500, body=b"", channel="C2")
        configured = {"smtp_url": relay.url, "slack_bot_token": TOKEN, "slack_api_url": slack.url}
        ready = connect(
            Settings(home=settings.home, mail_rate=500, operators="desk@example.org", **configured)
        )  # type: ignore[arg-type]
        yield ready
        ready.close()


def walk(services: Services, watch: Watch) -> None:
    """Do whatever is due within two seconds, looking at the server before each round."""
    batch_sender = BatchSender(services)
    while works := soon(services):
        watch.look()
        for work in works:
            steps.step(batch_sender, work)


def soon(services: Services) -> list[Work]:
    end_ms = services.server.now_ms() + 2_000
    return [owed.work for owed in services.due.owed() if owed.look_ms <= end_ms]


def states(services: Services, update: str) -> Counter[State]:
    progress = services.digests.progress(services.updates.digests(update))
    return sum((Counter(how.counts) for how in progress.values()), Counter())


def a_daily_slot_is_opened(services: Services) -> Subscriber:
    """A minute early, as in the demo; with somebody who subscribes too late for what the slot tells."""
    left_ms = 60_000 - services.server.now_ms() % 60_000
    time.sleep(left_ms / 1000 if left_ms < 3_000 else 0)
    minute = (services.server.now_ms() // 60_000 + 1) % (24 * 60)
    cadence = Cadence.parse(f"daily {minute // 60:02}:{minute % 60:02}")
    daily = subscribe(services, "daily@example.org", "UA", cadence=cadence)
    steps.publish(services, draft("ua-weather"))
    subscribe(services, "new@example.org", "UA", cadence=cadence)
    clock = clock_of(daily.audience)
    assert clock
    steps.open_early(services, clock)
    return daily


def everything_happens(services: Services, watch: Watch) -> None:
    """Publish, hold, withdraw, open, correct, suppress, pause, change, catch up, fail and rest."""
    for name in ("kyiv", "gone", "late"):
        subscribe(services, f"{name}@example.org", "UA")
    subscribe(services, "T1/C1", "UA")
    subscribe(services, "T1/C2", "UA")
    add_tags(services, OPERATOR, ["harvest"], "Crops and what becomes of them")
    made = add_key(services, OPERATOR, "hr-sync", [Permission.READ])
    admit(services, made.secret, "127.0.0.1", 50, 100)
    services.secrets.change(Channel("webhook"), "https://hooks.example.org/alerts")
    services.answers.begin("hr-sync-1", "a request", "token", 30_000)
    services.due.rewind()
    services.workers.alive("here:1")
    services.workers.broker_down("here:1", "The broker does not answer.")
    publish(services, OPERATOR, [NamedReading("storm.cap", ingest.read(cap(), "storm.cap"))])
    watch.look()
    steps.publish(services, draft())
    walk(services, watch)
    assert states(services, "ua-talks") == {
        State.SENT: 2,
        State.FAILED: 1,
        State.DEFERRED: 1,
        State.UNKNOWN: 1,
    }
    daily = a_daily_slot_is_opened(services)
    walk(services, watch)
    steps.publish(services, draft(kind=Kind.CORRECTION, note="They met on Tuesday."))
    walk(services, watch)
    kyiv = services.subscribers.find(Channel("email"), "kyiv@example.org")
    assert kyiv
    paused = services.subscribers.save(replace(kyiv, standing=Standing.PAUSED), kyiv)
    services.subscribers.save(replace(paused, standing=Standing.ACTIVE), paused, catch_up=True)
    wider = replace(daily, subscriptions=(Subscription(Filter(("150",))),))
    services.subscribers.save(wider, daily, catch_up=True)
    held, _ = steps.publish(services, draft("held"), services.server.now_ms() + 3_600_000)
    services.updates.withdraw(held.revision.ref, "too early")
    steps.publish(services, draft("unsure"), for_review=True)
    watch.look()
    walk(services, watch)
    a_correction_ends(services, watch)
    of_old(services, "PARIS@example.org", "FR")
    merge(services, OPERATOR, "paris@example.org", "PARIS@example.org")
    services.syncs.begin("hr")
    services.syncs.remember([SyncChange(daily.channel, daily.address, daily, "")])
    services.audit.add(AuditEntry(services.server.now_ms(), "anna", "cli", "withdraw", "held.r1"))
    mails_come_back(services)
    services.mailbox.hold("a token")
    services.mailbox.trouble("login", "The login is refused.", passes=False)
    services.erased.add(Channel("email"), "gone@example.org")
    services.opt_outs.add(Channel("email"), "never@example.org", OptOut.INVITATIONS)
    services.pauses.pause(kyiv.channel, "6 of 100 (6 %) bounced")
    watch.look()
    services.pauses.resume(kyiv.channel, services.rates.totals(kyiv.channel, 2))
    walk(services, watch)
    a_feed_is_followed(services, watch)
    a_mail_is_sent_for_publication(services, watch)
    people_act_for_themselves(services, watch)
    watch.look()


def people_act_for_themselves(services: Services, watch: Watch) -> None:
    """Somebody asks for a link, which is being mailed; somebody has come in, and somebody is invited."""
    kyiv = services.subscribers.find(Channel("email"), "kyiv@example.org")
    assert kyiv
    ask_to_come_in(services, LinkHolder("kyiv@example.org"))
    begin(services, kyiv)
    services.one_time_links.take_turn("0" * 32, "somebody", 60_000)
    now_ms = services.server.now_ms()
    invited = Channel("email"), "invited@example.org", "1" * 32
    link = OneTimeLink(invited[2], Errand.INVITE, *invited[:2], now_ms, now_ms + 60_000)
    assert services.invitations.invite(link, Invitation(*invited, "desk", now_ms, now_ms + 60_000), 0)
    watch.look()


def a_feed_is_followed(services: Services, watch: Watch) -> None:
    """For review, and looked at while it is polled: something new is in it, which waits as a draft."""
    with FeedServer() as server:
        services.own_fetcher = server.fetcher()
        server.documents["/feed"] = rss(rss_item(1))
        add_feed(services, OPERATOR, FeedAsked(server.url(), "river", ("UA",), review=True))
        server.documents["/feed"] = rss(rss_item(2), rss_item(1))

        def serve(asked: AskedFor) -> None:
            watch.look()
            asked.serve()

        server.does["/feed"] = serve
        poll_feed(services, OPERATOR, "river")


def a_mail_is_sent_for_publication(services: Services, watch: Watch) -> None:
    """By somebody who may: it waits as a draft, and its answer is being sent. Two others are refused."""
    services.settings = services.settings.model_copy(update={"authserv_id": "mx.example.org"})
    to = add_sender(services, OPERATOR, SenderAsked("olga@example.org")).send_to
    mail = (
        "Authentication-Results: mx.example.org; dmarc=pass header.from=example.org\n"
        "From: olga@example.org\nSubject: Roads are closed in Ukraine\n\nNobody gets through.\n"
    )
    for octets in (mail, *[mail.replace("olga", "anna")] * 2):
        list(take_in(services, OPERATOR, [(octets.encode(), (to,))]))
    [answer] = [owed.work.key for owed in services.due.owed() if owed.work.step is Step.ANSWER]
    services.mail_senders.take_turn(answer, "a worker", 60_000)
    watch.look()
    services.mail_senders.give_turn(answer, "a worker")


def mails_come_back(services: Services) -> None:
    """One that is to be tried again later, one that proves nothing; and a provider's token."""
    digest = next(d for d in sorted(services.updates.digests("fr-talks")) if services.ledger.records(d, [1]))
    sid = next(iter(services.ledger.records(digest, [1])))
    token = services.links.delivery(digest, 1, sid)
    services.hook_memory.claim("mailgun 3f1c", "an event", 60_000)
    for named in (token, token[:-4] + "0000"):
        report = f"To: {named}\nContent-Type: message/delivery-status\n\nAction: failed\nStatus: 5.2.2\n"
        answer = f"In-Reply-To: <{named}@example.org>\n\nWe are fine."
        list(take_in(services, OPERATOR, [(report.encode(), ()), (answer.encode(), ())]))


def a_correction_ends(services: Services, watch: Watch) -> None:
    """One that reaches everybody who is to get it, so that nobody is gathered for it any more.

    Then the situation is over, which somebody had muted.
    """
    subscribe(services, "paris@example.org", "FR")
    steps.publish(services, draft("fr-talks", regions=("FR",)))
    walk(services, watch)
    muting.mute(services, OPERATOR, "paris@example.org", "fr-talks")
    steps.publish(services, draft("fr-talks", regions=("FR",), kind=Kind.CORRECTION, note="On Tuesday."))
    walk(services, watch)
    steps.publish(services, draft("fr-talks", regions=("FR",), kind=Kind.CANCEL))
    walk(services, watch)


def test_every_key_seen_in_a_full_walk_is_in_the_table_and_every_row_is_seen(
    real: Services, watch: Watch
) -> None:
    everything_happens(real, watch)
    unmatched, kinds, rows = [], {}, set()
    for key, kind in watch.seen.items():
        plain = key.removeprefix("alerts:")
        matching = [row for row, shape in PATTERNS.items() if plain != key and shape.fullmatch(plain)]
        if len(matching) == 1:
            rows.add(matching[0])
            kinds[key] = (TABLE[matching[0]].kind, kind)
        else:
            unmatched.append((key, matching))
    assert unmatched == []
    assert {key: kind for key, kind in kinds.items() if kind[0] != kind[1]} == {}
    assert set(TABLE) - rows == NEVER_SEEN


def test_every_row_says_when_its_keys_end() -> None:
    assert [row for row, spec in TABLE.items() if not spec.ends.strip()] == []


def test_keys_have_a_time_to_live_exactly_where_the_table_says_so(real: Services, watch: Watch) -> None:
    """The table said what a key holds and not when it ends: what is kept for ever was found by searching."""
    everything_happens(real, watch)
    wrong, over = {}, set()
    for key, expiring in watch.expiring.items():
        plain = key.removeprefix("alerts:")
        [row] = [row for row, shape in PATTERNS.items() if shape.fullmatch(plain)]
        if TABLE[row].expiry in (Expiry.ONCE_OVER, Expiry.ONCE_ENDED):
            over |= {row} if True in expiring else set()
        elif expiring != {TABLE[row].expiry is Expiry.ALWAYS}:
            wrong[key] = expiring
    assert wrong == {}
    once_over = {row for row, spec in TABLE.items() if spec.expiry in (Expiry.ONCE_OVER, Expiry.ONCE_ENDED)}
    assert once_over == over
    client = real.server.client
    for digest in {key.split(":")[2] for key in watch.seen if key.startswith("alerts:digest:")}:
        parts = client.keys(f"alerts:digest:{digest}*")
        assert len({client.ttl(part) >= 0 for part in parts}) <= 1, parts


@pytest.mark.parametrize(
    ("key", "row"),
    [
        ("digest:rab12:batch:3", "digest:{id}:batch:{k}"),
        ("clock:daily 08:00 Europe/Kyiv", "clock:{key}"),
        ("clock:daily 08:00 + weekly mon 09:00 UTC:audiences", "clock:{key}:audiences"),
        ("rate:slack:T1/C1", "rate:{route}"),
        ("index:UA|*", "index:{region}|{tag}"),
        ("subscriber:12", "subscriber:{sid}"),
    ],
)
def test_a_row_of_the_table_is_the_pattern_of_its_keys_alone(key: str, row: str) -> None:
    assert [other for other, shape in PATTERNS.items() if shape.fullmatch(key)] == [row]


def test_a_part_of_a_digest_that_is_not_in_the_table_matches_no_row() -> None:
    assert not any(shape.fullmatch("digest:rab12:lists") for shape in PATTERNS.values())


def owned() -> Counter[str]:
    """The keys that classes of the store say are theirs, in the paragraph that begins so."""
    classes = {
        found
        for room in pkgutil.iter_modules(alerts.store.__path__, "alerts.store.")
        for found in vars(importlib.import_module(room.name)).values()
        if inspect.isclass(found) and found.__module__.startswith("alerts.store.")
    }
    said = [part for one in classes for part in (inspect.getdoc(one) or "").split("\n\n")]
    keys = [part for part in said if re.match(r"Keys?[:,]", part)]
    return Counter(name for part in keys for name in set(re.findall(r"`([^`]+)`", part)) & set(TABLE))


def test_every_key_is_specified_by_one_class_of_the_store_and_by_no_other() -> None:
    """A class was found by a key only through all that used it."""
    assert owned() == Counter(TABLE.keys())
