"""The broker as we use it: connections that do not wait, and what is wrong with it, in a sentence."""

from functools import cache
from typing import Any

from kombu import pools

from alerts.errors import AlertsError, Unreachable
from alerts.runtime.celery_app import app
from alerts.settings import Settings


@cache
def producers() -> Any:
    """Connections to ring with. They try once; Celery's usual ones go on trying for six seconds."""
    return pools.producers[app.connection_for_write(transport_options={"max_retries": 0})]


def require_broker(settings: Settings) -> None:
    """Raise what keeps the broker from taking bells. It is asked for a write that changes nothing."""
    _ = settings.doorbell_url  # BadInput for one that no broker can have
    try:
        with producers().acquire(block=True, timeout=5) as producer:
            producer.connection.default_channel.client.delete("alerts.nothing")
    except Exception as fault:
        raise broker_fault(fault) from fault


def broker_fault(error: Exception) -> AlertsError:
    """What the broker client raised, as a sentence without its words: the address may be among them."""
    kinds = {kind.__name__ for raised in (error, error.__cause__) for kind in type(raised).__mro__}
    what = "does not answer"
    if "AuthenticationError" in kinds:
        what = "refuses our login"
    elif "ResponseError" in kinds:
        what = "takes no messages"
    return Unreachable(
        f"The broker {what}.",
        "Is it running, and may we write there? Check ALERTS_BROKER_URL. Until then all goes out, but later.",
    )
