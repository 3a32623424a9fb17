"""A third channel, which only tests register: carrier pigeons. All of it is here, as in a folder.

Its loft takes what is handed in; a test may let a pigeon be lost, come late, or the loft be shut.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from alerts.channels.contract import (
    REPAIR_S,
    AddressForm,
    ChannelType,
    Layout,
    Noun,
    OutboxForm,
    Pace,
    Personal,
    Rate,
    Refused,
    Sender,
    Stop,
)
from alerts.errors import BadInput
from alerts.locales import Locale
from alerts.model import (
    Blank,
    Channel,
    Deferred,
    Digest,
    Failed,
    Fill,
    Instant,
    Message,
    Outcome,
    Post,
    Recipient,
    Revision,
    RouteDown,
    Sent,
)
from alerts.rendering import GalleryItem
from alerts.rendering.composing import Place, PublicPage, compose
from alerts.rendering.environment import Templates
from alerts.settings import Problem, Settings

NAME = Channel("pigeon")
PREFIX = "loft:"


@dataclass
class Loft:
    """Where pigeons start from: what has left, and what happens to the next ones."""

    left: list[tuple[str, bytes]] = field(default_factory=list)
    lost: frozenset[str] = frozenset()
    late: frozenset[str] = frozenset()
    shut: bool = False


class PigeonSender:
    in_flight = 1

    def __init__(self, loft: Loft) -> None:
        self._loft = loft

    def send(
        self, message: Message, recipients: Sequence[Recipient], stop: Stop
    ) -> Iterator[tuple[int, Outcome]]:
        for recipient in recipients:
            if stop():
                return
            if self._loft.shut:
                yield recipient.sid, RouteDown("the loft is shut", REPAIR_S)
                return
            yield recipient.sid, self._one(message, recipient)

    def _one(self, message: Message, recipient: Recipient) -> Outcome:
        if recipient.address in self._loft.lost:
            return Failed("no such loft")
        if recipient.address in self._loft.late:
            return Deferred("head wind")
        self._loft.left.append((recipient.address, message.fill(recipient.blanks)))
        return Sent("it flies")

    def close(self) -> None:
        """Nothing is held open."""


class Slips:
    """One slip of paper a digest: its title, and why."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def message(self, digest: Digest, revisions: Mapping[str, Revision], locale: Locale) -> Message:
        shown = compose(digest, revisions, self._place, 1_000, "", locale=locale)
        title = shown.one.headline if shown.one else shown.title
        start = json.dumps({"title": title})[:-1] + ', "why": "'
        return Message(digest.id, digest.channel, (start.encode(), Blank("reason", Fill.JSON), b'"}'))


def parse(typed: str) -> str:
    name = typed.removeprefix(PREFIX)
    if not (typed.startswith(PREFIX) and name.isalpha()):
        raise BadInput(f"“{typed[:80]}” is no loft.", "Write loft: and its name.")
    return typed


def written(filled: bytes, recipient: Recipient) -> tuple[bytes, Post | None]:
    return json.dumps({"to": recipient.address, "slip": json.loads(filled)}).encode(), None


def address_in(raw: bytes) -> str:
    return str(json.loads(raw)["to"])


def shown(raw: bytes, address: str, sent_at_ms: Instant, digest: str) -> GalleryItem:
    slip = json.loads(raw)["slip"]
    return GalleryItem(NAME, address, sent_at_ms, slip["title"], digest, text=slip["why"])


def problems(settings: Settings) -> list[Problem]:
    return [Problem("settings.loft", "warning", "There is no grain left.", "Buy some.")]


def login(settings: Settings) -> Refused | None:
    return RouteDown("the keeper does not know us")


def no_sender(settings: Settings, pace: Pace) -> Sender | None:
    return None


def rate(settings: Settings, route: str) -> Rate | None:
    return None


def layout(settings: Settings, templates: Templates, place: Place, _public_page: PublicPage) -> Layout:
    return Slips(place)


def blanks(settings: Settings, who: Personal) -> dict[str, str]:
    return {"reason": who.reason}


PIGEON = ChannelType(
    name=NAME,
    title="pigeon",
    message=Noun("pigeon", "pigeons"),
    reader=Noun("loft", "lofts"),
    mending="Open the loft.",
    address=AddressForm(
        shape="loft: and its name",
        claims=lambda typed: typed.lower().startswith(PREFIX),
        parse=parse,
        identity=str.casefold,
        masked=str,
        columns=("loft",),
        domain=lambda address: address.removeprefix(PREFIX).replace(" ", "-"),
    ),
    problems=problems,
    sender=no_sender,
    login=login,
    rate=rate,
    layout=layout,
    blanks=blanks,
    secret=None,
    revises=False,
    asks_after_doubt=False,
    keeps_receipts=True,
    unsubscribes_by_link=False,
    one_time=None,
    answer=None,
    outbox=lambda: OutboxForm(".slip.json", written, address_in, shown),
    views=lambda: {"slip": lambda filled: filled.decode() + "\n"},
    sample=lambda: GalleryItem(NAME, "loft:Anywhere", 0, "A sample", text="Why."),
)


def flying(loft: Loft) -> ChannelType:
    """The same with a sender, as if it were configured."""
    return replace(PIGEON, sender=lambda settings, pace: PigeonSender(loft))
