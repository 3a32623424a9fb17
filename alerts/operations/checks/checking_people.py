"""A sample of each page and mail of those who act for themselves, for their templates to be drawn with."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from operator import methodcaller

from alerts.channels import CHANNELS, OneTimeMail
from alerts.errors import BadInput
from alerts.locales import ENGLISH
from alerts.model import (
    Change,
    Draft,
    Entry,
    Errand,
    Instant,
    MailAnswer,
    MailBecame,
    Mute,
    OneTimeLink,
    Revision,
    Standing,
    Subscriber,
)
from alerts.operations.following.recorded_reasons import SaidReason
from alerts.operations.people.choosing_places import FormChoices, places_within
from alerts.operations.people.looking_back import HistoryLine
from alerts.operations.people.own_page import OwnPage, OwnSubscription
from alerts.operations.people.subscription_form import SubscriptionForm
from alerts.operations.subscribing.muting import MutedUpdate
from alerts.operations.subscribing.subscriber_details import SubscriberDetails
from alerts.operations.subscribing.subscription_preview import (
    PreviewedAlert,
    PreviewedMessage,
    SubscriptionPreview,
    SubscriptionShare,
)
from alerts.regions import load
from alerts.rendering import Page, Pages, PeoplePages
from alerts.rendering.subscription_page import SubscriptionPage

_ADDRESS = "somebody@example.org"
_WHEN_MS: Instant = 1_648_486_800_000
_WORDS = ("Ukraine · immediate",)
_HELD = OwnSubscription("0123abcd", "Staff", _WORDS[0], None)
_LISTS = (_HELD, replace(_HELD, next_ms=_WHEN_MS))
_EMAIL = next(name for name, kind in CHANNELS.items() if kind.one_time is not None)
_SOMEBODY = Subscriber(1, _EMAIL, _ADDRESS, "UTC", (), 0)
_LATEST = Revision("sample", 2, Draft("A sample", ("UA",)), _WHEN_MS)
_DAY = date(2026, 12, 24)
_MUTED = MutedUpdate(_SOMEBODY, Mute(_WHEN_MS, 0, 1, _LATEST.draft.severity), _LATEST, muted=True)
_ALERT = PreviewedAlert(Entry("sample", 2, Change.NEW), "A sample", "severe", ("Staff",))
_PREVIEW = SubscriptionPreview(
    "UTC",
    30,
    (
        PreviewedMessage(_WHEN_MS, digest=True, alerts=(_ALERT,)),
        PreviewedMessage(_WHEN_MS, digest=True, alerts=()),
    ),
    (SubscriptionShare("Staff", 1, 0),),
    _WHEN_MS,
)
_REASONS = (SaidReason("given up after 72 hours", True), SaidReason("250 OK", False))
_LINE = HistoryLine(_WHEN_MS, "sample", "A sample", "en", "sent", _REASONS, "r" + "0" * 20, can_mute=True)
_FAULT = BadInput("A fault.", "A hint.")
_CALLS = (
    methodcaller("history", (_LINE, replace(_LINE, digest="", can_mute=False)), "UTC", "token", "Done."),
    methodcaller("history", (), "UTC", "token", ""),
    methodcaller("message", "A sample."),
    methodcaller("erased", _ADDRESS),
    methodcaller("join", {}, _FAULT, invited=False),
    methodcaller("join", {}, invited=True),
    methodcaller("prevented", _FAULT),
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
    paused = replace(_SOMEBODY, standing=Standing.PAUSED, paused_until_ms=_WHEN_MS)
    owns = (
        methodcaller(
            "own",
            OwnPage(
                SubscriberDetails(one, (), None, 0),
                _LISTS,
                (_HELD,),
                "token",
                _PREVIEW,
                (_MUTED,),
                _DAY,
                _REASONS,
            ),
            "",
            "Done.",
            None,
            {},
            undo=one is paused,
        )
        for one in (_SOMEBODY, paused)
    )
    for call in (*_CALLS, *owns):
        yield _called(call)
    yield from map(_called, _editing())


def _editing() -> Iterator[Callable[[PeoplePages], Page]]:
    """The page of a subscription, with all that can be on it, and the map."""
    form = SubscriptionForm(("UA",), ("conflict",), q="Kiyv", rhythm="daily", zone="UTC")
    choices = FormChoices({"UA": "Ukraine"}, {"PL": "Poland"}, ("Kiyv",), {"conflict": "Fighting"}, ("UTC",))
    faults = {"": _FAULT, "regions": _FAULT, "tags": _FAULT}
    for preview, wrong in ((_PREVIEW, {}), (None, faults)):
        page = SubscriptionPage.of("new", form, choices, wrong, preview, now_ms=_WHEN_MS, locale=ENGLISH)
        yield methodcaller("subscription", page, "token")
    places = places_within(load(), "UA", ENGLISH)
    links = dict.fromkeys(places.all, form.query)
    yield methodcaller("places", "new", places, choices.chosen, links, form.query)


def one_time_mails() -> Iterator[OneTimeMail]:
    """A mail for each errand, by each channel that has such mails."""
    for name, kind in CHANNELS.items():
        for errand in Errand if kind.one_time is not None else ():
            link = OneTimeLink("0" * 32, errand, name, kind.sample().address, _WHEN_MS, _WHEN_MS)
            yield OneTimeMail(link, "https://example.org/join/sample", _WORDS, _WHEN_MS)


def mail_answers() -> Iterator[MailAnswer]:
    """An answer of each kind, by each channel by which updates are sent."""
    for kind in CHANNELS.values():
        for became in MailBecame if kind.answer is not None else ():
            said, left = ("A sentence.", "Another."), ("leaves out the signature: “Olga”",)
            yield MailAnswer("0" * 40, kind.sample().address, "A sample", "a@b", became, said, left, _WHEN_MS)


def _called(call: Callable[[PeoplePages], Page]) -> Callable[[Pages], Page]:
    return lambda pages: call(pages.people)
