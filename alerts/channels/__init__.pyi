from .closed import ClosedSender
from .configured import faults, real, refusals, senders
from .contract import ChannelType, OneTimeMail, Personal, Refused, Sender, Stop
from .outbox import OutboxItem, OutboxSender, read_outbox, shown
from .registry import (
    CHANNELS,
    answering,
    channel_of,
    destination,
    folds,
    identity,
    joining,
    masked,
    taker,
    unsubscribing,
)
from .renderer import Renderer

__all__ = [
    "CHANNELS",
    "ChannelType",
    "ClosedSender",
    "OneTimeMail",
    "OutboxItem",
    "OutboxSender",
    "Personal",
    "Refused",
    "Renderer",
    "Sender",
    "Stop",
    "answering",
    "channel_of",
    "destination",
    "faults",
    "folds",
    "identity",
    "joining",
    "masked",
    "read_outbox",
    "real",
    "refusals",
    "senders",
    "shown",
    "taker",
    "unsubscribing",
]
