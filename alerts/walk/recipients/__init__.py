"""Who is owed what: the pure rules of `rules.windows`, asked about what the store holds. Changes nothing."""

from alerts.walk.recipients.addressees import Addressees
from alerts.walk.recipients.at_once import at_once
from alerts.walk.recipients.at_slot import at_slot
from alerts.walk.recipients.catching_up import gap, missed
from alerts.walk.recipients.revisions import before, whole_updates
from alerts.walk.recipients.still_waiting import unmatched, unopened

__all__ = [
    "Addressees",
    "at_once",
    "at_slot",
    "before",
    "gap",
    "missed",
    "unmatched",
    "unopened",
    "whole_updates",
]
