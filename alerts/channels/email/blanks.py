"""What differs between two people who get the same email: the values of the blanks."""

from email.utils import format_datetime
from functools import lru_cache

from alerts.channels.contract import Personal
from alerts.channels.email import lists
from alerts.channels.email.address import identity
from alerts.channels.email.headers import to_value
from alerts.model import Digest, Instant
from alerts.rendering import moments, shown_reason, times
from alerts.rendering.mail_from import mail_from
from alerts.settings import Settings


def blanks(settings: Settings, who: Personal) -> dict[str, str]:
    """Give the blanks of one email.

    The same digest to the same person has the same `Message-ID` however often it is sent; its `Date` is
    `at_ms`, when that is.
    """
    name = who.digest.id  # hashes the whole digest: once is enough
    domain, one = mail_from(settings.mail_from).domain, identity(who.address)
    delivery = who.links.delivery(name, who.batch, who.sid)
    return {
        **_times(who),
        "to": to_value(who.name, who.address),
        "date": _date(who.at_ms),
        "message_id": f"<{delivery}@{domain}>",
        "references": f"<{_thread(who.digest, name)}.{who.sid}@{domain}>",
        "delivery": delivery,
        "list_id": lists.list_id(settings.public_url, domain, who.lists),
        "unsubscribe": who.links.unsubscribe(one),
        "leave": who.links.leaving(one, lists.keys(who.lists)),
        "lists": lists.offer(who.lists, who.locale),
        "page": who.links.reading(name, who.batch, who.sid),
        "reason": shown_reason(who.reason),
        "next": who.next_slot,
    }


def _times(who: Personal) -> dict[str, str]:
    """When what a digest of one tells was published, and until when it holds, in the zone of who reads it.

    A digest of a clock has its zone, and no places for these.
    """
    if who.told is None or who.digest.clock:
        return {}
    published, expires_at = times.published(who.told, who.digest), who.told.draft.expires_at
    return {
        "published": _when(published, who.zone, who.locale),
        "expires": _expiry(expires_at, who.digest.horizon_ms, who.zone, who.locale),
    }


_when = lru_cache(maxsize=1_000)(times.when)  # a batch has one update, and its people few zones
_expiry = lru_cache(maxsize=1_000)(times.expiry)


def _thread(digest: Digest, name: str) -> str:
    """All that is told about one update alone is one thread; a year of daily digests is not.

    So is what somebody is told of one kind of outage.
    """
    if digest.of_outage:
        return f"o.{digest.entries[0].update.partition(':')[2].rpartition('-')[0]}"
    return f"t.{digest.entries[0].update}" if digest.alone else f"d.{name}"


@lru_cache(maxsize=16)  # a batch has one instant
def _date(at_ms: Instant) -> str:
    return format_datetime(moments.utc(at_ms))
