"""Invitations: who may join because an operator asked them to, until they answer or their time is over."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from hashlib import sha256

from alerts.model import Channel, Folds, Instant, Invitation, OneTimeLink
from alerts.store.one_time_links import TAPPED_TWICE_MS, OneTimeLinks
from alerts.store.server import Server, translated

#: One that is over is remembered for so long, so that whoever invites again is told (ms).
REMEMBERED_MS = 30 * 24 * 3600 * 1000
#: As many are read in one round trip.
CHUNK = 500


class Invitations:
    """Who was invited.

    Keys: `invitation:{person}`, by the hash of channel and identity; `invitations`, those hashes by when each
    is forgotten (ms). One is kept at the instant at which its link is, and its mail owed; it ends when its
    person joins, when it is cancelled, and 30 days after its link.
    """

    def __init__(self, server: Server, folds: Folds, links: OneTimeLinks) -> None:
        self._server = server
        self._keys = server.keys
        self._folds = folds
        self._links = links

    def invite(self, link: OneTimeLink, invitation: Invitation, wait_ms: int) -> bool:
        """Keep an invitation with its link, and owe the mail `wait_ms` from now. One of before is replaced.

        False if the address had its share of mails.
        """
        person = self._person(invitation.channel, invitation.address)
        keys = self._keys("invitation", person), self._keys("invitations")
        forgotten_ms = invitation.expires_ms - invitation.invited_ms + REMEMBERED_MS
        kept = json.dumps(asdict(invitation))
        return self._links.ask(link, wait_ms, keys=keys, args=(kept, forgotten_ms, person))

    def find_all(self, channel: Channel, addresses: Iterable[str]) -> dict[str, Invitation]:
        """The invitations of those of the addresses that have one, over or not."""
        asked = list(addresses)
        keys = [self._keys("invitation", self._person(channel, address)) for address in asked]
        with translated():
            held = self._server.client.mget(keys) if keys else []
        return {address: _invitation(row) for address, row in zip(asked, held, strict=True) if row}

    def open(self, channel: Channel, address: str, now_ms: Instant) -> Invitation | None:
        """The invitation by which somebody may join now."""
        found = self.find_all(channel, [address]).get(address)
        return found if found is not None and found.open_at(now_ms) else None

    def everybody(self, now_ms: Instant) -> Iterator[Invitation]:
        """All that are remembered, those that end first before the others."""
        with translated():
            people = self._server.client.zrangebyscore(self._keys("invitations"), now_ms, "+inf")
        for first in range(0, len(people), CHUNK):
            keys = [self._keys("invitation", row.decode()) for row in people[first : first + CHUNK]]
            with translated():
                held = self._server.client.mget(keys)
            yield from (_invitation(row) for row in held if row)

    def use(self, invitation: Invitation) -> None:
        """Use an invitation up: it ends as its link does, with the second tap of whoever taps twice."""
        person = self._person(invitation.channel, invitation.address)
        with translated(), self._server.client.pipeline(transaction=True) as pipe:
            pipe.pexpire(self._keys("invitation", person), TAPPED_TWICE_MS, lt=True)
            pipe.zrem(self._keys("invitations"), person)
            pipe.execute()

    def cancel(self, channel: Channel, address: str) -> bool:
        """End an invitation at once, and every link that was mailed for it. False if there was none."""
        person = self._person(channel, address)
        with translated(), self._server.client.pipeline(transaction=True) as pipe:
            pipe.delete(self._keys("invitation", person))
            pipe.zrem(self._keys("invitations"), person)
            ended, _ = pipe.execute()
        return bool(ended)

    def _person(self, channel: Channel, address: str) -> str:
        return person_hash(channel, self._folds[channel](address))


def person_hash(channel: Channel, identity: str) -> str:
    """What stands for somebody in the name of a key."""
    return sha256(f"{channel}:{identity}".encode()).hexdigest()[:32]


def _invitation(held: bytes) -> Invitation:
    known = json.loads(held)
    return Invitation(**known | {"channel": Channel(known["channel"])})
