"""What an operator can do, apart from the walk: shared by every door. Prints nothing, enqueues nothing."""

from alerts.operations.checking import (
    check_channels,
    check_index,
    check_logins,
    check_routes,
    check_server,
    check_templates,
    problem,
)
from alerts.operations.explaining import Explanation, explain, trace
from alerts.operations.instants import future, utc_text
from alerts.operations.previewing import Preview, preview, require_plan, sample
from alerts.operations.progress import (
    Funnel,
    UpdateStatus,
    live_workers,
    of_update,
    owed,
    status,
    told_at_once,
    totals,
)
from alerts.operations.publishing import (
    Choices,
    held_until,
    listed,
    places,
    prepare,
    replaced_by,
    require_confirmed,
    suggestions,
    withdraw,
)
from alerts.operations.reach import Reach, loudly, reach
from alerts.operations.retrying import retry

__all__ = [
    "Choices",
    "Explanation",
    "Funnel",
    "Preview",
    "Reach",
    "UpdateStatus",
    "check_channels",
    "check_index",
    "check_logins",
    "check_routes",
    "check_server",
    "check_templates",
    "explain",
    "future",
    "held_until",
    "listed",
    "live_workers",
    "loudly",
    "of_update",
    "owed",
    "places",
    "prepare",
    "preview",
    "problem",
    "reach",
    "replaced_by",
    "require_confirmed",
    "require_plan",
    "retry",
    "sample",
    "status",
    "suggestions",
    "told_at_once",
    "totals",
    "trace",
    "utc_text",
    "withdraw",
]
