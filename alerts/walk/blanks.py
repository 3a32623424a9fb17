"""What the personal blanks of a digest are filled with: why somebody gets it, and when the next one comes."""

from collections.abc import Callable
from functools import lru_cache

from alerts.channels import CHANNELS, Personal
from alerts.links import Links
from alerts.locales import Locale, locale_for
from alerts.model import FIRST_GENERATION, Instant
from alerts.rules.cadence import Clock, clock_of, describe, next_slot
from alerts.rules.reasons import reasons, wanting
from alerts.services import Services
from alerts.store import Destination
from alerts.walk.outgoing import Outgoing

#: Audiences whose reasons a process keeps at hand.
REASONS_AT_HAND = 50_000
#: Clocks whose next slot a process keeps at hand: a batch asks about few, for each of its people.
CLOCKS_AT_HAND = 1_000


class Blanks:
    """Values for the blanks of one person after another. One per process; what it keeps never changes.

    `outgoing` finds a digest by its id, from memory where it can.
    """

    def __init__(self, services: Services, outgoing: Callable[[str], Outgoing]) -> None:
        self._services = services
        self._outgoing = outgoing
        self._explained = lru_cache(maxsize=REASONS_AT_HAND)(self._explain)
        self._following = lru_cache(maxsize=CLOCKS_AT_HAND)(_next_digest)

    def values(
        self,
        outgoing: Outgoing,
        batch: int,
        person: Destination,
        links: Links,
        now_ms: Instant,
        *,
        said: str = "",
    ) -> dict[str, str]:
        """What each blank says to one person, in the how-manieth batch of what is sent.

        `said`: of what they have muted.
        """
        services, digest = self._services, outgoing.digest
        locale = locale_for(person.language, services.settings.language)
        reason, clock, places = self._explained(digest.id, person.audience, locale)
        named = [person.lists[place] for place in places if place < len(person.lists)]
        # A slot opened early is ahead of now; a batch tried again is behind it.
        following = self._following(clock, max(now_ms, digest.horizon_ms), locale) if clock else ""
        channel, post = CHANNELS[digest.channel], None
        if channel.revises and not digest.all_quiet and not digest.resent_to:
            post = services.posts.get(digest.entries[0].update, person.sid)
        signed = channel.secret is not None
        told = outgoing.revisions[0] if digest.alone else None
        who = Personal(
            digest,
            person.sid,
            person.address,
            links,
            now_ms,
            f"{said} {reason}" if said else reason,
            following,
            post,
            batch,
            person.zone,
            told,
            person.name,
            services.secrets.get(digest.channel, person.address) if signed else FIRST_GENERATION,
            tuple(named) or person.lists,
            locale,
        )
        return channel.blanks(services.settings, who)

    def _explain(self, digest_id: str, aid: str, locale: Locale) -> tuple[str, Clock | None, tuple[int, ...]]:
        """Why an audience gets a digest, the clock of its next one, and for which of its subscriptions."""
        services = self._services
        audience = services.audiences.get(aid)
        if audience is None:
            return "", None, ()
        outgoing = self._outgoing(digest_id)
        told = (audience, outgoing.undelivered, services.tree, outgoing.digest.all_quiet)
        return reasons(*told, locale), clock_of(audience), wanting(*told)


def _next_digest(clock: Clock, after_ms: Instant, locale: Locale) -> str:
    """When the first digest after an instant is due, in words."""
    moment = describe(next_slot(clock, after_ms), clock.zone, locale=locale)
    return locale.gettext("Your next digest: %(moment)s.", moment=moment)
