"""One batch on its way: the desk sends it, the outcome buffer writes down what came of it."""

from alerts.sending.desk import Desk
from alerts.sending.outcomes import RECORDED_AT_ONCE

__all__ = ["RECORDED_AT_ONCE", "Desk"]
