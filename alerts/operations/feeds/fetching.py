"""The document of a feed, or why there is none; and the alert that an item of an index stands for."""

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.errors import BadInput
from alerts.ingest.decoding import BYTES_MAX
from alerts.ingest.feeds import OCTETS_MAX, FeedDocument, read_feed
from alerts.model import FeedProgress
from alerts.outbound import AnswerLost, Fetched, FetchReply, NotReached, TooMuch
from alerts.services import Services

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
_CAP = "application/cap+xml, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1"
#: Statuses that are not only said (RFC 9110 §15; 429: RFC 6585).
_OK, _NOT_MODIFIED, _GONE, _TOO_OFTEN = 200, 304, 410, 429
#: What a status says that nobody need look up.
_MEANS = {
    401: "it wants a login",
    403: "it lets nobody like us in",
    404: "there is nothing at this address",
    429: "we ask too often",
}


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed as it was fetched and read. `document` is None where it has not changed."""

    document: FeedDocument | None
    headers: Mapping[str, str]
    moved: str = ""  #: where it says to be asked from now on


@dataclass(frozen=True, slots=True)
class NoFeed:
    """Why there is no document. `gone`: its server says that there never will be."""

    why: str
    hint: str = ""
    gone: bool = False
    headers: Mapping[str, str] | None = None

    def refusal(self) -> BadInput:
        """The same, for whoever asked for it."""
        sentence = f"{self.why[:1].upper()}{self.why[1:].rstrip('.')}."
        return BadInput(sentence, self.hint or "Try the address in a browser.")


def fetch_feed(services: Services, url: str, progress: FeedProgress) -> FoundFeed | NoFeed:
    """Ask for a feed, with what is known of it; never raises for what its server does."""
    conditions = [("If-None-Match", progress.etag), ("If-Modified-Since", progress.modified)]
    headers = [(name, value) for name, value in conditions if value]
    reply = services.fetcher.get(url, [("Accept", _ACCEPT), _agent(services), *headers], OCTETS_MAX)
    if not isinstance(reply, Fetched):
        return NoFeed(_unreached(reply), _hint(reply))
    if reply.status == _NOT_MODIFIED and headers:
        return FoundFeed(None, reply.headers, reply.moved)
    if reply.status != _OK:
        gone = reply.status == _GONE
        return NoFeed(_status(reply.status), gone=gone, headers=reply.headers)
    try:
        document = read_feed(reply.body, reply.headers.get("content-type", ""), reply.url)
    except BadInput as fault:
        return NoFeed(fault.sentence, fault.hint, headers=reply.headers)
    return FoundFeed(document, reply.headers, reply.moved)


@dataclass(frozen=True, slots=True)
class NoAlert:
    """Why the alert of an item is not there. `later`: it may be there at another time."""

    why: str
    later: bool


def fetch_alert(services: Services, url: str) -> bytes | NoAlert:
    """Ask for the alert that an item of an index stands for."""
    reply = services.fetcher.get(url, [("Accept", _CAP), _agent(services)], BYTES_MAX)
    if isinstance(reply, Fetched):
        if reply.status == _OK:
            return reply.body
        later = reply.status == _TOO_OFTEN or reply.status >= 500
        return NoAlert(f"Its alert is not there: {_status(reply.status)}.", later)
    lasting = isinstance(reply, TooMuch) or (isinstance(reply, NotReached) and reply.inadmissible)
    return NoAlert(f"Its alert cannot be had: {_unreached(reply)}.", not lasting)


def _agent(services: Services) -> tuple[str, str]:
    return "User-Agent", f"Alerts (+{services.settings.public_url})"


def _status(status: int) -> str:
    return f"its server answers {status}" + (f": {_MEANS[status]}" if status in _MEANS else "")


def _unreached(reply: FetchReply) -> str:
    match reply:
        case TooMuch(most):
            return f"it is larger than {most // 1_000_000} MB"
        case NotReached(why) | AnswerLost(why):
            return f"it cannot be reached: {why}"
        case Fetched():
            raise AssertionError("it was reached")


def _hint(reply: FetchReply) -> str:
    if isinstance(reply, NotReached) and "not public" in reply.why:
        return "If it is yours, name its network in ALERTS_OUTBOUND_ALLOW."
    return ""
