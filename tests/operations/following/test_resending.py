"""Somebody gets an update once more because an operator wants it: one person, one more message."""

import pytest
from house import OPERATOR, draft, subscribe, tell, told, walk

from alerts import operations as do
from alerts.errors import BadInput, Conflict, NotFound
from alerts.model import Cadence, Channel, Filter, Kind, Severity, State, Subscription
from alerts.operations import Resending, resend, retry, suppress, trace
from alerts.operations.subscribing.subscribers import pause
from alerts.operations.subscribing.subscriptions import subscribe as subscribe_to
from alerts.operations.subscribing.subscriptions import unsubscribe
from alerts.services import Services
from alerts.walk import steps

ANN, UPDATE = "ann@example.org", "ua-talks"


def sends(services: Services, address: str) -> int:
    """How often something was delivered to one person."""
    return sum(state is State.SENT for state in told(services, UPDATE).get(address, []))


@pytest.mark.parametrize("address", [ANN, "T1/C1"])
def test_one_person_gets_the_latest_revision_once_more(services: Services, address: str) -> None:
    """Who had lost a mail could be sent it again only by publishing it to everybody."""
    subscribe(services, address, "UA")
    subscribe(services, "bob@example.org", "UA")
    tell(services, draft())
    tell(services, draft(headline="Talks end"))
    done = resend(services, OPERATOR, address, UPDATE)
    assert [str(one)[:7] for one in done.had] == ["r1 sent", "r2 sent"]
    assert [str(work) for work in done.work] == [str(owed.work) for owed in services.due.owed()]
    walk(services)
    assert (sends(services, address), sends(services, "bob@example.org")) == (3, 2)
    [latest, *_] = trace(services, OPERATOR, address)
    assert (latest.how, latest.revision, latest.state) == ("resent", 2, "sent")


def test_a_lost_mail_comes_under_another_message_id(services: Services) -> None:
    """Mail programs hide a second mail of the same id: it would have been sent, and never seen."""
    subscribe(services, ANN, "UA")
    before = set(services.settings.outbox.rglob("*.eml"))
    tell(services, draft())
    resend(services, OPERATOR, ANN, UPDATE)
    walk(services)
    mails = [path.read_bytes() for path in set(services.settings.outbox.rglob("*.eml")) - before]
    ids = {line for mail in mails for line in mail.splitlines() if line.lower().startswith(b"message-id")}
    subjects = {line for mail in mails for line in mail.splitlines() if line.startswith(b"Subject")}
    assert (len(mails), len(ids), len(subjects)) == (2, 2, 1)


def test_typed_twice_within_a_minute_it_is_asked_about_again(services: Services) -> None:
    subscribe(services, ANN, "UA")
    tell(services, draft())
    resend(services, OPERATOR, ANN, UPDATE)
    walk(services)
    with pytest.raises(Conflict, match="was resent to ann"):
        resend(services, OPERATOR, ANN, UPDATE)
    seen: list[Resending] = []
    with pytest.raises(Conflict):
        resend(services, OPERATOR, ANN, UPDATE, lambda found: bool(seen.append(found)))
    assert seen[0].lately_ms is not None
    assert sends(services, ANN) == 2
    resend(services, OPERATOR, ANN, UPDATE, lambda _: True)
    walk(services)
    assert sends(services, ANN) == 3


def test_who_says_no_sends_nothing(services: Services) -> None:
    subscribe(services, ANN, "UA")
    tell(services, draft())
    with pytest.raises(BadInput, match="asks before"):
        resend(services, OPERATOR, ANN, UPDATE, lambda _: False)
    assert (services.due.owed(), list(services.audit.entries())) == ([], [])


def test_the_same_wish_run_twice_is_one_message(services: Services) -> None:
    """A reply that is lost is asked for again by the client of the server."""
    ann = subscribe(services, ANN, "UA")
    tell(services, draft())
    resend(services, OPERATOR, ANN, UPDATE)
    [digest] = [d for d in do.of_update(services, UPDATE).values() if d.resent_to == ann.sid]
    assert services.digests.owe_to_one(digest) == []
    walk(services)
    assert services.digests.owe_to_one(digest) == []
    walk(services)
    assert sends(services, ANN) == 2


def test_it_is_sent_also_where_they_no_longer_ask_for_it(services: Services) -> None:
    """The wish is the operator's: that they changed their subscriptions since is no reason to drop it."""
    subscribe(services, ANN, "UA", name="Ukraine")
    tell(services, draft())
    subscribe_to(services, OPERATOR, ANN, Subscription(Filter(("JP",)), name="Japan"))
    unsubscribe(services, OPERATOR, ANN, "Ukraine")
    walk(services)
    resend(services, OPERATOR, ANN, UPDATE)
    walk(services)
    assert told(services, UPDATE)[ANN] == [State.SENT, State.SENT]


def test_what_comes_anyway_or_never_was_theirs_is_refused_and_says_why(services: Services) -> None:
    subscribe(services, ANN, "UA")
    subscribe(services, "daily@example.org", "UA", cadence=Cadence.parse("daily 08:00"))
    subscribe(services, "tokyo@example.org", "JP")
    steps.publish(services, draft())
    with pytest.raises(Conflict, match="never went"):
        resend(services, OPERATOR, ANN, UPDATE)
    walk(services, lambda work: work.step.value != "send")
    with pytest.raises(Conflict, match="still on its way"):
        resend(services, OPERATOR, ANN, UPDATE)
    walk(services)
    with pytest.raises(Conflict, match="with the digest of"):
        resend(services, OPERATOR, "daily@example.org", UPDATE)
    with pytest.raises(Conflict, match="never went to tokyo"):
        resend(services, OPERATOR, "tokyo@example.org", UPDATE)
    with pytest.raises(NotFound):
        resend(services, OPERATOR, "nobody@example.org", UPDATE)
    with pytest.raises(NotFound):
        resend(services, OPERATOR, ANN, "nothing")


def test_whom_nothing_may_be_sent_to_gets_nothing(services: Services) -> None:
    for name in ("ann", "bob"):
        subscribe(services, f"{name}@example.org", "UA")
    tell(services, draft())
    suppress(services, OPERATOR, ANN, "gone")
    pause(services, OPERATOR, "bob@example.org")
    with pytest.raises(Conflict, match="Nothing is sent to this address: gone") as refused:
        resend(services, OPERATOR, ANN, UPDATE)
    assert f"alerts unsuppress {ANN}" in refused.value.hint
    with pytest.raises(Conflict, match="is paused"):
        resend(services, OPERATOR, "bob@example.org", UPDATE)


def test_a_correction_reaches_them_once_and_a_newer_revision_goes_before(services: Services) -> None:
    subscribe(services, ANN, "UA")
    tell(services, draft())
    resend(services, OPERATOR, ANN, UPDATE)
    walk(services)
    tell(services, draft(kind=Kind.CORRECTION, note="It was in Ankara.", headline="Talks in Ankara"))
    assert sends(services, ANN) == 3
    resend(services, OPERATOR, ANN, UPDATE)
    tell(services, draft(headline="Talks end", severity=Severity.SEVERE))
    assert sends(services, ANN) == 4  # the newer one took the place of what was still waiting
    assert State.WITHDRAWN in told(services, UPDATE)[ANN]


def test_what_failed_and_was_resent_is_not_retried_as_well(services: Services) -> None:
    """Both are the operator's wish, and the person would have got it twice."""
    subscribe(services, ANN, "UA")
    tell(services, draft())
    [digest] = services.updates.digests(UPDATE)
    client, key = services.server.client, services.server.keys("digest", digest)
    [(sid, _)] = [(s, v) for s, v in client.hgetall(f"{key}:batch:1").items() if s != b"!"]
    client.hset(f"{key}:batch:1", sid, "f1+0")
    client.hincrby(key, "s", -1)
    client.hincrby(key, "f", 1)
    resend(services, OPERATOR, ANN, UPDATE)
    walk(services)
    with pytest.raises(Conflict):
        retry(services, OPERATOR, UPDATE)
    walk(services)
    assert sends(services, ANN) == 1
    assert do.status(services, OPERATOR, UPDATE).funnel.channels == {Channel("email"): {State.SENT: 1}}
