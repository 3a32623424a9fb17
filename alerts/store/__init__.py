"""State, all of it in Redis: one class per concern over one `Server`. Knows no channel, template, queue."""

from alerts.store.audiences import Audiences, SlotRun
from alerts.store.audit import Audit, AuditEntry
from alerts.store.digests import BATCH, ClockAdvance, Digests
from alerts.store.index import Fault, Index
from alerts.store.installation import Installation
from alerts.store.ledger import Claim, Delivery, Ledger, LedgerLine
from alerts.store.progress import Progress
from alerts.store.server import Server
from alerts.store.subscribers import Destination, Subscribers, Suppression
from alerts.store.tags import Tags
from alerts.store.updates import Published, Updates
from alerts.store.work import BrokerFault, DueEntry, WorkSet

__all__ = [
    "BATCH",
    "Audiences",
    "Audit",
    "AuditEntry",
    "BrokerFault",
    "Claim",
    "ClockAdvance",
    "Delivery",
    "Destination",
    "Digests",
    "DueEntry",
    "Fault",
    "Index",
    "Installation",
    "Ledger",
    "LedgerLine",
    "Progress",
    "Published",
    "Server",
    "SlotRun",
    "Subscribers",
    "Suppression",
    "Tags",
    "Updates",
    "WorkSet",
]
