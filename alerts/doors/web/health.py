"""Whether this door can do what it is for, which is to write; how workers and broker are."""

from fastapi import APIRouter, Request, Response

from alerts.doors.web import answers
from alerts.logs import log
from alerts.services import Services

router = APIRouter()


@router.get("/healthz")
def healthz(request: Request) -> Response:
    """200 while the server takes writes, else 503. `worker_seen_s`: seconds ago, null if never.

    The status is `degraded` while a worker cannot ring doorbells, by now for `broker_down_s` seconds, or
    while `routes_down` names channels that failed last time: this door works, and messages go out, but later.
    """
    services: Services = request.app.state.services
    try:
        seen_ms = services.workers.pulse()
        faults = services.workers.broker_faults()
        routes = sorted(services.breakers.tripped())
        now_ms = services.server.now_ms()
    except Exception as fault:  # noqa: BLE001 - whatever the server says instead, it took no write
        log.warning("not healthy", why=str(fault))
        return answers.data({"status": "unavailable"}, 503)
    ago_s = None if seen_ms is None else max(0, now_ms - seen_ms) / 1000
    down: dict[str, object] = {"broker_down_s": max(0, now_ms - faults[0].since_ms) / 1000} if faults else {}
    down |= {"routes_down": routes} if routes else {}
    return answers.data({"status": "degraded" if down else "ok", "worker_seen_s": ago_s, **down})
