"""Who gets a revision at once: audiences that want it now, and whom a correction must reach."""

from alerts.channels import CHANNELS
from alerts.model import Channel, Digest, Revision
from alerts.rules import windows
from alerts.rules.decisions import Now, decide, query_terms
from alerts.services import Services
from alerts.walk.recipients.addressees import Addressees
from alerts.walk.recipients.revisions import before


def at_once(services: Services, revision: Revision) -> dict[Digest, Addressees]:
    """Who gets this revision at once: audiences that want it now, and whom a correction must reach.

    A correction or cancel goes to everybody who by the ledger got an earlier revision: its digest is
    `correcting` and its people are gathered by a step of their own; whoever wants it at once joins them. What
    a digest is compared with here holds for most; each reader gets it compared with what they have.
    """
    earlier = before(services, revision)
    found: dict[Digest, Addressees] = {}
    if revision.kind.corrective and earlier:
        for channel in CHANNELS:
            correction = Digest(
                channel,
                # Compared with the last accepted one: what was held and taken back, nobody has seen.
                (windows.entry(revision, earlier[-1].number),),
                revision.accepted_ms or 0,
                urgent=revision.urgent,
                correcting=True,
            )
            found[correction] = Addressees()
    if revision.kind.ends:
        return found
    corrections = {digest.channel: people for digest, people in found.items()}
    look = windows.looking(services.tree, services.outlines.log)
    facts, terms = look(revision), query_terms(revision.draft, services.tree)
    same: dict[tuple[Channel, int], Addressees] = {}
    for aid, audience in services.audiences.definitions(services.audiences.candidates(terms)):
        if isinstance(decide(audience, facts), Now):
            people = corrections.get(audience.channel)
            if people is None:
                since = windows.told_before(audience, earlier, look, facts.accepted_ms) if earlier else 0
                if (audience.channel, since) not in same:
                    digest = windows.at_once(revision, audience.channel, since)
                    same[audience.channel, since] = found[digest] = Addressees()
                people = same[audience.channel, since]
            people.aids.append(aid)
    return found
