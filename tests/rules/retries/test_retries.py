"""When to try again: the table, one sentence a row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.model import Deferred, State, Unsure
from alerts.rules.retries import DEATHS_MOST, GIVE_UP_S, GiveUp, Wait, after, hopeless, part

H = 3600.0

WAITS = [
    # sentence, outcome, attempt, urgent, jitter, seconds
    ("an urgent one comes back in seconds", Deferred("no"), 1, True, 0.5, 15),
    ("then twice as late", Deferred("no"), 2, True, 0.5, 30),
    ("then minutes", Deferred("no"), 3, True, 0.5, 60),
    ("two", Deferred("no"), 4, True, 0.5, 120),
    ("five", Deferred("no"), 5, True, 0.5, 300),
    ("ten", Deferred("no"), 6, True, 0.5, 600),
    ("fifteen", Deferred("no"), 7, True, 0.5, 900),
    ("and fifteen ever after", Deferred("no"), 99, True, 0.5, 900),
    ("a routine one takes a minute", Deferred("no"), 1, False, 0.5, 60),
    ("then five", Deferred("no"), 2, False, 0.5, 300),
    ("fifteen", Deferred("no"), 3, False, 0.5, 900),
    ("thirty", Deferred("no"), 4, False, 0.5, 1800),
    ("an hour", Deferred("no"), 5, False, 0.5, 3600),
    ("and hourly ever after", Deferred("no"), 50, False, 0.5, 3600),
    ("luck may bring it a fifth sooner", Deferred("no"), 5, False, 0.0, 2880),
    ("or a fifth later", Deferred("no"), 5, False, 1.0, 4320),
    ("the provider's word is a minimum", Deferred("no", 300), 1, True, 0.0, 300),
    ("those it asked to wait come back spread out", Deferred("no", 300), 1, True, 1.0, 360),
    ("our own word is a minimum too", Deferred("no", 10), 3, False, 0.5, 900),
    ("the word binds even where luck would undercut it", Deferred("no", 3500), 5, False, 0.0, 3500),
    ("an unsure one follows the same table", Unsure("timeout"), 2, True, 0.5, 30),
    (
        "what was not even tried waits for its turn only",
        Deferred("pace", 2, blameless=True),
        1,
        False,
        0.0,
        2,
    ),
    ("and comes back spread out as well", Deferred("pace", 2, blameless=True), 1, False, 1.0, 2.4),
    (
        "a blameless one that names no time takes ours",
        Deferred("pace", None, blameless=True),
        1,
        False,
        0.5,
        60,
    ),
]


@pytest.mark.parametrize(
    ("outcome", "attempt", "urgent", "jitter", "seconds"),
    [row[1:] for row in WAITS],
    ids=[row[0] for row in WAITS],
)
def test_how_long_to_wait(outcome, attempt, urgent, jitter, seconds):
    assert after(outcome, attempt, 0, urgent=urgent, expires_in_s=None, jitter=jitter) == Wait(
        pytest.approx(seconds)
    )


ENDS = [
    # sentence, age, attempt, asked, expires_in, end
    ("72 hours are over before the next try", 71.5 * H, 9, None, None, State.FAILED),
    ("the provider asks for more than is left", 0, 1, 73 * H, None, State.FAILED),
    ("the update ends before the next try", 0, 1, None, 59.0, State.EXPIRED),
    ("the update ends as the next try would begin", 0, 1, None, 60.0, State.EXPIRED),
    ("the update has ended", 0, 1, None, -5.0, State.EXPIRED),
    ("an end of its own says more than ours", 72 * H, 9, None, 1.0, State.EXPIRED),
    ("there is just time for one more", 71 * H, 9, None, 3601.0, None),
    ("there is plenty of time", 0, 1, None, 24 * H, None),
]


@pytest.mark.parametrize(
    ("age_s", "attempt", "asked", "expires_in_s", "end"),
    [row[1:] for row in ENDS],
    ids=[row[0] for row in ENDS],
)
def test_when_to_give_up(age_s, attempt, asked, expires_in_s, end):
    decision = after(
        Deferred("451 4.3.0 later", asked),
        attempt,
        age_s,
        urgent=False,
        expires_in_s=expires_in_s,
        jitter=0.5,
    )
    if end is None:
        assert isinstance(decision, Wait)
    else:
        assert isinstance(decision, GiveUp)
        assert decision.state is end
        assert decision.why.endswith("451 4.3.0 later")


@given(
    attempt=st.integers(0, 10**6),
    asked=st.none() | st.floats(0, 10 * H),
    urgent=st.booleans(),
    jitter=st.floats(0, 1),
)
def test_no_wait_is_shorter_than_asked_or_longer_than_a_fifth_more_than_due(attempt, asked, urgent, jitter):
    decision = after(Deferred("no", asked), attempt, 0, urgent=urgent, expires_in_s=None, jitter=jitter)
    assert isinstance(decision, Wait)
    assert max(12.0, asked or 0) <= decision.seconds <= max(H, asked or 0) * 1.2 + 1e-6


def test_a_delivery_that_is_always_deferred_ends_after_a_bounded_number_of_tries():
    age, tries = 0.0, 1
    while isinstance(
        decision := after(Deferred("no"), tries, age, urgent=True, expires_in_s=None, jitter=0.5), Wait
    ):
        age, tries = age + decision.seconds, tries + 1
    assert GIVE_UP_S - 900 <= age <= GIVE_UP_S
    assert tries < 300


PARTS = [
    # sentence, owed, deaths, tried at once
    ("nobody died: all of it", 128, 0, 128),
    ("one worker may die of anything: all of it again", 128, 1, 128),
    ("two in a row: half of it", 128, 2, 64),
    ("and half of that", 128, 3, 32),
    ("down to one", 128, 8, 1),
    ("never to none", 3, 50, 1),
]


@pytest.mark.parametrize(
    ("owed", "deaths", "tried"), [row[1:] for row in PARTS], ids=[row[0] for row in PARTS]
)
def test_how_many_of_a_batch_to_try_at_once(owed, deaths, tried):
    assert part(owed, deaths) == tried


HOPES = [
    # sentence, owed, deaths, age, hopeless
    ("nobody died", 1, 0, 80 * H, False),
    ("ten died of the only one left", 1, DEATHS_MOST, 0, True),
    ("nine did", 1, DEATHS_MOST - 1, 0, False),
    ("ten died, but of which of two", 2, DEATHS_MOST, 0, False),
    ("it has gone on for three days", 128, 1, GIVE_UP_S + 1, True),
]


@pytest.mark.parametrize(
    ("owed", "deaths", "age_s", "end"), [row[1:] for row in HOPES], ids=[row[0] for row in HOPES]
)
def test_when_a_batch_is_given_up(owed, deaths, age_s, end):
    assert hopeless(owed, deaths, age_s) is end
