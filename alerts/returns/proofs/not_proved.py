"""What a payload is answered that does not prove who has posted it."""

from alerts.errors import Forbidden


class NotProved(Forbidden):
    """It may be from anybody. The sentence is for whoever sets it up, and says nothing of any secret."""

    code = "not-proved"
