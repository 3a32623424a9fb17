"""What sends by each channel under the settings there are, and what stands in its way."""

from alerts.channels.closed import ClosedSender
from alerts.channels.contract import ChannelType, Pace, Permit, Refused, Sender
from alerts.channels.outbox import OutboxSender
from alerts.channels.registry import CHANNELS
from alerts.errors import BadInput
from alerts.model import Channel
from alerts.settings import Settings


def senders(settings: Settings, permit: Permit) -> dict[Channel, Sender]:
    """One sender per channel. Nothing leaves the building unless its channel is configured.

    A channel whose settings cannot be used is closed, and says why; the others go on.
    """
    made: dict[Channel, Sender] = {}
    for name, kind in CHANNELS.items():
        try:
            sender = kind.sender(settings, _pace(kind, settings, permit))
            made[name] = sender or OutboxSender(settings.outbox, kind)
        except BadInput as fault:
            made[name] = ClosedSender(fault)
    return made


def real(settings: Settings) -> list[ChannelType]:
    """The channels that reach real people: whatever is configured, be it so that it cannot be used yet."""
    made = senders(settings, _without_waiting)
    return [CHANNELS[name] for name, sender in made.items() if not isinstance(sender, OutboxSender)]


def faults(settings: Settings) -> dict[Channel, BadInput]:
    """The channels whose settings cannot be used. Connects to nothing."""
    found = senders(settings, _without_waiting)
    return {channel: sender.fault for channel, sender in found.items() if isinstance(sender, ClosedSender)}


def refusals(settings: Settings) -> dict[Channel, Refused]:
    """What providers say against us, where there is a login to try. Sends nothing to anybody."""
    unusable = faults(settings)
    asked = {name: kind.login(settings) for name, kind in CHANNELS.items() if name not in unusable}
    return {channel: said for channel, said in asked.items() if said is not None}


def _without_waiting(_route: str, _n: int, _per_second: float, _burst: float) -> float:
    return 0.0


def _pace(kind: ChannelType, settings: Settings, permit: Permit) -> Pace:
    """Each route as fast as its channel has it."""

    def pace(route: str, n: int) -> float:
        rate = kind.rate(settings, route)
        return permit(route, n, rate.per_second, rate.burst) if rate else 0.0

    return pace
