"""A digest in the language of each reader; one of one, compared with what each was last delivered.

Who gets it, and when, does not depend on this: it is one digest in the ledger, whatever its readers have and
read. Each message there comes to be is rendered once in a process.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from threading import Lock

from alerts.errors import BadInput
from alerts.model import Change, Digest, Message, Recipient
from alerts.rules import windows
from alerts.services import Services
from alerts.walk.outgoing import Outgoing

DAY_MS = 24 * 3600 * 1000
#: Digests of which a process keeps at hand what their readers have: a number for each of those.
LEDGERS_AT_HAND = 4
#: Messages a process keeps at hand, by digest, language and what they are compared with: 10 MB at most.
MESSAGES_AT_HAND = 128


class Comparisons:
    """Which message each person of a batch gets. One per process; safe to share between threads."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._looking, self._rendering = Lock(), Lock()
        self._delivered = lru_cache(maxsize=LEDGERS_AT_HAND)(self._read)
        self._message = lru_cache(maxsize=MESSAGES_AT_HAND)(self._rendered)

    def messages(
        self, outgoing: Outgoing, recipients: Sequence[Recipient]
    ) -> Iterator[tuple[Message, list[Recipient]]]:
        """The recipients by their message. A twin of a mail in doubt is compared with the same again, unless
        an earlier revision was found to be delivered meanwhile.
        """
        digest, usual = outgoing.digest, self._services.settings.language
        latest = self._latest(digest, recipients) if _differs(digest) else {}
        own = digest.entries[0].since if latest else None
        groups: dict[tuple[int | None, str], list[Recipient]] = defaultdict(list)
        for recipient in recipients:
            groups[latest.get(recipient.sid), recipient.language or usual].append(recipient)
        for (since, language), people in groups.items():
            if (since, language) == (own, usual):
                yield outgoing.message, people
                continue
            with self._rendering:
                message = self._message(digest.id, since, language)
            yield message, people

    def _latest(self, digest: Digest, recipients: Sequence[Recipient]) -> Mapping[int, int]:
        with self._looking:
            return self._delivered(digest.id).among([recipient.sid for recipient in recipients])

    def _read(self, digest: str) -> "PreviouslyDelivered":
        return PreviouslyDelivered(self._services, self._services.digests.get(digest))

    def _rendered(self, digest_id: str, since: int | None, language: str) -> Message:
        """Render it, with the shipped templates where an operator's fail for this one: it is under way."""
        services, digest = self._services, self._services.digests.get(digest_id)
        compared = digest
        if since is not None:
            [shown] = digest.entries
            entry = windows.entry(services.updates.revision(shown.ref), since)
            compared = replace(digest, entries=(entry,))
        revisions = services.updates.revisions({ref for entry in compared.entries for ref in entry.refs})
        try:
            message = services.renderer.render(compared, revisions, language)
        except BadInput as fault:
            message = services.renderer.render_shipped(compared, revisions, language)
            services.notices.notify(
                "rendered with the shipped templates", digest=digest_id, why=fault.sentence
            )
        return replace(message, digest=digest.id)  # it is the same delivery, by whatever name it is found


class PreviouslyDelivered:
    """By person, the latest revision of an update that was delivered, or may have been, before the one a
    digest tells.

    Who may have a card of it has it edited, not a second one beside it. A batch of which nothing is owed is
    read once; what an operator has sent again after that is not seen.
    """

    def __init__(self, services: Services, digest: Digest) -> None:
        [entry] = digest.entries
        self._services = services
        self._channel, self._update, self._number = digest.channel, entry.update, entry.number
        self._merged = services.merged.all()
        self._otherwise = _of_nothing(services, digest)
        self._tells: dict[str, int] = {}
        self._batches: set[tuple[str, int]] = set()
        self._latest: dict[int, int] = {}

    def among(self, sids: Collection[int]) -> Mapping[int, int]:
        """For each of these; of who has nothing, what it is compared with all the same: 0 for nothing."""
        owing: dict[int, int] = {}
        for name, progress in self._services.digests.progress(self._earlier()).items():
            unread = {(name, k) for k in range(1, progress.batches + 1)} - self._batches
            for batch in sorted(unread):
                self._read(*batch, owing)
        return {sid: max(self._latest.get(sid, 0), owing.get(sid, 0)) or self._otherwise for sid in sids}

    def _earlier(self) -> list[str]:
        """The digests that tell an earlier revision."""
        new = set(self._services.updates.digests(self._update)) - self._tells.keys()
        for name, digest in self._services.digests.get_all(sorted(new)).items():
            ours = digest.channel == self._channel
            self._tells[name] = digest.tells(self._update) if ours else 0
        return [name for name, number in self._tells.items() if 0 < number < self._number]

    def _read(self, name: str, k: int, owing: dict[int, int]) -> None:
        records, taken = self._services.ledger.batch(name, k)
        ended = not any(record.state.owed for record in records.values())
        into, number = self._latest if ended else owing, self._tells[name]
        for sid, record in records.items():
            if record.state.reached or record.in_doubt or (taken and record.state.owed):
                whose = self._merged.get(sid, sid)
                into[whose] = max(number, into.get(whose, 0))
        if ended:
            self._batches.add((name, k))


def _differs(digest: Digest) -> bool:
    """Whether its readers may have been delivered different revisions before."""
    return digest.alone and not (digest.clock or digest.catch_up) and digest.entries[0].number > 1


def _of_nothing(services: Services, digest: Digest) -> int:
    """What a digest is compared with for who has nothing, by the ledger, of its update: itself as new.

    A closing is nobody's first word; and where the ledger of what came before is not kept any more, by the
    rules alone.
    """
    [entry] = digest.entries
    if entry.change is Change.CLOSED or entry.since_ref is None:
        return entry.since
    age_ms = digest.horizon_ms - (services.updates.revision(entry.since_ref).accepted_ms or 0)
    return entry.since if age_ms >= services.settings.keep_days * DAY_MS else 0
