"""What became of an update, channel by channel, in lines."""

from alerts.model import Ref
from alerts.operations import Funnel


def funnel_lines(name: str, funnel: Funnel) -> list[str]:
    """What became of an update's deliveries: a line per channel."""
    lines = [
        f"  {channel}: " + ", ".join(f"{n} {state.name.lower()}" for state, n in counts.items())
        for channel, counts in funnel.channels.items()
    ]
    lines += [f"  digest {digest} cannot be rendered: {why}" for digest, why in funnel.failed_digests.items()]
    if funnel.waiting:
        lines.append(f"  {name} is still on its way; look with `alerts status {Ref(name).update}`")
    return lines or ["  nobody is told at once"]
