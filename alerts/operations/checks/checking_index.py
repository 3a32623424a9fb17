"""Whether audiences, index and clocks agree with the subscribers, and putting right what differs."""

from collections.abc import Callable
from typing import Literal

from alerts import channels
from alerts.errors import AlertsError
from alerts.operations.findings import problem
from alerts.services import Services
from alerts.settings import Problem
from alerts.store import Fault, Index
from alerts.texts import number_of

#: What is wrong with the index, and whether somebody misses something by it; `{}` is how often.
_FAULTS: dict[Fault, tuple[Literal["error", "warning"], str]] = {
    Fault.MEMBERS: ("error", "Subscribers missing from the audience of their subscriptions: {}."),
    Fault.STRAYS: ("error", "Members of an audience who are paused, gone or want something else: {}."),
    Fault.TERMS: ("error", "Entries that the index or a clock lacks, so that an audience is not found: {}."),
    Fault.STALE: ("warning", "Entries of the index or a clock that lead to an audience in vain: {}."),
    Fault.LISTED: ("warning", "Subscribers who are not found by their address and name: {}."),
    Fault.LINES: ("warning", "Lines of the directory that are nobody's: {}."),
    Fault.ROLL: ("warning", "Subscribers whom a search by region, tag or state takes for others: {}."),
    Fault.CLOCKS: ("error", "Clocks that serve somebody and do not run, or run for nobody: {}."),
}


def check_index(
    services: Services, repair: bool, show: Callable[[int, int], None]
) -> tuple[list[Problem], list[Problem]]:
    """Whether audiences, index and clocks agree with the subscribers: what is wrong, and what was repaired.

    Reads every subscriber. Beyond repair are lost subscriptions, for people must be asked, and
    doubles, for somebody must say which is kept.
    """
    index = Index(services.server, channels.folds(), repair)
    try:
        index.check(show)
    except AlertsError as fault:
        return [problem("index.unread", fault)], []
    found = [
        Problem(f"index.{fault}", level, text.format(index.found[fault]), "Run `alerts check --repair`.")
        for fault, (level, text) in _FAULTS.items()
        if index.found[fault]
    ]
    open_, repaired = ([], found) if repair else (found, [])
    if n := index.found[Fault.LOST]:
        open_.append(_lost(index.lost, n - len(index.lost), repair))
    if n := index.found[Fault.DOUBLES]:
        open_.append(_doubles(index.doubles, n))
    return open_, repaired


def _doubles(named: list[list[str]], n: int) -> Problem:
    pairs = "; ".join(" and ".join(spellings) for spellings in named)
    more = "; and more" if n > len(named) else ""
    return Problem(
        "index.doubles",
        "warning",
        f"{number_of(n, 'person is', 'people are')} subscribed under two spellings of one address, "
        f"and told everything twice: {pairs}{more}.",
        "See both with `alerts subscribers show`, each as it is spelt here, and make one of them with "
        "`alerts subscribers merge KEEP OTHER`.",
    )


def _lost(named: list[str], more: int, repaired: bool) -> Problem:
    people = ", ".join(named) + (f" and {more} more" if more else "")
    ask = "ay anew what they want: `alerts subscriptions add ADDRESS`, or `alerts subscribers import FILE`."
    return Problem(
        "index.wishes",
        "error",
        f"Subscribers without a subscription, or whose subscriptions are lost: {people}.",
        f"S{ask}" if repaired else f"Run `alerts check --repair`, then s{ask}",
    )
