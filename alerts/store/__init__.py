"""State, all of it in Redis: one class per noun over one `Server`. Knows no channel, template, queue."""

from alerts.store.answers import Answers, Earlier
from alerts.store.api_keys import ApiKey, ApiKeys, KeyUse
from alerts.store.audiences import Audiences
from alerts.store.audit import Audit, AuditEntry
from alerts.store.breakers import Breakers
from alerts.store.clocks import Clocks, SlotRun
from alerts.store.deliveries import Delivery, LedgerLine
from alerts.store.digests import BATCH, ClockAdvance, Digests
from alerts.store.directory import Directory
from alerts.store.doubts import Doubts
from alerts.store.drafts import DraftOrigin, Drafts
from alerts.store.due import DueEntry, DueSet
from alerts.store.events import Event, Events
from alerts.store.feeds import Feeds, poll_token, poll_work
from alerts.store.index import Fault, Index
from alerts.store.installation import Installation
from alerts.store.leases import Leases
from alerts.store.ledger import Claim, Ledger
from alerts.store.limits import RateLimits
from alerts.store.merged import MergedNumbers
from alerts.store.messages import Messages
from alerts.store.notices import Notices
from alerts.store.posts import SlackPosts
from alerts.store.progress import Progress
from alerts.store.receipts import Follows, ListedReceipt, ProvenReceipt, Receipts, ReturnedDelivery, Taken
from alerts.store.recipients import Recipients
from alerts.store.roll import Roll, RollCall, RollLine, roll_line
from alerts.store.secret_generations import SecretGenerations
from alerts.store.server import Server
from alerts.store.subscriber_rows import looked_for
from alerts.store.subscribers import Destination, Past, Subscribers
from alerts.store.suppressions import Suppression, Suppressions
from alerts.store.syncs import LastSync, SyncChange, Syncs, state_of
from alerts.store.tags import Tags
from alerts.store.updates import History, Published, Updates
from alerts.store.workers import BrokerFault, LiveWorkers

__all__ = [
    "BATCH",
    "Answers",
    "ApiKey",
    "ApiKeys",
    "Audiences",
    "Audit",
    "AuditEntry",
    "Breakers",
    "BrokerFault",
    "Claim",
    "ClockAdvance",
    "Clocks",
    "Delivery",
    "Destination",
    "Digests",
    "Directory",
    "Doubts",
    "DraftOrigin",
    "Drafts",
    "DueEntry",
    "DueSet",
    "Earlier",
    "Event",
    "Events",
    "Fault",
    "Feeds",
    "Follows",
    "History",
    "Index",
    "Installation",
    "KeyUse",
    "LastSync",
    "Leases",
    "Ledger",
    "LedgerLine",
    "ListedReceipt",
    "LiveWorkers",
    "MergedNumbers",
    "Messages",
    "Notices",
    "Past",
    "Progress",
    "ProvenReceipt",
    "Published",
    "RateLimits",
    "Receipts",
    "Recipients",
    "ReturnedDelivery",
    "Roll",
    "RollCall",
    "RollLine",
    "SecretGenerations",
    "Server",
    "SlackPosts",
    "SlotRun",
    "Subscribers",
    "Suppression",
    "Suppressions",
    "SyncChange",
    "Syncs",
    "Tags",
    "Taken",
    "Updates",
    "looked_for",
    "poll_token",
    "poll_work",
    "roll_line",
    "state_of",
]
