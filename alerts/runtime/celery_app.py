"""The Celery app: its configuration, and the queues of its doorbells."""

from typing import Any

from celery import Celery
from kombu import Exchange, Queue  # type: ignore[attr-defined]  # exported lazily

from alerts.settings import load

#: Drained in this order: every step of what is urgent; the small steps of the others; their batches.
QUEUES = ("urgent", "control", "routine")
#: The one task there is, by the name that messages carry.
LOOK = "alerts.look"


def _configuration() -> dict[str, Any]:
    """Reasons for each stand in docs/adr/0002 and were measured on Celery 5.7."""
    return {
        "broker_url": load().doorbell_url,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_channel_error_retry": True,
        "broker_transport_options": {
            "visibility_timeout": 120,
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
            "socket_timeout": 5,
            "socket_connect_timeout": 3,
            "socket_keepalive": True,
            "health_check_interval": 10,
            "queue_order_strategy": "priority",
        },
        "task_queues": [Queue(name, Exchange(name), routing_key=name) for name in QUEUES],
        "task_default_queue": "control",
        "task_create_missing_queues": False,
        "task_ignore_result": True,
        "task_store_errors_even_if_ignored": False,
        "task_acks_late": False,
        "task_serializer": "json",
        "accept_content": ["json"],
        "worker_consumer": "alerts.runtime.consumer:Consumer",
        "worker_prefetch_multiplier": 1,
        "worker_hijack_root_logger": False,
        "worker_soft_shutdown_timeout": 15,
        "worker_send_task_events": False,
    }


app = Celery("alerts", set_as_current=False)
app.add_defaults(_configuration)
