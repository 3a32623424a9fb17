"""Who is there: a program, known by the key that it shows. Everything else is nobody."""

import math

from fastapi import Request

from alerts.doors.web import pacing
from alerts.operations import Admission, NotAdmitted, TooSoon, admit
from alerts.services import Services

#: How long the requests that a key may make at once last at its pace.
BURST_S = 2
#: Whoever shows no good key may be told so N times at once, and then every few seconds.
REFUSALS_AT_ONCE, REFUSALS_PER_S = 10, 0.2


def admitted(services: Services, request: Request) -> Admission:
    """Who shows the key, with a permit for this request. Raises NotAdmitted, TooSoon.

    Whom it refuses it answers ever more slowly, by address, so that a program that does not notice costs
    nothing. A good key is let in all the same: one careless neighbour shuts nobody out.
    """
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    address = request.client.host if request.client else ""
    rate = services.settings.api_rate
    try:
        return admit(services, secret.strip() if kind.lower() == "bearer" else "", address, rate, burst(rate))
    except NotAdmitted:
        wait_s = pacing.wait_s(services, request, "refusal", REFUSALS_PER_S, REFUSALS_AT_ONCE)
        if wait_s:
            raise TooSoon(wait_s) from None
        raise


def burst(rate: float) -> int:
    """How many requests a key may make at once."""
    return max(1, math.ceil(rate * BURST_S))


def pace(rate: float, left: int) -> dict[str, str]:
    """What is left of the pace, in the headers of draft-ietf-httpapi-ratelimit-headers."""
    most = burst(rate)
    return {
        "RateLimit-Policy": f'"key";q={most};w={BURST_S}',
        "RateLimit": f'"key";r={left};t={math.ceil((most - left) / rate)}',
    }
