"""How a person comes to their own page: by a link mailed to their address alone, for a day."""

import secrets

from alerts import channels
from alerts.channels import CHANNELS
from alerts.errors import NotFound
from alerts.model import Errand, OneTimeLink, Step, Subscriber, Work
from alerts.operations.acting import Actor, record
from alerts.operations.subscribing.unsubscribing import LinkHolder
from alerts.services import Services
from alerts.store import PersonSession

#: What the audit calls the way in; how long the link works (ms), and how long they stay (s).
DOOR, LINK_MS, STAYS_S = "own page", 3600 * 1000, 24 * 3600


def ask_to_come_in(services: Services, holder: LinkHolder) -> list[Work]:
    """Mail the holder of a link in an email one that lets them see and change what they get.

    It goes to the address that the email went to: whoever it was forwarded to gets nothing. What to ring for.
    """
    channel = channels.unsubscribing(holder.identity)
    if CHANNELS[channel].one_time is None or services.erased.since(channel, [holder.identity]):
        return []  # of who was erased, nothing is kept, be it for an hour
    person = services.subscribers.find(channel, holder.identity)
    now_ms = services.server.now_ms()
    link = OneTimeLink(
        secrets.token_hex(16),
        Errand.COME_IN,
        channel,
        person.address if person else holder.identity,
        now_ms,
        now_ms + LINK_MS,
        zone=person.zone if person else services.settings.timezone,
        language=person.language if person else "",
    )
    return [Work(Step.LINK, link.id)] if services.one_time_links.ask(link) else []


def way_in(services: Services, token: str) -> Subscriber:
    """Whose page a link leads to. Changes nothing. Raises NotFound if it is used or over."""
    return _person(services, token)


def come_in(services: Services, token: str) -> str:
    """Use up a link, and begin a session. The secret that a browser is to hold. Raises NotFound likewise."""
    person = _person(services, token)
    if services.one_time_links.use(services.links.read_one_time(token)) is None:
        raise _over()
    return begin(services, person)


def begin(services: Services, person: Subscriber) -> str:
    """Begin a session of somebody who has shown that the address is theirs."""
    secret = secrets.token_urlsafe(32)
    whose = PersonSession(person.sid, channels.identity(person.channel, person.address))
    services.sessions.open(secret, whose, STAYS_S)
    record(services, actor(person), "subscriber.come_in", channels.masked(person.address))
    return secret


def who_is_in(services: Services, secret: str) -> Subscriber | None:
    """Who holds the secret of a session; None for nobody, and for who is no subscriber any more."""
    session = services.sessions.find(secret) if secret else None
    if session is None:
        return None
    for person in services.subscribers.load([session.sid]):
        if channels.identity(person.channel, person.address) == session.identity:
            return person
    services.sessions.end(secret)
    return None


def go_out(services: Services, secret: str) -> None:
    """End a session, for every process at once."""
    services.sessions.end(secret)


def actor(person: Subscriber) -> Actor:
    """As the audit calls them. No permission: whatever is for operators is refused to them."""
    return Actor(channels.identity(person.channel, person.address), DOOR, frozenset())


def _person(services: Services, token: str) -> Subscriber:
    link = services.one_time_links.find(services.links.read_one_time(token))
    if link is None or link.errand is not Errand.COME_IN:
        raise _over()
    person = services.subscribers.find(link.channel, link.address)
    if person is None:
        raise _over()
    return person


def _over() -> NotFound:
    return NotFound("This link does not work any more.", "Ask for a new one from the newest email.")
