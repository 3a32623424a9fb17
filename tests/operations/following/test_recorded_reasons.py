"""What is kept of a delivery in English is said to its reader in their language."""

from pathlib import Path

import pytest
from house import draft, subscribe, tell

from alerts.channels.email.hearing import IN_DOUBT
from alerts.locales import CATALOGS, ENGLISH, locale_for
from alerts.model import Deferred, Verdict, Work
from alerts.operations.following.recorded_reasons import SaidReason, recorded_reasons, said_reasons
from alerts.operations.people.looking_back import looked_back
from alerts.operations.subscribing.unsubscribing import BY_LINK
from alerts.rules import retries
from alerts.services import connect
from alerts.settings import Settings
from alerts.store import Claim, Destination
from alerts.store.ledger import DOUBT
from alerts.texts import Text
from alerts.walk.eligibility import MUTED, Circumstances, excluded
from alerts.walk.poison import given_up

REFUSED = "550 5.1.1 no such user"
NOBODY, SOMEBODY = Destination(1, "", "", True, "UTC"), Destination(1, "a@example.org", "", False, "UTC")


def ended(age_s: float, expires_in_s: float | None) -> str:
    """What is kept of a delivery that is not tried again after this reply."""
    busy = Deferred(REFUSED)
    end = retries.after(busy, 5, age_s, urgent=False, expires_in_s=expires_in_s, jitter=0.5)
    assert isinstance(end, retries.GiveUp)
    return end.why


def kept(person: Destination, *, over: bool = False) -> str:
    """What is kept of somebody whom nothing is sent to."""
    reason = excluded(person, None, Circumstances(None, None, over))  # type: ignore[arg-type]  # not looked at
    assert reason is not None
    return reason.why


@pytest.mark.parametrize(
    ("record", "parts"),
    [
        (BY_LINK, ["you unsubscribed"]),
        (f"{BY_LINK}; before: {REFUSED}", ["you unsubscribed", "before that", REFUSED]),
        (f"{MUTED} (before that: {REFUSED})", ["you had muted it", "before that", REFUSED]),
        (kept(NOBODY), ["you were no longer subscribed"]),
        (kept(NOBODY, over=True), ["its time was over"]),
        (kept(SOMEBODY), ["you had paused your alerts"]),
        ("the subscriber no longer wants it", ["your subscriptions no longer asked for it"]),
        ("revision 12 took its place", ["a newer revision took its place"]),
        (DOUBT, ["it may have reached you: the answer of your mail server was lost"]),
        (IN_DOUBT, ["it may have reached you: the answer of your mail server was lost"]),
        (ended(0, 1), ["it was over before it could be tried again", REFUSED]),
        (ended(retries.GIVE_UP_S, None), ["given up after 72 hours", REFUSED]),
        (f"given up after 72 hours: {DOUBT}", ["given up after 72 hours", str(recorded_reasons(DOUBT)[0])]),
        (f"{Verdict.HARD}: {REFUSED}", ["your mail server knows no such address", REFUSED]),
        (f"{Verdict.COMPLAINED}: {Verdict.COMPLAINED}", ["it was reported as spam"]),
        (REFUSED, [REFUSED]),
        ("because the embassy asked", ["because the embassy asked"]),
        ("", []),
    ],
)
def test_a_record_is_said_to_whom_it_was_about(record: str, parts: list[str]) -> None:
    """“the subscriber has muted this situation (before that: …)”, said a page in Arabic to them."""
    assert list(map(str, recorded_reasons(record))) == parts
    for language in CATALOGS:
        said = said_reasons(recorded_reasons(record), locale_for(language))
        assert [one.words in parts for one in said] == [not one.ours for one in said]


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_of_a_receipt_has_its_words(verdict: Verdict) -> None:
    ours, theirs = recorded_reasons(f"{verdict}: {REFUSED}")
    assert isinstance(ours, Text)
    assert theirs == REFUSED


def test_a_batch_that_workers_die_of_is_no_fault_of_its_reader(services) -> None:
    claim = Claim(Work.parse("send:x:1"), "", held=True, deaths=retries.DEATHS_MOST, owed=((1, None),))
    _, why = given_up(services, claim)
    assert recorded_reasons(why) != (why,)


@pytest.mark.parametrize("record", ["a (before that: " * 500, "hard: " * 500, "; before: " * 900])
def test_a_record_that_somebody_makes_up_ends_soon(record: str) -> None:
    """Words of a provider may look like ours, as deep as they like."""
    assert len(recorded_reasons(record)) < 400


def test_what_is_said_twice_is_said_once() -> None:
    said = said_reasons((*recorded_reasons(MUTED), *recorded_reasons(MUTED), REFUSED), ENGLISH)
    assert said == (SaidReason("you had muted it", ours=True), SaidReason(REFUSED, ours=False))


def test_a_template_that_fails_is_no_business_of_its_reader(settings: Settings, tmp_path: Path) -> None:
    """“templates/email/one.txt.j2, line 2, …” stood in Arabic among what somebody was not sent."""
    broken = tmp_path / "email" / "one.txt.j2"
    broken.parent.mkdir()
    broken.write_text("{{ 'a' * 10**9 }}")
    services = connect(settings.model_copy(update={"templates_dir": tmp_path}))
    services.server.client.flushall()
    anna = subscribe(services, "anna@example.org", "UA")
    tell(services, draft())
    [line] = looked_back(services, anna)
    assert line.why == (SaidReason("it could not be made into a message", ours=True),)
    services.close()
