"""Random histories of one batch: holders that live, die and come back, and every script run once or twice.

Whatever happens, the counters equal the ledger, what is owed stands in the due set, only the holder of the
lease writes, and what has ended stays as it ended.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from house import draft, subscribe, walk
from hypothesis import HealthCheck
from hypothesis import settings as limits
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from alerts import pipeline
from alerts.model import State, Step, Work
from alerts.services import Services, assemble
from alerts.settings import Settings
from alerts.store import Claim, Line, Record, Server

PEOPLE = 5
OWED = (State.DEFERRED, State.UNKNOWN)
ENDS = (State.SENT, State.FAILED, State.SUPPRESSED, State.EXPIRED, State.WITHDRAWN)


class Twice(Server):
    """As if every other reply got lost and the client asked again."""

    asked = 0

    def run(self, script: str, keys: Sequence[str], args: Sequence[Any] = (), pipe: Any = None) -> Any:
        Twice.asked += 1
        if pipe is None and Twice.asked % 2:
            super().run(script, keys, args)
        return super().run(script, keys, args, pipe)


def owe_a_batch(services: Services) -> Work:
    services.server.client.flushall()
    for n in range(PEOPLE):
        subscribe(services, f"p{n}@example.org", "UA")
    pipeline.publish(services, draft())
    walk(services, lambda work: work.step is not Step.SEND)
    [owed] = services.work.owed()
    return owed.work


class Batch(RuleBasedStateMachine):
    services: Services

    def __init__(self) -> None:
        super().__init__()
        self.work = owe_a_batch(self.services)
        self.digest = self.work.key.partition("/")[0]
        self.claims: list[Claim] = []
        self.holder: Claim | None = None
        self.stopped = False
        self.known = dict.fromkeys(self.records(), State.QUEUED)

    def records(self) -> dict[int, Record]:
        return self.services.ledger.records(self.digest, [1])

    @rule(ask=st.booleans())
    def claim(self, ask: bool) -> None:
        owed = any(state.owed for state in self.known.values())
        found = self.services.ledger.claim(self.work, can_ask=ask)
        assert found.held == (self.holder is None and self.services.work.is_owed(self.work))
        if found.held:
            self.holder = found
            self.claims.append(found)
            assert bool(found.owed) == owed

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def record(self, data: st.DataObject) -> None:
        """By whoever ever held the batch: only the one who does now is heard."""
        claim = data.draw(st.sampled_from(self.claims))
        told = data.draw(st.dictionaries(st.sampled_from(sorted(self.known)), st.sampled_from(OWED + ENDS)))
        lines = [Line(sid, Record(state, 1, 0), "said") for sid, state in told.items()]
        before = self.records()
        goes_on = self.services.ledger.record(claim, lines)
        if claim is self.holder:
            assert goes_on is not self.stopped
            for sid, state in told.items():
                assert self.records()[sid].state is (state if before[sid].state.owed else before[sid].state)
        else:
            assert not goes_on
            assert self.records() == before

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def settle(self, data: st.DataObject) -> None:
        claim = data.draw(st.sampled_from(self.claims))
        self.services.ledger.settle(claim)
        if claim is self.holder:
            self.holder = None

    @precondition(lambda self: self.holder)
    @rule()
    def die(self) -> None:
        assert self.holder
        self.services.ledger.abandon(self.holder)
        self.services.server.client.delete(self.services.server.keys("lease", self.work.key))
        self.holder = None

    @rule()
    def sweep(self) -> None:
        self.services.work.sweep()

    @rule()
    def retry(self) -> None:
        self.services.digests.reopen(self.services.digests.get(self.digest), 1)

    @precondition(lambda self: not self.stopped)
    @rule()
    def stop(self) -> None:
        self.services.digests.stop(self.digest, State.WITHDRAWN, "withdrawn")
        self.stopped = True

    @invariant()
    def the_counters_equal_the_ledger(self) -> None:
        records = self.records()
        self.known = {sid: record.state for sid, record in records.items()}
        assert len(records) == PEOPLE
        counts = self.services.digests.progress([self.digest])[self.digest].counts
        assert counts == Counter(self.known.values())

    @invariant()
    def what_is_owed_is_due_and_what_is_not_is_done(self) -> None:
        owed = self.services.work.is_owed(self.work)
        if any(state.owed for state in self.known.values()):
            assert owed
        elif not self.holder and not owed:
            assert self.services.digests.progress([self.digest])[self.digest].state == "done"


def test_no_history_of_a_batch_loses_or_miscounts_anybody(settings: Settings) -> None:
    """Found before: whoever was put off twice was taken off the count of the deferred once too often."""
    Batch.services = assemble(settings, Twice(settings.state_url, settings.key_prefix))
    run_state_machine_as_test(Batch, settings=SHORT)
    Batch.services.close()


SHORT = limits(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
