"""Who is owed what: the pure rules of `rules.windows`, asked about what the store holds. Changes nothing."""

from alerts.walk.recipients.catching_up import gap, missed
from alerts.walk.recipients.owed import Addressees, at_slot, before, now, unmatched, unopened
from alerts.walk.recipients.told import whole_updates

__all__ = [
    "Addressees",
    "at_slot",
    "before",
    "gap",
    "missed",
    "now",
    "unmatched",
    "unopened",
    "whole_updates",
]
