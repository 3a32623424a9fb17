"""A message as one of those who would get it would see it. Sends nothing."""

from alerts.channels import CHANNELS, Personal
from alerts.errors import NothingMatched
from alerts.model import Channel, Revision
from alerts.operations.acting import Actor, Permission
from alerts.operations.previewing import Preview
from alerts.rules.decisions import reasons
from alerts.rules.windows import at_once, looking, told_before
from alerts.services import Services
from alerts.walk import recipients


def sample(services: Services, actor: Actor, found: Preview, channel: Channel, address: str | None) -> bytes:
    """Render it for one who gets it, or for the first of the channel. Raises Forbidden, NothingMatched."""
    actor.require(Permission.READ)
    people = [g.subscriber for g in found.getting if g.subscriber.channel is channel]
    chosen = next((p for p in people if address is None or p.address == address), None)
    if chosen is None:
        raise NothingMatched(
            f"{address} does not get it." if address else f"Nobody gets it by {channel}.",
            "See who does with `alerts preview FILE --recipients`.",
        )
    revision = found.revision
    earlier = recipients.before(services, revision)
    facts = looking(services.tree, services.updates.accepted)
    since = told_before(chosen.audience, earlier, facts, revision.accepted_ms or 0)
    digest = at_once(revision, chosen.audience.channel, since)
    known: dict[str, Revision] = {r.ref: r for r in (*earlier, revision)}
    message = services.renderer.render(digest, known)
    why = reasons(chosen.audience, [revision], services.tree)
    now_ms = services.server.now_ms()
    who = Personal(
        digest,
        chosen.sid,
        chosen.address,
        services.links,
        now_ms,
        why,
        next_slot="",
        zone=chosen.zone,
        told=revision,
        name=chosen.name,
    )
    return message.fill(CHANNELS[channel].blanks(services.settings, who))
