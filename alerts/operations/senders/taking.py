"""A mail for publication is taken in: accept → known? → read → publish, or have it wait → keep, and answer.

What became of it is kept with its draft, in one instant; published again it is the same revision. So a mail
is taken once, however often it is handed over, and wherever whoever takes it is killed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import uuid4

from alerts import ingest
from alerts.errors import BadInput, Conflict, NotFound
from alerts.ingest.mails import reading as mails
from alerts.ingest.mails.envelopes import MailHead
from alerts.ingest.mails.slimming import slim
from alerts.model import KnownMail, MailBecame, SenderState, Severity, Status, WaitingDraft
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.drafts.keeping import draft_of, record_kept
from alerts.operations.publishing.preparing import Choices
from alerts.operations.publishing.readings import NamedReading
from alerts.operations.senders.accepting import Accepted, NotAccepted, accept
from alerts.operations.senders.answers import answer_to
from alerts.operations.senders.publishing import publish_mailed, said_of
from alerts.services import Services
from alerts.store import NotedMail
from alerts.texts import head as beginning
from alerts.walk.receive import delivery_of

#: As what the documents of drafts are read: by their endings.
MAIL_FILE = "mail.eml"
#: Mails of one sender: this many at once, then one so often (a second).
AT_ONCE, PER_SECOND = 60, 1 / 60
#: Drafts that may wait in all before mails add no more.
DRAFTS_MOST = 1_000
WHY_KEPT = 500
#: Pages that links in alerts lead to, each for its reader alone: to end mails, or one list, and to read.
_OF_READERS = ("u", "l", "r")
_KEY_DIGITS = 12


@dataclass(frozen=True, slots=True)
class TakenMail:
    """What became of a mail, or had before: `name` is of its draft, or its revisions."""

    became: MailBecame
    name: str = ""
    why: str = ""
    repeats: bool = False


def take_mail(services: Services, secrets: Sequence[str], octets: bytes, to: Sequence[str]) -> TakenMail:
    """Take in a mail that is addressed to these secrets, as it arrived, `to` whom by its envelope.

    Twice: the second finds what became of the first, by its Message-ID or by what it says. Who is not proved
    to be its author is never answered. Raises Refused and Unreachable, and nothing else.
    """
    head = MailHead.of(octets)
    found = accept(services, secrets, octets, to, head)
    if isinstance(found, NotAccepted):
        _notify(
            services, services.mail_senders.count_refused(found.sender, found.why), found.why, found.go_on
        )
        return TakenMail(MailBecame.REFUSED, why=found.why)
    return _Taker(services, found, head, octets).take()


@dataclass(frozen=True, slots=True)
class _Taker:
    services: Services
    accepted: Accepted
    head: MailHead
    octets: bytes

    def take(self) -> TakenMail:
        """Take it, unless it came before."""
        [known] = self.services.mail_senders.known([self._own_name])
        if known:
            return TakenMail(known.became, known.name, repeats=True)
        contents: mails.MailContents | None = None
        try:
            self._require_pace()
            contents = mails.read(self.octets)
            self._require_news(contents)
            meaning = self._named("says", contents.meaning)
            [known] = self.services.mail_senders.known([meaning])
            if known:
                return self._repeats(known)
            readings = ingest.read_all(self.octets, MAIL_FILE)
            return self._decided(contents, [NamedReading(MAIL_FILE, one) for one in readings], meaning)
        except BadInput as fault:
            return self._refuse(fault, contents)

    def _require_pace(self) -> None:
        """Raise BadInput where nothing is taken from them now."""
        name = self.accepted.sender.name
        if self.accepted.progress.state is SenderState.PAUSED:
            raise BadInput("Nothing is taken by mail from you at present.", "Ask who runs the alerts.")
        if self.services.limits.permit(f"mails {name}", 1, PER_SECOND, AT_ONCE):
            raise BadInput("More mails come from you than are taken.", "Send it again in an hour.")

    def _require_news(self, contents: mails.MailContents) -> None:
        """Raise BadInput for an alert of ours: what we sent is no news, and holds its reader's own links."""
        ours = self.services.settings.public_url.rstrip("/")
        forwards = contents.is_forward and delivery_of(self.services.links, self.accepted.tokens) is not None
        if forwards or any(f"{ours}/{page}/" in contents.words for page in _OF_READERS):
            raise BadInput("It hands on an alert of ours.", "Write what is new in a mail of its own.")

    def _decided(
        self, contents: mails.MailContents, readings: Sequence[NamedReading], meaning: str
    ) -> TakenMail:
        """Publish it, where its sender may and nothing speaks against it; else have it wait."""
        against = ""
        if self.accepted.sender.publish:
            against = _not_real(readings)
        if self.accepted.sender.publish and not against:
            try:
                done = publish_mailed(self.services, self.actor, self.accepted.sender, readings)
            except (BadInput, Conflict, NotFound) as fault:
                against = " ".join(filter(None, (fault.sentence, fault.hint)))
            else:
                refs = ", ".join(str(one.revision.ref) for one in done if not one.passed_over)
                known = KnownMail(MailBecame.PUBLISHED, refs, _token())
                return self._keep(known, tuple(map(said_of, done)), (self._own_name, meaning), contents)
        if self.services.drafts.count() >= DRAFTS_MOST:
            raise BadInput(
                f"{DRAFTS_MOST:,} drafts wait already.", "Ask who runs the alerts to look at them."
            )
        name = f"{self.accepted.sender.name}-{meaning[:_KEY_DIGITS]}"
        draft = draft_of(
            self.services,
            self.actor,
            name,
            slim(self.octets),
            readings[0],
            choices=self._choices(readings),
        )
        said = [f"It is kept as a draft, {name}: somebody looks at it before it is published."]
        said += [against] * bool(against)
        if not draft.regions and any(not one.reading.draft.regions for one in readings):
            said.append("It names no region: whoever publishes it says which.")
        known = KnownMail(MailBecame.DRAFT, name, _token())
        return self._keep(known, tuple(said), (self._own_name, meaning), contents, draft)

    def _choices(self, readings: Sequence[NamedReading]) -> Choices:
        """What is said beside the document while it waits: as far as none of its updates says it."""
        sender, said = self.accepted.sender, [one.reading.draft for one in readings]
        unrated = all(one.severity is Severity.UNKNOWN for one in said)
        return Choices(
            () if any(one.regions for one in said) else sender.regions,
            tuple(sorted({*sender.tags, *(tag for one in said for tag in one.tags)})) if sender.tags else (),
            sender.severity if sender.severity and unrated else None,
            accept_suggestions=not sender.regions,
        )

    def _repeats(self, known: KnownMail) -> TakenMail:
        """Another mail said the same: nothing new comes of this one."""
        what = "kept as the draft" if known.became is MailBecame.DRAFT else "published as"
        said = (
            f"A mail of yours said the same before: it was {what} {known.name}. Nothing new comes of it.",
        )
        fresh = KnownMail(known.became, known.name, _token())
        return self._keep(fresh, said, (self._own_name,), None, repeats=True)

    def _refuse(self, fault: BadInput, contents: mails.MailContents | None) -> TakenMail:
        why = beginning(" ".join(filter(None, (fault.sentence, fault.hint))), WHY_KEPT)
        known = KnownMail(MailBecame.REFUSED, "", _token())
        taken = self._keep(known, (f"Nothing of it is published: {fault.sentence}", fault.hint),
                           (self._own_name,), contents, why=why)  # fmt: skip
        if not taken.repeats:
            count = self.services.mail_senders.count_refused()
            _notify(self.services, count, why, f"alerts senders show {self.accepted.sender.name}")
        return taken

    def _keep(
        self,
        known: KnownMail,
        said: tuple[str, ...],
        names: tuple[str, ...],
        contents: mails.MailContents | None,
        draft: WaitingDraft | None = None,
        *,
        why: str = "",
        repeats: bool = False,
    ) -> TakenMail:
        """Keep what became of it, unless somebody else was faster: then what became of it by them."""
        sender = self.accepted.sender
        answer = answer_to(
            self.services, sender, self.head, contents, name=self._own_name, became=known.became, said=said
        )
        noted = NotedMail(names, known, repeats, why, answer, draft)
        before = self.services.mail_senders.note(sender.name, noted)
        if before:
            return TakenMail(before.became, before.name, repeats=True)
        if draft:
            record_kept(self.services, self.actor, draft)
        if known.became is not MailBecame.REFUSED and not repeats:
            after = {"became": known.became, "believed_by": self.accepted.proof}
            record(self.services, self.actor, "mail.take", known.name, after=after)
        return TakenMail(known.became, known.name, why, repeats)

    @property
    def actor(self) -> Actor:
        """Who publishes what they send: the audit names the sender."""
        return Actor(f"sender {self.accepted.sender.name}", "mail", frozenset({Permission.PUBLISH}))

    @property
    def _own_name(self) -> str:
        """The name of this very mail: by its Message-ID, or whole where it has none."""
        message_id = self.head.message_id
        return self._named("is", message_id or sha256(self.octets).hexdigest())

    def _named(self, kind: str, what: str) -> str:
        said = "\0".join((kind, self.accepted.author, what))
        return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def _not_real(readings: Sequence[NamedReading]) -> str:
    """Why a person must publish it: of what is not real somebody says by hand that it may reach people."""
    statuses = {one.reading.draft.status for one in readings} - {Status.ACTUAL}
    return f"Its status is {min(statuses)}." if statuses else ""


def _notify(services: Services, count: int, why: str, go_on: str) -> None:
    """Notify operators of as many refused mails, with the reason of the last; of none, not."""
    if count:
        services.notices.notify("mails for publication were refused", count=count, why=why, go_on=go_on)


def _token() -> str:
    """What one attempt to keep a mail is known by: a repeated command finds its own."""
    return uuid4().hex
