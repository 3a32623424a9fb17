"""Links that work once, from the instant they are asked for until they are used or over."""

import json
from collections.abc import Sequence
from hashlib import sha256

from alerts.model import (
    Channel,
    Errand,
    Folds,
    OneTimeLink,
    Step,
    Work,
    subscription_from_dict,
    subscription_to_dict,
)
from alerts.store.mailboxes import mailbox
from alerts.store.server import Server, translated

#: Mails of one kind to one address within any such time, whatever anybody types (ms).
MAILS_MOST, WITHIN_MS = 3, 24 * 3600 * 1000
#: How long a link that was used still works, for who taps twice (ms): the answer to the first is lost.
TAPPED_TWICE_MS = 10_000


class OneTimeLinks:
    """What was asked for, by the id that its link holds.

    Keys: `one_time:{id}`, gone when the link is used or over; `one_time_mails:{errand}:{person}`, when mails
    were asked for in the name of a mailbox, which is kept as a hash; `one_time_turn:{id}`, who mails it now.
    A link is asked for and its mail owed at once: none is promised that nobody writes.
    """

    def __init__(self, server: Server, folds: Folds) -> None:
        self._server = server
        self._keys = server.keys
        self._folds = folds

    def ask(
        self, link: OneTimeLink, wait_ms: int = 0, *, keys: Sequence[str] = (), args: Sequence[str | int] = ()
    ) -> bool:
        """Keep a link until it is over, and owe the mail with it. False if the address had its share.

        `wait_ms`: before it is mailed. `keys` and `args` are of an invitation that is kept with it.
        """
        record = {
            "errand": link.errand,
            "channel": link.channel,
            "address": link.address,
            "asked_ms": link.asked_ms,
            "expires_ms": link.expires_ms,
            "subscriptions": [subscription_to_dict(subscription) for subscription in link.subscriptions],
            "zone": link.zone,
            "language": link.language,
        }
        whose = mailbox(self._folds[link.channel](link.address))
        person = sha256(whose.encode()).hexdigest()[:32]
        kept = self._server.run(
            "access/ask_one_time_link",
            [
                self._key(link.id),
                self._keys("one_time_mails", link.errand, person),
                self._keys("due"),
                *keys,
            ],
            [
                json.dumps(record),
                link.expires_ms - link.asked_ms,
                str(Work(Step.LINK, link.id)),
                MAILS_MOST,
                WITHIN_MS,
                wait_ms,
                *args,
            ],
        )
        return bool(kept)

    def find(self, link_id: str) -> OneTimeLink | None:
        """What a link is for; None once it is used or over."""
        with translated():
            return _link(link_id, self._server.client.get(self._key(link_id)))

    def use(self, link_id: str) -> OneTimeLink | None:
        """Use a link up: it ends with the second tap of whoever taps twice. None if it is over."""
        with translated(), self._server.client.pipeline(transaction=True) as pipe:
            pipe.get(self._key(link_id))
            pipe.pexpire(self._key(link_id), TAPPED_TWICE_MS, lt=True)
            record, _ = pipe.execute()
        return _link(link_id, record)

    def take_turn(self, link_id: str, worker: str, for_ms: int) -> bool:
        """Be the only one who mails it, for so long at most. False if somebody else does."""
        with translated():
            return bool(self._server.client.set(self._turn(link_id), worker, px=for_ms, nx=True))

    def give_turn(self, link_id: str, worker: str) -> None:
        """Let the next try be anybody's, unless the turn was over and is somebody else's by now."""
        self._server.run("access/give_turn", [self._turn(link_id)], [worker])

    def _turn(self, link_id: str) -> str:
        return self._keys("one_time_turn", link_id)

    def _key(self, link_id: str) -> str:
        return self._keys("one_time", link_id)


def _link(link_id: str, record: bytes | None) -> OneTimeLink | None:
    if record is None:
        return None
    held = json.loads(record)
    return OneTimeLink(
        link_id,
        Errand(held["errand"]),
        Channel(held["channel"]),
        held["address"],
        held["asked_ms"],
        held["expires_ms"],
        tuple(map(subscription_from_dict, held["subscriptions"])),
        held["zone"],
        held.get("language", ""),  # those of before there were languages live on for a day
    )
