"""Tell an owner or an operator what does not work, or works again: a digest of one, to them alone."""

from alerts import channels
from alerts.model import (
    SENDING,
    Change,
    Channel,
    Digest,
    DigestState,
    Draft,
    Entry,
    Outage,
    OutageKey,
    State,
    Subscriber,
    Work,
)
from alerts.rules import outages
from alerts.rules.cadence import describe
from alerts.services import Services
from alerts.store import TOLD_AGAIN_MS, Known, OutageMessage
from alerts.walk.concerned import Concerned, Looked

#: Everywhere: an outage is nowhere in the world, and a draft has a region.
_WORLD = ("001",)


def notify(services: Services, work: Work) -> list[Work]:
    """Say what is so now, if that is not what they know. Twice: the entry is exchanged for one message.

    A message that has not gone out by now is stopped, and this one tells all that it would have told: the
    last word is true, also where the route was down while things came and went.
    """
    key = work.outage
    known = services.outages.known(key)
    if 0 <= services.server.now_ms() - known.told_ms < TOLD_AGAIN_MS:  # a bell rings for what has yet to wait
        return []
    contact = services.contacts.load([key.contact]).get(key.contact)
    concerned = Concerned(services)
    told = known.told if _reached(services, key, known) else known.before
    looked = concerned.look(key, {*told, *known.told, *known.touched})
    changed = outages.difference(told, looked.broken, looked.working)
    if contact is None or not (changed.broken or changed.mended):
        services.outages.settle(key, known, looked.broken)
        return []
    said = _said(services, key, changed, looked, _because(contact in concerned.operators))
    draft = Draft(
        said.headline, _WORLD, key.message(known.said + 1), None, said.points, said.text, public=False
    )
    entries = (Entry(draft.id, 1, Change.NEW),)
    digest = Digest(contact.channel, entries, services.server.now_ms(), resent_to=contact.number)
    return services.outages.say(key, known, looked.broken, OutageMessage(draft, digest, told))


def _reached(services: Services, key: OutageKey, known: Known) -> bool:
    """Whether the message before this one has reached its contact, or may have; else it never will.

    First it is stopped, then looked at: whoever claims its batch from here on sends nothing.
    """
    kept = services.digests.progress(services.updates.digests(key.message(known.said)))
    for name, progress in kept.items():
        if progress.state is not DigestState.DONE:
            services.digests.stop(name, State.WITHDRAWN, "a later message took its place")
        in_hand = bool(services.leases.in_hand([Work.send(name, 1)]))
        records = services.ledger.records(name, [1]).values()
        return in_hand or any(record.state.reached or record.in_doubt for record in records)
    return True  # nothing was said yet, or so long ago that nobody knows any more


def _said(
    services: Services, key: OutageKey, changed: outages.Difference, looked: Looked, because: str
) -> outages.Said:
    if key.kind == SENDING:
        why = {channel: outage.why for channel, outage in looked.broken.items()}
        return outages.of_sending(why, changed.mended, because)
    kind = channels.CHANNELS[Channel(key.kind)]
    called = {subject: channels.masked(party.address) for subject, party in looked.parties.items()}
    broken = [
        outages.Unreached(
            called[s], _when(services, looked.broken[s]), looked.broken[s].why, _misses(looked, s)
        )
        for s in changed.broken
    ]
    mended = [called[subject] for subject in changed.mended]
    words = {"readers": kind.reader.many, "mending": kind.mending, "because": because}
    return outages.of_addresses(broken, mended, len(changed.still), **words)


def _misses(looked: Looked, subject: str) -> tuple[str, ...]:
    """What somebody asked for, as they call it."""
    party = looked.parties[subject]
    return tuple(s.name for s in party.subscriptions if s.name) if isinstance(party, Subscriber) else ()


def _when(services: Services, outage: Outage) -> str:
    return describe(outage.since_ms, services.settings.timezone, services.server.now_ms())


def _because(operator: bool) -> str:
    if operator:
        return "You get this because ALERTS_OPERATORS names you."
    return (
        "You get this because it is noted as yours: `alerts subscribers set ADDRESS --owner …` changes that."
    )
