"""A file of what came back, whichever kind: a mail, or what a provider has posted."""

from alerts.model import ReadAs
from alerts.returns.hooks import read_any
from alerts.returns.reading import read


def read_file(octets: bytes) -> list[ReadAs]:
    """What a mail or the payload of a provider says: one thing, or one an event.

    Raises BadInput for JSON that no provider posts; whatever else it is, it is a mail of some kind.
    """
    return read_any(octets) if octets.lstrip()[:1] in (b"{", b"[") else [read(octets)]
