"""Who may have an update already, by the ledger: to whom a correction or an end of it goes."""

from collections import defaultdict
from collections.abc import Mapping

from alerts.channels import CHANNELS
from alerts.model import Channel
from alerts.operations.following.progress import of_update
from alerts.services import Services


def previously_delivered(services: Services, update: str, before: int) -> Mapping[Channel, set[int]]:
    """The numbers of those who were sent a revision before number `before`, or may have been, by channel."""
    digests = {n: d for n, d in of_update(services, update).items() if d.tells(update) < before}
    found: dict[Channel, set[int]] = defaultdict(set)
    for name, progress in services.digests.progress(list(digests)).items():
        records = services.ledger.records(name, range(1, progress.batches + 1))
        found[digests[name].channel] |= {sid for sid, r in records.items() if r.reaches(or_maybe=True)}
    return {channel: found[channel] for channel in CHANNELS if found.get(channel)}
