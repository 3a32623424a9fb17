"""`/metrics`: how things stand, in numbers, for Prometheus and what reads the same; for keys that may read.

What `alerts status` says, so that an alarm can be set on it. It names no person and no update.
"""

from collections.abc import Iterable, Mapping

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from alerts.doors.web import answers
from alerts.doors.web.api.callers import admitted
from alerts.errors import Forbidden
from alerts.model import Channel
from alerts.operations import NotAdmitted, Totals, totals
from alerts.services import Services

router = APIRouter()


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """The numbers as they are now: 401 without a good key, 403 for one that may not read."""
    services: Services = request.app.state.services
    try:
        found = totals(services, admitted(services, request).actor)
    except NotAdmitted:
        refused = answers.plain("Show a key of the API: Authorization: Bearer …", 401)
        refused.headers["WWW-Authenticate"] = "Bearer"
        return refused
    except Forbidden as fault:
        return answers.plain(f"{fault.sentence} {fault.hint}", 403)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Gauges(found))
    encode, kind = choose_encoder(request.headers.get("Accept", ""))
    return Response(encode(registry), headers=answers.headed(answers.POLICY) | {"Content-Type": kind})


class _Gauges(Collector):
    """Gauges, for each can go down: a day begins anew, and a server may be restored from a backup."""

    def __init__(self, found: Totals) -> None:
        self._found = found

    def collect(self) -> Iterable[GaugeMetricFamily]:
        found, sending = self._found, self._found.sending
        broker, mailbox = found.broker, found.mailbox
        yield _one("updates", "Updates there are.", found.updates)
        yield _one("pending_entries", "Entries of work that are owed.", found.owed)
        yield _one("overdue_entries", "Entries of work that wait for a worker.", found.overdue)
        yield _one("workers", "Workers that gave a sign of life.", len(found.workers))
        yield _one("broker_down", "1 while a worker cannot ring.", broker is not None)
        yield _one("drafts", "Drafts that wait for somebody.", found.drafts)
        yield _one("held_for_review", "Revisions that wait for their release.", len(found.in_review))
        yield _one("feeds_in_trouble", "Feeds that are stopped or fail.", len(found.feeds_in_trouble))
        if mailbox is not None:
            down = mailbox.down_since is not None or not mailbox.read
            yield _one("mailbox_down", "1 while the mailbox of what comes back is not read.", down)
        yield _each("subscribers", "Subscribers.", found.subscribers)
        down_now = {channel: channel in found.breakers for channel in found.subscribers}
        yield _each("route_down", "1 while a channel failed last time.", down_now)
        today = {channel: rates.days[0] for channel, rates in sending.items() if rates.days}
        counted = {channel: day.total for channel, day in today.items()}
        for name in ("sent", "bounced", "complained"):
            numbers = {channel: getattr(total, name) for channel, total in counted.items()}
            yield _each(f"{name}_today", f"Messages of today (UTC) that were {name}.", numbers)
        paused = {channel: rates.paused is not None for channel, rates in sending.items()}
        yield _each("sending_paused", "1 while routine messages wait, for too much came back.", paused)


def _one(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"alerts_{name}", meaning, value=float(value))


def _each(name: str, meaning: str, values: Mapping[Channel, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"alerts_{name}", meaning, labels=["channel"])
    for channel, value in values.items():
        family.add_metric([channel], float(value))
    return family
