"""A plan is what a preview was of: whoever publishes by it publishes what was seen, or nothing."""

from alerts.errors import Conflict
from alerts.operations.publishing.foreseen import Preview


def require_plan(found: Preview, plan: str) -> None:
    """Raises Conflict, saying what changed, unless the preview is what the plan was made of."""
    if found.plan == plan:
        return
    before, now = plan.split("-"), found.plan.split("-")
    if len(before) != len(now):
        raise Conflict(f"“{plan[:60]}” is not a plan.", "Take it from `alerts preview`.")
    changed = []
    if before[2] != now[2]:
        changed.append("the update reads differently")
    if before[:2] != now[:2]:
        changed.append(f"{now[0]} get it now and {now[1]} later, not {before[0]} and {before[1]}")
    elif before[3] != now[3]:
        changed.append("as many get it, but others or at other times")
    raise Conflict(
        f"It is not what was planned any more: {'; '.join(changed)}.",
        f"Look with `alerts preview`, then publish with --plan {found.plan}.",
    )
