"""What would come of reports if they were taken in: read and proved alike, and nothing is changed."""

from collections.abc import Iterable, Iterator

from alerts import channels
from alerts.links import DeliveryName, Links
from alerts.model import Leaving, NotForUs, ReadAs, Receipt, Verdict
from alerts.operations.acting import Actor, Permission
from alerts.operations.returned.receiving import FOLLOWS, LEAVING, UNPROVEN, CameBack
from alerts.services import Services
from alerts.store import SUBSCRIBER, Follows
from alerts.walk.receive import COMPLAINT, delivery_of

#: What stands against an address by each verdict, where nothing stands that is graver.
_FOLLOWS = {
    Verdict.SOFT: Follows.BACK_OFF,
    Verdict.HARD: Follows.SUPPRESSED,
    Verdict.COMPLAINED: Follows.SUPPRESSED,
}
_GRAVITY = {verdict.value: rank for rank, verdict in enumerate(Verdict)}


def foresee_read(services: Services, actor: Actor, reports: Iterable[ReadAs]) -> Iterator[CameBack]:
    """Say what each report would do by itself, as results are asked for. Raises Forbidden.

    The last of six soft bounces suppresses; that is not foreseen.
    """
    actor.require(Permission.READ)
    links = services.links
    return (_foreseen(services, links, report) for report in reports)


def _foreseen(services: Services, links: Links, report: ReadAs) -> CameBack:
    if isinstance(report, NotForUs):
        return CameBack(report.kind)
    words = report.words if isinstance(report, Receipt) else ""
    of = delivery_of(links, report.tokens)
    if of is None:
        return CameBack(UNPROVEN, words)
    [person] = services.subscribers.destinations([of.sid])
    if isinstance(report, Leaving):
        if not person.address:
            return CameBack(UNPROVEN)
        again = bool(report.request) and services.hook_memory.knows(report.request)
        return CameBack(LEAVING, "", person.address, of.digest, changed=not again)
    changed = _changes(services, of, report.verdict)
    follows = (
        _follows(services, person.address, report.verdict) if changed and person.address else Follows.NOTHING
    )
    return CameBack(report.verdict, words, person.address, of.digest, changed, FOLLOWS[follows])


def _changes(services: Services, of: DeliveryName, verdict: Verdict) -> bool:
    """Whether the state would move, or what is said is graver than what is noted (see the script)."""
    known, becomes = services.ledger.records(of.digest, [of.batch]).get(of.sid), verdict.state
    if known is None or becomes is None:
        return False
    noted = services.ledger.note(of.digest, of.sid).partition(": ")[0]
    graver = known.state is becomes and _GRAVITY[verdict] > _GRAVITY.get(noted, -1)
    return becomes.rank > known.state.rank or graver


def _follows(services: Services, address: str, verdict: Verdict) -> Follows:
    standing = services.suppressions.find(channels.unsubscribing(address), [address]).get(address)
    if standing is None:
        return _FOLLOWS.get(verdict, Follows.NOTHING)
    passing = standing.until_ms is not None
    own = standing.by in (COMPLAINT, SUBSCRIBER)
    graver = (verdict is Verdict.HARD and passing) or (verdict is Verdict.COMPLAINED and not own)
    return Follows.SUPPRESSED if graver else Follows.NOTHING
