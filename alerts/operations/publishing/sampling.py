"""A message as one of those who would get it would see it. Sends nothing."""

from dataclasses import dataclass

from alerts.channels import CHANNELS, Personal
from alerts.errors import NothingMatched
from alerts.locales import locale_for
from alerts.model import Channel, Message, Recipient, Revision, Subscriber
from alerts.operations.acting import Actor, Permission
from alerts.operations.publishing.foreseen import Preview
from alerts.rendering import GalleryItem
from alerts.rules.decisions import wants
from alerts.rules.facts import Facts
from alerts.rules.reasons import reasons
from alerts.rules.windows import at_once, looking, told_before
from alerts.services import Services
from alerts.walk import recipients


def sample(services: Services, actor: Actor, found: Preview, channel: Channel, address: str | None) -> bytes:
    """Render it for one who gets it, or for the first of the channel. Raises Forbidden, NothingMatched."""
    actor.require(Permission.READ)
    people = [g.subscriber for g in found.getting if g.subscriber.channel is channel]
    chosen = next((p for p in people if address is None or p.address == address), None)
    if chosen is None:
        raise NothingMatched(
            f"{address} does not get it." if address else f"Nobody gets it by {channel}.",
            "See who does with `alerts preview FILE --recipients`.",
        )
    return Letter.of(services, found.revision, channel, chosen.address, reader=chosen).filled


def draw(services: Services, actor: Actor, found: Preview) -> list[GalleryItem]:
    """A message of each channel, as one of those who get it sees it; where nobody does, as somebody would.

    Raises Forbidden.
    """
    actor.require(Permission.READ)
    items = []
    for channel, kind in CHANNELS.items():
        people = (g.subscriber for g in found.getting if g.subscriber.channel is channel)
        reader = next(people, None)
        address = reader.address if reader else kind.sample().address
        letter = Letter.of(services, found.revision, channel, address, reader=reader)
        someone = Recipient(letter.sid, address, letter.blanks)
        raw, _ = kind.outbox().written(letter.filled, someone)
        items.append(kind.outbox().shown(raw, address, services.server.now_ms(), letter.message.digest))
    return items


@dataclass(frozen=True, slots=True)
class Letter:
    """One revision as one reader gets it at once: the message, and what its blanks say."""

    message: Message
    blanks: dict[str, str]
    sid: int

    @property
    def filled(self) -> bytes:
        return self.message.fill(self.blanks)

    @classmethod
    def of(
        cls,
        services: Services,
        revision: Revision,
        channel: Channel,
        address: str,
        reader: Subscriber | None,
        *,
        why: str = "",
    ) -> "Letter":
        """Render it for a reader, who need not subscribe; `why` stands for their reasons."""
        earlier = recipients.before(services, revision)
        language = reader.language if reader else ""
        locale = locale_for(language, services.settings.language)
        since, lists = 0, tuple[str, ...]()
        if reader is not None:
            facts = looking(services.tree, services.outlines.log)
            since = told_before(reader.audience, earlier, facts, revision.accepted_ms or 0)
            why = why or reasons(reader.audience, [revision], services.tree, locale=locale)
            asked = Facts.of(revision, services.tree)
            lists = tuple(s.name for s in reader.subscriptions if wants(s.filter, asked))
        digest = at_once(revision, channel, since)
        known: dict[str, Revision] = {r.ref: r for r in (*earlier, revision)}
        message = services.renderer.render(digest, known, language)
        sid = reader.sid if reader else 0
        who = Personal(
            digest,
            sid,
            address,
            services.links,
            services.server.now_ms(),
            why,
            next_slot="",
            zone=reader.zone if reader else "",
            told=revision,
            name=reader.name if reader else "",
            generation=services.secrets.get(channel, address),
            lists=lists,
            locale=locale,
        )
        return cls(message, CHANNELS[channel].blanks(services.settings, who), sid)
