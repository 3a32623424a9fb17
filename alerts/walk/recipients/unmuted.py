"""What somebody is owed of a situation of which they hear again."""

from alerts.model import Change, DigestState, Entry, Mute, Revision, Subscriber
from alerts.rules.decisions import No, decide
from alerts.rules.facts import Facts
from alerts.rules.windows import entry
from alerts.services import Services
from alerts.walk.recipients.catching_up import being_corrected
from alerts.walk.recipients.previously_delivered import previously_delivered
from alerts.walk.recipients.still_waiting import unmatched, unopened


def is_undecided(services: Services, subscriber: Subscriber, latest: Revision, mute: Mute) -> bool:
    """Whether it is not known yet if the latest revision reaches somebody without more being done."""
    if latest.kind.corrective and being_corrected(services, subscriber.channel, latest):
        return True
    following = Entry(latest.update, latest.number + 1, Change.UPDATED)
    if unmatched(services, following) or unopened(services, mute.until_ms):
        return True
    digests = services.digests.get_all(services.updates.digests(latest.update))
    ours = [n for n, d in digests.items() if d.channel is subscriber.channel and d.tells(latest.update)]
    return any(p.state is DigestState.OPEN for p in services.digests.progress(ours).values())


def left_out(services: Services, subscriber: Subscriber, latest: Revision, mute: Mute) -> Entry | None:
    """The latest revision, if a mute has kept it from somebody who is to have it; None for nothing.

    What comes after the end of the mute is told as to anybody else, and tells what was before.
    """
    if latest.kind.ends or (latest.accepted_ms or 0) >= mute.until_ms:
        return None
    if isinstance(decide(subscriber.audience, Facts.of(latest, services.tree)), No):
        return None
    since, expired = previously_delivered(services, subscriber.sid, latest)
    return None if max(since, expired) >= latest.number else entry(latest, since)
