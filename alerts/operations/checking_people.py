"""A sample of each page and mail of those who act for themselves, for their templates to be drawn with."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from operator import methodcaller

from alerts.channels import CHANNELS, OneTimeMail
from alerts.model import Errand, Instant, OneTimeLink, Standing, Subscriber
from alerts.operations.own_page import OwnPage, OwnSubscription
from alerts.operations.subscriber_details import SubscriberDetails
from alerts.rendering import Page, Pages, PeoplePages

_ADDRESS = "somebody@example.org"
_WHEN_MS: Instant = 1_648_486_800_000
_WORDS = ("Ukraine · immediate",)
_HELD = OwnSubscription("0123abcd", "Staff", _WORDS[0], None)
_LISTS = (_HELD, replace(_HELD, next_ms=_WHEN_MS))
_CALLS = (
    methodcaller("join", {}, "A fault.", "A hint."),
    methodcaller("join_asked", _ADDRESS),
    methodcaller("join_confirm", _ADDRESS, _WORDS),
    methodcaller("joined", _ADDRESS),
    methodcaller("link_mailed", _ADDRESS),
    methodcaller("paused", "token"),
    methodcaller("paused", ""),
    methodcaller("resumed"),
    methodcaller("come_in", _ADDRESS),
    methodcaller("gone_out"),
    methodcaller("outside"),
)


def pages_of_people() -> Iterator[Callable[[Pages], Page]]:
    """Each page, the own one also while it is paused."""
    email = next(name for name, kind in CHANNELS.items() if kind.one_time is not None)
    active = Subscriber(1, email, _ADDRESS, "UTC", (), 0)
    paused = replace(active, standing=Standing.PAUSED, paused_until_ms=_WHEN_MS)
    owns = (
        methodcaller(
            "own",
            OwnPage(SubscriberDetails(one, (), None, 0), _LISTS, (_HELD,), "token"),
            "",
            "Done.",
            None,
            {},
        )
        for one in (active, paused)
    )
    for call in (*_CALLS, *owns):
        yield _called(call)


def one_time_mails() -> Iterator[OneTimeMail]:
    """A mail for each errand, by each channel that has such mails."""
    for name, kind in CHANNELS.items():
        for errand in Errand if kind.one_time is not None else ():
            link = OneTimeLink("0" * 32, errand, name, kind.sample().address, _WHEN_MS, _WHEN_MS)
            yield OneTimeMail(link, "https://example.org/join/sample", _WORDS, _WHEN_MS)


def _called(call: Callable[[PeoplePages], Page]) -> Callable[[Pages], Page]:
    return lambda pages: call(pages.people)
