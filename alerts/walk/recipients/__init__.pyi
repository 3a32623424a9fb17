from .addressees import Addressees
from .at_once import at_once
from .at_slot import at_slot
from .catching_up import gap, missed
from .revisions import before, whole_updates
from .still_waiting import unmatched, unopened

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
