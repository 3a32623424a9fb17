"""Say where a situation stands to somebody who had it muted and hears of it again."""

from alerts.model import Digest, Entry, Ref, Revision, Standing, Work
from alerts.rules.headings import under_headings
from alerts.services import Services
from alerts.walk import recipients

#: How soon it looks again, while it is not known yet what reaches them otherwise (ms).
LOOK_AGAIN_MS = 2_000


def unmute(services: Services, work: Work) -> list[Work]:
    """Say what a mute has left out. Twice: it is exchanged for a digest once.

    Whoever is paused is told at the end of the pause; what has been muted again meanwhile waits on.
    """
    sid, until_ms = work.person.sid, work.person.at_ms
    for subscriber in services.subscribers.load([sid]):
        if subscriber.standing is not Standing.ACTIVE:
            break
        found, revisions = list[Entry](), dict[Ref, Revision]()
        for update, mute in services.mutes.of(sid).items():
            latest = services.updates.history(update).accepted
            if mute.until_ms != until_ms or latest is None:
                continue
            if recipients.is_undecided(services, subscriber, latest, mute):
                services.due.postpone(work, services.server.now_ms() + LOOK_AGAIN_MS)
                return []
            if (entry := recipients.left_out(services, subscriber, latest, mute)) is not None:
                found.append(entry)
                revisions[latest.ref] = latest
        if found:
            entries = under_headings(found, subscriber.audience, revisions, services.tree)
            digest = Digest(subscriber.channel, entries, until_ms, catch_up=True)
            return services.digests.create_for(sid, work, digest)
    services.due.done(work)
    return []
