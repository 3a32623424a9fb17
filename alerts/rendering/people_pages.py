"""The pages on which people join, come in, and see and change what they get."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from alerts.errors import AlertsError
from alerts.locales import SPOKEN, Locale, catalog_for, language_name
from alerts.model import Instant, OptOut, Revision
from alerts.rendering import moments
from alerts.rendering.editions import HeadlineView, shown_headline
from alerts.rendering.page import Page, ShownFault, masked
from alerts.rendering.previewed import ShownPreview, previewed
from alerts.rendering.subscription_page import ShownPlaces, SubscriptionPage
from alerts.rules.cadence import places_with_zones
from alerts.rules.translations import edition


@dataclass(frozen=True, slots=True)
class ShownDone:
    """What was just done; where it can be taken back, by which id, and what the button for that says."""

    said: str
    change: str = ""
    undo: str = ""


class Draw(Protocol):
    """Draws a page of `templates/web` by its name."""

    def __call__(self, name: str, looks: str = ..., **given: object) -> Page: ...


class ShownSubscription(Protocol):
    """A subscription on its holder's page."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def next_ms(self) -> Instant | None: ...


class ShownMute(Protocol):
    """A situation that somebody hears nothing of."""

    @property
    def latest(self) -> Revision: ...


class ShownReason(Protocol):
    """A part of why something was not sent, or nothing is."""

    @property
    def words(self) -> str: ...
    @property
    def ours(self) -> bool: ...


class ShownPerson(Protocol):
    """What a person's own page shows."""

    @property
    def subscriptions(self) -> Sequence[ShownSubscription]: ...
    @property
    def ended(self) -> Sequence[ShownSubscription]: ...
    @property
    def address(self) -> str: ...
    @property
    def zone(self) -> str: ...
    @property
    def pause_days(self) -> tuple[date, date, date]: ...
    @property
    def paused(self) -> bool: ...
    @property
    def paused_until_ms(self) -> Instant | None: ...
    @property
    def stopped(self) -> Sequence[ShownReason]: ...
    @property
    def by_themselves(self) -> bool: ...
    @property
    def preview(self) -> ShownPreview: ...
    @property
    def muted(self) -> Sequence[ShownMute]: ...


class ShownOffer(Protocol):
    """What somebody confirms; `opt_out` is the page to be mailed no more of this `kind`."""

    @property
    def address(self) -> str: ...
    @property
    def subscriptions(self) -> Sequence[str]: ...
    @property
    def opt_out(self) -> str: ...
    @property
    def kind(self) -> OptOut: ...


class ShownLine(Protocol):
    """What became of one revision, as its reader sees it."""

    @property
    def at_ms(self) -> Instant: ...
    @property
    def update(self) -> str: ...
    @property
    def headline(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def why(self) -> Sequence[ShownReason]: ...
    @property
    def digest(self) -> str: ...
    @property
    def can_mute(self) -> bool: ...


class PeoplePages:
    """Draws them. Each may raise BadInput for a template that fails."""

    def __init__(self, draw: Draw, locale: Locale) -> None:
        self._draw = draw
        self._locale = locale

    def join(self, page: SubscriptionPage, address: str, *, invited: bool) -> Page:
        """The form to join, with what was typed and what was wrong with it; `invited`: not for others."""
        return replace(self._draw("join", page=page, address=address, invited=invited), scripts=True)

    def join_asked(self, address: str) -> Page:
        """The answer to the form, whoever was asked about."""
        return self._draw("join_asked", address=address)

    def join_confirm(
        self, offer: ShownOffer, preview: ShownPreview | None, zone: str, fault: AlertsError | None = None
    ) -> Page:
        """Ask whether an address is to get this, which would have brought so much: how much, not what.

        `zone`: what is offered where nobody has chosen one, else empty; `fault`: what is wrong with it.
        """
        shown = previewed(preview, self._locale)._replace(messages=(), more=0) if preview else None
        drawn = self._draw(
            "join_confirm",
            offer=offer,
            preview=shown,
            zone=zone,
            zones=places_with_zones(),
            fault=ShownFault.of(fault, self._locale) if fault else None,
        )
        return replace(drawn, scripts=bool(zone))

    def opt_out(self, kind: OptOut, address: str, token: str, *, done: bool, joining: bool) -> Page:
        """Ask whether somebody is to be mailed no more of a kind, or say so where it is `done`.

        `joining`: whether anybody may ask for alerts themselves.
        """
        given = {"kind": kind, "address": masked(address), "token": token}
        return self._draw("opt_out", done=done, joining=joining, **given)

    def opted_in(self, address: str, *, joining: bool) -> Page:
        """Say that they may be mailed again."""
        return self._draw("opted_in", address=masked(address), joining=joining)

    def joined(self, address: str) -> Page:
        return self._draw("joined", address=address)

    def link_mailed(self, address: str) -> Page:
        """Say that a link is on its way to the address, if it may be."""
        return self._draw("link_mailed", address=masked(address))

    def paused(self, token: str) -> Page:
        """Say that nothing comes for a week; `token` is for the way back, empty where there is none."""
        return self._draw("paused", token=token)

    def resumed(self) -> Page:
        return self._draw("resumed")

    def come_in(self, address: str) -> Page:
        return self._draw("come_in", address=masked(address))

    def history(self, lines: Sequence[ShownLine], zone: str, token: str, done: ShownDone) -> Page:
        """What they were sent, what is to come, what was not for them; each situation can be muted."""
        shown = [
            (
                line,
                shown_headline(line.headline, line.language, self._locale),
                _when(line.at_ms, zone, self._locale),
            )
            for line in lines
        ]
        return self._draw("history", lines=shown, token=token, done=done)

    def message(self, text: str) -> Page:
        """One message as they were sent it."""
        return self._draw("message", text=text)

    def erased(self, address: str) -> Page:
        """Say that nothing is kept of them any more."""
        return self._draw("erased", address=address)

    def gone_out(self) -> Page:
        return self._draw("gone_out")

    def prevented(self, fault: AlertsError) -> Page:
        """Say why it cannot be done as things are."""
        return self._draw("prevented", fault=ShownFault.of(fault, self._locale))

    def outside(self) -> Page:
        """Say how to come in."""
        return self._draw("outside")

    def own(
        self,
        person: ShownPerson,
        token: str,
        done: ShownDone,
        fault: AlertsError | None,
        typed: Mapping[str, str],
    ) -> Page:
        """What somebody gets, with a form for each thing they may change; every one carries the `token`."""
        served = {one.key: _when(one.next_ms, person.zone, self._locale) for one in person.subscriptions}
        paused = person.paused_until_ms
        until = _when(paused, person.zone, self._locale) if paused else ""
        muted = [(one.latest.update, self._muted(one)) for one in person.muted]
        languages = {tag: language_name(tag, tag).capitalize() for tag in SPOKEN}
        return self._draw(
            "own",
            person=person,
            languages=languages,
            spoken=catalog_for(self._locale.tag),
            served=served,
            until=until,
            preview=previewed(person.preview, self._locale),
            muted=muted,
            token=token,
            done=done,
            fault=ShownFault.of(fault, self._locale) if fault else None,
            typed={"until": typed.get("until", ""), "deed": typed.get("deed", "")},
        )

    def subscription(self, page: SubscriptionPage, token: str) -> Page:
        """One of them, or one to be added, as it is being changed."""
        return replace(self._draw("subscription", page=page, token=token), scripts=True)

    def _muted(self, one: ShownMute) -> HeadlineView:
        read = edition(one.latest.draft, self._locale.reads)
        return shown_headline(read.draft.headline, read.headline, self._locale)

    def places(
        self,
        key: str,
        places: ShownPlaces,
        chosen: Mapping[str, str],
        links: Mapping[str, str],
        here: str,
    ) -> Page:
        """A map and a list to choose from. `links`: what each leads to; `here`: what is typed as it is."""
        return self._draw("places", key=key, places=places, chosen=chosen, links=links, here=here)


def _when(instant: Instant | None, zone: str, locale: Locale) -> str:
    """When something comes next, in the reader's zone; empty for what comes at once."""
    return moments.full(moments.utc(instant), zone, locale) if instant is not None else ""
