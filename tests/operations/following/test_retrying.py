"""What failed is owed again; where nothing is, it says why, and no failure is forgotten over it."""

import pytest
from house import OPERATOR, draft, subscribe, tell, told, walk

from alerts.errors import Conflict
from alerts.model import State, Step
from alerts.operations import deliveries, resend, retry, suppress, unsuppress, withdraw
from alerts.operations.following.progress import of_update
from alerts.services import Services
from alerts.store import Delivery, LedgerLine
from alerts.walk import steps

ANN, BOB, UPDATE = "ann@example.org", "bob@example.org", "ua-talks"
WORDS = "552 mailbox full"


def end(services: Services, state: State, *addresses: str) -> None:
    """Publish; of these that becomes of it, in the provider's words, and the others have yet to be tried."""
    steps.publish(services, draft())
    walk(services, lambda work: work.step is not Step.SEND)
    [batch] = [owed.work for owed in services.due.owed() if owed.work.step is Step.SEND]
    claim = services.ledger.claim(batch)
    people = {p.sid: p.address for p in services.subscribers.destinations([sid for sid, _ in claim.owed])}
    lines = [LedgerLine(s, Delivery(state, 2, 0), WORDS) for s, a in people.items() if a in addresses]
    services.ledger.record(claim, lines)
    services.ledger.settle(claim)


def refusal(services: Services) -> Conflict:
    with pytest.raises(Conflict) as refused:
        retry(services, OPERATOR, UPDATE)
    return refused.value


@pytest.fixture(autouse=True)
def two(services: Services) -> None:
    for address in (ANN, BOB):
        subscribe(services, address, "UA")


def test_what_reached_everybody_says_so(services: Services) -> None:
    """“Nothing has failed” was all it said, also where people had not been reached."""
    tell(services, draft())
    assert "Nothing of ua-talks has failed: 2 sent." in refusal(services).sentence


def test_who_was_not_tried_for_a_standing_reason_is_said(services: Services) -> None:
    suppress(services, OPERATOR, ANN, "gone")
    tell(services, draft())
    said = refusal(services)
    assert "Nothing of ua-talks has failed: 1 sent, 1 suppressed." in said.sentence
    assert "alerts deliveries ua-talks --state suppressed" in said.hint


def test_what_is_still_on_its_way_is_said(services: Services) -> None:
    steps.publish(services, draft())
    walk(services, lambda work: work.step is not Step.SEND)
    said = refusal(services)
    assert "Nothing of ua-talks has failed: 2 queued." in said.sentence
    assert "alerts work" in said.hint


def test_who_has_it_by_now_is_said(services: Services) -> None:
    end(services, State.FAILED, ANN)
    walk(services)
    resend(services, OPERATOR, ANN, UPDATE)
    walk(services)
    assert "1 failed and has it by now" in refusal(services).sentence


def test_what_was_withdrawn_is_said(services: Services) -> None:
    end(services, State.FAILED, ANN, BOB)
    withdraw(services, OPERATOR, UPDATE)
    walk(services)
    assert "was stopped since" in refusal(services).sentence


def test_a_delivery_that_was_not_tried_again_keeps_the_failure(services: Services) -> None:
    """Tried twice and retried, it ended as “suppressed: gone”, and why it had failed was forgotten."""
    end(services, State.FAILED, ANN, BOB)
    retry(services, OPERATOR, UPDATE)
    suppress(services, OPERATOR, ANN, "gone")
    walk(services)
    assert told(services, UPDATE)[ANN] == [State.SUPPRESSED]
    [row] = deliveries(services, OPERATOR, UPDATE, states=["suppressed"]).rows
    assert row.words == f"gone (before that: {WORDS})"
    for reason in ("moved", "gone again"):  # nor does the note grow with every time it is lifted
        unsuppress(services, OPERATOR, ANN, catch_up=False)
        suppress(services, OPERATOR, ANN, reason)
        [digest] = of_update(services, UPDATE).values()
        services.digests.reopen(digest, 1, [row.sid], (State.SUPPRESSED,))
        walk(services)
    [row] = deliveries(services, OPERATOR, UPDATE, states=["suppressed"]).rows
    assert row.words == f"gone again (before that: {WORDS})"


def test_a_deferred_delivery_that_ends_untried_keeps_its_attempts_and_words(services: Services) -> None:
    end(services, State.DEFERRED, ANN)
    suppress(services, OPERATOR, ANN, "gone")
    walk(services)
    [row] = deliveries(services, OPERATOR, UPDATE, states=["suppressed"]).rows
    assert (row.words, row.attempts) == (f"gone (before that: {WORDS})", 2)


def test_what_is_retried_says_what_it_failed_with(services: Services) -> None:
    end(services, State.FAILED, ANN, BOB)
    retry(services, OPERATOR, UPDATE)
    [row, _] = deliveries(services, OPERATOR, UPDATE, states=["queued"]).rows
    assert row.words == WORDS
    walk(services)
    assert told(services, UPDATE)[ANN] == [State.SENT]
