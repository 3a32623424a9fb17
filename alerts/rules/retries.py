"""When to try again, how many at once, and when to give up: pure functions. The tables:"""

from dataclasses import dataclass

from alerts.model import Deferred, Outcome, State, Unsure

#: Seconds after the 1st, 2nd, … try; the last one repeats. An alert ages fast: the first are close.
URGENT_S = (15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0)

#: Seconds after the 1st, 2nd, … try; the last one repeats. Greylists open within the second wait.
ROUTINE_S = (60.0, 300.0, 900.0, 1800.0, 3600.0)

#: Seconds since the delivery was first owed. The relay owns the 4–5 days of RFC 5321 §4.5.4.1; this tail is
#: for reaching the relay.
GIVE_UP_S = 72 * 3600.0

#: Holders of a batch that died in a row with nothing to show for it: from the first number on, operators
#: are notified, and after the second, the one who is left alone in it is given up.
DEATHS_TOLD, DEATHS_MOST = 3, 10

#: A delivery of which nobody knows whether it arrived is told to operators at this try.
DOUBT_TOLD = 4

#: Part of a wait by which it may be longer or shorter, so that those refused together do not come together.
JITTER = 0.2


@dataclass(frozen=True, slots=True)
class Wait:
    """Try again this many seconds from now."""

    seconds: float


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Never again: the state the delivery ends in, and why."""

    state: State
    why: str


def after(
    outcome: Deferred | Unsure,
    attempt: int,
    age_s: float,
    *,
    urgent: bool,
    expires_in_s: float | None,
    jitter: float,
) -> Wait | GiveUp:
    """Decide what follows the `attempt`th try (from 1) of a delivery that has been owed for `age_s` seconds.

    The provider's own `after_s` is a minimum, and the whole wait where no try is counted. A try that could
    only come too late is not waited for. `jitter`: a random number from 0 to 1; `expires_in_s`: None for an
    update without an end.
    """
    schedule = URGENT_S if urgent else ROUTINE_S
    usual = schedule[min(max(attempt, 1), len(schedule)) - 1]
    asked = outcome.after_s or 0.0
    if asked and untried(outcome):
        usual = 0.0
    soonest = max(usual * (1 - JITTER), asked)
    latest = max(usual, asked) * (1 + JITTER)
    seconds = soonest + (latest - soonest) * jitter
    if expires_in_s is not None and seconds >= expires_in_s:
        return GiveUp(State.EXPIRED, f"expired before it could be tried again: {outcome.why}")
    if age_s + seconds > GIVE_UP_S:
        return GiveUp(State.FAILED, f"given up after {GIVE_UP_S / 3600:.0f} hours: {outcome.why}")
    return Wait(seconds)


def untried(outcome: Outcome) -> bool:
    """Whether it is not counted as a try: nothing was tried, or the asking about an earlier try goes on."""
    return (isinstance(outcome, Deferred) and outcome.blameless) or (
        isinstance(outcome, Unsure) and outcome.reached != ""
    )


def part(owed: int, deaths: int) -> int:
    """How many of a batch to try at once, after `deaths` of its holders in a row came to nothing.

    The first may have had reasons of its own. From then on half as many each time, chosen anew: sooner or
    later whoever it is that workers die of is tried alone, and all the others have theirs.
    """
    return max(1, owed >> max(0, deaths - 1))


def hopeless(owed: int, deaths: int, age_s: float) -> bool:
    """Whether to give up what a batch still owes, because its holders die of it."""
    return deaths > 0 and (age_s > GIVE_UP_S or (owed == 1 and deaths >= DEATHS_MOST))
