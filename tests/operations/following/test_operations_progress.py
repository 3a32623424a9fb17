"""How far an update has come."""

from house import OPERATOR, draft, subscribe, walk

from alerts.model import Step
from alerts.operations import status
from alerts.services import Services
from alerts.walk import steps


def test_what_a_worker_holds_at_this_moment_is_being_sent(services: Services) -> None:
    for name in ("anna", "bert"):
        subscribe(services, f"{name}@example.org", "UA")
    steps.publish(services, draft())
    walk(services, lambda work: work.step is not Step.SEND)
    [batch] = [owed.work for owed in services.due.owed() if owed.work.step is Step.SEND]

    def deliveries() -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = status(services, OPERATOR, "ua-talks").to_dict()["deliveries"]
        return found

    assert deliveries() == {"email": {"queued": 2}}
    claim = services.ledger.claim(batch)
    assert deliveries() == {"email": {"sending": 2}}
    services.ledger.settle(claim, claim.now_ms)
    assert deliveries() == {"email": {"queued": 2}}
    walk(services)
    assert deliveries() == {"email": {"sent": 2}}
