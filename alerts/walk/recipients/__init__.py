"""Who is owed what: the pure rules of `rules.windows`, asked about what the store holds. Changes nothing."""

from alerts.walk.recipients.addressees import Addressees
from alerts.walk.recipients.at_once import at_once
from alerts.walk.recipients.at_slot import at_slot
from alerts.walk.recipients.catching_up import gap, missed
from alerts.walk.recipients.individual_cases import IndividualCases
from alerts.walk.recipients.muted_updates import silent_updates
from alerts.walk.recipients.previously_delivered import latest_delivered
from alerts.walk.recipients.revisions import before, whole_updates
from alerts.walk.recipients.still_waiting import unmatched, unopened
from alerts.walk.recipients.unmuted import is_undecided, left_out

__all__ = [
    "Addressees",
    "IndividualCases",
    "at_once",
    "at_slot",
    "before",
    "gap",
    "is_undecided",
    "latest_delivered",
    "left_out",
    "missed",
    "silent_updates",
    "unmatched",
    "unopened",
    "whole_updates",
]
