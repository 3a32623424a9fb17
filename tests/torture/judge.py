"""What each person had to get, worked out from the story alone, against what the two servers got."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tests.torture.plan import Person, Plan, Telling
from tests.torture.relay import Mail
from tests.torture.workspace import Post

#: Messages on one connection that may be accepted and not recorded when a process dies (README, promise 2).
WINDOW = 32
_MARK = re.compile(r"S(\d+)R(\d+)E")


@dataclass
class Verdict:
    """`lost`, `wrong`, `stale` and `torn` must be empty; `twins` at most `twins_bound`."""

    lost: list[str] = field(default_factory=list)  #: somebody was not told what they had to be told
    wrong: list[str] = field(default_factory=list)  #: somebody was told what they never asked for
    stale: list[str] = field(default_factory=list)  #: an older revision after a newer one
    torn: list[str] = field(default_factory=list)  #: a mail whose headers are not whole, or of another id
    slack_twins: list[str] = field(default_factory=list)  #: one delivery posted twice
    second_cards: int = 0  #: revised by a post of its own, because where the first stands was not known yet
    needless: int = 0  #: cancels to people who were never told, allowed only where there was doubt
    mails: int = 0
    posts: int = 0
    twins: int = 0
    twins_bound: int = 0
    urgent_s: list[float] = field(
        default_factory=list
    )  #: from the command to publish it to the mail, undisturbed
    disturbed_s: list[float] = field(default_factory=list)  #: the same, where a fault fell into that time

    @property
    def kept(self) -> bool:
        return (
            not (self.lost or self.wrong or self.stale or self.torn or self.slack_twins)
            and self.twins <= self.twins_bound
        )


def judge(
    plan: Plan,
    mails: Sequence[Mail],
    sulked: Sequence[tuple[str, float]],
    posts: Sequence[Post],
    published: dict[str, float],
    faults: list[tuple[float, float]],
    twins_bound: int,
    freezes: int,
) -> Verdict:
    """Hold everything against the story. `published`: when each revision's publish began, by mark; `sulked`:
    to whom the relay misbehaved, and when.
    """
    verdict = Verdict(twins_bound=twins_bound, mails=len(mails))
    story: dict[int, list[Telling]] = defaultdict(list)
    for telling in plan.tellings:
        story[telling.situation].append(telling)
    got: dict[tuple[str, int], list[Mail]] = defaultdict(list)
    for mail in mails:
        got[mail.recipient, mail.situation].append(mail)
        if not mail.whole or mail.situation < 0:
            verdict.torn.append(f"{mail.recipient} S{mail.situation}R{mail.number}")
    for person in plan.people:
        for tellings in story.values():
            if person.slack:
                _channel(verdict, posts, person, tellings)
            else:
                _mailbox(verdict, person, tellings, got[person.address, tellings[0].situation], freezes)
    _urgent(verdict, plan, got, sulked, published, faults)
    return verdict


def _mailbox(
    verdict: Verdict, person: Person, tellings: list[Telling], mails: list[Mail], freezes: int
) -> None:
    wanted = {t.number for t in tellings if person.wants(t)}
    final, heard = tellings[-1], [m.number for m in mails]
    who = f"{person.address} {final.mark}"
    if person.never or (not wanted and mails):
        verdict.wrong += [f"{who}: {heard}"] if mails else []
        return
    if not wanted:
        return
    if final.kind == "cancel":
        told = any(n < final.number for n in heard)
        if told and final.number not in heard:
            verdict.lost.append(f"{who}: told {heard}, and never that it is over")
        verdict.needless += not told and final.number in heard
    elif final.number not in heard:
        verdict.lost.append(f"{who}: {heard}")
    counts = Counter(heard)
    verdict.twins += sum(count - 1 for count in counts.values())
    for number in counts:
        if len({m.message_id for m in mails if m.number == number}) > 1:
            verdict.torn.append(f"{who}: twins of revision {number} under several ids")
    if not freezes and any(late < early for early, late in pairwise(heard)):
        verdict.stale.append(f"{who}: {heard}")


def _channel(verdict: Verdict, posts: Sequence[Post], person: Person, tellings: list[Telling]) -> None:
    channel = person.address.partition("/")[2]
    final, situation = tellings[-1], tellings[0].situation
    cards = [
        post
        for post in posts
        if post.channel == channel
        and not post.thread
        and any(int(m[1]) == situation for m in _MARK.finditer(post.text))
    ]
    verdict.posts += len(cards)
    who = f"{person.address} {final.mark}"
    if not any(person.wants(t) for t in tellings):
        verdict.wrong += [who] if cards else []
        return
    names = Counter(post.name for post in cards)
    verdict.slack_twins += [f"{who}: {name}" for name, count in names.items() if count > 1]
    verdict.second_cards += len(names) > 1
    if not cards and final.kind != "cancel":
        verdict.lost.append(f"{who}: no card")
    if cards and not any(final.mark in post.text for post in cards):
        verdict.lost.append(f"{who}: the card was not kept up to date")


def _urgent(
    verdict: Verdict,
    plan: Plan,
    got: dict[tuple[str, int], list[Mail]],
    sulked: Sequence[tuple[str, float]],
    published: dict[str, float],
    faults: list[tuple[float, float]],
) -> None:
    """How long urgent mail took to people whom the relay did nothing to."""
    for telling in plan.tellings:
        since = published.get(telling.mark)
        if since is None or not telling.urgent:
            continue
        for person in plan.people:
            mails = [m for m in got[person.address, telling.situation] if m.number == telling.number]
            if not mails or person.slack or person.never:
                continue
            at = min(m.at for m in mails)
            if not any(who == person.address and since < when < at for who, when in sulked):
                disturbed = any(begin < at and since < end for begin, end in faults)
                (verdict.disturbed_s if disturbed else verdict.urgent_s).append(max(0.0, at - since))
