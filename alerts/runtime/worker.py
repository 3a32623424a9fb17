"""A worker, whole: the Celery app with its one task, sweep and signals, where `celery -A` looks for it."""

from alerts.runtime.celery_app import app
from alerts.runtime.look import look
from alerts.runtime.signals import HangUp
from alerts.runtime.sweep import Sweep

app.steps["worker"].add(Sweep)
app.steps["worker"].add(HangUp)

__all__ = ["app", "look"]
