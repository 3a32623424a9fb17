"""What people have muted of a window's updates, and until when they heard nothing of each."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from alerts.model import Instant, Mute, Revision
from alerts.rules.mutes import silent_until
from alerts.services import Services


class MutedUpdates:
    """By member of an audience, the updates of a window that they have muted, or had.

    `seen_ms`: as it was at this instant, so that a slot run that is done again comes to the same.
    """

    def __init__(self, services: Services, revisions: Sequence[Revision], seen_ms: Instant) -> None:
        stories: dict[str, list[Revision]] = defaultdict(list)
        for revision in sorted(revisions, key=lambda r: r.number):
            stories[revision.update].append(revision)
        self._silent: dict[int, dict[str, Instant]] = defaultdict(dict)
        for update, mutes in services.mutes.everybody(sorted(stories)).items():
            for sid, mute in mutes.items():
                if until_ms := silent_until(mute, stories[update], seen_ms):
                    self._silent[sid][update] = until_ms
        self._members: dict[str, set[int]] = defaultdict(set)
        for person in services.subscribers.destinations(sorted(self._silent)):
            self._members[person.audience].add(person.sid)

    def among(self, aid: str) -> set[int]:
        """The members of an audience who have muted one of the updates."""
        return self._members.get(aid, set())

    def silent(self, sid: int) -> Mapping[str, Instant]:
        """Until when somebody hears nothing of each update they have muted."""
        return self._silent.get(sid, {})


def silent_updates(
    mutes: Mapping[str, Mute], revisions: Sequence[Revision], seen_ms: Instant
) -> dict[str, Instant]:
    """Until when somebody hears nothing of each of a window's updates, by what they have muted."""
    ordered = sorted(revisions, key=lambda r: r.number)
    found = {
        update: silent_until(mute, [r for r in ordered if r.update == update], seen_ms)
        for update, mute in mutes.items()
    }
    return {update: until_ms for update, until_ms in found.items() if until_ms}
