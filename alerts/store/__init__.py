"""State, all of it in Redis: one class per concern over one `Server`. Knows no channel, template, queue."""

from alerts.store.audiences import Audiences, Opening
from alerts.store.digests import BATCH, Digests, Opened
from alerts.store.index import Fault, Index
from alerts.store.installation import Installation
from alerts.store.ledger import Claim, Ledger, Line, Record
from alerts.store.progress import Progress
from alerts.store.server import Server
from alerts.store.subscribers import Destination, Subscribers, Suppression
from alerts.store.tags import Tags
from alerts.store.updates import Published, Updates
from alerts.store.work import BrokerFault, Owed, WorkSet

__all__ = [
    "BATCH",
    "Audiences",
    "BrokerFault",
    "Claim",
    "Destination",
    "Digests",
    "Fault",
    "Index",
    "Installation",
    "Ledger",
    "Line",
    "Opened",
    "Opening",
    "Owed",
    "Progress",
    "Published",
    "Record",
    "Server",
    "Subscribers",
    "Suppression",
    "Tags",
    "Updates",
    "WorkSet",
]
