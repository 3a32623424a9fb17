"""A mailbox, open: what waits in one folder is handed out some at a time, and moved where it belongs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from alerts.mailbox.address import MailboxAddress
from alerts.mailbox.faults import in_the_open, no_folder, no_moving, understood

#: Mails that are fetched at once.
AT_ONCE = 64
#: Seconds for the connection, and for each word of the server after that.
CONNECT_S, ANSWER_S = 10.0, 60.0

_DELETED = b"\\Deleted"
#: Below a folder of our own, whatever else is in the mailbox.
_ABOVE, _TAKEN_IN, _NOT_UNDERSTOOD = "Alerts", "Processed", "Not understood"


@dataclass(frozen=True, slots=True)
class WaitingMail:
    """A mail in the folder: its number while the connection lasts, its size in octets, and its beginning."""

    uid: int
    size: int
    octets: bytes


class Mailbox:
    """One folder, read and moved from by whoever opened it. Not for several threads.

    No number of a mail is remembered longer than the batch it came in: whatever a server numbers anew
    (UIDVALIDITY), no other mail is moved in its place. Nothing is marked as read, and what others marked as
    deleted is left to them. Every method raises MailboxFault.
    """

    def __init__(self, client: IMAPClient, address: MailboxAddress) -> None:
        self._client = client
        self._address = address
        self._moves = client.has_capability("MOVE")
        self._expunges = client.has_capability("UIDPLUS")
        self._idles = client.has_capability("IDLE")
        self.taken_in, self.not_understood = self._own_folders()

    @classmethod
    @contextmanager
    def open(cls, address: MailboxAddress) -> Iterator["Mailbox"]:
        """Log in and see that the folder is there; log out at the end, unless something went wrong."""
        with understood(address):
            client = IMAPClient(
                address.host,
                address.port,
                ssl=address.context is not None and not address.starttls,
                ssl_context=address.context,
                timeout=SocketTimeout(CONNECT_S, ANSWER_S),
            )
        try:
            with understood(address):
                if address.starttls:
                    if not client.has_capability("STARTTLS"):
                        raise in_the_open(address)
                    client.starttls(address.context)
                client.login(address.user, address.password)
                box = cls(client, address)
                box._select()
            yield box
            with suppress(OSError, IMAPClientError):
                client.logout()  # only here: a server that idles, or is gone, would be waited for
        finally:
            with suppress(OSError):
                client.shutdown()

    def batches(self, most_octets: int) -> Iterator[Sequence[WaitingMail]]:
        """What waits, the oldest first, up to 64 at a time, and of each at most `most_octets`.

        Each batch is to be moved before the next is asked for. It ends with what was there at the beginning:
        what comes meanwhile is for the next time.
        """
        first, left = 1, self._select()
        while left > 0:
            listed = self._listed(range(first, first + min(AT_ONCE, left)))
            if not listed:
                return
            left -= len(listed)
            waiting = {uid: row for uid, row in listed.items() if _DELETED not in row[b"FLAGS"]}
            if waiting:
                yield self._fetched(waiting, most_octets)
            gone = len(waiting) if self._moves or self._expunges else 0
            first += len(listed) - gone  # not looked at anew: many servers read the whole folder for that

    def whole(self, mail: WaitingMail) -> WaitingMail | None:
        """The same mail to its end; None where somebody else took it away meanwhile."""
        return next(iter(self._fetched({mail.uid: {b"RFC822.SIZE": mail.size}}, mail.size)), None)

    def move(self, mails: Sequence[WaitingMail], folder: str) -> None:
        """Move mails of the latest batch into one of our folders, all of them or none.

        Where a server can only copy, what is cut short between copying and deleting is there twice. Where it
        can delete only whatever anybody marked, ours stay marked: others' marks are not ours to carry out.
        """
        uids = [mail.uid for mail in mails]
        if not uids:
            return
        with understood(self._address):
            try:
                if self._moves:
                    self._client.move(uids, folder)
                    return
                self._client.copy(uids, folder)
            except IMAPClientAbortError:
                raise
            except IMAPClientError:
                raise no_moving(self._address, folder) from None
            self._client.add_flags(uids, [_DELETED], silent=True)
            if self._expunges:
                self._client.uid_expunge(uids)

    def wait(self, seconds: float) -> bool | None:
        """Wait up to `seconds` for new mails: whether there are; None from a server that cannot say."""
        if not self._idles:
            return None
        with understood(self._address):
            self._client.idle()
            said = self._client.idle_check(seconds)
            said += self._client.idle_done()[
                1
            ]  # fails where the connection is gone, which the check overlooks
        return any(len(word) > 1 and word[1] == b"EXISTS" for word in said)

    def _select(self) -> int:
        """Look at the folder anew: how many mails are in it."""
        with understood(self._address):
            try:
                return int(self._client.select_folder(self._address.folder)[b"EXISTS"])
            except IMAPClientAbortError:
                raise
            except IMAPClientError:
                raise no_folder(self._address) from None

    def _listed(self, numbers: range) -> dict[int, dict[bytes, Any]]:
        """Flags and sizes of mails by their place in the folder: of however many, those of a batch alone."""
        with understood(self._address):
            self._client.use_uid = False
            try:
                rows = self._client.fetch(list(numbers), ["UID", "FLAGS", "RFC822.SIZE"])
            finally:
                self._client.use_uid = True
        return {row[b"UID"]: row for row in rows.values() if {b"UID", b"FLAGS", b"RFC822.SIZE"} <= row.keys()}

    def _fetched(self, waiting: dict[int, dict[bytes, Any]], most_octets: int) -> list[WaitingMail]:
        with understood(self._address):
            found = self._client.fetch(list(waiting), [f"BODY.PEEK[]<0.{most_octets}>"])
        return [
            WaitingMail(uid, waiting[uid][b"RFC822.SIZE"], row[b"BODY[]<0>"] or b"")
            for uid, row in found.items()
            if b"BODY[]<0>" in row  # else somebody else took it away meanwhile
        ]

    def _own_folders(self) -> tuple[str, str]:
        """The folders that mails are moved to, spelt as the server spells them; they are made if need be."""
        prefix, sign = self._spelling()
        names = [f"{prefix}{sign.join((_ABOVE, name))}" for name in (_TAKEN_IN, _NOT_UNDERSTOOD)]
        for name in names:
            if not self._client.folder_exists(name):
                try:
                    self._client.create_folder(name)
                except IMAPClientAbortError:
                    raise
                except IMAPClientError:
                    if not self._client.folder_exists(name):  # else another reader was first
                        raise no_moving(self._address, name) from None
        return names[0], names[1]

    def _spelling(self) -> tuple[str, str]:
        """What folders of the user begin with, and what stands between one and the next."""
        if self._client.has_capability("NAMESPACE") and (own := self._client.namespace().personal):
            prefix, sign = own[0]
            return prefix, sign or "/"
        listed = self._client.list_folders("", "")
        return "", (listed[0][1] or b"/").decode("ascii") if listed else "/"
