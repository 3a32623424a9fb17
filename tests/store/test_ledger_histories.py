"""Random histories of one batch: holders that live, die and come back, and every script run once or twice.

Whatever happens, the counters equal the ledger, what is owed stands in the due set, only the holder of the
lease writes, and what has ended stays as it ended. Whomever the wire accepted a message for, recorded or not,
a correction gathers.
"""

from collections import Counter, defaultdict
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

from alerts.model import State, Step, Work
from alerts.services import Services
from alerts.settings import Settings
from alerts.store import Claim, Delivery, LedgerLine, Server
from alerts.walk import steps

PEOPLE = 5
ENDS = (State.FAILED, State.SUPPRESSED, State.EXPIRED, State.WITHDRAWN)
#: What a holder may come to know of somebody whose message it transmitted, and of the others.
ACCEPTED = (State.SENT, State.UNKNOWN)
OTHERWISE = (State.DEFERRED, State.UNKNOWN, *ENDS)
#: Seconds for which whoever is deferred waits: none, or longer than any history takes.
WAITS = (0, 3600)
#: What becomes of somebody who was unknown, if nobody was asked.
STILL_IN_DOUBT = {State.DEFERRED: State.UNKNOWN} | dict.fromkeys(ENDS[1:], State.UNCONFIRMED)


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
    steps.publish(services, draft())
    walk(services, lambda work: work.step is not Step.SEND)
    [owed] = services.due.owed()
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
        self.accepted: set[int] = set()
        self.superseded = 0
        #: By token: whom a holder transmitted to, and has not recorded; and whom it has.
        self.wire: dict[str, set[int]] = defaultdict(set)
        self.recorded: dict[str, set[int]] = defaultdict(set)
        self.doubted: set[int] = set()
        self.correction = "a-correction"

    def records(self) -> dict[int, Delivery]:
        return self.services.ledger.records(self.digest, [1])

    @rule()
    def claim(self) -> None:
        owed = any(state.owed for state in self.known.values())
        found = self.services.ledger.claim(self.work)
        assert found.held == (self.holder is None and self.services.due.is_owed(self.work))
        if found.held:
            self.holder = found
            self.claims.append(found)
            assert bool(found.owed) == owed

    @precondition(lambda self: self.holder and not self.holder.stopped)
    @rule(data=st.data())
    def transmit(self, data: st.DataObject) -> None:
        """The wire accepts some of those whose turn it is, and nobody has recorded it yet."""
        assert self.holder
        recorded, age_s = self.recorded[self.holder.token], self.holder.offset_s
        turn = [sid for sid, r in self.holder.owed if r.offset_s <= age_s and sid not in recorded]
        if turn:
            on_wire = data.draw(st.sets(st.sampled_from(turn), min_size=1))
            self.accepted |= on_wire
            self.wire[self.holder.token] |= on_wire

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def record(self, data: st.DataObject) -> None:
        """By whoever ever held the batch: only the one who does now is heard."""
        claim = data.draw(st.sampled_from(self.claims))
        lines = []
        for sid in data.draw(st.sets(st.sampled_from(sorted(self.known)), max_size=3)):
            on_wire = sid in self.wire[claim.token]
            state = data.draw(st.sampled_from(ACCEPTED if on_wire else OTHERWISE))
            record = Delivery(state, 1, data.draw(st.sampled_from(WAITS)))
            # Somebody who is asked does not deny what the wire accepted.
            asked = sid not in self.accepted and data.draw(st.booleans())
            lines.append(LedgerLine(sid, record, "said", asked))
        before = self.records()
        goes_on = self.services.ledger.record(claim, lines)
        if claim is self.holder:
            assert goes_on is not (self.stopped or self.superseded > claim.superseded)
            self.recorded[claim.token] |= {line.sid for line in lines}
            for sid, record, _, asked, _ in lines:
                was, found = before[sid], self.records()[sid]
                unsettled = was.state is State.UNKNOWN and not asked
                state = STILL_IN_DOUBT.get(record.state, record.state) if unsettled else record.state
                assert found.state is (state if was.state.owed else was.state)
                if was.state.owed:
                    assert found.in_doubt is ((unsettled and state is not State.SENT) or state.in_doubt)
                    self.wire[claim.token].discard(sid)
                    if found.state is State.UNKNOWN:
                        self.doubted.add(sid)
        else:
            assert not goes_on
            assert self.records() == before

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def settle(self, data: st.DataObject) -> None:
        """A living holder has recorded what it transmitted."""
        claim = data.draw(st.sampled_from(self.claims))
        heard = [LedgerLine(sid, Delivery(State.SENT, 1, 0)) for sid in self.wire.pop(claim.token, ())]
        self.services.ledger.record(claim, heard)
        self.services.ledger.settle(claim)
        if claim is self.holder:
            self.holder = None

    @precondition(lambda self: self.holder)
    @rule()
    def die(self) -> None:
        assert self.holder
        self.doubted |= {sid for sid, state in self.known.items() if state.owed}
        self.services.ledger.abandon(self.holder)
        self.services.server.client.delete(self.services.server.keys("lease", self.work.key))
        self.holder = None

    @rule()
    def sweep(self) -> None:
        self.services.due.sweep()

    @rule()
    def retry(self) -> None:
        self.services.digests.reopen(self.services.digests.get(self.digest), 1)

    @precondition(lambda self: not self.stopped)
    @rule(others_first=st.integers(0, 4))
    def stop(self, others_first: int = 0) -> None:
        """In most histories late, if at all: more happens to a batch that still stands."""
        if not others_first:
            self.services.digests.stop(self.digest, State.WITHDRAWN, "withdrawn")
            self.stopped = True

    @rule()
    def supersede(self) -> None:
        self.superseded += 1
        self.services.digests.supersede(self.digest, self.superseded)

    @rule()
    def gather(self) -> None:
        """For a correction, beside all that: who it owes something is waited for."""
        if self.stopped:
            self.services.ledger.close(self.work)
        owed = self.services.recipients.gather(self.correction, self.digest, 1, instead=False)
        assert owed == sum(record.state.owed for record in self.records().values())
        assert self.gathered() <= self.accepted | self.doubted
        if not owed:
            assert self.accepted <= self.gathered()

    def gathered(self) -> set[int]:
        key = self.services.server.keys("digest", self.correction, "gathered")
        return {int(sid) for sid in self.services.server.client.smembers(key)}

    def teardown(self) -> None:
        """Whatever it came to, the batch ends: stopped as it stands, or tried to the end by another one."""
        if self.holder:
            self.die()
        if not self.stopped:
            self.claim()
            if self.holder:
                ends = [LedgerLine(sid, Delivery(State.FAILED)) for sid, _ in self.holder.owed]
                self.services.ledger.record(self.holder, ends)
                self.services.ledger.settle(self.holder)
                self.gather()
                self.retry()
                self.stop()
        self.correction = "another-correction"
        self.gather()
        assert not any(record.state.owed for record in self.records().values())
        assert not self.services.due.is_owed(self.work)
        self.the_counters_equal_the_ledger()

    @invariant()
    def the_counters_equal_the_ledger(self) -> None:
        records = self.records()
        self.known = {sid: record.state for sid, record in records.items()}
        assert len(records) == PEOPLE
        counts = self.services.digests.progress([self.digest])[self.digest].counts
        assert counts == Counter(self.known.values())

    @invariant()
    def what_is_owed_is_due_and_what_is_not_is_done(self) -> None:
        owed = self.services.due.is_owed(self.work)
        if any(state.owed for state in self.known.values()):
            assert owed
        elif not self.holder and not owed:
            assert self.services.digests.progress([self.digest])[self.digest].state == "done"


def test_no_history_of_a_batch_loses_or_miscounts_anybody(settings: Settings) -> None:
    """Found before: whoever was put off twice was taken off the count of the deferred once too often.

    Whoever had the mail that a dead worker did not record ended as withdrawn, and never heard it was wrong.
    """
    Batch.services = Services(settings, Twice(settings.state_url, settings.key_prefix))
    run_state_machine_as_test(Batch, settings=SHORT)
    Batch.services.close()


SHORT = limits(max_examples=60, stateful_step_count=25, suppress_health_check=list(HealthCheck))
