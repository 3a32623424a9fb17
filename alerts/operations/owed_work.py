"""Whatever a doorbell or the sweep says is owed: a step of the walk, or what comes before it.

A poll publishes, and a draft that ends was never published: both are use cases, above the walk.
"""

from collections.abc import Callable, Mapping

from alerts.model import Step, Work
from alerts.operations.drafts.ending import end_draft
from alerts.operations.feeds.polling import poll
from alerts.services import Services
from alerts.walk import steps
from alerts.walk.batch_sender import BatchSender

#: What is owed beside the walk, by the work each takes, and why it may run twice.
BESIDE_THE_WALK: Mapping[Step, Callable[[Services, Work], list[Work]]] = {
    Step.POLL: poll,  # the same content is the same revision
    Step.END_DRAFT: end_draft,  # a draft is taken away once
}


def do_owed(batch_sender: BatchSender, work: Work) -> list[Work]:
    """Do what is owed; what it leaves is returned. An entry that nobody owes any more does nothing."""
    if work.step in BESIDE_THE_WALK:
        services = batch_sender.services
        return BESIDE_THE_WALK[work.step](services, work) if services.due.is_owed(work) else []
    return steps.step(batch_sender, work)
