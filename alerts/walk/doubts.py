"""Those of a batch of whom nobody knows whether they have it already."""

from alerts.model import State
from alerts.services import Services
from alerts.store import Claim


def in_doubt(services: Services, claim: Claim) -> dict[int, str]:
    """Those in doubt, each with how far the provider was asked.

    A holder who died may have posted after it had asked: then the asking begins anew.
    """
    unsure = [sid for sid, record in claim.owed if record.state is State.UNKNOWN]
    if claim.deaths:
        services.doubts.remember(claim.digest, dict.fromkeys(unsure, ""))
    return services.doubts.reached(claim.digest, unsure)
