"""Who may send updates by mail, what became of their mails, and the answers that are owed."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from alerts.errors import NotFound
from alerts.model import (
    KnownMail,
    MailAnswer,
    MailBecame,
    MailSender,
    SenderProgress,
    SenderState,
    Step,
    WaitingDraft,
    Work,
)
from alerts.store.drafts import draft_json, end_work, look_ms
from alerts.store.server import Server, translated

#: How long a mail is known, and what it says; and its answer is tried to be sent (ms). What is so again in a
#: week may be said in the same words.
KNOWN_MS, SAID_MS, ANSWER_MS = 40 * 24 * 3_600_000, 2 * 24 * 3_600_000, 24 * 3_600_000
#: Between two notices of refused mails, and how long they are counted for the next (ms).
NOTICE_MS, COUNTED_MS = 3_600_000, 7 * 24 * 3_600_000

_COUNTERS = {MailBecame.DRAFT: "drafts", MailBecame.PUBLISHED: "published", MailBecame.REFUSED: "refused"}


@dataclass(frozen=True, slots=True)
class NotedMail:
    """What is to be kept of a mail: under which names, what became of it, and what is owed for it."""

    names: tuple[str, ...]  #: its own, and that of what it says where that is to be known
    known: KnownMail
    repeats: bool = False  #: it says what another one had said
    why: str = ""
    answer: MailAnswer | None = None
    draft: WaitingDraft | None = None


class MailSenders:
    """Who may send, and what came of it.

    Keys: `senders`, names by when each was added; `sender:{name}`; `sender_secrets`, SHA-256 of a secret →
    whose it is; `mailed:{name}`, what became of a mail, by the hash of its Message-ID and of what it says;
    `mail_answer:{id}` and `mail_answer:{id}:turn`, what is to be answered, and whether somebody does;
    `mails_refused` and `mails_refused:notified`, how many since operators were notified, and whether they
    were of late.

    What becomes of a mail is kept in the instant in which its draft is: a mail is taken once, wherever
    whoever takes it is killed.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._keys = server.keys

    def add(self, sender: MailSender, secret: str) -> bool:
        """Keep a sender with the hash of their secret. False if the name is taken."""
        keys = [self._keys("senders"), self._key(sender.name), self._keys("sender_secrets")]
        given = [sender.name, _json(sender.to_dict()), sender.added_ms, hashed(secret)]
        return bool(self._server.run("senders/add_sender", keys, given))

    def all(self) -> list[tuple[MailSender, SenderProgress]]:
        """Every sender, in the order in which they were added."""
        with translated():
            names = self._server.client.zrange(self._keys("senders"), 0, -1)
            with self._server.client.pipeline(transaction=False) as pipe:
                for name in names:
                    pipe.hgetall(self._key(name.decode()))
                rows = pipe.execute()
        return [_read(row) for row in rows if row]

    def get(self, name: str) -> tuple[MailSender, SenderProgress]:
        """A sender by name, and how it is with them. Raises NotFound."""
        with translated():
            row = self._server.client.hgetall(self._key(name))
        if not row:
            raise NotFound(f"There is no sender “{name[:64]}”.", "See `alerts senders list`.")
        return _read(row)

    def of_secrets(self, secrets: Sequence[str]) -> tuple[MailSender, SenderProgress] | None:
        """The first of these whose secret it is; None if it is nobody's."""
        if not secrets:
            return None
        with translated():
            found = self._server.client.hmget(self._keys("sender_secrets"), list(map(hashed, secrets)))
        names = [name.decode() for name in found if name]
        try:
            return self.get(names[0]) if names else None
        except NotFound:  # removed in this moment
            return None

    def change_secret(self, name: str, secret: str) -> bool:
        """Give them another one; the one before ends. False if they are gone."""
        keys = [self._key(name), self._keys("sender_secrets")]
        given = [name, hashed(secret), self._server.now_ms()]
        return bool(self._server.run("senders/change_secret", keys, given))

    def steer(self, name: str, state: SenderState) -> bool:
        """Say whether what they send is taken. False if they are gone, or it was so before."""
        return bool(self._server.run("senders/steer_sender", [self._key(name)], [state]))

    def remove(self, name: str) -> None:
        """Take nothing from them any more."""
        keys = [self._keys("senders"), self._key(name), self._keys("sender_secrets")]
        self._server.run("senders/remove_sender", keys, [name])

    def known(self, names: Iterable[str]) -> list[KnownMail | None]:
        """What became of the mails of these names."""
        with translated():
            rows = self._server.client.mget([self._mailed(name) for name in names])
        return [_known(row) if row else None for row in rows]

    def note(self, sender: str, mail: NotedMail) -> KnownMail | None:
        """Keep what became of a mail, with its draft and its answer; None if it was kept now.

        Else what became of the mail that bore one of its names before: then nothing is changed.
        """
        now_ms, answer, draft = self._server.now_ms(), mail.answer, mail.draft
        owed = answer.id if answer else ""
        waits = draft.id if draft else ""
        kept = self._server.run(
            "senders/note_mail",
            [
                *(self._key(sender), self._keys("due"), self._answer(owed), self._keys("drafts")),
                self._keys("draft", waits),
                *map(self._mailed, mail.names),
            ],
            [
                *(_json(mail.known.to_dict()), KNOWN_MS, now_ms),
                "repeated" if mail.repeats else _COUNTERS[mail.known.became],
                mail.why,
                *((_json(answer.to_dict()) if answer else ""), ANSWER_MS, str(answer_work(owed))),
                *((waits, draft_json(draft), draft.document) if draft else ("", "", "")),
                *((look_ms(draft), str(end_work(waits))) if draft else ("", "")),
                SAID_MS,
            ],
        )
        known = _known(kept) if kept else None
        return None if known == mail.known else known

    def count_refused(self, sender: str = "", why: str = "") -> int:
        """Count a refused mail: how many since the last notice, if there is to be one now; else 0.

        With the sender whose secret it bears, and why, where nothing else is kept of it.
        """
        keys = [self._keys("mails_refused"), self._keys("mails_refused", "notified"), self._key(sender)]
        return int(self._server.run("senders/count_refused", keys, [NOTICE_MS, COUNTED_MS, why]))

    def answer(self, id: str) -> MailAnswer | None:  # noqa: A002 - the interface's word
        """What is to be answered; None once its time is over."""
        with translated():
            row = self._server.client.get(self._answer(id))
        return MailAnswer.from_dict(json.loads(row)) if row else None

    def take_turn(self, id: str, worker: str, for_ms: int) -> bool:  # noqa: A002 - likewise
        """Be the only one who sends an answer, for that long at most. False if somebody else does."""
        with translated():
            return bool(self._server.client.set(self._turn(id), worker, px=for_ms, nx=True))

    def give_turn(self, id: str, worker: str) -> None:  # noqa: A002 - likewise
        """Let the next try be anybody's, unless the turn was over and is somebody else's by now."""
        self._server.run("access/give_turn", [self._turn(id)], [worker])

    def _turn(self, id: str) -> str:  # noqa: A002 - likewise
        return self._keys("mail_answer", id, "turn")

    def _key(self, name: str) -> str:
        return self._keys("sender", name)

    def _mailed(self, name: str) -> str:
        return self._keys("mailed", name)

    def _answer(self, id: str) -> str:  # noqa: A002 - likewise
        return self._keys("mail_answer", id)


def hashed(secret: str) -> str:
    """What is kept of a secret: it is random enough that no salt and no slow hash is needed."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def answer_work(id: str) -> Work:  # noqa: A002 - likewise
    """The entry that owes an answer."""
    return Work(Step.ANSWER, id)


def _json(data: Mapping[str, object]) -> str:
    return json.dumps(data, ensure_ascii=False)


def _known(row: bytes) -> KnownMail:
    known = json.loads(row)
    return KnownMail(MailBecame(known["became"]), known["name"], known["token"])


def _read(row: Mapping[bytes, bytes]) -> tuple[MailSender, SenderProgress]:
    texts = {name.decode(): value.decode() for name, value in row.items()}
    return MailSender.from_dict(json.loads(texts["sender"])), SenderProgress.from_dict(texts)
