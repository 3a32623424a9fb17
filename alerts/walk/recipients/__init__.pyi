from .addressees import Addressees
from .at_once import at_once
from .at_slot import at_slot
from .catching_up import gap, missed
from .individual_cases import IndividualCases
from .muted_updates import silent_updates
from .previously_delivered import latest_delivered
from .revisions import before, whole_updates
from .still_waiting import unmatched, unopened
from .unmuted import is_undecided, left_out

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
