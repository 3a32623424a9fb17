"""One batch on its way: who of it still wants it, what each one's blanks say, what came of each try."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from alerts.channels import ClosedSender
from alerts.errors import NotFound
from alerts.links import Links
from alerts.model import (
    Channel,
    Deferred,
    Digest,
    Failed,
    Instant,
    Message,
    Recipient,
    Revision,
    RouteDown,
    Sent,
    State,
    Unsure,
)
from alerts.rendering import email_blanks, slack_blanks
from alerts.rules import retries
from alerts.rules.cadence import Clock, clock_of, describe, next_slot
from alerts.rules.decisions import Facts, Now, decide, reasons, wants
from alerts.rules.windows import looking
from alerts.services import Services
from alerts.store import Claim, Delivery, Destination, LedgerLine
from alerts.walk.outcome_buffer import OutcomeBuffer

#: What can come of a try, once the route works.
Tried = Sent | Deferred | Failed | Unsure

#: Seconds that a batch rests longer than its route, if it is what the fault was inferred from: the next look
#: begins with others.
AFTER_OTHERS_S = 2.0
#: Digests whose message a process keeps at hand, and audiences whose reasons it does.
AT_HAND, WORDS_AT_HAND = 16, 50_000
#: Clocks whose next slot a process keeps at hand: a batch asks about few, for each of its people.
CLOCKS_AT_HAND = 1_000


@dataclass(frozen=True)
class Case:
    """One digest as sending needs it; the same for all of its batches."""

    digest: Digest
    message: Message
    revisions: tuple[Revision, ...]
    #: With those before them that its readers have not been told: what it tells may be there for their sake.
    untold: tuple[Revision, ...]
    audiences: frozenset[str]

    def expires_in_s(self, now_ms: Instant) -> float | None:
        """Seconds until the time of what it tells at once is over; None if never.

        What has waited for a slot or for a catch-up is told even when its time is over, and says so.
        """
        ends = [r.draft.expires_at for r in self.revisions]
        if None in ends or self.digest.clock or self.digest.catch_up:
            return None
        return max(e.timestamp() for e in ends if e) - now_ms / 1000


class BatchSender:
    """Where batches are worked on. One per process; what it keeps at hand never changes."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self._case = lru_cache(maxsize=AT_HAND)(self._load)
        self._words = lru_cache(maxsize=WORDS_AT_HAND)(self._explain)
        self._following = lru_cache(maxsize=CLOCKS_AT_HAND)(_next_digest)
        self._folded = cache(services.installation.fold)

    def deliver(self, claim: Claim) -> float:
        """Send what a claimed batch owes and record it. Seconds its route must rest; 0 while it works."""
        self._folded()
        case = self._case(claim.digest)
        links = self.services.links
        book = OutcomeBuffer(self.services, claim)
        attempts = self._turn(claim)
        doubts = self._doubts(claim)
        sender = self.services.senders[case.digest.channel]
        closed = isinstance(sender, ClosedSender)  # then nothing is filled in: that takes the same settings
        people = []
        for person, excluded in self._sift(case, claim, list(attempts)):
            if excluded:
                book.write(excluded)
            else:
                blanks = {} if closed else self._blanks(case, person, links, claim.now_ms)
                unsure, reached = person.sid in doubts, doubts.get(person.sid, "")
                attempt = attempts[person.sid]
                people.append(
                    Recipient(person.sid, person.address, blanks, attempt, unsure, claim.frozen_ms, reached)
                )
        addresses = {person.sid: person.address for person in people}
        rest, answered, accepted = 0.0, False, False
        try:
            for sid, outcome in sender.send(case.message, people, book.closed):
                if isinstance(outcome, RouteDown):
                    rest = self._rest(case.digest.channel, outcome)
                else:
                    accepted = accepted or isinstance(outcome, Sent)
                    answered = answered or isinstance(outcome, Sent | Failed)
                    line = self._line(case, claim, sid, attempts[sid], outcome)
                    self._consequences(case, addresses[sid], outcome, line)
                    book.write(line)
        finally:
            book.flush()
        if accepted or (answered and not rest):
            self.services.work.close_breaker(case.digest.channel, accepted=accepted)
        return rest

    def is_rendered(self, digest: str) -> bool:
        """Whether there is a message to send. False: it cannot be rendered, or has yet to be once more."""
        try:
            self._case(digest)
        except NotFound:
            return False
        return True

    def _doubts(self, claim: Claim) -> dict[int, str]:
        """Those of whom nobody knows whether they have it already, and how far the provider was asked.

        A holder who died may have posted after it had asked: then the asking begins anew.
        """
        unsure = [sid for sid, record in claim.owed if record.state is State.UNKNOWN]
        if claim.deaths:
            self.services.ledger.doubt(claim.digest, dict.fromkeys(unsure, ""))
        return self.services.ledger.doubts(claim.digest, unsure)

    def _turn(self, claim: Claim) -> dict[int, int]:
        """Whose turn it is, and the how-manieth try it will be for each."""
        age_s = claim.offset_s
        turn = [(sid, record.attempt + 1) for sid, record in claim.owed if record.offset_s <= age_s]
        at_once = retries.part(len(turn), claim.deaths)
        return dict(turn if at_once >= len(turn) else self.services.jitter.sample(turn, at_once))

    def _rest(self, channel: Channel, down: RouteDown) -> float:
        """How long to leave a route alone: what its pace asks for, or what its breaker has come to."""
        if down.paced:
            return down.after_s or 1.0
        rest = self.services.work.trip(channel, down.why, down.after_s, inferred=down.inferred)
        return rest + AFTER_OTHERS_S if down.inferred else rest

    def _sift(
        self, case: Case, claim: Claim, sids: list[int]
    ) -> Iterator[tuple[Destination, LedgerLine | None]]:
        """The people of a batch, each with the reason not to send to them, if there is one."""
        services, channel = self.services, case.digest.channel
        people = services.subscribers.destinations(sids)
        standing = services.subscribers.suppressions(channel, [p.address for p in people if p.address])
        left_s = case.expires_in_s(claim.now_ms)
        newer: list[Revision] = []
        facts = looking(services.tree, services.updates.accepted)
        if claim.superseded:
            told = case.digest.entries[0]
            newer = services.updates.newer(told.update, told.number)

        for person in people:
            why = None
            if left_s is not None and left_s <= 0:
                why = State.EXPIRED, "its time was over"
            elif not person.address:
                why = State.SUPPRESSED, "the subscriber was removed"
            elif person.address in standing:
                why = State.SUPPRESSED, standing[person.address].reason
            elif not person.active:
                why = State.SUPPRESSED, "the subscriber is paused"
            elif newer and (taken := next((r for r in newer if self._told_now(person, facts(r))), None)):
                why = State.WITHDRAWN, f"revision {taken.number} took its place"
            elif not (
                person.audience in case.audiences or case.digest.correcting or self._wants(person, case)
            ):
                why = State.WITHDRAWN, "the subscriber no longer wants it"
            yield person, LedgerLine(person.sid, Delivery(why[0], 0, claim.offset_s), why[1]) if why else None

    def _wants(self, person: Destination, case: Case) -> bool:
        audience = self.services.audiences.get(person.audience)
        if audience is not None and case.digest.all_quiet:
            wish = any(subscription.all_quiet for subscription in audience.subscriptions)
            return wish and str(clock_of(audience)) == case.digest.clock
        # What waited for a slot is told as it is by then, even where that alone would not be wanted.
        revisions = case.untold if case.digest.clock else case.revisions
        seen = [Facts.of(revision, self.services.tree) for revision in revisions]
        return audience is not None and any(
            wants(subscription.filter, facts) for facts in seen for subscription in audience.subscriptions
        )

    def _told_now(self, person: Destination, facts: Facts) -> bool:
        audience = self.services.audiences.get(person.audience)
        return audience is not None and isinstance(decide(audience, facts), Now)

    def _blanks(self, case: Case, person: Destination, links: Links, now_ms: Instant) -> dict[str, str]:
        services, digest = self.services, case.digest
        reason, clock = self._words(digest.id, person.audience)
        # A slot opened early is ahead of now; a batch tried again is behind it.
        following = self._following(clock, max(now_ms, digest.horizon_ms)) if clock else ""
        if digest.channel is Channel.SLACK:
            post = None
            if not digest.all_quiet:
                post = services.digests.post(digest.entries[0].update, person.sid)
            return slack_blanks(post, reason=reason, next_slot=following)
        return email_blanks(
            digest,
            person.sid,
            person.address,
            links,
            services.renderer.domain,
            at_ms=now_ms,
            reason=reason,
            next_slot=following,
        )

    def _explain(self, digest: str, aid: str) -> tuple[str, Clock | None]:
        """Why an audience gets a digest, and the clock of its next one."""
        services = self.services
        audience = services.audiences.get(aid)
        if audience is None:
            return "", None
        case = self._case(digest)
        return reasons(audience, case.untold, services.tree, case.digest.all_quiet), clock_of(audience)

    def _line(self, case: Case, claim: Claim, sid: int, attempt: int, outcome: Tried) -> LedgerLine:
        """What the ledger says of one try."""
        age_s = claim.offset_s
        if isinstance(outcome, Sent):
            words = outcome.receipt if case.digest.channel is Channel.SLACK else ""
            return LedgerLine(sid, Delivery(State.SENT, attempt, age_s), words)
        # A channel's history was read before anything else: had the post been there, it would be sent.
        asked = case.digest.channel is Channel.SLACK and not isinstance(outcome, Unsure)
        if isinstance(outcome, Failed):
            return LedgerLine(sid, Delivery(State.FAILED, attempt, age_s), outcome.why, asked)
        following = retries.after(
            outcome,
            attempt,
            age_s,
            urgent=case.digest.urgent,
            expires_in_s=case.expires_in_s(claim.now_ms),
            jitter=self.services.jitter.random(),
        )
        unsure = isinstance(outcome, Unsure)
        if isinstance(following, retries.GiveUp):
            failed = following.state is State.FAILED
            state = State.UNCONFIRMED if unsure and not failed else following.state
            return LedgerLine(sid, Delivery(state, attempt, age_s, unsure and failed), following.why, asked)
        state = State.UNKNOWN if unsure else State.DEFERRED
        tries = attempt - 1 if retries.untried(outcome) else attempt
        return LedgerLine(
            sid, Delivery(state, tries, age_s + math.ceil(following.seconds)), outcome.why, asked
        )

    def _consequences(self, case: Case, address: str, outcome: Tried, line: LedgerLine) -> None:
        """What one outcome means beyond its delivery: nothing more to that address, a post to edit later."""
        services, digest, sid = self.services, case.digest, line.sid
        if (
            isinstance(outcome, Failed)
            and outcome.suppress
            and services.subscribers.suppress(digest.channel, address, outcome.why, digest.channel)
        ):
            services.work.tell("suppressed", channel=digest.channel, sid=sid, why=outcome.why)
        if isinstance(outcome, Unsure):
            services.ledger.doubt(digest.id, {sid: outcome.reached})
            told = line.record.attempt == retries.DOUBT_TOLD and not retries.untried(outcome)
            if told or not line.record.state.owed:
                what = "in doubt" if line.record.state.owed else "given up in doubt"
                services.work.tell(what, channel=digest.channel, sid=sid, digest=digest.id, why=line.note)
        if isinstance(outcome, Sent) and outcome.flaw and services.digests.flawed(digest.id, outcome.flaw):
            services.work.tell(
                "not shown as it was", channel=digest.channel, digest=digest.id, why=outcome.flaw
            )
        if isinstance(outcome, Sent) and outcome.post and digest.alone and not digest.clock:
            services.digests.posted([e.update for e in digest.entries], sid, outcome.post)

    def _load(self, digest: str) -> Case:
        services = self.services
        found = services.digests.get(digest)
        revisions = services.updates.revisions(
            f"{e.update}.r{n}" for e in found.entries for n in range(e.since + 1, e.number + 1)
        )
        return Case(
            found,
            services.digests.message(digest),
            tuple(revisions[entry.ref] for entry in found.entries),
            tuple(r for r in revisions.values() if r.accepted_ms is not None),
            frozenset(services.digests.audiences(digest)),
        )


def _next_digest(clock: Clock, after_ms: Instant) -> str:
    """When the first digest after an instant is due, in words."""
    return f"Your next digest: {describe(next_slot(clock, after_ms), clock.zone)}."
