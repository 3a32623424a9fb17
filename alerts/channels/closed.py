"""A channel whose settings cannot be used: nothing is tried, its route backs off until they are mended."""

from collections.abc import Iterator, Sequence

from alerts.channels.contract import REPAIR_S, Stop
from alerts.errors import BadInput
from alerts.model import Message, Outcome, Recipient, RouteDown


class ClosedSender:
    """Stands where a sender could not be made. `fault` says why."""

    in_flight = 0

    def __init__(self, fault: BadInput) -> None:
        self.fault = fault

    def send(
        self,
        message: Message,  # noqa: ARG002 - the contract's
        recipients: Sequence[Recipient],
        stop: Stop,
    ) -> Iterator[tuple[int, Outcome]]:
        """Say why nobody can be sent to; see the contract. It is nobody's fault, and no try."""
        if recipients and not stop():
            yield recipients[0].sid, RouteDown(self.fault.sentence, REPAIR_S)

    def close(self) -> None:
        """Nothing is held open."""
