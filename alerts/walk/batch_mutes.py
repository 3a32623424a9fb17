"""What the people of a batch have muted: who hears nothing of what its digest tells, and who hears again."""

from collections.abc import Collection, Sequence
from functools import cached_property

from alerts.locales import Locale
from alerts.model import Change, Entry, Instant, Kind, Ref, Revision
from alerts.rendering.words import quoted
from alerts.rules.describing import severity_word
from alerts.rules.mutes import heard_again, is_silent
from alerts.rules.translations import edition
from alerts.services import Services
from alerts.store import Destination
from alerts.walk.outgoing import Outgoing
from alerts.walk.recipients import latest_delivered


class BatchMutes:
    """Of the people of a claimed batch, what they have muted of the updates that its digest tells.

    Nothing is asked of the store where none of them has muted anything: of most batches.
    """

    def __init__(
        self, services: Services, outgoing: Outgoing, people: Sequence[Destination], now_ms: Instant
    ) -> None:
        self._services = services
        self._now_ms = now_ms
        digest = outgoing.digest
        self._told = {e.update: e for e in digest.entries if e.change is not Change.TOLD}
        muting = [] if digest.resent_to else [person.sid for person in people if person.muted]
        self._found = services.mutes.among(self._told, muting)
        self._asked = frozenset(muting) if digest.clock else frozenset()
        self._stories: dict[tuple[str, int], list[Revision]] = {}

    @cached_property
    def silent(self) -> frozenset[int]:
        """Those who hear nothing of anything that the digest tells."""
        first = next(iter(self._told), "")
        people = self._found.get(first, {})
        return frozenset(sid for sid in people if all(self._keeps_from(sid, u) for u in self._told))

    def unheard(self, number: int) -> Collection[int]:
        """Those who hear nothing of a later revision of what is told alone: it takes no place of theirs."""
        [shown] = self._told
        story = self._story(shown, number) if self._found else []
        mutes = self._found.get(shown, {})
        return {sid for sid, mute in mutes.items() if is_silent(mute, story, self._now_ms)}

    def said(self, sid: int, locale: Locale) -> str:
        """What a message says to somebody of what they have muted; nothing to most people."""
        worse = [self._worse(sid, entry, locale) for entry in self._told.values()]
        return " ".join(filter(None, [*worse, self._left_out(sid, locale)]))

    def _worse(self, sid: int, entry: Entry, locale: Locale) -> str:
        """That a situation they had muted has got worse, in the first message that tells them so."""
        mute = self._found.get(entry.update, {}).get(sid)
        story = self._story(entry.update, entry.number) if mute else []
        again = heard_again(mute, story) if mute else None
        taken_back = mute and again and 0 < mute.until_ms <= (again.accepted_ms or 0)
        if mute is None or again is None or taken_back or again.kind.ends:
            return ""
        if self._delivered(sid, entry) >= again.number:
            return ""
        words = {
            "before": severity_word(mute.severity, locale),
            "now": severity_word(again.draft.severity, locale),
        }
        if len(self._told) == 1:
            return locale.gettext(
                "You had muted this situation when it was %(before)s. It has got worse: %(now)s.", **words
            )
        return locale.gettext(
            "You had muted %(situation)s when it was %(before)s. It has got worse: %(now)s.",
            situation=quoted(edition(story[-1].draft, locale.reads).draft.headline, locale),
            **words,
        )

    def _left_out(self, sid: int, locale: Locale) -> str:
        """How many situations a digest leaves out, or would, because they are muted."""
        mutes = self._services.mutes.of(sid) if sid in self._asked else {}
        histories = self._services.updates.histories(list(mutes))
        n = sum(is_silent(mutes[update], h.revisions, self._now_ms) for update, h in histories.items())
        if not n:
            return ""
        return locale.ngettext(
            "Without %(num)s situation that you have muted.",
            "Without %(num)s situations that you have muted.",
            n,
        )

    def _keeps_from(self, sid: int, update: str) -> bool:
        """Whether a mute keeps somebody from what is told of an update. Not if it corrects what they have."""
        mute, entry = self._found.get(update, {}).get(sid), self._told[update]
        story = self._story(update, entry.number) if mute else []
        if mute is None or not is_silent(mute, story, self._now_ms):
            return False
        return story[-1].kind is not Kind.CORRECTION or not self._delivered(sid, entry)

    def _delivered(self, sid: int, entry: Entry) -> int:
        """The latest earlier revision that somebody has, or may have; 0 for none."""
        digests = self._services.digests.get_all(self._services.updates.digests(entry.update))
        found = self._services.ledger.find(sid, list(digests))
        return latest_delivered(found, digests, entry.update, entry.number - 1, entry.number)

    def _story(self, update: str, number: int) -> list[Revision]:
        """The accepted revisions of an update, up to this one."""
        if (update, number) not in self._stories:
            found = self._services.updates.revisions(Ref.between(update, 0, number)).values()
            self._stories[update, number] = [r for r in found if r.accepted_ms is not None]
        return self._stories[update, number]
