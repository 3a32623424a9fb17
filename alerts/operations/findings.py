"""What `alerts check` finds: faults as problems, each with a name of its own."""

from alerts.errors import AlertsError
from alerts.settings import Problem


def problem(name: str, fault: AlertsError) -> Problem:
    """A fault as a finding of `alerts check`."""
    return Problem(name, "error", fault.sentence, fault.hint)
