"""Who gets a revision at once: audiences that want it now, and whom a correction must reach."""

from alerts.channels import CHANNELS
from alerts.model import Channel, Digest, Revision
from alerts.rules import windows
from alerts.rules.decisions import Now, decide, query_terms
from alerts.services import Services
from alerts.walk.recipients.addressees import Addressees
from alerts.walk.recipients.revisions import before
from alerts.walk.recipients.with_delivery import with_delivery


def at_once(services: Services, revision: Revision) -> dict[Digest, Addressees]:
    """Who gets this revision at once: audiences that want it now, and whom a correction must reach.

    A correction or cancel goes to everybody who by the ledger got an earlier revision: its digest is
    `correcting` and its people are gathered by a step of their own. Whoever wants a correction at once and
    never had a delivery of the update gets it as new: to them it corrects nothing.
    """
    earlier = before(services, revision)
    found: dict[Digest, Addressees] = {}
    if revision.kind.corrective and earlier:
        for channel in CHANNELS:
            correction = Digest(
                channel,
                (
                    windows.entry(revision, earlier[-1].number),
                ),  # what was held and taken back, nobody has seen
                revision.accepted_ms or 0,
                urgent=revision.urgent,
                correcting=True,
            )
            found[correction] = Addressees()
    if revision.kind.ends:
        return found
    corrections = {digest.channel: people for digest, people in found.items()}
    look = windows.looking(services.tree, services.updates.accepted)
    facts, terms = look(revision), query_terms(revision.draft, services.tree)
    same: dict[tuple[Channel, int], Addressees] = {}
    begun = any(services.recipients.audiences(digest.id) for digest in found)  # by a match that did not end
    known = with_delivery(services, revision, earlier) if corrections and not begun else None
    for aid, audience in services.audiences.definitions(services.audiences.candidates(terms)):
        if isinstance(decide(audience, facts), Now):
            since = windows.told_before(audience, earlier, look, facts.accepted_ms) if earlier else 0
            first = since == 0 and known is not None
            people = None if first else corrections.get(audience.channel)
            if people is None:
                if (audience.channel, since) not in same:
                    digest = windows.at_once(revision, audience.channel, since)
                    same[audience.channel, since] = found[digest] = Addressees()
                people = same[audience.channel, since]
            people.aids.append(aid)
            if first and known is not None:
                members = sorted(known[aid])
                people.excluded += members
                corrections[audience.channel].sids += members
    return found
