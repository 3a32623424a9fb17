"""What each person had to get, by the naive reading, against what the mail server got."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest
from math import inf

from tests.national.story import Arrival, Bulletin, Person, Story

#: Seconds after which the batch of a dead worker has certainly been taken up by another.
TAKEN_UP_S = 120.0
#: Seconds between two bulletins from which on the older must not come after the newer. What ends a situation
#: comes last however fast it follows; of others, one that is being sent is not waited for (docs/delivery.md).
APART_S = 60.0


@dataclass(frozen=True)
class Received:
    """A mail: seconds on the clock, the bulletins it speaks of by situation and number, its Message-ID."""

    at: float
    recipient: str
    marks: frozenset[tuple[int, int]]
    message_id: str

    def heard(self, situation: int) -> int | None:
        """The newest bulletin of a situation that it speaks of: older ones stand in what has changed."""
        return max((number for which, number in self.marks if which == situation), default=None)


@dataclass
class Verdict:
    """The lists must be empty; `twins` at most `twins_bound`."""

    lost: list[str] = field(default_factory=list)  #: nobody told them what they had to be told
    wrong: list[str] = field(default_factory=list)  #: somebody told them what they never asked for
    stale: list[str] = field(default_factory=list)  #: an older bulletin after a newer one
    disordered: int = 0  #: the same, of two that were published in the same minute
    unmarked: list[str] = field(default_factory=list)  #: a mail that speaks of no bulletin
    overtaken: int = (
        0  #: told nothing of a bulletin, because a newer one of its situation came before they were
    )
    needless: int = 0  #: told of an end of what they had never been told, allowed only where there was doubt
    told: int = 0
    mails: int = 0
    twins: int = 0
    twins_bound: int = 0

    @property
    def kept(self) -> bool:
        return not (self.lost or self.wrong or self.stale or self.unmarked) and self.twins <= self.twins_bound


def judge(
    story: Story,
    received: Sequence[Received],
    answered: dict[str, tuple[float, float]],
    slots: dict[int, float],
) -> Verdict:
    """Hold the mails against the story.

    `answered`: when publishing a bulletin began first, and when it was answered, by mark; `slots`: when each
    slot is on the clock, by its minute.
    """
    verdict = Verdict(mails=len(received))
    by_person: dict[str, list[Received]] = defaultdict(list)
    for mail in received:
        by_person[mail.recipient].append(mail)
        if not mail.marks:
            verdict.unmarked.append(f"{mail.recipient} {mail.message_id}")
    published = _published(story.arrivals)
    for person in story.people:
        mails = by_person[person.address]
        ids = Counter(mail.message_id for mail in mails)
        verdict.twins += sum(count - 1 for count in ids.values())
        for situation, bulletins in published.items():
            if person.slot is None:
                _at_once(verdict, person, situation, bulletins, mails, answered)
            else:
                _in_a_digest(verdict, person, situation, bulletins, mails, answered, slots[person.slot])
        verdict.told += sum(len({which for which, _ in mail.marks}) for mail in mails)
        _of_nothing_else(verdict, person, published, mails)
    return verdict


def _published(arrivals: Sequence[Arrival]) -> dict[int, list[Bulletin]]:
    """Of each situation what is to be published: what was newest when it came, and is meant."""
    found: dict[int, list[Bulletin]] = defaultdict(list)
    for arrival in arrivals:
        came = found[arrival.bulletin.situation]
        if arrival.bulletin.message.real and all(b.number < arrival.bulletin.number for b in came):
            came.append(arrival.bulletin)
    return found


def _of_nothing_else(
    verdict: Verdict, person: Person, published: dict[int, list[Bulletin]], mails: Sequence[Received]
) -> None:
    """Nothing that was late, or only a test, stands in any mail, nor what concerns somebody else."""
    for mail in mails:
        for situation in {which for which, _ in mail.marks}:
            known = {b.number: b for b in published[situation]}
            heard = mail.heard(situation)
            mattered = [
                b for b in published[situation] if b.number <= (heard or 0) and person.may_have(b.message)
            ]
            end = heard in known and known[heard].message.over
            if heard not in known or not mattered or not (end or person.slot or mattered[-1].number == heard):
                verdict.wrong.append(f"{person} was told S{situation}R{heard}E")


def _at_once(
    verdict: Verdict,
    person: Person,
    situation: int,
    bulletins: Sequence[Bulletin],
    mails: Sequence[Received],
    answered: dict[str, tuple[float, float]],
) -> None:
    heard = [number for mail in mails if (number := mail.heard(situation)) is not None]
    over = {b.number for b in bulletins if b.message.over}
    for newer, older in pairwise(heard):
        if older < newer:
            apart = (
                _published_at(newer, situation, answered)[0] - _published_at(older, situation, answered)[1]
            )
            if newer in over or apart > APART_S:
                verdict.stale.append(f"{person} {situation}: {heard}")
            else:
                verdict.disordered += 1
    for bulletin, after in zip_longest(bulletins, bulletins[1:]):
        told = bulletin.number in heard
        if bulletin.message.over:
            before = any(number < bulletin.number for number in heard)
            verdict.needless += told and not before
            if before and not told:
                verdict.lost.append(f"{person} {bulletin.mark}: told {heard}, and never that it is over")
        elif not told and person.must_have(bulletin.message):
            if after and _was_overtaken(bulletin, after, answered):
                verdict.overtaken += 1
            else:
                verdict.lost.append(f"{person} {bulletin.mark}: {heard}")


def _published_at(
    number: int, situation: int, answered: dict[str, tuple[float, float]]
) -> tuple[float, float]:
    return answered.get(f"S{situation}R{number}E", (0.0, 0.0))


def _was_overtaken(bulletin: Bulletin, after: Bulletin, answered: dict[str, tuple[float, float]]) -> bool:
    """Whether something newer came before anybody could be sure that they had been told."""
    return answered[after.mark][1] - answered[bulletin.mark][0] < TAKEN_UP_S


def _in_a_digest(
    verdict: Verdict,
    person: Person,
    situation: int,
    bulletins: Sequence[Bulletin],
    mails: Sequence[Received],
    answered: dict[str, tuple[float, float]],
    slot: float,
) -> None:
    """At the slot, and not before: where each situation stands of which something mattered."""
    if any(mail.at < slot - 1 for mail in mails):
        verdict.wrong.append(f"{person} before their slot")
    heard = {number for mail in mails if (number := mail.heard(situation)) is not None}
    if len(heard) > 1:
        verdict.wrong.append(f"{person} {situation}: twice, {sorted(heard)}")
    if slot == inf:  # it is still to come
        return
    due = [b for b in bulletins if answered[b.mark][1] < slot and person.must_have(b.message)]
    if due and not due[-1].message.over and not any(number >= due[-1].number for number in heard):
        verdict.lost.append(f"{person} {due[-1].mark}: {sorted(heard)}")
