"""What somebody missed: by a change of subscriptions, in a pause, or while nothing could be sent to them."""

from operator import attrgetter

from alerts.model import Channel, Digest, Entry, Instant, Mute, Ref, Revision, State, Step, Subscriber, Work
from alerts.rules.cadence import clock_of, window_start
from alerts.rules.decisions import No, decide
from alerts.rules.facts import Facts
from alerts.rules.headings import under_headings
from alerts.rules.mutes import is_silent
from alerts.rules.windows import Window, entry, looking, told_within
from alerts.services import Services
from alerts.walk.recipients.previously_delivered import latest_delivered, previously_delivered
from alerts.walk.recipients.revisions import before, whole_updates

DAY_MS = 24 * 3600 * 1000
#: How far back a catch-up looks (ms): “where things stand” for a new subscriber, and for others what was
#: accepted under their old subscriptions and not yet matched, even after a week without any worker.
LOOK_BACK_MS = 7 * DAY_MS

#: How a delivery ended that reached nobody, and may be made up for.
_LOST = (State.FAILED, State.SUPPRESSED, State.BOUNCED)


def gap(services: Services, subscriber: Subscriber) -> tuple[Entry, ...]:
    """What falls between the last delivery to somebody and the beginning of their present subscriptions.

    That is what the present subscriptions cover and the old ones had not delivered, or did not want, since
    their last slot. Whatever the ledger says was delivered or is on its way is left out, and what is too old
    for the ledger by the rules; what they have muted waits on; without old subscriptions, it is where things
    stand now.
    """
    past = services.subscribers.past(subscriber.sid)
    old = services.audiences.get(past.audience) if past else None
    joined_ms = subscriber.joined_ms
    start_ms, settled_ms = joined_ms - LOOK_BACK_MS, 0
    kept_ms = joined_ms - services.settings.keep_days * DAY_MS
    if past and old:
        clock = clock_of(old)
        settled_ms = past.opened_ms or past.left_ms
        waiting_ms = window_start(clock, settled_ms) if clock else settled_ms
        start_ms = max(past.joined_ms, min(waiting_ms, past.left_ms - LOOK_BACK_MS))
    found, revisions = list[Entry](), dict[Ref, Revision]()
    mutes = services.mutes.of(subscriber.sid)
    for latest in _latest(services, start_ms, joined_ms):
        facts = Facts.of(latest, services.tree)
        if isinstance(decide(subscriber.audience, facts), No):
            continue
        if old and facts.accepted_ms < settled_ms and isinstance(decide(old, facts), No):
            continue
        # Asked before the ledger: whoever a correction's gathering adds before it ends is then seen there.
        under_way = latest.kind.corrective and being_corrected(services, subscriber.channel, latest)
        since, expired = previously_delivered(services, subscriber.sid, latest)
        if past and old and facts.accepted_ms < kept_ms:
            window = Window(settled_ms, past.left_ms, past.joined_ms)
            look, story = looking(services.tree, services.outlines.log), before(services, latest)
            since = max(since, told_within(old, [*story, latest], look, window))
        unheard = latest.kind.ends and not since  # closed before they ever heard of it
        mute = mutes.get(latest.update)
        if mute is not None and not (latest.kind.corrective and since) and _is_muted(services, mute, latest):
            continue
        settled = since >= latest.number or expired >= latest.number
        if not settled and not unheard and not (since and under_way):
            found.append(entry(latest, since))
            revisions[latest.ref] = latest
    return under_headings(found, subscriber.audience, revisions, services.tree)


def missed(services: Services, subscriber: Subscriber, since_ms: Instant) -> list[Digest]:
    """What somebody was to get at once, since about an instant, and did not.

    The latest revision of each update only, and nothing that was delivered, or is on its way, otherwise.
    """
    start_ms, end_ms = since_ms - LOOK_BACK_MS, services.server.now_ms()
    found = []
    for latest in _latest(services, start_ms, end_ms):
        digests = services.digests.get_all(services.updates.digests(latest.update))
        records = services.ledger.find(subscriber.sid, list(digests))
        if latest_delivered(records, digests, latest.update) < latest.number:
            lost = (digests[n] for n, r in records.items() if r.state in _LOST)
            whole = (d for d in lost if d.alone and not d.clock and d.tells(latest.update) == latest.number)
            found += list(whole)[:1]
    return found


def _is_muted(services: Services, mute: Mute, latest: Revision) -> bool:
    """Whether somebody hears nothing of the latest revision, by what they have muted."""
    return is_silent(mute, [*before(services, latest), latest], services.server.now_ms())


def being_corrected(services: Services, channel: Channel, latest: Revision) -> bool:
    """Whether those who have an earlier revision are still being gathered for this correction or cancel."""
    digests = services.digests.get_all(services.updates.digests(latest.update))
    corrections = [
        Work(Step.GATHER, name, digest.urgent)
        for name, digest in digests.items()
        if digest.correcting and digest.channel is channel and digest.entries[0].number == latest.number
    ]
    return not corrections or any(services.due.is_owed(work) for work in corrections)


def _latest(services: Services, start_ms: Instant, end_ms: Instant) -> list[Revision]:
    """The last revision of each update, of those accepted in `[start, end)`."""
    revisions = sorted(whole_updates(services, start_ms, end_ms), key=attrgetter("update", "number"))
    return list({revision.update: revision for revision in revisions}.values())
