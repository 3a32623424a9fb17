"""Asking people whether they want alerts: who is invited gets none before they have confirmed it themselves.

Read as an import is, shown before, and mailed by the walk. Stopped anywhere, it can be run again: whoever was
invited is not mailed twice.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from alerts.admission import JoinPolicy
from alerts.channels import CHANNELS
from alerts.errors import BadInput, Conflict
from alerts.model import Channel, Errand, Invitation, OneTimeLink, Step, Subscriber, Work
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.instants import utc_text
from alerts.operations.lists.asked import Asked
from alerts.operations.lists.imported import Progress, Remark
from alerts.operations.lists.importing import Import
from alerts.operations.subscribing.altering import note
from alerts.operations.subscribing.requested import combined
from alerts.operations.subscribing.subscriber_details import not_sent
from alerts.services import Services

#: How long the link of an invitation works (ms): who was not waiting for it may read it after the weekend.
LINK_MS = 7 * 24 * 3600 * 1000
#: Invitations are owed one after another, N a second: alerts and links that somebody waits for overtake them.
PER_SECOND = 10
#: What is said of whoever does not want to be asked, whatever the operator wants.
_REFUSED = (
    "Not invited: they asked not to be invited. If they have told you that they want to be, lift it with "
    "`alerts unsuppress ADDRESS --force`."
)
#: As many are named of each kind.
NAMED = 5


class Fate(StrEnum):
    """What becomes of somebody whom a list names."""

    INVITED = "invited"  #: they are mailed a link
    AGAIN = "again"  #: the same, though they were before
    VOUCHED = "vouched"  #: they get alerts from now on, by the operator's word
    OPEN = "open"  #: they were invited, and may still answer
    SUBSCRIBED = "subscribed"  #: they get alerts already
    SUPPRESSED = "suppressed"  #: nothing is sent to them
    REFUSED = "refused"  #: they have asked not to be invited
    UNASKED = "unasked"  #: they cannot be asked: no such links go by their channel
    FULL = "full"  #: as many links as may be were mailed to them lately

    @property
    def reached(self) -> bool:
        """Whether something comes of it for them."""
        return self in (Fate.INVITED, Fate.AGAIN, Fate.VOUCHED)


@dataclass(slots=True)
class InvitationPlan:
    """What would come of a list. `named`: the first of each kind."""

    lines: int
    bad: int
    fates: Counter[Fate] = field(default_factory=Counter)
    named: dict[Fate, list[str]] = field(default_factory=dict)

    def note(self, fate: Fate, address: str) -> None:
        """Count somebody, and name them unless enough are."""
        self.fates[fate] += 1
        named = self.named.setdefault(fate, [])
        if len(named) < NAMED:
            named.append(address)

    @property
    def reached(self) -> int:
        """How many something comes of."""
        return sum(n for fate, n in self.fates.items() if fate.reached)

    def to_dict(self) -> dict[str, object]:
        return {"lines": self.lines, "bad": self.bad, **{fate: self.fates[fate] for fate in Fate}}


@dataclass(frozen=True, slots=True)
class InvitationsMade:
    """What came of a list. `work`: what to ring for."""

    fates: Counter[Fate]
    work: tuple[Work, ...]


class Inviting:
    """A list that was read (`Import`), whose people are to be asked: `plan`, then `write`.

    `again`: also whoever was invited and may still answer. `confirmed`: the operator vouches that they have
    asked for it; nobody is mailed, and the audit names who was vouched for. Raises Forbidden for who may not
    manage subscribers, and Conflict where nobody may join.
    """

    def __init__(
        self,
        services: Services,
        actor: Actor,
        coming: Import,
        remark: Callable[[Remark], None] = lambda _: None,
        *,
        again: bool = False,
        confirmed: bool = False,
    ) -> None:
        actor.require(Permission.MANAGE)
        if again and confirmed:
            raise BadInput("Whoever is vouched for is not invited.", "Give --again or --confirmed, not both.")
        if not confirmed:
            _require_joining(services)
        self._services, self._actor, self._coming, self._remark = services, actor, coming, remark
        self._again, self._confirmed = again, confirmed

    def plan(self, progress: Progress) -> InvitationPlan:
        """Say what would become of each; writes nothing."""
        plan, done = InvitationPlan(*self._coming.lines), 0
        for channel, chunk in self._coming.asked():
            for asked, fate, why in self._fates(channel, chunk):
                plan.note(fate, asked.address)
                if why:
                    self._remark(Remark(asked.line, why))
            done += len(chunk)
            progress(done, self._coming.people)
        return plan

    def write(self, progress: Progress) -> InvitationsMade:
        """Invite whoever is to be, or add them if they are vouched for. One entry of the audit says how many.

        Whoever has changed since the plan is looked at again.
        """
        self._coming.admit_tags()
        made, left, done = Counter[Fate](), list[Work](), 0
        try:
            for channel, chunk in self._coming.asked():
                for asked, fate, _why in self._fates(channel, chunk):
                    if fate is Fate.VOUCHED:
                        made[self._vouched(channel, asked)] += 1
                    elif fate.reached:
                        turn = made[Fate.INVITED] + made[Fate.AGAIN]
                        made[self._invited(channel, asked, fate, turn, left)] += 1
                    else:
                        made[fate] += 1
                done += len(chunk)
                progress(done, self._coming.people)
        finally:  # who was mailed before a fault or Ctrl-C was mailed by somebody, too
            if sum(n for fate, n in made.items() if fate.reached):
                counts = {str(fate): n for fate, n in made.items()}
                if self._confirmed:
                    record(self._services, self._actor, "subscriber.vouch", "subscribers", after=counts)
                else:
                    record(self._services, self._actor, "subscriber.invite", "subscribers", after=counts)
        return InvitationsMade(made, tuple(left))

    def _fates(self, channel: Channel, chunk: list[Asked]) -> Iterator[tuple[Asked, Fate, str]]:
        """Of each of them, what becomes of them, and why nothing does."""
        wanted = [asked for asked in chunk if asked.subscriptions]
        addresses = [asked.address for asked in wanted]
        if CHANNELS[channel].one_time is None:
            for asked in wanted:
                yield asked, Fate.UNASKED, f"Not invited: nobody can be asked by {channel}. Import it."
            return
        services, now_ms = self._services, self._services.server.now_ms()
        there = services.subscribers.find_all(channel, addresses)
        standing = services.suppressions.find(channel, addresses)
        invited = services.invitations.find_all(channel, addresses)
        refused = services.opt_outs.find(channel, addresses)
        for asked in wanted:
            before = invited.get(asked.address)
            if asked.address in there:
                yield asked, Fate.SUBSCRIBED, "Not invited: a subscriber already."
            elif asked.address in standing:
                yield asked, Fate.SUPPRESSED, f"Not invited. {not_sent(standing[asked.address])}"
            elif asked.address in refused:
                yield asked, Fate.REFUSED, _REFUSED
            elif self._confirmed:
                yield asked, Fate.VOUCHED, ""
            elif before is None:
                yield asked, Fate.INVITED, ""
            elif before.open_at(now_ms) and not self._again:
                until = utc_text(before.expires_ms)
                yield asked, Fate.OPEN, f"Invited already: the link works until {until}."
            else:
                yield asked, Fate.AGAIN, ""

    def _invited(self, channel: Channel, asked: Asked, fate: Fate, turn: int, left: list[Work]) -> Fate:
        """Invite somebody, as the `turn`-th of this run; what is due at once is added to `left`."""
        now_ms, link_id = self._services.server.now_ms(), secrets.token_hex(16)
        until_ms = now_ms + LINK_MS
        link = OneTimeLink(
            link_id,
            Errand.INVITE,
            channel,
            asked.address,
            now_ms,
            until_ms,
            asked.subscriptions,
            asked.zone,
            asked.language,
        )
        invitation = Invitation(
            channel, asked.address, link_id, self._actor.name, now_ms, until_ms, asked.name, asked.owner
        )
        wait_ms = turn // PER_SECOND * 1000
        if not self._services.invitations.invite(link, invitation, wait_ms):
            self._remark(Remark(asked.line, "Not invited: three links were mailed there within 24 hours."))
            return Fate.FULL
        if not wait_ms:
            left.append(Work(Step.LINK, link_id))
        return fate

    def _vouched(self, channel: Channel, asked: Asked) -> Fate:
        """Add somebody at the operator's word, who is named in the audit with them."""
        wanted = combined((), asked.subscriptions, self._services.tree)
        new = Subscriber(0, channel, asked.address, asked.zone or "UTC", wanted, 0, asked.name)
        try:
            new = replace(new, owner=asked.owner, language=asked.language)
            added = self._services.subscribers.save(new, None)
        except Conflict:  # somebody added them meanwhile
            return Fate.SUBSCRIBED
        self._services.invitations.cancel(channel, asked.address)
        note(self._services, self._actor, "subscriber.vouch", None, added)
        return Fate.VOUCHED


def _require_joining(services: Services) -> None:
    if not JoinPolicy.parse(services.settings.join).anybody:
        raise Conflict(
            "Nobody can join here, so nobody can be invited: ALERTS_JOIN is closed.",
            "Set ALERTS_JOIN=invited, or add who has asked for it with `alerts subscribers import`.",
        )


__all__ = ["Fate", "InvitationPlan", "InvitationsMade", "Inviting"]
