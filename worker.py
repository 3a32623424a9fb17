"""The Celery app, where `celery -A worker worker` looks for it. Not shipped: the package has its own name."""

from alerts.runtime.worker import app

__all__ = ["app"]
