"""What a file asks for one person, and what that makes of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from alerts.channels import CHANNELS
from alerts.errors import BadInput, did_you_mean
from alerts.model import Channel, Subscriber, Subscription
from alerts.operations.subscribing.requested import combined, undeclined, unnamed
from alerts.regions import Tree
from alerts.rules.describing import describe

Verdict = Literal["added", "changed", "unchanged"]
#: A subscriber after and before, as the store takes them.
Move = tuple[Subscriber, Subscriber | None]


@dataclass(slots=True)
class Asked:
    """What the file says of one person, spelt as in the first line. Not `whole` if one of them was bad."""

    line: int
    address: str
    zone: str = ""
    name: str = ""
    owner: str = ""
    language: str = ""
    subscriptions: tuple[Subscription, ...] = ()
    whole: bool = True


def at_odds(asked: Asked, zone: str, language: str) -> Iterator[BadInput]:
    """What a line says of somebody themselves that an earlier one says otherwise."""
    if asked.zone and zone not in ("", asked.zone):
        yield BadInput(
            f"An earlier line puts {asked.address} in the time zone {asked.zone}.",
            "One address has one time zone: correct one of the lines.",
        )
    if asked.language and language not in ("", asked.language):
        yield BadInput(
            f"An earlier line has {asked.address} read in the language {asked.language}.",
            "One address has one language: correct one of the lines.",
        )


def verdict(move: Move) -> Verdict:
    """What becomes of somebody by it."""
    after, before = move
    if before is None:
        return "added"
    return "unchanged" if after == before else "changed"


def become(asked: Asked, before: Subscriber, tree: Tree) -> Subscriber:
    """What a subscriber is after the import: subscriptions keep their names; empty cells say nothing.

    What they have ended themselves stays out. Where that is all a file asks for, they keep what they have.
    """
    if asked.whole and tuple(map(unnamed, before.subscriptions)) == asked.subscriptions:
        return _of_them(asked, before)
    held = {unnamed(subscription): subscription for subscription in before.subscriptions}
    kept = tuple(s for wanted, s in held.items() if wanted in asked.subscriptions or not asked.whole)
    fresh = tuple(s for s in undeclined(before, asked.subscriptions) if s not in held)
    wanted = _combined(kept, fresh, tree) if kept or fresh else before.subscriptions
    return _of_them(asked, replace(before, subscriptions=wanted))


def _of_them(asked: Asked, before: Subscriber) -> Subscriber:
    """What a file says of somebody themselves."""
    return replace(
        before,
        zone=asked.zone or before.zone,
        name=asked.name or before.name,
        owner=asked.owner or before.owner,
        language=asked.language or before.language,
    )


#: Of the people of one list, thousands have and get the same.
_combined = lru_cache(maxsize=10_000)(combined)


def left_out(chunk: Iterable[Asked], moves: Iterable[Move], tree: Tree) -> Iterator[tuple[int, str]]:
    """What a file asks for and its readers have ended, by line: nobody is to look for it in vain."""
    for asked, (person, _) in zip((a for a in chunk if a.subscriptions), moves, strict=True):
        if not person.declined:
            continue
        kept = undeclined(person, asked.subscriptions)
        for subscription in asked.subscriptions:
            if subscription not in kept:
                words = describe(subscription, tree.name)
                yield (asked.line, f"Left out, for its reader has ended it: {words}.")


def channel_named(text: str) -> Channel | None:
    """The channel meant; None for an empty text: the address tells. Raises BadInput."""
    word = text.strip().lower()
    if not word:
        return None
    if word not in CHANNELS:
        raise BadInput(f"“{text[:40]}” is not a channel.", did_you_mean(list(CHANNELS), ""))
    return Channel(word)
