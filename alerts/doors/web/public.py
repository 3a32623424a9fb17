"""What everybody may read, where the settings have it so: a page an update, feeds, CAP. No key is asked for.

Looking changes nothing. Every answer may be kept for a minute, and is sent only to who does not have it.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import QueryParams

from alerts.doors.web import answers, conditional, pacing
from alerts.doors.web.drawn import Answered, Drawn
from alerts.doors.web.speaking import pages_in
from alerts.errors import BadInput, Faults
from alerts.locales import locale_for
from alerts.operations import (
    PublicFeed,
    PublicUpdate,
    Requested,
    TooSoon,
    feed_page,
    public_cap,
    public_feed,
    public_page,
    public_update,
)
from alerts.rendering.cap import MEDIA_TYPE
from alerts.rendering.feeds import ATOM, JSON_FEED, FeedView, atom, json_feed
from alerts.services import Services

#: How many pages one network may ask for at once, and then a second: an office reads an urgent mail at the
#: same moment, from one address. Feeds are asked for by programs, and each is drawn for its own words.
PAGES_AT_ONCE, PAGES_PER_S = 300, 20
FEEDS_AT_ONCE, FEEDS_PER_S = 60, 1
#: Seconds for which an answer may be kept, by readers and by this process.
KEPT_S = 60
#: The words of a feed, as the command line has them: lists in the order of a subscription, and one word.
_LISTS = ("region", "tag", "all_tag", "none_tag")
_WORDS = (*_LISTS, "severity")
#: Words in one address, and the characters of each.
_WORDS_MOST, _WORD_MAX = 100, 200

router = APIRouter()


class Visit:
    """A request of somebody whom nobody knows. Raises TooSoon where their network has no permit for it."""

    pace = "page", PAGES_PER_S, PAGES_AT_ONCE

    def __init__(self, request: Request) -> None:
        self.request = request
        self.services: Services = request.app.state.services
        #: In a language that is asked for: whoever it is that asks, nobody is known here.
        self.pages = pages_in(request)
        self.listed = self.services.settings.public == "open"
        if self.services.settings.public != "off":
            wait_s = pacing.wait_s(self.services, request, *self.pace)
            if wait_s:
                raise TooSoon(wait_s)

    @property
    def spoken(self) -> dict[str, str]:
        return {"Content-Language": self.pages.locale.tag, "Vary": "Accept-Language"}

    def told(
        self,
        what: str,
        found: PublicUpdate | PublicFeed,
        draw: Callable[[], Answered],
        spoken: Mapping[str, str] = MappingProxyType({}),
    ) -> Response:
        """What was found, as the kind of answer that is asked for: drawn only for who does not have it."""
        # Of `listed` too: who has a page from when all was open must be told that it is to be found no more.
        version = f"{what} {found.version} {self.listed}"
        headers = {
            "Cache-Control": f"{'public' if self.listed else 'private'}, max-age={KEPT_S}",
            **conditional.validators(version, found.changed_ms, found.at_ms),
            **({} if self.listed else {"X-Robots-Tag": "noindex"}),
            **spoken,
        }
        if conditional.has_it(self.request, version, found.changed_ms):
            return Response(None, HTTPStatus.NOT_MODIFIED, answers.headed(answers.POLICY) | headers)
        drawn: Drawn = self.request.app.state.drawn
        body, kind, policy = drawn.get(f"{self.request.url.path} {version}", draw)
        return Response(body, HTTPStatus.OK, answers.headed(policy) | headers, kind)


class FeedVisit(Visit):
    """The same, at the pace of programs."""

    pace = "feed", FEEDS_PER_S, FEEDS_AT_ONCE


AVisit = Annotated[Visit, Depends(Visit)]
AFeedVisit = Annotated[FeedVisit, Depends(FeedVisit)]


@router.api_route("/s/{name}", methods=["GET", "HEAD"])
def page(visit: AVisit, name: str) -> Response:
    """Show what is known of an update now, and how it came to that."""
    found = public_update(visit.services, name)

    def draw() -> Answered:
        shown = public_page(visit.services, found, visit.pages.locale)
        drawn = visit.pages.public(shown, found.page, found.revisions[-1].number, visit.listed)
        return Answered(drawn.html.encode(), "text/html", answers.policy(drawn))

    spoken = f"page {visit.pages.locale.tag} {visit.pages.locale.reads}"
    return visit.told(spoken, found, draw, visit.spoken)


@router.api_route("/s/{name}/{revision}.cap", methods=["GET", "HEAD"])
def cap(visit: AVisit, name: str, revision: str) -> Response:
    """Answer with one revision of it as a message of CAP 1.2."""
    found = public_update(visit.services, name)
    message = public_cap(visit.services, found, revision)
    return visit.told("message", found, lambda: Answered(message, MEDIA_TYPE, answers.POLICY))


@router.api_route("/feeds/atom", methods=["GET", "HEAD"])
def atom_feed(visit: AFeedVisit) -> Response:
    """Answer with the latest revisions of what is asked for, as Atom."""
    return _feed(visit, ATOM, atom)


@router.api_route("/feeds/json", methods=["GET", "HEAD"])
def feed_of_json(visit: AFeedVisit) -> Response:
    """Answer with the same as JSON Feed."""
    return _feed(visit, JSON_FEED, json_feed)


def _feed(visit: Visit, kind: str, write: Callable[[FeedView], bytes]) -> Response:
    url = visit.request.url
    address = url.path + (f"?{url.query}" if url.query else "")
    try:
        found = public_feed(visit.services, _asked(visit.request.query_params))
    except BadInput as fault:
        return answers.plain(f"{fault.sentence} {fault.hint}", HTTPStatus.BAD_REQUEST)

    # A feed is read by a program for all who look at it: in one language, of the desk.
    pages = visit.pages.spoken(locale_for(visit.services.settings.language))

    def draw() -> Answered:
        shown = pages.feed(feed_page(visit.services, found, address, pages.locale))
        return Answered(write(shown), kind, answers.POLICY)

    return visit.told(address, found, draw)


def _asked(query: QueryParams) -> Requested:
    """The words of a feed. Raises BadInput for others: a feed of everything in its place helps nobody."""
    faults = Faults()
    given = query.multi_items()
    if len(given) > _WORDS_MOST or any(len(word) > _WORD_MAX for pair in given for word in pair):
        raise BadInput(
            f"A feed takes {_WORDS_MOST} words of {_WORD_MAX} characters.",
            "Name larger regions or fewer tags.",
        )
    for name in dict(given):
        if name not in _WORDS:
            faults.found.append(BadInput(f"A feed knows no “{name}”.", f"It knows {', '.join(_WORDS)}."))
    if len(query.getlist("severity")) > 1:
        faults.found.append(BadInput("A feed takes one severity.", "Give the least one."))
    faults.complain()
    regions, tags, all_tags, none_tags = (tuple(query.getlist(name)) for name in _LISTS)
    return Requested(regions, tags, all_tags, none_tags, query.get("severity", ""))
