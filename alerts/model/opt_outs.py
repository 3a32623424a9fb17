"""What somebody has said they do not want to be mailed, though they subscribe to nothing."""

from enum import StrEnum


class OptOut(StrEnum):
    """A kind of mail that nobody sends them any more."""

    INVITATIONS = "invitations"  #: by which an operator asks whether they want alerts
    REQUESTS = (
        "requests"  #: to confirm what somebody, maybe another, asked for in their name; and invitations
    )
