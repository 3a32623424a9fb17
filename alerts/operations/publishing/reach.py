"""How many people a revision is for, by their subscriptions alone. Asks audiences: quick for any number."""

from dataclasses import dataclass, replace

from alerts.model import Revision
from alerts.rules.decisions import No, decide, passes_as_unknown, query_terms
from alerts.rules.windows import looking
from alerts.services import Services


@dataclass(frozen=True, slots=True)
class Reach:
    """`people` want it, now or in a digest; `unknown` of them only because its severity is unknown."""

    people: int
    unknown: int


def reach(services: Services, revision: Revision) -> Reach:
    """Count whom a revision is for, without those who get it only because they got an earlier one."""
    at_ms = revision.accepted_ms or services.server.now_ms()
    facts = looking(services.tree, services.outlines.log)(replace(revision, accepted_ms=at_ms))
    terms = query_terms(revision.draft, services.tree)
    found = services.audiences.definitions(services.audiences.candidates(terms))
    wanting = [(aid, audience) for aid, audience in found if not isinstance(decide(audience, facts), No)]
    unknown = [aid for aid, audience in wanting if passes_as_unknown(audience, facts)]
    sizes = services.audiences.sizes
    return Reach(sum(sizes([aid for aid, _ in wanting])), sum(sizes(unknown)))


def loudly(unknown: int) -> str:
    """What a publisher must read who has not said how severe it is; empty if that makes no difference."""
    if not unknown:
        return ""
    people = "1 person gets" if unknown == 1 else f"{unknown:,} people get"
    return (
        f"Its severity is unknown, which passes every floor: {people} it only for that reason. "
        "Say how severe it is with --severity."
    )
