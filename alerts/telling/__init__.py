"""Who is owed what: the pure rules of `digesting`, asked about what the store holds. Changes nothing."""

from alerts.telling.catching_up import gap, missed
from alerts.telling.owed import Owed, at_slot, before, now, unmatched, unopened
from alerts.telling.told import whole_updates

__all__ = ["Owed", "at_slot", "before", "gap", "missed", "now", "unmatched", "unopened", "whole_updates"]
